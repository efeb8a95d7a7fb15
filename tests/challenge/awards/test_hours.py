"""Hours are reported month by month, by hand or by a site's file, and the award's page shows how they burn down."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from challenge.awards import operations, queries
from challenge.awards.records import Allocation, Award, Usage
from challenge.foundation.audit import AuditLine
from challenge.foundation.permits import Actor, Invalid, Refused, Role
from challenge.teams.records import Membership
from tests.cast import TODAY, Cast
from tests.challenge.awards.prize import judged, propose, sign
from tests.challenge.judging.bench import Bench

FIRST, LAST = "2026-05", "2027-05"
"""The months of the access phase, which opens on 31 May 2026 and closes on 31 May 2027."""


@pytest.fixture
def bench(cast: Cast) -> Bench:
    """A call whose decision is signed; the clock stands in August 2026."""
    bench = judged(cast)
    sign(bench, propose(bench))
    cast.clock.advance(timedelta(days=130))
    assert cast.now.strftime("%Y-%m") == "2026-08"
    return bench


def award(bench: Bench, team: str = "Alder") -> tuple[Award, list[Allocation]]:
    """Return the award of a team with its allocations, LUMI first."""
    with bench.cast.house.database.reading() as session:
        submission_id = bench.entry(team).id
        found = session.scalars(select(Award).where(Award.submission_id == submission_id)).one()
        return found, queries.allocations_of(session, found.id)


def report(
    bench: Bench, period: str, hours: int, *, actor: Actor | None = None, allocation: Allocation | None = None
) -> None:
    """Report the hours of a month on Alder's first machine."""
    with bench.writing() as session:
        operations.report_usage(
            session, actor=actor or bench.admin, allocation=allocation or award(bench)[1][0], period=period,
            hours=hours, now=bench.cast.now,
        )  # fmt: skip


def reported(bench: Bench) -> dict[str, int]:
    """Return what is on record for Alder's first machine."""
    with bench.cast.house.database.reading() as session:
        return {usage.period: usage.hours for usage in queries.usage_of(session, award(bench)[1][0].id)}


def lines(bench: Bench) -> list[str]:
    """Return the particulars of every report in the log."""
    with bench.cast.house.database.reading() as session:
        found = session.scalars(select(AuditLine).where(AuditLine.verb == "report_usage").order_by(AuditLine.number))
        return [line.particulars for line in found]


def send_file(bench: Bench, content: bytes, *, who: Actor | None = None) -> TestResponse:
    """Send a site's file for Alder's first machine through the page."""
    found, [allocation, *_] = award(bench)
    browser = bench.cast.browser(who or bench.admin)
    path = f"/awards/{found.id}/allocations/{allocation.id}/usage-file"
    browser.get(f"/awards/{found.id}")
    sent = {f"file{allocation.id}-file": (io.BytesIO(content), "usage.csv"), "csrf_token": browser.token}
    return browser.client.post(path, data=sent)


def test_hours_are_kept_by_month(bench: Bench) -> None:
    report(bench, "2026-06", 1000)
    report(bench, "2026-07", 0)
    assert reported(bench) == {"2026-06": 1000, "2026-07": 0}


def test_the_same_report_twice_is_one_report(bench: Bench) -> None:
    report(bench, "2026-06", 1000)
    report(bench, "2026-06", 1000)
    assert reported(bench) == {"2026-06": 1000}
    assert len(lines(bench)) == 1


def test_another_figure_takes_the_place_of_the_first_and_both_stay_in_the_log(bench: Bench) -> None:
    report(bench, "2026-06", 1000)
    report(bench, "2026-06", 1200)
    assert reported(bench) == {"2026-06": 1200}
    assert lines(bench) == [
        '{"before":null,"hours":1000,"month":"2026-06"}',
        '{"before":1000,"hours":1200,"month":"2026-06"}',
    ]


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        ("2026-04", "2026-04 is outside the access time, which runs from 2026-05 to 2027-05."),
        ("2027-06", "2027-06 is outside the access time, which runs from 2026-05 to 2027-05."),
        ("2026-09", "2026-09 has not begun yet."),
        ("2026-6", "Write a month as 2027-03."),
        ("", "Write a month as 2027-03."),
    ],
)
def test_a_month_that_cannot_be_reported_is_refused(bench: Bench, period: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        report(bench, period, 1)
    assert (refused.value.sentence, refused.value.field_name) == (sentence, "period")


@pytest.mark.parametrize("period", [FIRST, "2026-08"])
def test_the_first_and_the_present_month_can_be_reported(bench: Bench, period: str) -> None:
    report(bench, period, 1)
    assert reported(bench) == {period: 1}


@pytest.mark.parametrize("hours", [-1, 10**12 + 1])
def test_hours_that_are_no_number_of_hours_are_refused(bench: Bench, hours: int) -> None:
    with pytest.raises(Invalid, match="Write a whole number of hours"):
        report(bench, "2026-06", hours)


def test_hours_over_the_allocation_are_kept_because_they_were_used(bench: Bench) -> None:
    found, [lumi, *_] = award(bench)
    report(bench, "2026-06", lumi.hours + 7)
    page = bench.cast.browser(bench.admin).get(f"/awards/{found.id}").get_data(as_text=True)
    assert "Over: 7 hours more than granted were used." in page


def test_only_admins_report(bench: Bench) -> None:
    for somebody in (bench.field.captains["Alder"], bench.cast.auditor(), bench.judges["Jonas"]):
        with pytest.raises(Refused, match="Only an admin may enter the hours that a site reports"):
            report(bench, "2026-06", 1, actor=somebody)
        assert send_file(bench, b"month,hours\n2026-06,1\n", who=somebody).status_code == 403
    assert reported(bench) == {}


def test_an_admin_does_not_report_for_the_own_team(bench: Bench) -> None:
    found, [lumi, *_] = award(bench)
    petra, team = bench.cast.person("Petra", Role.ADMIN), bench.field.teams["Alder"]
    with bench.writing() as session:
        session.add(
            Membership(team_id=team.id, account_id=petra.account_id, call_id=team.call_id, is_captain=False, joined_at=TODAY)
        )  # fmt: skip
    sentence = "You are in this team; another admin enters its hours."
    with pytest.raises(Refused, match=sentence):
        report(bench, "2026-06", 1, actor=petra)
    assert send_file(bench, b"", who=petra).status_code == 403
    answer = bench.cast.browser(petra).post(f"/awards/{found.id}/allocations/{lumi.id}/usage")
    assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (403, True)
    assert "Report usage of" not in bench.cast.browser(petra).get(f"/awards/{found.id}").get_data(as_text=True)


def test_an_admin_reports_a_month_on_the_page(bench: Bench) -> None:
    found, [lumi, *_] = award(bench)
    browser = bench.cast.browser(bench.admin)
    path, prefix = f"/awards/{found.id}/allocations/{lumi.id}/usage", f"month{lumi.id}-"
    answer = browser.post(path, {f"{prefix}period": "2026-06", f"{prefix}hours": "12500"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/awards/{found.id}")
    page = browser.get(f"/awards/{found.id}").get_data(as_text=True)
    assert "Hours of 1 month are on record." in page
    assert '<th scope="row">2026-06</th><td class="number">12,500</td><td class="number">12,500</td>' in page
    assert '<th scope="row">2026-07</th><td class="number">no report</td><td class="number">12,500</td>' in page
    assert reported(bench) == {"2026-06": 12500}


def test_what_is_wrong_with_a_month_is_said_in_its_place(bench: Bench) -> None:
    found, [lumi, *_] = award(bench)
    browser = bench.cast.browser(bench.admin)
    path, prefix = f"/awards/{found.id}/allocations/{lumi.id}/usage", f"month{lumi.id}-"
    for hours, period, sentence in (
        ("12.5", "2026-06", "Write a whole number, digits only."),
        ("12", "2026-09", "2026-09 has not begun yet."),
        ("", "2026-06", "Write the hours."),
    ):
        answer = browser.post(path, {f"{prefix}period": period, f"{prefix}hours": hours})
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
    assert reported(bench) == {}


def test_an_allocation_is_reported_at_its_own_award_only(bench: Bench) -> None:
    found, _ = award(bench, "Birch")
    _, [lumi, *_] = award(bench, "Alder")
    prefix = f"month{lumi.id}-"
    browser = bench.cast.browser(bench.admin)
    answer = browser.post(
        f"/awards/{found.id}/allocations/{lumi.id}/usage", {f"{prefix}period": "2026-06", f"{prefix}hours": "1"}
    )
    assert answer.status_code == 404
    assert reported(bench) == {}


def test_a_sites_file_is_taken_whole(bench: Bench) -> None:
    assert send_file(bench, b"month,hours\n2026-06,100\n2026-07,250\n").status_code == 303
    assert reported(bench) == {"2026-06": 100, "2026-07": 250}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"month,hours\n2026-06,100\n2026-13,1\n", "Line 3: &#39;2026-13&#39; is no month; write it as 2027-03."),
        (b"month,hours\n2026-06,100\n2026-09,1\n", "2026-09 has not begun yet."),
        (b"month,hours\n2026-06,100\n2027-06,1\n", "2027-06 is outside the access time"),
        (b"", "Line 1 must be the header month,hours."),
    ],
)
def test_of_a_file_with_one_wrong_month_nothing_is_taken(bench: Bench, content: bytes, sentence: str) -> None:
    answer = send_file(bench, content)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert (reported(bench), lines(bench)) == ({}, [])


def test_the_burn_down_adds_the_months_up_and_warns(bench: Bench) -> None:
    found, [lumi, leonardo, *_] = award(bench)
    report(bench, "2026-06", lumi.hours * 50 // 100)
    report(bench, "2026-08", lumi.hours * 31 // 100)
    report(bench, "2026-06", 10, allocation=leonardo)
    page = bench.cast.browser(bench.field.captains["Alder"]).get(f"/awards/{found.id}").get_data(as_text=True)
    lumi_part, leonardo_part = page.split("<h2>Hours on ")[1:3]
    assert "80% or more is used;" in lumi_part
    assert f"{lumi.hours - lumi.hours * 50 // 100 - lumi.hours * 31 // 100:,} hours are left." in lumi_part
    assert f"{leonardo.hours - 10:,} hours are left." in leonardo_part
    assert lumi_part.count('<th scope="row">2') == 13
    assert lumi_part.count('<rect class="part"') == 1 + 13  # the bar, and a column a month


def test_two_machines_keep_their_hours_apart(bench: Bench) -> None:
    _, [lumi, leonardo, *_] = award(bench)
    report(bench, "2026-06", 5, allocation=lumi)
    report(bench, "2026-06", 6, allocation=leonardo)
    with bench.cast.house.database.reading() as session:
        kept = {usage.allocation_id: usage.hours for usage in session.scalars(select(Usage))}
    assert kept == {lumi.id: 5, leonardo.id: 6}
