"""What a look at a release finds is before the admin who decides; after acceptance an officer hears of what is new."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from challenge.awards import operations, operations_checks, queries, queries_checks
from challenge.awards.months import add_months
from challenge.awards.states import CheckOutcome, ObligationState
from challenge.awards.watch import Look, Proved, Watch, next_look
from challenge.compliance.records import Examination, OfficerDecision
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.audit import AuditLine
from challenge.foundation.permits import Actor, Invalid, Refused, Role
from challenge.teams.records import Membership
from tests.cast import TODAY, Cast
from tests.challenge.awards.releasing import (
    LEASE,
    REFERENCE,
    accept,
    award,
    checks,
    duty,
    looked_at,
    prove,
    won,
)
from tests.challenge.judging.bench import Bench
from tests.challenge.submissions.hubs import COMMIT, HUB, MODEL, with_hub

WATCH = Watch(every=7, span=365)
DAY = timedelta(days=1)


@pytest.fixture
def bench(cast: Cast) -> Bench:
    """A winner that may release on a hub, and has handed in where."""
    bench = won(cast)
    with_hub(cast)
    prove(bench, model=REFERENCE)
    return bench


def concern(bench: Bench) -> list[str]:
    """Return what an officer has to hear."""
    with bench.cast.house.database.reading() as session:
        found = queries_checks.concern_of(session, queries.duty_of(session, award(bench)))
    return list(found.sentences) if found else []


def note(bench: Bench, words: str, actor: Actor | None = None) -> None:
    """Note what came of a finding."""
    with bench.writing() as session:
        found = queries.award(session, award(bench).id)
        operations_checks.note_check(
            session, actor=actor or bench.admin, award=found, check_id=checks(bench)[0].id, words=words,
            now=bench.cast.now,
        )  # fmt: skip


def page(bench: Bench, actor: Actor | None) -> str:
    """Return the award's page as somebody reads it."""
    return bench.cast.browser(actor).get(f"/awards/{award(bench).id}").get_data(as_text=True)


def joined(bench: Bench, name: str, team: str) -> Actor:
    """Return an admin who is a member of a team in the call."""
    inside, found = bench.cast.person(name, Role.ADMIN), bench.field.teams[team]
    with bench.writing() as session:
        session.add(
            Membership(team_id=found.id, account_id=inside.account_id, call_id=found.call_id, is_captain=False, joined_at=TODAY)
        )  # fmt: skip
    return inside


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("a-team/tiny", "The commit is missing"),
        ("a-team/tiny@main", "A branch or a tag may be another model tomorrow"),
        (f"https://elsewhere.example/a-team/tiny/tree/{COMMIT}", "is another place"),
        ("tiny", "is no model of a hub"),
    ],
)
def test_a_commit_on_a_hub_is_read_as_a_submission_is(cast: Cast, model: str, sentence: str) -> None:
    bench = won(cast)
    with_hub(cast)
    with pytest.raises(Invalid, match=sentence) as refused:
        prove(bench, model=model)
    assert refused.value.field_name == "model"
    browser = cast.browser(bench.field.captains["Alder"])
    answer = browser.post(f"/awards/{award(bench).id}/release", {"model": model})
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


def test_without_a_hub_none_is_named(cast: Cast) -> None:
    bench = won(cast)
    with pytest.raises(Invalid, match="fetches no models from a hub at present"):
        prove(bench, model=REFERENCE)
    assert "Model on the hub" not in page(bench, bench.field.captains["Alder"])


def test_a_proof_asks_for_a_look_and_the_page_says_so(bench: Bench) -> None:
    assert duty(bench).proof_hub == {"hub": HUB, "model": MODEL, "commit": COMMIT}
    [check] = checks(bench)
    assert (check.outcome, check.is_whole, check.attempts) == (None, True, 0)
    said = page(bench, bench.admin)
    assert "A look at the release waits for a worker." in said
    assert "You may wait for it, or decide at once." in said
    accept(bench)
    assert duty(bench).accepted_reason == ""


def test_with_findings_a_proof_is_accepted_only_with_a_reason_on_record(bench: Bench) -> None:
    looked_at(bench, "WEIGHTS_DIFFER")
    assert duty(bench).state is ObligationState.PROVED, "a finding decides nothing"
    for reason in ("", "Fine."):
        with pytest.raises(Invalid) as refused:
            accept(bench, reason)
        assert refused.value.field_name == "accept_reason"
    browser, address = bench.cast.browser(bench.admin), f"/awards/{award(bench).id}/release/accept"
    assert browser.post(address, {"accept_reason": "No."}).status_code == 422
    reason = "The team mended a header; the weights are the same."
    assert browser.post(address, {"accept_reason": reason}).status_code == 303
    assert (duty(bench).state, duty(bench).accepted_reason) == (ObligationState.ACCEPTED, reason)
    assert reason in page(bench, bench.field.captains["Alder"])
    with bench.cast.house.database.reading() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.verb == "accept_proof")).one()
    assert reason in line.particulars
    assert '"findings"' in line.particulars


def test_what_was_found_needs_a_reason_also_while_it_is_looked_at_again(bench: Bench) -> None:
    looked_at(bench, "NOT_YET_RELEASED")
    bench.cast.clock.advance(7 * DAY)
    with bench.writing() as session:
        assert operations_checks.ask_again(session, obligation_id=duty(bench).id, watch=WATCH, now=bench.cast.now)
    assert [one.outcome for one in checks(bench)] == [None, CheckOutcome.FINDINGS]
    with pytest.raises(Invalid):
        accept(bench)
    looked_at(bench, unknown=True)
    with pytest.raises(Invalid):
        accept(bench)
    bench.cast.clock.advance(DAY)
    looked_at(bench)
    accept(bench)


@pytest.mark.parametrize("unknown", [False, True])
def test_without_findings_no_reason_is_needed(bench: Bench, unknown: bool) -> None:
    looked_at(bench, unknown=unknown)
    assert ("Nobody could tell." in page(bench, bench.admin)) == unknown
    accept(bench)
    assert duty(bench).state is ObligationState.ACCEPTED


def test_a_proof_handed_in_anew_is_looked_at_anew(bench: Bench) -> None:
    looked_at(bench, "WEIGHTS_DIFFER")
    bench.cast.clock.advance(DAY)
    with bench.writing() as session:
        found = queries.award(session, award(bench).id)
        operations.reopen_obligation(
            session, actor=bench.admin, award=found, reason="The weights are others.", now=bench.cast.now
        )
    assert (checks(bench), duty(bench).proof_hub) == ([], None)
    bench.cast.clock.advance(DAY)
    prove(bench, model=REFERENCE)
    [check] = checks(bench)
    assert (check.outcome, check.is_whole) == (None, True)


def test_doubt_that_an_officer_has_ended_is_no_finding_again(bench: Bench) -> None:
    def ended(verdict: LicenceVerdict) -> CheckOutcome | None:
        with bench.writing() as session:
            check = operations_checks.ask_for_check(session, queries.duty_of(session, award(bench)), now=bench.cast.now)
            session.flush()
        while True:
            with bench.writing() as session:
                claim = operations_checks.claim_check(session, worker="x", lease=LEASE, now=bench.cast.now, hubs=True)
            assert claim is not None
            with bench.writing() as session:
                looked = operations_checks.Looked(verdict=verdict.value, concluded="openrail")
                operations_checks.end_check(session, claim=claim, looked=looked, now=bench.cast.now)
            if claim.check_id == check.id:
                return checks(bench)[0].outcome

    assert ended(LicenceVerdict.COMPLIANT) is CheckOutcome.CLEAR
    assert ended(LicenceVerdict.NEEDS_REVIEW) is CheckOutcome.FINDINGS
    with bench.writing() as session:
        query = select(Examination).where(Examination.submission_id == bench.entry("Alder").id)
        examination = session.scalars(query).one()
        examination.verdict, examination.concluded = LicenceVerdict.NEEDS_REVIEW, "openrail"
    assert ended(LicenceVerdict.NEEDS_REVIEW) is CheckOutcome.FINDINGS
    with bench.writing() as session:
        session.add(
            OfficerDecision(
                examination_id=examination.id, verdict=LicenceVerdict.COMPLIANT, officer_id=bench.admin.account_id,
                reason="Its limits are fine for this challenge.", at=bench.cast.now,
            )
        )  # fmt: skip
    assert ended(LicenceVerdict.NEEDS_REVIEW) is CheckOutcome.CLEAR
    assert ended(LicenceVerdict.NON_COMPLIANT) is CheckOutcome.FINDINGS


def test_after_acceptance_what_was_known_is_not_told_again(bench: Bench) -> None:
    looked_at(bench, "WEIGHTS_DIFFER")
    accept(bench, "The team has explained it to us.")
    bench.cast.clock.advance(7 * DAY)
    looked_at(bench, "WEIGHTS_DIFFER")
    assert concern(bench) == []
    bench.cast.clock.advance(7 * DAY)
    looked_at(bench, "WEIGHTS_DIFFER", "LICENCE_CHANGED")
    assert concern(bench) == ["As found: LICENCE_CHANGED."]
    assert duty(bench).state is ObligationState.ACCEPTED, "it changes nothing by itself"
    assert "Something changed after this release was accepted." in page(bench, bench.admin)


def test_a_finding_is_noted_once_and_comes_back_only_with_something_new(bench: Bench) -> None:
    looked_at(bench)
    accept(bench)
    bench.cast.clock.advance(7 * DAY)
    looked_at(bench, "LICENCE_CHANGED")
    browser, address = bench.cast.browser(bench.admin), f"/awards/{award(bench).id}/release/note"
    look = str(checks(bench)[0].id)
    assert browser.post(address, {"look": look, "note": "Yes."}).status_code == 422
    assert browser.post(address, {"look": look, "note": "The team puts the text back."}).status_code == 303
    assert concern(bench) == []
    assert browser.post(address, {"look": look, "note": "The team puts the text back."}).status_code == 403
    assert "The team puts the text back." in page(bench, bench.cast.auditor())
    assert "no longer as it was accepted" not in browser.get("/desk").get_data(as_text=True)
    bench.cast.clock.advance(7 * DAY)
    looked_at(bench, "LICENCE_CHANGED")
    assert concern(bench) == []
    bench.cast.clock.advance(7 * DAY)
    looked_at(bench, "LICENCE_CHANGED", "ACCESS_RESTRICTED")
    assert concern(bench) == ["As found: ACCESS_RESTRICTED."]


def test_only_an_admin_who_stands_apart_notes(bench: Bench) -> None:
    looked_at(bench)
    accept(bench)
    bench.cast.clock.advance(7 * DAY)
    looked_at(bench, "LICENCE_CHANGED")
    inside = joined(bench, "Petra", "Alder")
    for somebody, sentence in (
        (bench.field.captains["Alder"], "Only an admin may note"),
        (bench.cast.auditor(), "Only an admin may note"),
        (inside, "another admin looks at the release"),
    ):
        with pytest.raises(Refused, match=sentence):
            note(bench, "The team puts the text back.", somebody)
    assert "no longer as it was accepted" not in bench.cast.browser(inside).get("/desk").get_data(as_text=True)


def test_silence_is_told_after_three_different_days(bench: Bench) -> None:
    looked_at(bench)
    accept(bench)
    for hours, told in ((24, False), (1, False), (24, False), (24, True)):
        bench.cast.clock.advance(timedelta(hours=hours))
        looked_at(bench, unknown=True)
        assert bool(concern(bench)) == told
    assert concern(bench) == ["On 3 different days it could not be looked at. As staged."]
    note(bench, "The hub is closed for repairs.")
    for told in (False, False, True):
        bench.cast.clock.advance(DAY)
        looked_at(bench, unknown=True)
        assert bool(concern(bench)) == told
    bench.cast.clock.advance(DAY)
    looked_at(bench)
    assert concern(bench) == []


def test_when_a_release_is_looked_at_again() -> None:
    due = TODAY + timedelta(days=100)
    month = add_months(due, -1, "Europe/Brussels")

    def following(*, accepted: bool = True, hub: bool = True, watch: Watch = WATCH, **look: object) -> object:
        proved = Proved(due_at=due, accepted_at=TODAY if accepted else None, has_hub=hub, zone="Europe/Brussels")
        latest = {"ended_at": TODAY, "is_unknown": False, "is_missing": False, **look}
        return next_look(proved, Look(**latest), watch)  # type: ignore[arg-type]  # filled in by name

    assert following() == TODAY + 7 * DAY
    assert following(watch=Watch(3, 365)) == TODAY + 3 * DAY
    assert following(watch=Watch(0, 365)) is None
    assert following(hub=False) is None
    assert following(is_unknown=True) == TODAY + DAY
    assert following(is_unknown=True, hub=False) is None
    assert following(is_unknown=True, hub=False, accepted=False) == TODAY + DAY
    assert following(accepted=False) is None
    assert following(is_missing=True) == TODAY + 7 * DAY
    assert following(is_missing=True, accepted=False, ended_at=month + DAY) == month + 2 * DAY
    assert following(is_missing=True, ended_at=month - 3 * DAY) == month
    assert following(ended_at=month + DAY) == month + 8 * DAY
    assert following(ended_at=TODAY + 358 * DAY) == TODAY + 365 * DAY
    assert following(ended_at=TODAY + 359 * DAY) is None
    assert following(is_unknown=True, watch=Watch(7, 0)) is None


def test_the_public_page_says_commit_hashes_and_day_and_nothing_else_of_the_look(bench: Bench) -> None:
    check = looked_at(bench, "WEIGHTS_DIFFER")
    visitor = bench.cast.browser()
    assert COMMIT not in visitor.get("/calls/trial/releases").get_data(as_text=True)
    with bench.writing() as session:
        kept = session.get_one(type(check), check.id)
        kept.weights, kept.concluded = [{"name": "model.safetensors", "size": 9, "sha256": "cd" * 32}], "MIT"
    accept(bench, "The team has explained it to us.")
    said = visitor.get("/calls/trial/releases").get_data(as_text=True)
    assert f'<a href="{HUB}/{MODEL}/tree/{COMMIT}" rel="noopener nofollow">{MODEL}</a>' in said
    assert f'title="{COMMIT}">{COMMIT[:12]}…</code>' in said
    assert "cd" * 32 in said
    assert "<td>MIT</td>" in said
    day = bench.cast.now.strftime("%-d %B %Y")
    assert f"<td>{day}</td></tr>" in said
    for hidden in ("WEIGHTS_DIFFER", "As found", "The team has explained"):
        assert hidden not in said


def test_the_database_keeps_no_note_without_its_words(bench: Bench) -> None:
    looked_at(bench)
    with pytest.raises(Exception, match="a_note_on_a_check_has_its_officer_and_words"), bench.writing() as session:
        session.execute(text("UPDATE release_checks SET noted_at = asked_at"))
