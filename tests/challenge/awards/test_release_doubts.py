"""What is told of a release, to whom and in which words: silence, doubt, rivals, hostile text and proofs by a DOI."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from challenge.awards import operations, operations_checks, queries
from challenge.awards.operations_look import Looked
from challenge.awards.states import CheckOutcome, ObligationState
from challenge.compliance.records import Examination, OfficerDecision
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.permits import Invalid, Refused
from evaluation.doi import tidy_doi
from evaluation.licences import Outcome, Reason
from tests.cast import Cast
from tests.challenge.awards.releasing import LEASE, REFERENCE, accept, award, checks, duty, looked_at, prove, won
from tests.challenge.awards.test_release_checks import DAY, concern, joined, note, page
from tests.challenge.judging.bench import Bench
from tests.challenge.submissions.hubs import with_hub

DOUBT = Reason("CLAUSE", "The licence limits the use.", "LICENSE", 3, "Name another.", outcome=Outcome.NEEDS_REVIEW)


@pytest.fixture
def bench(cast: Cast) -> Bench:
    """A winner that may release on a hub, and has handed in where."""
    bench = won(cast)
    with_hub(cast)
    prove(bench, model=REFERENCE)
    return bench


def ended(bench: Bench, looked: Looked) -> CheckOutcome | None:
    """Let the look that waits, or a further one, come to this."""
    with bench.writing() as session:
        if checks(bench)[0].outcome is not None:
            operations_checks.ask_for_check(session, queries.duty_of(session, award(bench)), now=bench.cast.now)
    with bench.writing() as session:
        claim = operations_checks.claim_check(session, worker="x", lease=LEASE, now=bench.cast.now, hubs=True)
    assert claim is not None
    with bench.writing() as session:
        assert operations_checks.end_check(session, claim=claim, looked=looked, now=bench.cast.now)
    return checks(bench)[0].outcome


def doubted(*reasons: Reason) -> Looked:
    """Return a look that found a licence in doubt."""
    return Looked(verdict="needs_review", concluded="openrail", reasons=list(reasons))


def test_silence_hides_no_finding_that_nobody_noted(bench: Bench) -> None:
    looked_at(bench)
    accept(bench)
    bench.cast.clock.advance(7 * DAY)
    found = looked_at(bench, "LICENCE_CHANGED")
    for _ in range(4):
        bench.cast.clock.advance(DAY)
        looked_at(bench, unknown=True)
        assert concern(bench) == ["As found: LICENCE_CHANGED."]
    answer = bench.cast.browser(bench.admin).post(
        f"/awards/{award(bench).id}/release/note", {"look": str(found.id), "note": "The team puts the text back."}
    )
    assert answer.status_code == 303
    assert concern(bench) == ["On 4 different days it could not be looked at. As staged."]


def test_a_note_is_about_the_look_that_the_officer_saw(bench: Bench) -> None:
    looked_at(bench)
    accept(bench)
    bench.cast.clock.advance(7 * DAY)
    seen = looked_at(bench, "LICENCE_CHANGED")
    assert f'<input type="hidden" name="look" value="{seen.id}">' in page(bench, bench.admin)
    bench.cast.clock.advance(7 * DAY)
    now = looked_at(bench, "WEIGHTS_DIFFER")
    browser, address = bench.cast.browser(bench.admin), f"/awards/{award(bench).id}/release/note"
    for look in (str(seen.id), "", "x", "9" * 5_000):
        answer = browser.post(address, {"look": look, "note": "The team puts the text back."})
        assert answer.status_code == 422
        said = answer.get_data(as_text=True)
        assert "The platform has looked at the release again meanwhile." in said
        assert "The team puts the text back." in said, "what was typed is kept"
        assert f'name="look" value="{now.id}"' in said
    assert concern(bench) == ["As found: WEIGHTS_DIFFER."]
    assert browser.post(address, {"look": str(now.id), "note": "The team was asked about it."}).status_code == 303
    assert concern(bench) == []


def test_new_doubt_about_a_licence_is_not_what_an_officer_has_ended(bench: Bench) -> None:
    with bench.writing() as session:
        query = select(Examination).where(Examination.submission_id == bench.entry("Alder").id)
        examination = session.scalars(query).one()
        examination.verdict, examination.concluded = LicenceVerdict.NEEDS_REVIEW, "openrail"
        examination.reasons = [{"code": "CLAUSE", "file": "LICENSE", "outcome": "needs_review", "sentence": "x"}]
        session.add(
            OfficerDecision(
                examination_id=examination.id, verdict=LicenceVerdict.COMPLIANT, officer_id=bench.admin.account_id,
                reason="Its limits are fine for this challenge.", at=bench.cast.now,
            )
        )  # fmt: skip
    told = Reason("OPENNESS", "The release is complete.", "new.md", 0, "", outcome=Outcome.COMPLIANT)
    assert ended(bench, doubted(DOUBT, told)) is CheckOutcome.CLEAR
    assert ended(bench, doubted(DOUBT, replace(DOUBT, file="TERMS.md"))) is CheckOutcome.FINDINGS
    assert ended(bench, doubted(replace(DOUBT, code="OTHER"))) is CheckOutcome.FINDINGS


def test_doubt_after_acceptance_is_told_of_though_nothing_differs(bench: Bench) -> None:
    looked_at(bench)
    accept(bench)
    bench.cast.clock.advance(7 * DAY)
    told = Reason("OPENNESS", "The release is complete.", "", 0, "", outcome=Outcome.COMPLIANT)
    assert ended(bench, doubted(DOUBT, told)) is CheckOutcome.FINDINGS
    assert concern(bench) == ["The licence limits the use."]
    note(bench, "The limits do no harm here.")
    bench.cast.clock.advance(7 * DAY)
    assert ended(bench, doubted(DOUBT)) is CheckOutcome.FINDINGS
    assert concern(bench) == []


def test_hostile_text_in_a_release_breaks_no_page(bench: Bench) -> None:
    half = "\ud800x\u202e"
    reason = Reason("LICENCE_CHANGED", f"Declares {half}.", half, 1, f"Mend {half}.", words=half)
    looked = Looked(
        explanations=[half], findings=[reason], reasons=[reason], verdict="needs_review", concluded=half,
        texts=[{"file": half, "fate": "changed", "before": half, "pieces": ({"stay": "added", "text": half, "line": 1},)}],
        weights=[{"name": half, "size": 1, "sha256": "ab" * 32}], left_out=[{"name": half, "sentence": half}],
        publication={"sentence": half, "title": half, "authors": (half,), "published": ""},
    )  # fmt: skip
    assert ended(bench, looked) is CheckOutcome.FINDINGS
    said = page(bench, bench.admin)
    assert "Declares ⟨U+D800⟩x⟨U+202E⟩." in said
    [check] = checks(bench)
    accept(bench, "The team has explained it to us.")
    kept = (check.findings, check.reasons, check.texts, check.weights, check.left_out, check.publication)
    for value in (*map(repr, kept), check.explanation, check.concluded):
        assert "U+D800" in value
        assert "\ud800" not in value
        assert "\\ud800" not in value
    bench.cast.browser().get("/calls/trial/releases").get_data(as_text=True).encode()


def test_an_admin_of_a_rival_neither_judges_nor_extends_nor_notes(bench: Bench) -> None:
    rival = joined(bench, "Petra", "Birch")
    with bench.cast.house.database.reading() as session:
        found = queries.award(session, award(bench).id)
        assert queries.why_not_judge_proof(session, bench.admin, found) is None
        why_nots = (queries.why_not_judge_proof(session, rival, found), queries.why_not_extend(session, rival, found))
    sentence = "You are a member of another team in this call; another admin"
    assert why_nots == (f"{sentence} looks at the proof.", f"{sentence} decides on the time.")
    with pytest.raises(Refused, match=sentence), bench.writing() as session:
        operations.accept_proof(session, actor=rival, award=queries.award(session, found.id), now=bench.cast.now)
    assert "look at the proof" not in bench.cast.browser(rival).get("/desk").get_data(as_text=True)
    looked_at(bench)
    accept(bench)
    bench.cast.clock.advance(7 * DAY)
    looked_at(bench, "LICENCE_CHANGED")
    with pytest.raises(Refused, match=f"{sentence} looks at the release"):
        note(bench, "The team puts the text back.", rival)
    assert "Take note" not in page(bench, rival)
    assert "no longer as it was accepted" not in bench.cast.browser(rival).get("/desk").get_data(as_text=True)
    assert "no longer as it was accepted" in bench.cast.browser(bench.admin).get("/desk").get_data(as_text=True)


@pytest.mark.parametrize("doi", ["10.1234/doi:", "10.1234/doi:abc", "10.1234/https://doi.org/10.5281/x"])
def test_what_looks_like_a_resolver_within_a_doi_is_a_part_of_it(cast: Cast, doi: str) -> None:
    bench = won(cast)
    for typed in (doi, f"doi: {doi}", f"https://doi.org/{doi}"):
        assert tidy_doi(typed) == doi
    prove(bench, doi=f"https://dx.doi.org/{doi}")
    assert duty(bench).proof_doi == doi


@pytest.mark.parametrize(
    "doi", ["https://doi.org/doi:10.5281/zenodo.1", "doi:doi:10.5281/zenodo.1", "10.5281/" + "a" * 200]
)
def test_a_doi_that_the_instrument_cannot_read_is_no_proof(cast: Cast, doi: str) -> None:
    bench = won(cast)
    with pytest.raises(Invalid, match=r"Write a DOI such as 10\.5281") as refused:
        prove(bench, doi=doi)
    assert refused.value.field_name == "doi"
    assert duty(bench).state is ObligationState.OPEN
