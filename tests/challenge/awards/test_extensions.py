"""Winners are reminded before a release is due and on the day, and an admin may put the day off, on record."""

from datetime import UTC, date, datetime, timedelta

import pytest

from challenge.awards import operations, queries
from challenge.awards.months import add_months
from challenge.awards.operations_reminders import remind_due
from challenge.awards.records import Extension, Obligation
from challenge.awards.reminders import reminders_due
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Actor, Invalid, Refused
from challenge.worker.round import do_whatever_waits
from tests.cast import Cast
from tests.challenge.awards.prize import judged, propose, sign
from tests.challenge.awards.test_release import PROOF, award, duty, prove
from tests.challenge.judging.bench import Bench
from tests.stage import DOCUMENT

ZONE = "Europe/Brussels"
REASON = "The machine stood still for two months."


@pytest.fixture
def bench(cast: Cast) -> Bench:
    """A call whose decision is signed: Alder and Birch win."""
    bench = judged(cast, selection={**DOCUMENT["selection"], "winners": 2})
    sign(bench, propose(bench))
    return bench


def remind(bench: Bench, when: datetime) -> int:
    """Have the worker remind, as of an instant."""
    return remind_due(bench.cast.house.database, now=when)


def extend(bench: Bench, day: date, reason: str = REASON, *, actor: Actor | None = None) -> Extension:
    """Extend Alder's time."""
    with bench.writing() as session:
        found = queries.award(session, award(bench).id)
        return operations.extend_obligation(
            session, actor=actor or bench.admin, award=found, day=day, reason=reason, now=bench.cast.now
        )


def subjects(bench: Bench) -> list[str]:
    """Return the subjects of the letters to Alder's captain about the release, newest first."""
    with bench.cast.house.database.reading() as session:
        letters = letters_of(session, bench.field.captains["Alder"].account_id or 0)
    return [letter.subject for letter in letters if "release" in letter.subject]


@pytest.mark.parametrize(
    ("now", "come"),
    [
        ("2027-03-31T21:59:59", 0),
        ("2027-03-31T22:00:00", 1),
        ("2027-05-31T21:59:59", 1),
        ("2027-05-31T22:00:00", 2),
        ("2027-06-30T21:59:59", 2),
        ("2027-06-30T22:00:00", 3),
        ("2028-01-01T00:00:00", 3),
    ],
)
def test_reminders_come_at_the_ends_of_months_nine_eleven_and_twelve(now: str, come: int) -> None:
    # midnight of 1 July 2026 in Brussels, twelve months on
    due = add_months(datetime(2026, 6, 30, 22, tzinfo=UTC), 12, ZONE)
    assert reminders_due(due, now=datetime.fromisoformat(now).replace(tzinfo=UTC), zone=ZONE) == come


def test_a_winner_is_reminded_three_times_and_no_more(bench: Bench) -> None:
    due = duty(bench).due_at
    moments = [add_months(due, -months, ZONE) for months in (3, 1, 0)]
    assert remind(bench, moments[0] - timedelta(seconds=1)) == 0
    for moment in moments:
        assert (remind(bench, moment), remind(bench, moment)) == (2, 0)
    assert remind(bench, due + timedelta(days=400)) == 0
    told = subjects(bench)
    assert len(told) == 3
    assert told[0].endswith("is due")
    assert all(" is due on " in subject for subject in told[1:])


def test_after_a_pause_only_the_latest_reminder_is_written(bench: Bench) -> None:
    assert remind(bench, duty(bench).due_at + timedelta(days=3)) == 2
    assert len(subjects(bench)) == 1


def test_the_worker_reminds(bench: Bench) -> None:
    bench.cast.clock.advance(duty(bench).due_at - bench.cast.now)
    do_whatever_waits(bench.cast.house)
    assert len(subjects(bench)) == 1


def test_whoever_handed_in_a_proof_is_not_reminded(bench: Bench) -> None:
    prove(bench, PROOF)
    assert remind(bench, duty(bench).due_at) == 1  # Birch alone
    assert subjects(bench) == []


def test_an_extension_is_on_record_and_starts_the_reminders_anew(bench: Bench) -> None:
    before = duty(bench).due_at
    assert remind(bench, before) == 2
    day = (before + timedelta(days=150)).date()
    extended = extend(bench, day)
    now_due = duty(bench)
    assert (extended.due_before, extended.due_after, extended.reason) == (before, now_due.due_at, REASON)
    assert now_due.due_at > before
    assert now_due.reminders == 0
    assert "Your release is now due on" in subjects(bench)[0]
    assert remind(bench, add_months(now_due.due_at, -3, ZONE)) == 1
    page = bench.cast.browser(bench.admin).get(f"/awards/{award(bench).id}").get_data(as_text=True)
    assert REASON in page
    public = bench.cast.browser(None).get("/calls/trial/releases").get_data(as_text=True)
    assert "extended from" in public
    assert REASON not in public


@pytest.mark.parametrize(
    ("days", "reason", "field", "sentence"),
    [
        (0, REASON, "day", "Choose a day after the present due date"),
        (-5, REASON, "day", "Choose a day after the present due date"),
        (400, REASON, "day", "within a year of the present due date"),
        (30, "Late.", "extension_reason", "20 characters"),
    ],
)
def test_an_extension_gives_time_within_bounds_and_says_why(
    bench: Bench, days: int, reason: str, field: str, sentence: str
) -> None:
    day = (duty(bench).due_at + timedelta(days=days)).date()
    with pytest.raises(Invalid, match=sentence) as refused:
        extend(bench, day, reason)
    assert refused.value.field_name == field


def test_only_an_admin_apart_extends_and_only_what_is_owed(bench: Bench) -> None:
    day = (duty(bench).due_at + timedelta(days=30)).date()
    for somebody in (bench.field.captains["Alder"], bench.cast.auditor(), bench.judges["Jonas"]):
        with pytest.raises(Refused, match="Only an admin may extend"):
            extend(bench, day, actor=somebody)
    prove(bench, PROOF)
    with pytest.raises(Refused, match="A proof waits to be looked at"):
        extend(bench, day)


def test_the_public_reads_what_is_owed_but_no_proof_before_it_is_accepted(bench: Bench) -> None:
    address = "/calls/trial/releases"
    prove(bench, PROOF)
    page = bench.cast.browser(None).get(address).get_data(as_text=True)
    assert "0 of 2 released" in page
    assert "being looked at" in page
    assert PROOF["url"] not in page
    with bench.writing() as session:
        found = queries.award(session, award(bench).id)
        operations.accept_proof(session, actor=bench.admin, award=found, now=bench.cast.now)
    page = bench.cast.browser(None).get(address).get_data(as_text=True)
    assert "1 of 2 released" in page
    assert PROOF["url"] in page
    assert PROOF["sha256"] in page


def test_the_form_extends_and_says_what_will_not_do(bench: Bench) -> None:
    browser = bench.cast.browser(bench.admin)
    address = f"/awards/{award(bench).id}"
    day = (duty(bench).due_at + timedelta(days=30)).date()
    refused = browser.post(f"{address}/release/extend", {"day": "soon", "extension_reason": REASON})
    assert refused.status_code == 422
    assert "This cannot be accepted yet" in refused.get_data(as_text=True)
    with bench.cast.house.database.reading() as session:
        assert session.get_one(Obligation, duty(bench).id).due_at.date() != day
    assert browser.post(f"{address}/release/extend", {"day": str(day), "extension_reason": REASON}).status_code == 303
    assert duty(bench).due_at.date() == day
