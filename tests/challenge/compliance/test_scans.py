"""A package is examined again where an officer asks: each scan is a row, the latest counts, and decisions stay."""

from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import text

from challenge.commands.schema import alembic_config
from challenge.compliance import operations, queries, queries_desk
from challenge.compliance.records import Examination
from challenge.compliance.states import ExaminationState, LicenceVerdict
from challenge.dashboards.queries import verdict_words
from challenge.foundation.permits import Invalid, Refused
from challenge.judging.queries_evidence import evidence_of
from challenge.submissions.records import Submission
from evaluation.licences import Policy, default_policy, policy_from
from evaluation.licences.data_reading import read_object
from evaluation.licences.policy import DEFAULT_POLICY
from tests.challenge.compliance.packages import Bureau, card, licence, package

NON_COMMERCIAL = {"README.md": card("license: cc-by-nc-4.0"), "LICENSE": licence("CC-BY-NC-4.0"), "metadata.json": None}


def strict() -> Policy:
    """Return tomorrow's policy, which accepts no licence for non-commercial use alone."""
    data = read_object(DEFAULT_POLICY.read_bytes())
    return policy_from(
        {
            **data, "version": "tomorrow",
            "classes": {**data["classes"], "non_commercial": {**data["classes"]["non_commercial"], "outcome": "non_compliant"}},
        }
    )  # fmt: skip


@pytest.fixture
def examined(bureau: Bureau) -> Submission:
    """A submission under a non-commercial licence, which the policy of today accepts."""
    return bureau.submission_of(bureau.examined(package(NON_COMMERCIAL), licence="CC-BY-NC-4.0"))


def scans(bureau: Bureau, submission: Submission) -> list[tuple[int, LicenceVerdict | None]]:
    """Return number and verdict of every scan, newest first."""
    with bureau.cast.house.database.reading() as session:
        return [(scan.number, scan.verdict) for scan in queries.scans_of(session, submission.id)]


def says(bureau: Bureau, submission: Submission) -> set[str]:
    """Return the verdict in force, as every room reads it."""
    with bureau.cast.house.database.reading() as session:
        return {
            str(queries.verdict_in_force(session, submission.id)),
            str(queries.verdicts_in_force(session, bureau.call.id).get(submission.id)),
            verdict_words(session, [submission.id])[submission.id],
            str(queries_desk.desk(session, None, limit=9)[0].verdict),
            evidence_of(session, submission, None, unranked=None).gates[1].sentence.split("Verdict ")[1].split(",")[0].replace(" ", "_"),
        }  # fmt: skip


def page(bureau: Bureau, path: str = "/compliance/trial-0001") -> str:
    """Return a page as the captain reads it."""
    return " ".join(bureau.cast.browser(bureau.captain).get(path).get_data(as_text=True).split())


def test_while_a_further_scan_waits_the_one_before_counts(bureau: Bureau, examined: Submission) -> None:
    bureau.again(examined)
    assert scans(bureau, examined) == [(2, None), (1, LicenceVerdict.COMPLIANT)]
    assert bureau.examination(examined).number == 1
    assert says(bureau, examined) == {"compliant"}
    assert "Scan 2 waits for its turn; until it ends, the one before counts." in page(bureau)
    assert "The package waits to be examined." in page(bureau, "/compliance/trial-0001/scans/2")
    bureau.examine_next()
    assert scans(bureau, examined) == [(2, LicenceVerdict.COMPLIANT), (1, LicenceVerdict.COMPLIANT)]


def test_the_latest_scan_is_the_platforms_verdict_and_earlier_ones_stay_readable(
    bureau: Bureau, examined: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = page(bureau)
    bureau.again(examined)
    monkeypatch.setattr(operations, "default_policy", strict)
    bureau.examine_next()
    assert says(bureau, examined) == {"non_compliant"}
    found = bureau.examination(examined)
    assert (found.number, found.engine.endswith("tomorrow")) == (2, True)
    assert "Henrik: The policy is newer." in page(bureau)
    first = page(bureau, "/compliance/trial-0001/scans/1")
    assert "This is scan 1, as it was." in first
    assert "This release meets the rules of the call" in before
    assert "This release meets the rules of the call" in first
    assert bureau.cast.browser(bureau.captain).get("/compliance/trial-0001/scans/3").status_code == 404


def test_a_decision_is_never_overwritten_and_the_page_says_where_a_later_scan_differs(
    bureau: Bureau, examined: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau.decide(examined, LicenceVerdict.BY_PUBLICATION, reason="The team has published its findings.")
    bureau.again(examined)
    bureau.examine_next()
    assert says(bureau, examined) == {"by_publication"}
    assert "scan 2 says the same as scan 1, compliant" in page(bureau)
    bureau.again(examined)
    monkeypatch.setattr(operations, "default_policy", strict)
    bureau.examine_next()
    assert says(bureau, examined) == {"by_publication"}
    shown = page(bureau)
    assert "A later scan sees it differently: the officers decided on scan 1, which said compliant" in shown
    assert "scan 3 says non-compliant. What they decided stays in force." in shown
    bureau.decide(examined, LicenceVerdict.NON_COMPLIANT, reason="The policy of today accepts it no more.")
    assert "A later scan" not in page(bureau)
    assert says(bureau, examined) == {"non_compliant"}


def test_the_team_is_told_of_a_further_scan_only_where_it_says_something_else(
    bureau: Bureau, examined: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau.again(examined)
    bureau.examine_next()
    assert len(bureau.letters()) == 1
    bureau.again(examined)
    monkeypatch.setattr(operations, "default_policy", strict)
    bureau.examine_next()
    [(subject, body), _] = bureau.letters()
    assert subject == "trial-0001: licence non-compliant"
    assert "This is scan 3; scan 2 said compliant." in body
    assert bureau.verbs(examined) == [
        "ask_examination", "examine", "examine_again", "examine", "examine_again", "examine",
    ]  # fmt: skip


def test_what_waits_is_not_asked_for_twice_nor_before_it_was_examined_once(
    bureau: Bureau, examined: Submission
) -> None:
    bureau.again(examined)
    with pytest.raises(Refused, match="The package waits to be examined again already"):
        bureau.again(examined)
    new = bureau.submission(package())
    for ask in (False, True):
        if ask:
            bureau.asked(new)
        with pytest.raises(Refused, match="The package has not been examined once"):
            bureau.again(new)
    bureau.examine_next()
    with pytest.raises(Invalid) as refused:
        bureau.again(examined, reason="Why not")
    assert refused.value.field_name == "why_again"


def test_the_database_itself_lets_one_scan_wait_and_counts_them(bureau: Bureau, examined: Submission) -> None:
    bureau.again(examined)
    for number in (2, 3):
        with pytest.raises(Exception, match=r"(?i)unique"), bureau.cast.house.database.transaction() as session:
            session.add(
                Examination(
                    submission_id=examined.id, number=number, state=ExaminationState.WAITING, reasons=[],
                    asked_at=bureau.cast.now,
                )
            )  # fmt: skip


def test_an_officer_asks_for_it_on_the_page(bureau: Bureau, examined: Submission) -> None:
    office = bureau.cast.browser(bureau.cast.admin())
    for typed, sentence in (("", "Say why."), ("Again.", "Give a reason of at least 10 characters")):
        answer = office.post("/compliance/trial-0001/again", {"why_again": typed})
        assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True)
    assert office.post("/compliance/trial-0001/again", {"why_again": "The index is newer."}).status_code == 303
    assert office.post("/compliance/trial-0001/again", {"why_again": "The index is newer."}).status_code == 403
    assert bureau.cast.browser(bureau.captain).post("/compliance/trial-0001/again").status_code == 403
    assert scans(bureau, examined)[0] == (2, None)


def test_rows_outlive_the_migration_in_both_directions(bureau: Bureau, examined: Submission) -> None:
    bureau.decide(examined)
    bureau.again(examined)
    bureau.examine_next()
    bureau.again(examined)
    config = alembic_config(bureau.cast.house.database)
    command.downgrade(config, "0016")
    with bureau.cast.house.database.reading() as session:
        [(scan, verdict)] = session.execute(text("SELECT id, verdict FROM examinations")).all()
        [(decided_on, decided)] = session.execute(text("SELECT examination_id, verdict FROM officer_decisions")).all()
    assert (verdict, decided_on, decided) == ("compliant", scan, "compliant")
    command.upgrade(config, "head")
    found = bureau.examination(examined)
    assert (found.id, found.number, found.asked_again) == (scan, 1, 0)
    with bureau.cast.house.database.reading() as session:
        [decision] = queries.decisions_of(session, examined.id)
        assert (decision.confirmed_by, queries.evidence_of(session, found.id)) == (None, None)
    assert "None; the platform" not in page(bureau), "an old decision is shown"
    bureau.cast.clock.advance(timedelta(hours=1))
    bureau.again(examined)
    bureau.examine_next()
    assert [number for number, _ in scans(bureau, examined)] == [2, 1]
    assert default_policy().version in bureau.examination(examined).engine
