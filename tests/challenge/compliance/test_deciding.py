"""Two officers end the doubt: one proposes with a reason, another confirms, and never about a team with a stake."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import select

from challenge.compliance import operations_decide, queries
from challenge.compliance.records import DecisionProposal, Examination, OfficerDecision
from challenge.compliance.rules import why_not_reason
from challenge.compliance.states import ExaminationState, LicenceVerdict, ProposalState
from challenge.foundation.audit import AuditLine, first_break
from challenge.foundation.permits import VISITOR, Actor, Invalid, Refused, Role
from challenge.submissions.records import Submission
from tests.challenge.compliance.packages import REASON, Bureau, package
from tests.stage import stage_call, stage_team

IN_DOUBT = {"LICENSE": "Ask me first."}


def in_doubt(bureau: Bureau) -> Submission:
    """Return a submission whose licence needs review."""
    return bureau.submission_of(bureau.examined(package(IN_DOUBT)))


def in_force(bureau: Bureau, submission: Submission) -> LicenceVerdict | None:
    """Return the verdict that counts; both ways of asking must agree."""
    with bureau.cast.house.database.reading() as session:
        one = queries.verdict_in_force(session, submission.id)
        assert queries.verdicts_in_force(session, bureau.call.id).get(submission.id) == one
    return one


def turn_down(
    bureau: Bureau, submission: Submission, *, actor: Actor | None = None, reason: str = "The text forbids resale.",
    read: DecisionProposal | None = None,
) -> DecisionProposal:  # fmt: skip
    """Turn the open proposal down, or what was `read`, as Henrik unless said otherwise."""
    proposal_id = read.id if read else bureau.open_proposal(submission)
    with bureau.cast.house.database.transaction() as session:
        return operations_decide.turn_down(
            session, actor=actor or bureau.cast.admin("Henrik"), submission=submission, proposal_id=proposal_id,
            reason=reason, now=bureau.cast.now,
        )  # fmt: skip


def withdraw(bureau: Bureau, submission: Submission, *, actor: Actor | None = None) -> DecisionProposal:
    """Withdraw the open proposal, as Olga unless said otherwise."""
    with bureau.cast.house.database.transaction() as session:
        return operations_decide.withdraw(
            session, actor=actor or bureau.cast.admin(), submission=submission, now=bureau.cast.now
        )


def decisions(bureau: Bureau) -> int:
    """Count the decisions on record."""
    with bureau.cast.house.database.reading() as session:
        return len(list(session.scalars(select(OfficerDecision))))


def test_what_one_officer_proposes_changes_nothing_until_another_confirms(bureau: Bureau) -> None:
    submission, told = in_doubt(bureau), len(bureau.letters())
    bureau.propose(submission)
    assert (in_force(bureau, submission), len(bureau.letters())) == (LicenceVerdict.NEEDS_REVIEW, told)
    decision = bureau.confirm(submission)
    assert in_force(bureau, submission) is LicenceVerdict.COMPLIANT
    assert decision.officer_id == bureau.cast.admin().account_id
    assert decision.confirmed_by == bureau.cast.admin("Henrik").account_id
    assert bureau.examination(submission).verdict is LicenceVerdict.NEEDS_REVIEW, "the platform's stays on record"


def test_of_several_decisions_the_latest_counts_and_all_stay(bureau: Bureau) -> None:
    submission = in_doubt(bureau)
    bureau.decide(submission)
    bureau.decide(submission, LicenceVerdict.NON_COMPLIANT, reason="On a second look the text forbids resale.")
    bureau.decide(submission, LicenceVerdict.BY_PUBLICATION, reason="The team publishes its findings instead.")
    assert in_force(bureau, submission) is LicenceVerdict.BY_PUBLICATION
    with bureau.cast.house.database.reading() as session:
        kept = [decision.verdict for decision in queries.decisions_of(session, submission.id)]
    assert kept == [LicenceVerdict.BY_PUBLICATION, LicenceVerdict.NON_COMPLIANT, LicenceVerdict.COMPLIANT]


def test_a_plain_verdict_is_overridden_in_the_same_way(bureau: Bureau) -> None:
    submission = bureau.submission_of(bureau.examined(package()))
    bureau.propose(submission, LicenceVerdict.NON_COMPLIANT, reason="The weights are another team's, as a hash shows.")
    assert in_force(bureau, submission) is LicenceVerdict.COMPLIANT
    bureau.confirm(submission)
    assert in_force(bureau, submission) is LicenceVerdict.NON_COMPLIANT


def test_every_deed_is_one_line_in_the_log_and_a_decision_a_letter_to_every_member(bureau: Bureau) -> None:
    submission = in_doubt(bureau)
    bureau.propose(submission)
    withdraw(bureau, submission)
    bureau.propose(submission)
    turn_down(bureau, submission)
    told = len(bureau.letters())
    bureau.propose(submission, LicenceVerdict.NON_COMPLIANT, reason="  " + REASON + "\r\n")
    bureau.confirm(submission)
    assert bureau.verbs(submission)[2:] == [
        "propose_licence_decision", "withdraw_licence_decision", "propose_licence_decision",
        "turn_down_licence_decision", "propose_licence_decision", "decide_licence",
    ]  # fmt: skip
    with bureau.cast.house.database.reading() as session:
        [line] = session.scalars(select(AuditLine).where(AuditLine.verb == "decide_licence"))
        assert first_break(session) is None
    olga = bureau.cast.admin().account_id
    assert (line.actor_name, line.subject) == ("Henrik", "submission trial-0001")
    assert json.loads(line.particulars) == {"verdict": "non_compliant", "reason": REASON, "proposed_by": olga}
    assert len(bureau.letters()) == told + 1
    assert bureau.letters()[0] == (
        "trial-0001: licence non-compliant",
        f"Two officers decided about the licence of “Entry 1”: non-compliant.\n\nThe reason: {REASON}",
    )


def test_a_proposal_that_is_turned_down_leaves_everything_and_another_may_follow(bureau: Bureau) -> None:
    submission = in_doubt(bureau)
    bureau.propose(submission)
    found = turn_down(bureau, submission, reason=" The text forbids resale. ")
    assert (found.state, found.answer) == (ProposalState.TURNED_DOWN, "The text forbids resale.")
    assert (in_force(bureau, submission), decisions(bureau)) == (LicenceVerdict.NEEDS_REVIEW, 0)
    bureau.decide(submission, LicenceVerdict.NON_COMPLIANT)
    assert in_force(bureau, submission) is LicenceVerdict.NON_COMPLIANT


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Give a reason of at least 10 characters; it stays on record and the team reads it."),
        ("  too short ", "Give a reason of at least 10 characters; it stays on record and the team reads it."),
        ("x" * 4_001, "This has 4,001 characters; at most 4,000 are kept. Shorten it."),
        ("The text is\x00 fine, I looked.", "The text holds control characters; type it instead of pasting it."),
    ],
)
def test_without_a_proper_reason_nothing_is_proposed_nor_turned_down(
    bureau: Bureau, reason: str, sentence: str
) -> None:
    submission = in_doubt(bureau)
    with pytest.raises(Invalid) as refused:
        bureau.propose(submission, reason=reason)
    assert (refused.value.sentence, refused.value.field_name) == (sentence, "reason")
    bureau.propose(submission)
    with pytest.raises(Invalid) as refused:
        turn_down(bureau, submission, reason=reason)
    unread = sentence.replace(" and the team reads it", "")
    assert (refused.value.sentence, refused.value.field_name) == (unread, "why_not")
    bureau.confirm(submission)  # it is still open


def test_the_bounds_of_a_reason_are_within() -> None:
    assert why_not_reason("x" * 10) is None
    assert why_not_reason("x" * 4_000) is None


def test_doubt_is_no_decision(bureau: Bureau) -> None:
    with pytest.raises(Invalid, match="doubt is what you are to end") as refused:
        bureau.propose(in_doubt(bureau), LicenceVerdict.NEEDS_REVIEW)
    assert refused.value.field_name == "verdict"


def test_nobody_decides_before_the_platform_has_examined(bureau: Bureau) -> None:
    submission = bureau.submission(package())
    for ask in (False, True):
        if ask:
            bureau.asked(submission)
        with pytest.raises(Refused, match="The platform has not examined the package yet; wait for its verdict"):
            bureau.propose(submission)


def test_one_proposal_is_open_at_a_time(bureau: Bureau) -> None:
    submission = in_doubt(bureau)
    bureau.propose(submission)
    for who in (bureau.cast.admin(), bureau.cast.admin("Henrik")):
        with pytest.raises(Refused, match="A decision is proposed already"):
            bureau.propose(submission, LicenceVerdict.NON_COMPLIANT, actor=who)


def test_nobody_confirms_or_turns_down_what_they_proposed_themselves(bureau: Bureau) -> None:
    submission, olga = in_doubt(bureau), bureau.cast.admin()
    bureau.propose(submission)
    for deed in (bureau.confirm, lambda one, actor: turn_down(bureau, one, actor=actor)):
        with pytest.raises(
            Refused, match="You proposed this decision; another admin has to confirm it or turn it down"
        ):
            deed(submission, actor=olga)
    with pytest.raises(Refused, match="Only the admin who proposed this decision may withdraw it"):
        withdraw(bureau, submission, actor=bureau.cast.admin("Henrik"))
    assert decisions(bureau) == 0


def test_what_is_no_more_proposed_is_neither_confirmed_nor_withdrawn(bureau: Bureau) -> None:
    submission = in_doubt(bureau)
    endings: list[Callable[[], object]] = [
        lambda: withdraw(bureau, submission), lambda: turn_down(bureau, submission), lambda: bureau.confirm(submission),
    ]  # fmt: skip
    for end in (None, *endings):
        if end is not None:
            bureau.propose(submission)
            end()
        for deed in (bureau.confirm, lambda one: turn_down(bureau, one), lambda one: withdraw(bureau, one)):
            with pytest.raises(Refused, match="No decision is proposed; it was confirmed, turned down or withdrawn"):
                deed(submission)


def test_an_officers_own_desk_says_what_waits_for_whom(bureau: Bureau) -> None:
    olga, henrik, rita = bureau.cast.admin(), bureau.cast.admin("Henrik"), _rival(bureau)

    def waits(who: Actor) -> list[str]:
        text = unescape(bureau.cast.browser(who).get("/desk").get_data(as_text=True))
        return re.findall(r"((?:Licences that|Decisions on)[^.<]*: \d+)\.", text)

    one, other = in_doubt(bureau), in_doubt(bureau)
    assert waits(olga) == waits(henrik) == ["Licences that need an officer's review: 2"]
    assert waits(rita) == [], "she competes here"
    bureau.propose(one)
    assert waits(olga) == [
        "Licences that need an officer's review: 1",
        "Decisions on licences that you proposed and another admin has to confirm: 1",
    ]
    assert waits(henrik) == [
        "Licences that need an officer's review: 1", "Decisions on licences that wait for your confirmation: 1",
    ]  # fmt: skip
    assert waits(rita) == []
    bureau.confirm(one)
    bureau.decide(other)
    assert waits(olga) == waits(henrik) == []


def _captain(bureau: Bureau) -> Actor:
    return replace(bureau.captain, roles=frozenset({Role.ADMIN}))


def _rival(bureau: Bureau) -> Actor:
    rival = bureau.cast.admin("Rita")
    stage_team(bureau.cast, bureau.call, "Birch Models", rival)
    return rival


STRANGERS: list[tuple[Callable[[Bureau], Actor], str]] = [
    (lambda bureau: bureau.captain, "Only an admin may decide about a licence"),
    (lambda bureau: bureau.cast.judge(), "Only an admin may decide about a licence"),
    (lambda bureau: bureau.cast.auditor(), "Only an admin may decide about a licence"),
    (lambda bureau: VISITOR, "Only an admin may decide about a licence"),
    (_captain, "You are in this team; another admin has to decide"),
    (_rival, "You are a member of another team in this call; another admin has to decide"),
]


@pytest.mark.parametrize(("who", "sentence"), STRANGERS)
def test_who_is_no_officer_or_has_a_stake_does_none_of_it(
    bureau: Bureau, who: Callable[[Bureau], Actor], sentence: str
) -> None:
    submission, actor = in_doubt(bureau), who(bureau)
    with pytest.raises(Refused, match=sentence):
        bureau.propose(submission, actor=actor)
    bureau.propose(submission)
    with pytest.raises(Refused, match=sentence):
        bureau.confirm(submission, actor=actor)
    with pytest.raises(Refused, match=sentence):
        turn_down(bureau, submission, actor=actor)
    with pytest.raises(Refused, match=sentence):
        withdraw(bureau, submission, actor=actor)
    with pytest.raises(Refused, match=sentence):
        bureau.again(submission, actor=actor)
    assert in_force(bureau, submission) is LicenceVerdict.NEEDS_REVIEW


def test_an_admin_who_competes_in_another_call_decides_here(bureau: Bureau) -> None:
    submission, officer = in_doubt(bureau), bureau.cast.admin("Rita")
    stage_team(bureau.cast, stage_call(bureau.cast, key="second"), "Birch Models", officer)
    bureau.propose(submission)
    bureau.confirm(submission, actor=officer)
    assert in_force(bureau, submission) is LicenceVerdict.COMPLIANT


def test_the_database_itself_asks_for_reasons_and_for_two_people(bureau: Bureau) -> None:
    submission = in_doubt(bureau)
    scan, olga, henrik = bureau.examination(submission), bureau.cast.admin(), bureau.cast.admin("Henrik")
    decision = {
        "examination_id": scan.id, "verdict": LicenceVerdict.COMPLIANT, "officer_id": olga.account_id,
        "confirmed_by": henrik.account_id, "reason": REASON, "at": bureau.cast.now,
    }  # fmt: skip
    proposal = {
        "submission_id": submission.id, "examination_id": scan.id, "state": ProposalState.CONFIRMED,
        "verdict": LicenceVerdict.COMPLIANT, "reason": REASON, "proposed_by": olga.account_id,
        "proposed_at": bureau.cast.now, "ended_by": henrik.account_id, "ended_at": bureau.cast.now, "answer": "",
    }  # fmt: skip
    laws: list[tuple[str, object]] = [
        ("an_officers_decision_has_a_reason", OfficerDecision(**{**decision, "reason": "Fine."})),
        ("a_decision_takes_two_people", OfficerDecision(**{**decision, "confirmed_by": olga.account_id})),
        ("a_proposal_has_a_reason", DecisionProposal(**{**proposal, "reason": "Fine."})),
        ("a_proposal_is_open_until_somebody_ends_it", DecisionProposal(**{**proposal, "ended_at": None})),
        ("another_officer_confirms_or_turns_down", DecisionProposal(**{**proposal, "ended_by": olga.account_id})),
        ("turning_down_has_a_reason", DecisionProposal(**{**proposal, "state": ProposalState.TURNED_DOWN})),
        ("whoever_proposed_it_withdraws", DecisionProposal(**{**proposal, "state": ProposalState.WITHDRAWN})),
    ]
    for law, record in laws:
        with pytest.raises(Exception, match=law), bureau.cast.house.database.transaction() as session:
            session.add(record)
    bureau.propose(submission)
    second = DecisionProposal(**{**proposal, "state": ProposalState.OPEN, "ended_by": None, "ended_at": None})
    with pytest.raises(Exception, match=r"(?i)unique"), bureau.cast.house.database.transaction() as session:
        session.add(second)


def test_verdicts_in_force_are_those_of_the_call_and_of_what_is_examined(bureau: Bureau) -> None:
    waiting = bureau.submission(package())
    with bureau.cast.house.database.reading() as session:
        assert queries.verdict_in_force(session, waiting.id) is None
    bureau.asked(waiting)
    with bureau.cast.house.database.reading() as session:
        assert queries.verdict_in_force(session, waiting.id) is None
        assert queries.verdicts_in_force(session, bureau.call.id) == {}
        assert queries.verdicts_of(session, [waiting.id]) == {waiting.id: None}
    bureau.examine_next()
    assert bureau.examination(waiting).state is ExaminationState.ENDED
    other = stage_call(bureau.cast, key="second")
    with bureau.cast.house.database.reading() as session:
        assert queries.verdicts_in_force(session, bureau.call.id) == {waiting.id: LicenceVerdict.COMPLIANT}
        assert queries.verdicts_in_force(session, other.id) == {}
        assert session.scalars(select(Examination)).one().number == 1
