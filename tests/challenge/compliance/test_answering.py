"""An officer answers the very proposal that they read, whoever made it has no stake, and no competitor reads it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from challenge.compliance import operations, queries_desk
from challenge.compliance.records import OfficerDecision
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.permits import PLATFORM, Actor, Refused, Role
from challenge.people import operations as people
from challenge.submissions.states import Route
from evaluation.licences import Outcome, Reason, Verdict
from tests.challenge.compliance.packages import REASON, Bureau, package
from tests.challenge.compliance.test_deciding import in_doubt, in_force, turn_down, withdraw
from tests.challenge.compliance.test_pages import named, page
from tests.challenge.compliance.test_scans import NON_COMMERCIAL, strict
from tests.stage import stage_team

OTHER = "The text forbids every use by a competitor of the holder."


def test_what_was_proposed_since_the_page_was_read_is_not_answered_with_it(bureau: Bureau) -> None:
    submission = in_doubt(bureau)
    read = bureau.propose(submission)
    withdraw(bureau, submission)
    bureau.propose(submission, LicenceVerdict.NON_COMPLIANT, reason=OTHER)
    for answer in (bureau.confirm, lambda one, read: turn_down(bureau, one, read=read)):
        with pytest.raises(Refused, match="What you read is no more what is proposed; read what is proposed now"):
            answer(submission, read=read)
    assert in_force(bureau, submission) is LicenceVerdict.NEEDS_REVIEW
    bureau.confirm(submission)
    assert in_force(bureau, submission) is LicenceVerdict.NON_COMPLIANT


def test_the_page_sends_which_proposal_it_showed(bureau: Bureau) -> None:
    submission, second = in_doubt(bureau), bureau.cast.browser(bureau.cast.admin("Henrik"))
    bureau.propose(submission)
    shown = named(second.get("/compliance/trial-0001").get_data(as_text=True))
    withdraw(bureau, submission)
    bureau.propose(submission, LicenceVerdict.NON_COMPLIANT, reason=OTHER)
    for sent in (shown, {}, {"proposal": "none"}, {"proposal": "9" * 5_000}, {"proposal": "²"}):
        for path, more in (("confirm", {}), ("turn-down", {"why_not": OTHER})):
            answer = second.post(f"/compliance/trial-0001/{path}", {**sent, **more})
            assert (answer.status_code, "What you read is no more what is proposed" in answer.text) == (403, True)
    shown = named(second.get("/compliance/trial-0001").get_data(as_text=True))
    assert second.post("/compliance/trial-0001/confirm", shown).status_code == 303
    assert in_force(bureau, submission) is LicenceVerdict.NON_COMPLIANT


def test_a_decision_is_about_the_scan_that_it_was_proposed_on(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = bureau.examined(package(NON_COMMERCIAL), licence="CC-BY-NC-4.0")
    submission = bureau.submission_of(scan)
    bureau.propose(submission)
    bureau.again(submission)
    monkeypatch.setattr(operations, "default_policy", strict)
    bureau.examine_next()
    _, office = page(bureau, bureau.cast.admin("Henrik"), "/compliance/trial-0001")
    assert "It was proposed on scan 1, which said compliant. Since then scan 2 says non-compliant" in office
    assert bureau.confirm(submission).examination_id == scan.id
    _, text = page(bureau, bureau.captain, "/compliance/trial-0001")
    assert "the officers decided on scan 1, which said compliant; scan 2 says non-compliant" in text


def test_a_proposal_of_somebody_who_joined_a_rival_is_turned_down_and_not_confirmed(bureau: Bureau) -> None:
    submission, olga = in_doubt(bureau), bureau.cast.admin()
    bureau.propose(submission, actor=olga)
    stage_team(bureau.cast, bureau.call, "Birch Models", olga)
    sentence = "Whoever proposed this decision is a member of a team in this call by now"
    with pytest.raises(Refused, match=sentence):
        bureau.confirm(submission)
    _, text = page(bureau, bureau.cast.admin("Henrik"), "/compliance/trial-0001")
    assert (sentence in text, "Confirm: compliant" in text, "Turn the proposal down" in text) == (True, False, True)
    with bureau.cast.house.database.reading() as session:
        assert list(session.scalars(select(OfficerDecision))) == []
    assert page(bureau, olga, "/compliance/trial-0001")[0] == 403
    assert "trial-0001" not in page(bureau, olga, "/compliance")[1]
    turn_down(bureau, submission)


Tie = Callable[[Bureau, Role], Actor]


def _member(bureau: Bureau, role: Role) -> Actor:
    ada = bureau.captain.account_id or 0
    with bureau.cast.house.database.transaction() as session:
        people.grant_role(session, actor=PLATFORM, account_id=ada, role=role, now=bureau.cast.now)
    return bureau.captain


def _rival(bureau: Bureau, role: Role) -> Actor:
    rival = bureau.cast.person("Rita", role)
    stage_team(bureau.cast, bureau.call, "Birch Models", rival)
    return rival


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
@pytest.mark.parametrize("tie", [_member, _rival])
def test_whoever_is_in_a_team_of_the_call_reads_nothing_that_is_proposed(bureau: Bureau, tie: Tie, role: Role) -> None:
    submission, reader = in_doubt(bureau), tie(bureau, role)
    bureau.propose(submission)
    turn_down(bureau, submission)
    bureau.propose(submission, LicenceVerdict.NON_COMPLIANT, reason=OTHER)
    neutral = bureau.cast.auditor()
    for path, expected, secrets in (
        (
            "/compliance/trial-0001",
            403 if tie is _rival else 200,
            (REASON, OTHER, "The text forbids resale.", "is proposed by Olga"),
        ),
        ("/compliance", 200, ("by Olga", "trial-0001")),
    ):
        code, seen = page(bureau, reader, path)
        assert code == expected
        assert [secret for secret in secrets if secret in seen] == []
        assert [secret for secret in secrets if secret not in page(bureau, neutral, path)[1]] == []
    with bureau.cast.house.database.reading() as session:
        assert queries_desk.desk(session, reader.account_id, limit=9) == []


@pytest.mark.parametrize("decided", [LicenceVerdict.COMPLIANT, LicenceVerdict.NON_COMPLIANT])
def test_the_letter_of_a_later_scan_says_that_a_decision_stays_in_force(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, decided: LicenceVerdict
) -> None:
    submission = bureau.submission_of(bureau.examined(package()))
    bureau.decide(submission, decided)
    told = len(bureau.letters())
    bureau.again(submission)
    reason = Reason("MODIFIED_TEXT", "The text was changed.", "LICENSE", 3, "Restore it.", outcome=Outcome.NEEDS_REVIEW)
    later = Verdict(Outcome.NEEDS_REVIEW, (reason,), None, (), None, None)
    monkeypatch.setattr(operations, "found_by", lambda *_: later)
    bureau.examine_next()
    assert len(bureau.letters()) == told + 1
    subject, body = bureau.letters()[0]
    assert subject == "trial-0001: licence examined again; the decision stays in force"
    words = str(decided).replace("_", "-")
    assert f"What officers decided stays in force: {words}." in body
    assert "LICENSE: The text was changed." in body
    assert "An officer looks at it" not in body
    assert "What to do" not in body


def test_another_wording_of_a_registry_that_does_not_answer_is_no_news(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    wordings = iter(["It answered 503.", "It took longer than 20 seconds.", "No such host."])

    def unanswered(*_: object) -> Verdict:
        reason = Reason("DOI_UNANSWERED", next(wordings), "", 0, "It is asked again.", outcome=Outcome.NEEDS_REVIEW)
        return Verdict(Outcome.NEEDS_REVIEW, (reason,), None, (), None, None)

    monkeypatch.setattr(operations, "found_by", unanswered)
    bureau.examined(None, route=Route.PUBLICATION, doi="10.5281/zenodo.1234567")
    for pause in operations.PAUSES[:2]:
        bureau.cast.clock.advance(pause)
        assert bureau.examine_next()
    assert len(bureau.letters()) == 1
