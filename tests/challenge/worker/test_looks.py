"""Looks at releases cost no fetch for nothing, break no round, and say of nothing that it differs unless it was read."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from challenge.awards.records import Obligation
from challenge.awards.records_checks import ReleaseCheck
from challenge.awards.states import CheckOutcome, CheckState
from challenge.submissions.operations_hub import why_not_fetched
from challenge.worker.checking import ask_for_looks
from evaluation.publications.looking import Registry
from tests.cast import Cast
from tests.challenge.awards.releasing import FILES, REFERENCE, WEIGHTS, accept, checks, codes, duty, look, prove, won
from tests.challenge.judging.bench import Bench
from tests.challenge.submissions.hubs import with_hub
from tests.challenge.worker.test_checking import ARTICLE, DOI, LARGE, SHA256, released
from tests.evaluation.hub.serving import served
from tests.evaluation.publications.serving import serving

UNREADABLE = {"../out": b"x", WEIGHTS: FILES[WEIGHTS]}
DAY = timedelta(days=1)


@pytest.fixture
def bench(cast: Cast) -> Bench:
    """A winner, Alder, whose package was evaluated."""
    return won(cast)


def name(bench: Bench, doi: str) -> None:
    """Name a DOI beside the model that is handed in."""
    with bench.writing() as session:
        session.execute(update(Obligation).values(proof_doi=doi))
        session.execute(update(ReleaseCheck).values(doi=doi))


def page(bench: Bench) -> str:
    """Return the award's page as an admin reads it."""
    return bench.cast.browser(bench.admin).get(f"/awards/{duty(bench).award_id}").get_data(as_text=True)


def test_a_doi_that_no_registry_is_asked_about_makes_no_release_unknown(bench: Bench) -> None:
    with released(bench) as hub:
        name(bench, DOI)
        assert look(bench)
        [check] = checks(bench)
        assert check.outcome is CheckOutcome.CLEAR, check.explanation
        assert "a person looks at what the DOI stands for" in check.explanation
        accept(bench)
        hub.seen.clear()
        for _ in range(4):
            bench.cast.clock.advance(2 * DAY)
            if ask_for_looks(bench.cast.house):
                assert look(bench)
        assert [one.is_whole for one in checks(bench)] == [False, True]
        assert not [path for _, path, _ in hub.seen if WEIGHTS in path], "the model is not fetched again"


def test_a_doi_alone_that_nobody_looks_up_is_compared_with_nothing_and_not_asked_again(bench: Bench) -> None:
    prove(bench, doi=DOI)
    assert look(bench)
    assert checks(bench)[0].outcome is CheckOutcome.CLEAR
    said = page(bench)
    assert "nothing to compare" in said
    assert "as evaluated</" not in said
    bench.cast.clock.advance(3 * DAY)
    assert ask_for_looks(bench.cast.house) == 0


def test_the_page_promises_a_further_look_only_where_there_is_one(cast: Cast) -> None:
    bench = won(cast, UNREADABLE)
    prove(bench, url="https://models.example/alder", sha256=SHA256)
    assert look(bench)
    assert "The platform asks again from" in page(bench)
    accept(bench)
    said = page(bench)
    assert "Nobody could tell." in said
    assert "The platform does not ask again; a person looks at it." in said
    bench.cast.clock.advance(3 * DAY)
    assert ask_for_looks(bench.cast.house) == 0


def test_a_silent_registry_is_asked_before_a_model_is_fetched(bench: Bench) -> None:
    with released(bench) as hub:
        name(bench, DOI)
        with serving({}, status=500) as registry:
            assert look(bench, registry.registry)
        [check] = checks(bench)
        assert (check.state, check.attempts, hub.seen) == (CheckState.WAITING, 1, [])
        bench.cast.clock.advance(check.not_before - bench.cast.now)
        with serving({DOI: ARTICLE}) as registry:
            assert look(bench, registry.registry)
    [check] = checks(bench)
    assert (check.outcome, len(check.weights)) == (CheckOutcome.CLEAR, 1)
    assert check.publication is not None


def test_a_doi_that_cannot_be_looked_up_loses_no_round(bench: Bench) -> None:
    with released(bench):
        name(bench, "no DOI")
        assert look(bench, Registry())
    [check] = checks(bench)
    assert check.state is CheckState.ENDED
    assert len(check.weights) == 1, "the rest is looked at all the same"
    assert (check.outcome, check.findings) == (CheckOutcome.UNKNOWN, [])
    assert "The DOI could not be looked up" in check.explanation


def test_no_more_is_fetched_than_a_package_may_hold(bench: Bench) -> None:
    if why_not := why_not_fetched():
        pytest.skip(why_not)
    with served(dict(FILES), large=LARGE) as hub:
        hub.listed[WEIGHTS] = {"lfs": {"sha256": SHA256, "size": 65 * 2**30, "pointerSize": 130}, "size": 65 * 2**30}
        with_hub(bench.cast, hub.hub.endpoint, hub_gigabytes=100)
        prove(bench, model=REFERENCE)
        assert look(bench)
        assert not [path for _, path, _ in hub.seen if "resolve" in path and WEIGHTS in path]
    [check] = checks(bench)
    assert codes(check) == ["TOO_LARGE"], check.explanation
    assert "are more than the 68,719,476,736 that may be fetched" in check.explanation


def test_an_evaluated_package_that_cannot_be_read_is_no_finding(cast: Cast) -> None:
    bench = won(cast, UNREADABLE)
    prove(bench, url="https://models.example/alder", sha256=SHA256)
    assert look(bench)
    [check] = checks(bench)
    assert (check.outcome, check.findings) == (CheckOutcome.UNKNOWN, [])
    assert "The evaluated package cannot be read: " in check.explanation


def test_a_model_beside_an_evaluated_package_that_cannot_be_read_is_no_finding(cast: Cast) -> None:
    bench = won(cast, UNREADABLE)
    with released(bench):
        assert look(bench)
    [check] = checks(bench)
    assert (check.outcome, check.findings, len(check.weights)) == (CheckOutcome.UNKNOWN, [], 1), check.explanation
