"""Each desk shows what waits for its reader, in a sentence with the way to it, and nothing of what waits for others."""

import re
from datetime import timedelta

import pytest

from challenge.awards import operations as award_operations
from challenge.awards import queries as awards
from challenge.calls.states import CallState
from challenge.compliance.records import Examination
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.permits import Actor, Role
from challenge.people import operations as people
from challenge.runs.records import Run
from challenge.runs.states import Outcome, RunState
from challenge.teams import operations as team_operations
from challenge.teams.records import EligibilityRuling, Membership
from tests.cast import TODAY, Cast
from tests.challenge.awards.prize import judged, propose, sign
from tests.challenge.judging.bench import Bench, seat, stage_bench, stage_board
from tests.challenge.standings.harvest import stage_field
from tests.stage import DOCUMENT, stage_call, stage_submission, stage_team

OFFICE = ("Evaluation", "Licences", "Audit log")


def desk(cast: Cast, who: Actor) -> str:
    """Return somebody's desk, without what stands around it on every page."""
    said = cast.browser(who).get("/desk").get_data(as_text=True)
    return said.partition("<main")[2].partition("</main>")[0]


def tasks(cast: Cast, who: Actor) -> list[tuple[str, str]]:
    """Return what waits for somebody: sentence and address."""
    lists = re.findall(r'<ul class="tasks">(.*?)</ul>', desk(cast, who), re.DOTALL)
    return [
        (sentence, address)
        for part in lists
        for address, sentence in re.findall(r'<a href="([^"]+)">([^<]+)</a>', part)
    ]


def sentences(cast: Cast, who: Actor) -> list[str]:
    """Return what waits for somebody in words."""
    return [sentence.replace("&#39;", "'") for sentence, _ in tasks(cast, who)]


def join(bench: Bench, who: Actor, team: str) -> None:
    """Make somebody a member of a team."""
    joined = bench.field.teams[team]
    with bench.writing() as session:
        session.add(
            Membership(
                team_id=joined.id, account_id=who.account_id, call_id=joined.call_id, is_captain=False, joined_at=TODAY
            )
        )  # fmt: skip


def test_an_admin_is_told_of_drafts_and_of_calls_that_are_over(cast: Cast) -> None:
    stage_call(cast, key="drafted", title="Drafted Call", state=CallState.DRAFT)
    stage_call(cast, key="running", title="Running Call")
    assert tasks(cast, cast.admin()) == [
        ("“Drafted Call” is a draft; open it when its rules stand.", "/calls/drafted/manage")
    ]
    cast.clock.advance(timedelta(days=20, hours=1))
    assert ("The last deadline of “Running Call” is over; freeze the call.", "/calls/running/manage") in tasks(
        cast, cast.admin()
    )


def test_an_admin_is_led_from_the_frozen_call_to_the_signed_decision(cast: Cast) -> None:
    field, olga, pia = stage_board(cast, {"Alder": 6, "Birch": 5}), cast.admin(), cast.admin("Pia")
    bench = Bench(field, {"Jonas": seat(cast, field, "Jonas", admin=olga, is_chair=True)}, olga)
    assert sentences(cast, olga) == ["“Trial Challenge” is frozen; name the finalists for the panel."]
    bench.name_finalists()
    assert sentences(cast, olga) == ["“Trial Challenge”: 2 of 2 finalists lack the panel's consensus."]
    bench.judge_all({"Alder": (8, 8, 8)})
    assert sentences(cast, olga) == ["“Trial Challenge”: 1 of 2 finalists lack the panel's consensus."]
    bench.judge_all({"Birch": (8, 8, 8)})
    assert sentences(cast, olga) == ["Every finalist of “Trial Challenge” has its consensus; propose the decision."]
    decision = propose(bench)
    assert sentences(cast, olga) == ["A decision on “Trial Challenge” is proposed; another admin must sign it."]
    assert sentences(cast, pia) == ["A decision on “Trial Challenge” is proposed; you may sign it."]
    sign(bench, decision, actor=pia)
    assert (sentences(cast, olga), sentences(cast, pia)) == ([], [])


def test_an_admin_is_not_told_to_sign_what_leaves_a_tie_open(cast: Cast) -> None:
    bench = judged(cast, right={"Alder": 5, "Birch": 5}, selection={**DOCUMENT["selection"], "winners": 1})
    propose(bench)
    assert sentences(cast, cast.admin("Pia")) == [
        "A decision on “Trial Challenge” is proposed; it leaves a tie open, so withdraw it and propose anew with the "
        "panel's vote."
    ]


def test_an_admin_who_competes_is_told_nothing_of_the_decision(cast: Cast) -> None:
    bench = judged(cast)
    petra = cast.person("Petra", Role.ADMIN)
    join(bench, petra, "Cedar")
    propose(bench)
    assert not [sentence for sentence in sentences(cast, petra) if "decision" in sentence]


def test_every_way_to_a_call_from_the_desk_of_an_admin_who_competes_is_open(cast: Cast) -> None:
    bench = judged(cast)
    petra = cast.person("Petra", Role.ADMIN)
    browser = cast.browser(petra)
    before = re.findall(r'href="(/calls/[^"]*)"', desk(cast, petra))
    join(bench, petra, "Cedar")
    after = re.findall(r'href="(/calls/[^"]*)"', desk(cast, petra))
    assert set(before) - set(after) == {"/calls/trial/panel"}
    assert {address: browser.get(address).status_code for address in after} == dict.fromkeys(after, 200)


def test_an_admin_is_told_of_licences_that_need_an_officer(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 6})
    with cast.house.database.transaction() as session:
        session.query(Examination).one().verdict = LicenceVerdict.NEEDS_REVIEW
    assert ("Licences that need an officer&#39;s review: 1.", "/compliance") in tasks(cast, bench.admin)


def test_an_admin_is_told_of_proofs_and_of_releases_that_are_overdue(cast: Cast) -> None:
    bench = judged(cast)
    sign(bench, propose(bench))
    assert sentences(cast, bench.admin) == []
    with bench.writing() as session:
        first = awards.awards_of(session, 1)[0]
        award_operations.prove_release(
            session, actor=bench.field.captains["Alder"], award=first, url="", sha256="", doi="10.5281/zenodo.1234567",
            now=cast.now,
        )  # fmt: skip
    proof = ("Alder says its release is done; look at the proof.", f"/awards/{first.id}")
    assert tasks(cast, bench.admin) == [proof]
    cast.clock.instant = DOCUMENT["phases"][2]["opens"] + timedelta(days=366)
    assert sentences(cast, bench.admin) == [
        "Alder says its release is done; look at the proof.",
        "Birch owes its release; it is overdue.",
        "Cedar owes its release; it is overdue.",
    ]
    petra = cast.person("Petra", Role.ADMIN)
    join(bench, petra, "Alder")
    assert proof not in tasks(cast, petra), "another admin looks at it"


def test_a_judge_reads_a_deadline_in_its_own_call_s_zone(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 6}, zone="Europe/Helsinki")
    assert re.search(r"by <time[^>]*>[^<]* (EET|EEST) \(", desk(cast, bench.judges["Jonas"]))


def test_a_judge_is_told_what_is_still_to_declare_and_to_review(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 6, "Birch": 5})
    jonas = bench.judges["Jonas"]
    assert tasks(cast, jonas) == [
        ("“Trial Challenge”: say for 2 of the finalists whether you have a conflict of interest.", "/judging/trial")
    ]
    bench.declare("Jonas", "Alder")
    bench.declare("Jonas", "Birch", conflict=True)
    assert sentences(cast, jonas) == ["“Trial Challenge”: reviews you have still to submit: 1."]
    bench.review("Jonas", "Alder", 8, 8, 8, submit=False)
    assert sentences(cast, jonas) == ["“Trial Challenge”: reviews you have still to submit: 1."]
    bench.review("Jonas", "Alder", 8, 8, 8)
    assert sentences(cast, jonas) == []
    assert "Nothing waits for you on a panel now." in desk(cast, jonas)
    assert sentences(cast, bench.judges["Mara"]) != [], "what one has done the other still has to do"


def test_a_conflict_that_the_platform_found_is_not_asked_about(cast: Cast) -> None:
    field, admin = stage_board(cast, {"Alder Institute": 6, "Birch": 5}), cast.admin()
    judge = seat(cast, field, "Jonas", admin=admin, is_chair=True, affiliation="Alder Institute")
    bench = Bench(field, {"Jonas": judge}, admin)
    bench.name_finalists()
    with cast.house.database.reading():
        assert bench.docket().links, "the affiliation was meant to be found"
    assert sentences(cast, judge) == [
        "“Trial Challenge”: say for 1 of the finalists whether you have a conflict of interest."
    ]


def test_an_entry_that_is_agreed_on_waits_for_no_judge(cast: Cast) -> None:
    bench = judged(cast, right={"Alder": 6})
    assert sentences(cast, seat(cast, bench.field, "Nora", admin=bench.admin)) == []


@pytest.mark.parametrize("days", [-6, 40])
def test_outside_the_judging_phase_nothing_waits_for_a_judge(cast: Cast, days: int) -> None:
    bench = stage_bench(cast, {"Alder": 6})
    cast.clock.advance(timedelta(days=days))
    assert sentences(cast, bench.judges["Jonas"]) == []


def test_a_judge_without_a_seat_is_told_so(cast: Cast) -> None:
    stage_bench(cast, {"Alder": 6})
    said = desk(cast, cast.judge("Nora"))
    assert "You hold the role of a judge, but sit on no panel yet." in said
    assert "Trial Challenge" not in said


def test_an_auditor_is_shown_the_machine_and_the_log_and_told_to_do_nothing(cast: Cast) -> None:
    stage_call(cast, state=CallState.DRAFT)
    call = stage_call(cast, key="running", title="Running Call")
    ada = cast.person("Ada")
    submission = stage_submission(cast, stage_team(cast, call, "Alpha", ada), ada, 1)
    with cast.house.database.transaction() as session:
        suite = 2
        session.add(
            Run(submission_id=submission.id, suite_id=suite, suite_digest="5" * 64, state=RunState.WAITING, asked_at=cast.now)
        )  # fmt: skip
    said = desk(cast, cast.auditor())
    assert "To audit" in said
    assert '<span class="figure">1</span> waiting, 0 running.' in said
    assert all(f"<h3>{card}</h3>" in said for card in OFFICE)
    assert tasks(cast, cast.auditor()) == []
    assert "Import a new call" not in said
    assert "trial-0001" not in said


def test_a_team_sees_its_own_submissions_and_no_office(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 6, "Birch": 4})
    said = desk(cast, field.captains["Alder"])
    assert "trial-0001" in said
    assert not any(word in said for word in ("trial-0002", "Birch", "panel", *(f"<h3>{card}</h3>" for card in OFFICE)))
    assert 'aria-label="Evaluation of trial-0001: scored"' in said


def test_a_member_who_left_no_longer_sees_the_team(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 6})
    with cast.house.database.transaction() as session:
        session.query(Membership).delete()
    said = desk(cast, field.captains["Alder"])
    assert "Alder" not in said.replace("Captain", "")
    assert "You are in no team yet." in said


def test_a_team_is_told_of_its_award_once_the_decision_is_signed(cast: Cast) -> None:
    bench = judged(cast, selection={**DOCUMENT["selection"], "winners": 1})
    decision = propose(bench)
    alder, birch = bench.field.captains["Alder"], bench.field.captains["Birch"]
    assert "award" not in desk(cast, alder)
    sign(bench, decision)
    assert "Your team is among the winners." in desk(cast, alder)
    assert "Your team is on the reserve list." in desk(cast, birch)


def test_a_team_is_told_what_to_mend_first(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    team = stage_team(cast, call, "Alpha", ada, eligible=False)
    assert tasks(cast, ada) == [
        ("Your team is not eligible yet; read why and mend what you can.", f"/teams/{team.id}"),
        ("Hand in your first submission.", "/calls/trial/submit"),
    ]
    cast.clock.advance(timedelta(days=21))
    assert tasks(cast, ada) == [], "after the deadline nothing can be mended"


def test_an_admins_ruling_stands_on_the_desk_whatever_a_later_test_says(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    team = stage_team(cast, call, "Alpha", ada, eligible=False)
    with cast.house.database.transaction() as session:
        team_operations.override_eligibility(
            session, actor=cast.admin(), team=team, eligible=True, reason="Shown by its papers.", now=cast.now
        )
        session.add(
            EligibilityRuling(team_id=team.id, eligible=False, findings=[], made_at=cast.now, made_by=None, reason="")
        )
    assert '<span class="state good">eligible</span>' in desk(cast, ada)
    assert sentences(cast, ada) == ["Hand in your first submission."]


def test_somebody_with_two_roles_has_both_parts(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 6})
    with bench.writing() as session:
        people.grant_role(
            session,
            actor=bench.admin,
            account_id=bench.judges["Jonas"].account_id or 0,
            role=Role.AUDITOR,
            now=cast.now,
        )
    said = desk(cast, bench.judges["Jonas"])
    assert "To audit" in said
    assert "What waits for you on the panel" in said


def test_without_anything_a_desk_shows_the_way_in(cast: Cast) -> None:
    stage_call(cast)
    said = desk(cast, cast.person("Ada"))
    assert "You are in no team yet." in said
    assert '<a href="/calls/trial/enter">Enter Trial Challenge</a>' in said


def test_names_and_titles_on_a_desk_are_text(cast: Cast) -> None:
    call, ada = stage_call(cast, title="<i>Trial</i>"), cast.person("Ada")
    stage_submission(cast, stage_team(cast, call, "<b>Alpha</b>", ada), ada, 1, title="<u>Entry</u>")
    for who in (ada, cast.admin()):
        said = desk(cast, who)
        assert not any(tag in said for tag in ("<i>", "<b>", "<u>"))
    assert "&lt;b&gt;Alpha&lt;/b&gt;" in desk(cast, ada)


def test_a_run_that_was_not_scored_is_said_on_the_desk(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    submission = stage_submission(cast, stage_team(cast, call, "Alpha", ada), ada, 1)
    with cast.house.database.transaction() as session:
        session.add(
            Run(
                submission_id=submission.id, suite_id=1, suite_digest="5" * 64, state=RunState.ENDED,
                outcome=Outcome.TIMED_OUT, asked_at=cast.now, ended_at=cast.now,
            )
        )  # fmt: skip
    assert 'aria-label="Evaluation of trial-0001: timed out"' in desk(cast, ada)
