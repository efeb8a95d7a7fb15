"""A promised publication counts once its DOI leads to the team's own work; who does not answer proves nothing."""

import json
from datetime import date
from pathlib import Path

import pytest

from evaluation.licences import Outcome, Period, Route, Verdict, default_policy, policy_from, read_publications, verdict
from evaluation.licences.policy import DEFAULT_POLICY
from evaluation.publications.publication import Found, Lookup, Publication

DOI = "10.5281/zenodo.1234567"
ARTICLE = Publication(title="A small model", authors=("Ada Alder", "Bo Birch"), published="2026-05-02")


def answered(found: Found, publication: Publication | None = None, sentence: str = "So it is.") -> Lookup:
    """Return an answer for the DOI."""
    return Lookup(doi=DOI, found=found, sentence=sentence, publication=publication)


def judged(answer: Lookup | None, *, authors: tuple[str, ...] = ("A. Alder",), period: Period | None = None) -> Verdict:
    """Judge a publication whose DOI answers so."""
    return verdict(
        None, policy=default_policy(), route=Route.PUBLICATION, doi=f"https://doi.org/{DOI.upper()}",
        publications={DOI: answer}.get, authors=authors, period=period,
    )  # fmt: skip


def told(found: Verdict) -> tuple[Outcome, str]:
    """Return the outcome and the code of its one reason."""
    [reason] = found.reasons
    assert reason.outcome is found.outcome
    return found.outcome, reason.code


def test_a_work_of_the_same_people_is_a_publication_and_stands_in_the_evidence() -> None:
    found = judged(answered(Found.REGISTERED, ARTICLE))
    assert told(found) == (Outcome.BY_PUBLICATION, "PUBLICATION_OK")
    assert "“A small model”, on 2026-05-02" in found.reasons[0].sentence
    assert found.evidence is not None
    assert found.evidence.publication == answered(Found.REGISTERED, ARTICLE)


def test_a_work_of_other_people_is_for_a_person() -> None:
    assert told(judged(answered(Found.REGISTERED, ARTICLE), authors=("Q. Alder", "Zoe Elm"))) == (
        Outcome.NEEDS_REVIEW, "PUBLICATION_UNRELATED",
    )  # fmt: skip


def test_a_doi_that_nobody_registered_is_what_the_policy_says() -> None:
    assert told(judged(answered(Found.MISSING))) == (Outcome.NEEDS_REVIEW, "DOI_UNRESOLVED")
    data = json.loads(DEFAULT_POLICY.read_text())
    data["findings"]["DOI_UNRESOLVED"] = data["findings"]["DOI_UNANSWERED"] = "non_compliant"
    strict = policy_from(data)
    for answer, wanted in ((Found.MISSING, Outcome.NON_COMPLIANT), (Found.UNKNOWN, Outcome.NEEDS_REVIEW)):
        ask = {DOI: answered(answer)}.get
        assert verdict(None, policy=strict, route="publication", doi=DOI, publications=ask).outcome is wanted


@pytest.mark.parametrize("answer", [None, answered(Found.UNKNOWN), answered(Found.REGISTERED)])
def test_who_does_not_answer_leaves_it_to_a_person_and_is_asked_again(answer: Lookup | None) -> None:
    found = judged(answer)
    assert told(found) == (Outcome.NEEDS_REVIEW, "DOI_UNANSWERED")
    assert "it is asked again" in found.reasons[0].remedy


@pytest.mark.parametrize(
    ("published", "fits"),
    [
        ("2026", True), ("2025", False), ("2026-03", True), ("2026-02", False), ("2026-03-02", True),
        ("2026-03-01", False), ("2027-03-02", True), ("2027-03-03", False), ("2027-04", False), ("2028", False),
    ],
)  # fmt: skip
def test_the_day_counts_as_far_as_it_is_told(published: str, fits: bool) -> None:
    article = Publication(title="A small model", authors=("Ada Alder",), published=published)
    found = judged(answered(Found.REGISTERED, article), period=Period(date(2026, 3, 2), date(2027, 3, 2)))
    assert (found.outcome is Outcome.BY_PUBLICATION) is fits
    assert told(found)[1] == ("PUBLICATION_OK" if fits else "PUBLICATION_OUT_OF_TIME")


@pytest.mark.parametrize("period", [Period(date(2026, 3, 2)), Period(None, date(2027, 3, 2))])
def test_an_article_without_a_day_is_for_a_person_where_its_time_counts(period: Period) -> None:
    answer = answered(Found.REGISTERED, Publication(title="A small model", authors=("Ada Alder",)))
    assert told(judged(answer, period=period)) == (Outcome.NEEDS_REVIEW, "PUBLICATION_UNDATED")
    for anytime in (None, Period()):
        assert told(judged(answer, period=anytime)) == (Outcome.BY_PUBLICATION, "PUBLICATION_OK")


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("Ada Alder", "Ada Alder", True), ("Ada Alder", "Alder, Ada", True), ("Ada Alder", "A. Alder", True),
        ("A. Alder", "Ada Alder", True), ("Jörg Müller", "JORG MULLER", True), ("Ada B. Alder", "Ada Alder", True),
        ("Ada Bea Alder", "A. B. Alder", True), ("Jan van der Berg", "J. van der Berg", True), ("Ada", "Ada", True),
        ("Wei Wang", "Wenbo Wang", False), ("Wei Wang", "B. Wang", False), ("Ada B. Alder", "Ada C. Alder", False),
        ("Ada Alder", "Ad Alder", False), ("Aleph Labs", "Apex Labs", False), ("Munich AI", "Meta AI", False),
        ("Ada Alder", "Alder", False), ("Alder", "Ada Alder", False), ("伟 王", "伟强 王", False), ("", "", False),
    ],
)  # fmt: skip
def test_full_first_names_must_agree_and_initials_only_stand_for_them(ours: str, theirs: str, same: bool) -> None:
    article = Publication(title="A small model", authors=("Zoe Elm", theirs), published="2026-05-02")
    found = judged(answered(Found.REGISTERED, article), authors=(ours,))
    assert (found.outcome is Outcome.BY_PUBLICATION) is same


@pytest.mark.parametrize(
    ("organisation", "theirs", "same"),
    [
        ("Alder Models", "ALDER  Models", True), ("Aleph Labs", "A. Labs", False), ("Alder Models", "Alder", False),
        ("Lab 1", "Lab 2", False), ("Models, Alder", "Alder Models", False), ("–", "…", False),
    ],
)  # fmt: skip
def test_an_organisation_is_compared_by_its_whole_name(organisation: str, theirs: str, same: bool) -> None:
    article = Publication(title="A small model", authors=(theirs,), published="2026-05-02")
    found = verdict(
        None, policy=default_policy(), route=Route.PUBLICATION, doi=DOI, organisation=organisation,
        publications={DOI: answered(Found.REGISTERED, article)}.get,
    )  # fmt: skip
    assert (found.outcome is Outcome.BY_PUBLICATION) is same


def test_an_author_whom_the_package_alone_names_counts_only_where_nobody_else_is_known(tmp_path: Path) -> None:
    (tmp_path / "metadata.json").write_text(json.dumps({"release": "publication", "authors": ["Ada Alder"]}))
    ask = {DOI: answered(Found.REGISTERED, ARTICLE)}.get
    alone = verdict(tmp_path, policy=default_policy(), doi=DOI, publications=ask)
    assert told(alone) == (Outcome.BY_PUBLICATION, "PUBLICATION_OK")
    for found in (
        verdict(tmp_path, policy=default_policy(), doi=DOI, publications=ask, authors=("Zoe Elm",)),
        verdict(tmp_path, policy=default_policy(), doi=DOI, publications=ask, organisation="Elm Models"),
    ):
        assert told(found) == (Outcome.NEEDS_REVIEW, "PUBLICATION_UNRELATED")
        assert "the package names one of them" in found.reasons[0].sentence


def test_where_nobody_is_asked_a_doi_leads_to_what_the_caller_says() -> None:
    by_syntax = verdict(None, policy=default_policy(), route=Route.PUBLICATION, doi=DOI)
    assert told(by_syntax) == (Outcome.BY_PUBLICATION, "PUBLICATION_OK")
    found = verdict(None, policy=default_policy(), route=Route.PUBLICATION, doi=DOI, unasked=Outcome.NEEDS_REVIEW)
    assert told(found) == (Outcome.NEEDS_REVIEW, "DOI_UNASKED")
    assert "no registry of DOIs was asked" in found.reasons[0].sentence


def test_a_record_of_answers_is_read_as_looking_up_gives_them(tmp_path: Path) -> None:
    record = {
        "10.1000/A": {"status": 200, "title": "A", "authors": ["Ada Alder"], "published": "2026"},
        "10.1000/b": {"status": 404}, "10.1000/c": {"status": 410}, "10.1000/d": {"status": 503},
    }  # fmt: skip
    (tmp_path / "doi.json").write_text(json.dumps(record))
    found = read_publications(tmp_path / "doi.json")
    assert [found[f"10.1000/{name}"].found for name in "abcd"] == [
        Found.REGISTERED, Found.MISSING, Found.MISSING, Found.UNKNOWN,
    ]  # fmt: skip
    assert found["10.1000/a"].publication == Publication(title="A", authors=("Ada Alder",), published="2026")
