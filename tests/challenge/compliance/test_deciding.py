"""An officer ends the doubt: with a reason, on record, and never about a team they have a stake in."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from challenge.compliance import operations, queries
from challenge.compliance.records import Examination, OfficerDecision
from challenge.compliance.rules import why_not_reason
from challenge.compliance.states import ExaminationState, LicenceVerdict
from challenge.foundation.audit import AuditLine, first_break
from challenge.foundation.permits import VISITOR, Actor, Invalid, Refused, Role
from tests.challenge.compliance.packages import Bureau, package
from tests.stage import stage_call, stage_team

REASON = "The text was changed in its title only; the licence stands."
IN_DOUBT = {"LICENSE": "Ask me first."}


def decide(
    bureau: Bureau, examination: Examination, verdict: LicenceVerdict = LicenceVerdict.COMPLIANT, *,
    actor: Actor | None = None, reason: str = REASON,
) -> OfficerDecision:  # fmt: skip
    """Decide about an examination, as an admin unless said otherwise."""
    officer = actor or bureau.cast.admin()
    with bureau.cast.house.database.transaction() as session:
        attached = session.get_one(Examination, examination.id)
        return operations.decide(
            session, actor=officer, examination=attached, verdict=verdict, reason=reason, now=bureau.cast.now
        )


def in_force(bureau: Bureau, examination: Examination) -> LicenceVerdict | None:
    """Return the verdict that counts; both ways of asking must agree."""
    with bureau.cast.house.database.reading() as session:
        one = queries.verdict_in_force(session, examination.submission_id)
        assert queries.verdicts_in_force(session, bureau.call.id).get(examination.submission_id) == one
    return one


def decisions(bureau: Bureau) -> int:
    """Count the decisions on record."""
    with bureau.cast.house.database.reading() as session:
        return len(list(session.scalars(select(OfficerDecision))))


def test_the_officers_verdict_is_in_force_and_the_platforms_stays_on_record(bureau: Bureau) -> None:
    found = bureau.examined(package(IN_DOUBT))
    assert in_force(bureau, found) is LicenceVerdict.NEEDS_REVIEW
    decide(bureau, found)
    assert in_force(bureau, found) is LicenceVerdict.COMPLIANT
    with bureau.cast.house.database.reading() as session:
        assert session.get_one(Examination, found.id).verdict is LicenceVerdict.NEEDS_REVIEW


def test_of_several_decisions_the_latest_counts_and_all_stay(bureau: Bureau) -> None:
    found = bureau.examined(package(IN_DOUBT))
    decide(bureau, found)
    decide(bureau, found, LicenceVerdict.NON_COMPLIANT, reason="On a second look the text forbids resale.")
    decide(bureau, found, LicenceVerdict.BY_PUBLICATION, reason="The team publishes its findings instead.")
    assert in_force(bureau, found) is LicenceVerdict.BY_PUBLICATION
    with bureau.cast.house.database.reading() as session:
        kept = [decision.verdict for decision in queries.decisions_of(session, found.id)]
    assert kept == [LicenceVerdict.BY_PUBLICATION, LicenceVerdict.NON_COMPLIANT, LicenceVerdict.COMPLIANT]


def test_a_plain_verdict_may_be_overridden_too(bureau: Bureau) -> None:
    found = bureau.examined(package())
    decide(bureau, found, LicenceVerdict.NON_COMPLIANT, reason="The weights are another team's, as a hash shows.")
    assert in_force(bureau, found) is LicenceVerdict.NON_COMPLIANT


def test_a_decision_is_one_line_in_the_log_and_a_letter_to_every_member(bureau: Bureau) -> None:
    found = bureau.examined(package(IN_DOUBT))
    decide(bureau, found, LicenceVerdict.NON_COMPLIANT, reason="  " + REASON + "\r\n")
    with bureau.cast.house.database.reading() as session:
        [line] = session.scalars(select(AuditLine).where(AuditLine.verb == "decide_licence"))
        assert first_break(session) is None
    assert (line.actor_name, line.subject) == ("Olga", "submission trial-0001")
    assert json.loads(line.particulars) == {"verdict": "non_compliant", "reason": REASON}
    assert bureau.letters()[0] == (
        "trial-0001: licence non compliant",
        f"An officer decided about the licence of “Entry 1”: non compliant.\n\nThe reason: {REASON}",
    )


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Give a reason of at least 10 characters; it stays on record and the team reads it."),
        ("  too short ", "Give a reason of at least 10 characters; it stays on record and the team reads it."),
        ("x" * 4_001, "This has 4,001 characters; at most 4,000 are kept. Shorten it."),
        ("The text is\x00 fine, I looked.", "The text holds control characters; type it instead of pasting it."),
    ],
)
def test_without_a_proper_reason_nothing_is_decided(bureau: Bureau, reason: str, sentence: str) -> None:
    found = bureau.examined(package(IN_DOUBT))
    with pytest.raises(Invalid) as refused:
        decide(bureau, found, reason=reason)
    assert (refused.value.sentence, refused.value.field_name) == (sentence, "reason")
    assert decisions(bureau) == 0


def test_the_bounds_of_a_reason_are_within() -> None:
    assert why_not_reason("x" * 10) is None
    assert why_not_reason("x" * 4_000) is None


def test_doubt_is_no_decision(bureau: Bureau) -> None:
    found = bureau.examined(package(IN_DOUBT))
    with pytest.raises(Invalid, match="doubt is what you are to end") as refused:
        decide(bureau, found, LicenceVerdict.NEEDS_REVIEW)
    assert refused.value.field_name == "verdict"


def test_nobody_decides_before_the_platform_has_examined(bureau: Bureau) -> None:
    submission = bureau.submission(package())
    bureau.asked(submission)
    with pytest.raises(Refused, match="The platform has not examined the package yet; wait for its verdict"):
        decide(bureau, bureau.examination(submission))


def test_only_an_admin_decides(bureau: Bureau) -> None:
    found, cast = bureau.examined(package(IN_DOUBT)), bureau.cast
    for who in (bureau.captain, cast.person("Bo"), cast.judge(), cast.auditor(), VISITOR):
        with pytest.raises(Refused, match="Only an admin may decide about a licence"):
            decide(bureau, found, actor=who)
    assert decisions(bureau) == 0


def test_an_admin_does_not_decide_about_the_own_team(bureau: Bureau) -> None:
    found = bureau.examined(package(IN_DOUBT))
    captain = replace(bureau.captain, roles=frozenset({Role.ADMIN}))
    with pytest.raises(Refused, match="You are in this team; another admin has to decide"):
        decide(bureau, found, actor=captain)


def test_an_admin_does_not_decide_about_a_rival(bureau: Bureau) -> None:
    found, rival = bureau.examined(package(IN_DOUBT)), bureau.cast.admin("Rita")
    stage_team(bureau.cast, bureau.call, "Birch Models", rival)
    with pytest.raises(Refused, match="You are a member of another team in this call; another admin has to decide"):
        decide(bureau, found, LicenceVerdict.NON_COMPLIANT, actor=rival)
    assert in_force(bureau, found) is LicenceVerdict.NEEDS_REVIEW


def test_an_admin_who_competes_in_another_call_decides_here(bureau: Bureau) -> None:
    found, officer = bureau.examined(package(IN_DOUBT)), bureau.cast.admin("Rita")
    stage_team(bureau.cast, stage_call(bureau.cast, key="second"), "Birch Models", officer)
    decide(bureau, found, actor=officer)
    assert in_force(bureau, found) is LicenceVerdict.COMPLIANT


def test_the_database_itself_asks_for_the_reason(bureau: Bureau) -> None:
    found = bureau.examined(package(IN_DOUBT))
    with (
        pytest.raises(Exception, match="an_officers_decision_has_a_reason"),
        bureau.cast.house.database.transaction() as session,
    ):
        session.add(
            OfficerDecision(
                examination_id=found.id, verdict=LicenceVerdict.COMPLIANT, officer_id=bureau.cast.admin().account_id,
                reason="Fine.", at=bureau.cast.now,
            )
        )  # fmt: skip


def test_verdicts_in_force_are_those_of_the_call_and_of_what_is_examined(bureau: Bureau) -> None:
    waiting = bureau.submission(package())
    with bureau.cast.house.database.reading() as session:
        assert queries.verdict_in_force(session, waiting.id) is None
    bureau.asked(waiting)
    with bureau.cast.house.database.reading() as session:
        assert queries.verdict_in_force(session, waiting.id) is None
        assert queries.verdicts_in_force(session, bureau.call.id) == {}
    bureau.examine_next()
    assert bureau.examination(waiting).state is ExaminationState.ENDED
    other = stage_call(bureau.cast, key="second")
    with bureau.cast.house.database.reading() as session:
        assert queries.verdicts_in_force(session, bureau.call.id) == {waiting.id: LicenceVerdict.COMPLIANT}
        assert queries.verdicts_in_force(session, other.id) == {}
