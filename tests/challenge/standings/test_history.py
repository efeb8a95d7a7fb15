"""An entry through the versions of its board, and beside it what its reader may know."""

from datetime import timedelta

import pytest

from challenge.runs.records_papers import RunUsage
from challenge.runs.states import Outcome
from challenge.standings import queries
from challenge.standings.history import moment_of
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, items_right, stage_field, stage_result
from tests.challenge.standings.readers import browser, page
from tests.stage import stage_submission


@pytest.fixture
def field(cast: Cast) -> Field:
    """A board in its third version: published with the second, in which a third entry came before the second."""
    field = stage_field(cast, {"Alder": 6, "Birch": 4})
    field.rebuild()
    cast.clock.advance(timedelta(hours=1))
    field.score("Cedar", 5, 3)
    field.rebuild()
    field.publish()
    cast.clock.advance(timedelta(hours=1))
    stage_result(cast, field.enter("Dogwood", 4), outcome=Outcome.TIMED_OUT)
    field.rebuild()
    return field


def test_an_entry_is_read_out_of_every_kept_ranking(field: Field) -> None:
    for version in (1, 2, 3):
        standing = field.standing(version=version)
        ranking = queries.ranking_of(standing)
        for entry in ranking.entries:
            moment = moment_of(standing.ranking, entry.entrant, version=version, made_at=standing.made_at)
            assert moment is not None
            assert (moment.rank, moment.rank_low, moment.rank_high) == (entry.rank, entry.rank_low, entry.rank_high)
            assert (moment.points, moment.low, moment.high) == (entry.points, entry.low, entry.high)
            assert moment.entries == len(ranking.entries)
        for one in ranking.unranked:
            moment = moment_of(standing.ranking, one.entrant, version=version, made_at=standing.made_at)
            assert moment is not None
            assert (moment.rank, moment.reason, moment.entries) == (None, one.reason, len(ranking.entries))
        assert moment_of(standing.ranking, "trial-000", version=version, made_at=standing.made_at) is None


def test_a_history_shows_the_versions_that_its_reader_may_see(field: Field) -> None:
    said = page(field, "auditor", "/versions/3/entries/trial-0002").partition('id="history"')[2]
    assert [f">Version {number}<" in said for number in (1, 2, 3)] == [True, True, True]
    assert '<td class="number">2 of 2</td>' in said
    assert said.count('<td class="number">3 of 3</td>') == 2
    assert said.count('<svg class="series"') == 2
    public = page(field, "visitor", "/versions/3/entries/trial-0002").partition('id="history"')[2]
    assert [f">Version {number}<" in public for number in (1, 2, 3)] == [False, True, True]
    older = page(field, "visitor", "/versions/2/entries/trial-0002").partition('id="history"')[2]
    assert ">Version 3<" not in older, "a permanent address does not change"


def test_visitors_ask_again_for_an_entry_and_get_nothing_new(field: Field) -> None:
    visitor, address = browser(field, "visitor"), f"/boards/{field.board().id}/versions/3/entries/trial-0002"
    tag = visitor.get(address).headers["ETag"]
    assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_other_submissions_are_for_the_team_and_the_office(field: Field) -> None:
    field.score("Alder", 5, 5)
    stage_submission(field.cast, field.teams["Alder"], field.captains["Alder"], 6)
    field.rebuild()
    for name, knows in (("member", True), ("auditor", True), ("visitor", False), ("competing judge", False)):
        said = page(field, name, "/versions/3/entries/trial-0001")
        assert ("trial-0005" in said) == ("trial-0006" in said) == knows, name


def test_a_newer_run_that_failed_is_told_with_its_reason(field: Field) -> None:
    stage_result(field.cast, field.entries["Alder"], outcome=Outcome.ENGINE_FAILED, round_=2)
    assert field.rebuild() == 2
    assert field.ranks()["Alder"] == 1
    clause = "the evaluation broke down; the organiser is looking into it"
    assert f"newer evaluation failed: {clause}; the earlier result counts" in page(field, "visitor")
    entry = f"/versions/{field.board().version}/entries/trial-0001"
    assert "A newer evaluation failed" in page(field, "visitor", entry)
    assert "See the newer run" not in page(field, "visitor", entry)
    assert "See the newer run" in page(field, "member", entry)
    assert field.rebuild() == 0, "the same failure makes no further version"


def use(field: Field, name: str, joules: int, method: str, micros: int) -> None:
    """Write what running an entry took."""
    run = stage_result(field.cast, field.entries[name], items=items_right(6 if name == "Alder" else 4), round_=2)
    with field.cast.house.database.transaction() as session:
        session.add(
            RunUsage(run_id=run.id, milliseconds=1, cpu_milliseconds=1, peak_megabytes=1, device="cpu",
                     energy_joules=joules, energy_method=method, cost_micros=micros)
        )  # fmt: skip


def test_energy_and_cost_stand_beside_the_ranking_with_their_method(field: Field) -> None:
    assert "Energy" not in page(field, "visitor"), "a board without any has no such column"
    assert "energy_wh" not in page(field, "visitor", ".csv")
    before = field.standing().ranking_digest
    use(field, "Alder", 7_200, "estimated", 41_500)
    use(field, "Birch", 0, "none", 0)
    field.rebuild()
    assert field.standing().ranking_digest == before, "and nothing of it enters the ranking"
    said = page(field, "visitor")
    assert '<td class="number">2.00 Wh, estimated</td><td class="number">EUR 0.042</td>' in said
    assert said.count('<td class="number">–</td><td class="number">–</td>') == 2, "what is not known is no nought"
    assert '"2.0000","estimated","0.0415"' in page(field, "visitor", ".csv")
    lines = page(field, "visitor", "?sort=energy").split('<tr id="')
    assert [line[:10] for line in lines[1:4]] == ["trial-0001", "trial-0003", "trial-0002"]
