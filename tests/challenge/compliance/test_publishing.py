"""A promised publication: the registry of DOIs is asked, over a real server; who does not answer is asked again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from challenge.calls.states import EntryKind
from challenge.compliance import operations
from challenge.compliance.operations import PAUSES
from challenge.compliance.operations_verdict import registry_at
from challenge.compliance.records import Examination
from challenge.compliance.states import LicenceVerdict
from challenge.submissions.records import Submission
from challenge.submissions.states import Route
from challenge.worker.round import do_whatever_waits
from tests.challenge.compliance.packages import Bureau, codes, package, sentences
from tests.challenge.compliance.test_endpoints import AN_ENDPOINT
from tests.evaluation.publications.serving import Served, serving

DOI = "10.5281/zenodo.1234567"
OWN = {
    "title": "A small model",
    "author": [{"given": "Ada", "family": "Alder"}],
    "issued": {"date-parts": [[2026, 5, 2]]},
}


@pytest.fixture
def served() -> Iterator[Served]:
    """A registry of DOIs on this machine, which knows nothing yet."""
    with serving({}) as found:
        yield found


def promised(
    bureau: Bureau, served: Served, packed: bytes | None = None, **changes: Any
) -> tuple[Submission, Examination]:
    """Hand a publication in, have it examined, and return both."""
    submission = bureau.submission(packed, **{"route": Route.PUBLICATION, "doi": DOI, **changes})
    bureau.asked(submission)
    assert bureau.examine_next(served.registry)
    return submission, bureau.examination(submission)


def page(bureau: Bureau) -> str:
    """Return the licence's page as the captain reads it."""
    return " ".join(bureau.cast.browser(bureau.captain).get("/compliance/trial-0001").get_data(as_text=True).split())


@pytest.mark.parametrize(
    "author",
    [{"given": "Ada"}, {"literal": "Alder Models"}, {"family": "Ada", "given": ""}],
)
def test_a_work_of_a_member_or_of_the_organisation_counts(
    bureau: Bureau, served: Served, author: dict[str, str]
) -> None:
    served.articles[DOI] = {**OWN, "author": [{"given": "Zoe", "family": "Elm"}, author]}
    _, found = promised(bureau, served)
    assert (found.verdict, codes(found)) == (LicenceVerdict.BY_PUBLICATION, ["PUBLICATION_OK"])
    shown = page(bureau)
    assert "The findings are published, and that meets the rules of the call." in shown
    assert "“A small model”, by Zoe Elm" in shown


def test_an_author_whom_the_package_alone_names_is_for_a_person(bureau: Bureau, served: Served) -> None:
    served.articles[DOI] = OWN
    _, found = promised(bureau, served)
    assert (found.verdict, codes(found)) == (LicenceVerdict.NEEDS_REVIEW, ["PUBLICATION_UNRELATED"])
    named = package({"metadata.json": '{"release": "publication", "authors": ["A. Alder"]}'})
    _, found = promised(bureau, served, named)
    assert (found.verdict, codes(found)) == (LicenceVerdict.NEEDS_REVIEW, ["PUBLICATION_UNRELATED"])
    assert "the package names one of them, and none is a member of the team or its organisation" in sentences(found)


def test_what_tells_no_day_is_for_a_person(bureau: Bureau, served: Served) -> None:
    served.articles[DOI] = {**OWN, "author": [{"literal": "Alder Models"}], "issued": {}}
    _, found = promised(bureau, served)
    assert (found.verdict, codes(found)) == (LicenceVerdict.NEEDS_REVIEW, ["PUBLICATION_UNDATED"])


def test_what_was_published_before_the_call_opened_is_for_a_person(bureau: Bureau, served: Served) -> None:
    served.articles[DOI] = {**OWN, "author": [{"literal": "Alder Models"}], "issued": {"date-parts": [[2026, 2, 19]]}}
    _, found = promised(bureau, served)
    assert (found.verdict, codes(found)) == (LicenceVerdict.NEEDS_REVIEW, ["PUBLICATION_OUT_OF_TIME"])
    assert "before the challenge took submissions on 2026-02-20" in sentences(found)


def test_a_doi_that_nobody_registered_leads_nowhere(bureau: Bureau, served: Served) -> None:
    submission, found = promised(bureau, served)
    assert (found.verdict, codes(found)) == (LicenceVerdict.NEEDS_REVIEW, ["DOI_UNRESOLVED"])
    assert not bureau.examine_next(served.registry), "it is not asked again"
    assert bureau.examination(submission).id == found.id


def test_who_does_not_answer_is_asked_again_three_times_and_then_a_person_looks(bureau: Bureau, served: Served) -> None:
    served.status = 503
    submission, found = promised(bureau, served)
    assert (found.verdict, codes(found)) == (LicenceVerdict.NEEDS_REVIEW, ["DOI_UNANSWERED"])
    assert "it is asked again" in sentences(found)
    for number, pause in enumerate(PAUSES, start=2):
        assert f"as scan {number}: The registry of DOIs had not answered." in page(bureau)
        bureau.cast.clock.advance(pause - timedelta(seconds=1))
        assert not bureau.examine_next(served.registry), "too early"
        bureau.cast.clock.advance(timedelta(seconds=1))
        assert bureau.examine_next(served.registry)
        found = bureau.examination(submission)
        assert (found.number, found.verdict) == (number, LicenceVerdict.NEEDS_REVIEW)
    assert "It was asked again and again; it is asked no more by itself. An officer looks at it." in sentences(found)
    bureau.cast.clock.advance(timedelta(days=30))
    assert not bureau.examine_next(served.registry)
    assert len(bureau.letters()) == 1, "the same news is told once"
    bureau.again(submission)
    served.status, served.articles[DOI] = 0, {**OWN, "author": [{"literal": "Alder Models"}]}
    bureau.examine_next(served.registry)
    assert bureau.examination(submission).verdict is LicenceVerdict.BY_PUBLICATION


def test_an_answer_that_comes_later_counts(bureau: Bureau, served: Served) -> None:
    served.status = 503
    submission, _ = promised(bureau, served)
    served.status, served.articles[DOI] = 0, {**OWN, "author": [{"literal": "Alder Models"}]}
    bureau.cast.clock.advance(PAUSES[0])
    bureau.examine_next(served.registry)
    assert bureau.examination(submission).verdict is LicenceVerdict.BY_PUBLICATION
    assert bureau.letters()[0][0] == "trial-0001: licence by publication"


def test_an_officer_need_not_wait_for_what_is_put_off(bureau: Bureau, served: Served) -> None:
    served.status = 503
    submission, _ = promised(bureau, served)
    waits = bureau.again(submission)
    assert (waits.number, waits.not_before) == (2, None)
    served.status, served.articles[DOI] = 0, {**OWN, "author": [{"literal": "Alder Models"}]}
    assert bureau.examine_next(served.registry)
    assert bureau.examination(submission).verdict is LicenceVerdict.BY_PUBLICATION


def test_metadata_that_cannot_be_read_are_asked_for_again(bureau: Bureau, served: Served) -> None:
    served.articles[DOI], served.raw = OWN, b"<html>"
    _, found = promised(bureau, served)
    assert (found.verdict, codes(found)) == (LicenceVerdict.NEEDS_REVIEW, ["DOI_UNANSWERED"])
    assert "The DOI is registered; what it stands for could not be read" in sentences(found)


def test_behind_an_endpoint_the_article_is_asked_for_all_the_same(bureau: Bureau, served: Served) -> None:
    served.status = 503
    assert AN_ENDPOINT["entry"] is EntryKind.ENDPOINT
    _, found = promised(bureau, served, **AN_ENDPOINT)
    assert set(codes(found)) == {"ENDPOINT_UNSEEN", "DOI_UNANSWERED"}
    assert len(bureau.examinations()) == 2


def test_without_a_registry_a_person_looks_and_the_page_says_so(bureau: Bureau) -> None:
    found = bureau.examined(None, route=Route.PUBLICATION, doi=DOI)
    assert (found.verdict, codes(found)) == (LicenceVerdict.NEEDS_REVIEW, ["DOI_UNASKED"])
    assert not bureau.examine_next(), "there is nobody to ask again"
    assert f"Only the form of the DOI {DOI} was looked at: no registry of DOIs was asked." in page(bureau)


def test_where_a_registry_was_asked_and_its_answer_could_not_be_kept_the_page_says_that(
    bureau: Bureau, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(operations, "kept_evidence", broken)
    served.articles[DOI] = {**OWN, "author": [{"literal": "Alder Models"}]}
    _, found = promised(bureau, served)
    assert found.verdict is LicenceVerdict.BY_PUBLICATION
    shown = page(bureau)
    assert "Only the form of the DOI" not in shown
    assert f"What was found about the DOI {DOI} is not on record beside this scan" in shown


def test_the_worker_asks_the_registry_that_is_set(bureau: Bureau) -> None:
    bureau.submission(None, route=Route.PUBLICATION, doi=DOI)
    settings = replace(bureau.cast.house.settings, doi_registry="https://127.0.0.1:9")
    do_whatever_waits(replace(bureau.cast.house, settings=settings))
    [found, later] = bureau.examinations()
    assert (found.verdict, codes(found)) == (LicenceVerdict.NEEDS_REVIEW, ["DOI_UNANSWERED"])
    assert later.not_before == bureau.cast.now + PAUSES[0]
    assert registry_at("") is None


def test_hostile_metadata_are_only_text(bureau: Bureau, served: Served) -> None:
    served.articles[DOI] = {
        **OWN,
        "title": "<script>alert(1)</script>\u202e" + "W" * 900,
        "author": [{"literal": "Alder Models"}],
    }
    promised(bureau, served)
    shown = page(bureau)
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "\u202e" not in shown
