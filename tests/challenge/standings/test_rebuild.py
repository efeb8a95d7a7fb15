"""Boards follow the results, and only what may be ranked is ranked."""

import itertools
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from sqlalchemy import func, select

from challenge.calls.queries import suite
from challenge.foundation.audit import AuditLine
from challenge.runs import queries as runs
from challenge.runs.records import Run
from challenge.runs.states import Outcome, RunState
from challenge.standings import operations, operations_rebuild, queries
from challenge.standings.entries import pause_seconds
from challenge.standings.queries_entries import entries_of, plan_of
from challenge.standings.records import Standing
from challenge.standings.rules_results import FAILED, UNFINISHED
from challenge.standings.states import Part, Visibility
from challenge.submissions import queries as submissions
from challenge.submissions.records import FinalChoice
from challenge.teams.records import Team
from tests.cast import Cast
from tests.challenge.standings.harvest import items_file, items_right, keep, stage_field, stage_result, stage_waiting


def test_new_boards_are_hidden_one_for_each_part(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 5})
    assert field.rebuild() == 2
    with cast.house.database.reading() as session:
        boards = queries.boards_of_call(session, field.call.id)
    assert [(board.part, board.visibility) for board in boards] == [
        (Part.PUBLIC, Visibility.HIDDEN),
        (Part.PRIVATE, Visibility.HIDDEN),
    ]


def test_workers_that_start_at_once_make_each_board_once(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 5})
    begun = threading.Event()

    def make() -> int:
        with cast.house.database.transaction() as session:
            begun.set()
            return len(operations.ensure_boards(session, call=field.call, now=cast.now))

    with ThreadPoolExecutor(1) as pool:
        with cast.house.database.transaction() as session:
            first = len(operations.ensure_boards(session, call=field.call, now=cast.now))
            second = pool.submit(make)
            begun.wait(0.5)  # on SQLite the second transaction cannot begin before this one ends
            time.sleep(0.2)
        assert (first, second.result()) == (2, 0)


def test_the_better_score_has_the_better_rank(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 4, "Birch": 6, "Cedar": 5})
    field.rebuild()
    assert field.ranks() == {"Birch": 1, "Cedar": 2, "Alder": 3}
    assert field.ranks(Part.PRIVATE) == {"Birch": 1, "Cedar": 2, "Alder": 3}


def test_equal_points_share_a_rank_and_the_next_stays_empty(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 5, "Birch": 5, "Cedar": 4})
    field.rebuild()
    assert field.ranks() == {"Alder": 1, "Birch": 1, "Cedar": 3}


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.SCORED])
def test_an_entry_without_scores_stands_apart_with_its_reason(cast: Cast, outcome: Outcome) -> None:
    field = stage_field(cast, {"Alder": 3})
    stage_result(cast, field.enter("Birch", 2), outcome=outcome)
    field.rebuild()
    assert field.ranks() == {"Alder": 1}
    assert field.reasons() == {"Birch": FAILED[outcome]}


def test_an_entry_that_waits_is_never_ranked_not_even_above_a_nought(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 0})
    stage_waiting(cast, field.enter("Birch", 2))
    field.enter("Cedar", 3)
    field.rebuild()
    assert field.ranks() == {"Alder": 1}
    assert field.reasons() == {"Birch": UNFINISHED[RunState.WAITING], "Cedar": "evaluation not yet asked for"}


def test_a_result_that_lacks_items_is_not_ranked_even_where_nobody_has_them(cast: Cast) -> None:
    field = stage_field(cast)
    stage_result(cast, field.enter("Alder", 1), items={"public": [10_000] * 5, "private": [0] * 6})
    field.rebuild()
    assert field.reasons() == {"Alder": "no score for 1 of 6 items of task topic"}
    assert field.ranks(Part.PRIVATE) == {"Alder": 1}


@pytest.mark.parametrize(
    ("values", "kind"),
    [([float("nan")] * 6, pa.float64()), ([float("inf")] * 6, pa.float64()), ([None] * 6, pa.int64())],
)
def test_what_is_no_whole_number_is_refused_and_the_others_are_ranked(
    cast: Cast, values: list[float | None], kind: pa.DataType
) -> None:
    field = stage_field(cast, {"Alder": 3})
    damaged = items_file(cast, {"public": values, "private": values}, kind=kind)
    stage_result(cast, field.enter("Birch", 2), items_sha256=damaged)
    stage_result(cast, field.enter("Cedar", 3), items_sha256="e" * 64)
    field.rebuild()
    assert field.ranks() == {"Alder": 1}
    assert set(field.reasons()) == {"Birch", "Cedar"}
    assert all("item scores cannot be read" in reason for reason in field.reasons().values())


@pytest.mark.parametrize("columns", [["task", "item", "cluster", "value"], ["task", "item", "cluster", "part", "part"]])
def test_a_file_with_other_columns_is_damaged_and_the_others_are_ranked(cast: Cast, columns: list[str]) -> None:
    field = stage_field(cast, {"Alder": 3})
    kept = parquet.read_table(cast.house.files.open(items_file(cast, items_right(6)))).select(columns)
    stage_result(cast, field.enter("Birch", 2), items_sha256=keep(cast, kept))
    assert field.rebuild() == 2
    assert field.ranks() == {"Alder": 1}
    assert "item scores cannot be read" in field.reasons()["Birch"]


def test_a_file_whose_parts_are_numbers_says_nothing_and_the_others_are_ranked(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 3})
    kept = parquet.read_table(cast.house.files.open(items_file(cast, items_right(6))))
    numbered = kept.set_column(kept.column_names.index("part"), "part", pa.array([1] * kept.num_rows))
    stage_result(cast, field.enter("Birch", 2), items_sha256=keep(cast, numbered))
    assert field.rebuild() == 2
    assert field.ranks() == {"Alder": 1}
    assert field.reasons() == {"Birch": "no score for 6 of 6 items of task topic"}


def test_the_order_of_entries_leaves_no_trace(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 2, "Birch": 5, "Cedar": 5, "Dogwood": 6, "Elder": 0})
    field.rebuild()
    with cast.house.database.reading() as session:
        plan = plan_of(session, field.board())
    built = operations_rebuild.build(cast.house.files, plan)
    for order in random.Random(1).sample(list(itertools.permutations(plan.entries)), 12):
        shuffled = replace(plan, entries=order)
        assert shuffled.wanted == plan.wanted
        assert operations_rebuild.build(cast.house.files, shuffled) == built


def test_nothing_new_makes_no_new_version(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 4, "Birch": 6})
    assert field.rebuild() == 2
    before = field.board().version
    assert field.rebuild() == 0
    assert field.board().version == before == 1


def test_a_result_that_is_posted_again_counts_once(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 4, "Birch": 5})
    field.rebuild()
    first = field.standing()
    stage_result(cast, field.entries["Alder"], items=items_right(4), round_=2)
    field.rebuild()
    second = field.standing()
    assert second.version == 2
    assert (second.ranking_digest, second.scores_sha256) == (first.ranking_digest, first.scores_sha256)


def test_a_rejudging_counts_by_its_newest_round_and_the_old_standing_stays(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 4, "Birch": 5})
    field.rebuild()
    stage_result(cast, field.entries["Alder"], items=items_right(6), round_=2)
    field.rebuild()
    assert field.ranks() == {"Alder": 1, "Birch": 2}
    old = queries.ranking_of(field.standing(version=1))
    assert [entry.entrant for entry in old.entries] == ["trial-0002", "trial-0001"]


def test_a_fault_of_the_platform_takes_no_earlier_result_away(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 4})
    stage_result(cast, field.entries["Alder"], outcome=Outcome.ENGINE_FAILED, round_=2)
    field.rebuild()
    assert field.ranks() == {"Alder": 1}


def test_the_latest_entry_counts_not_the_best_unless_the_team_chooses(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 6})
    best, latest = field.entries["Alder"], field.score("Alder", 2, 2)
    field.rebuild()
    assert [entry.entrant for entry in queries.ranking_of(field.standing()).entries] == [latest.reference]
    with cast.house.database.transaction() as session:
        session.add(
            FinalChoice(
                team_id=best.team_id,
                submission_id=best.id,
                chosen_by=field.captains["Alder"].account_id,
                chosen_at=cast.now,
            )
        )
    field.rebuild()
    assert [entry.entrant for entry in queries.ranking_of(field.standing()).entries] == [best.reference]


def test_the_board_counts_what_the_earlier_rooms_say_counts(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 6, "Birch": 4, "Cedar": 3})
    field.score("Alder", 2, 4)
    stage_result(cast, field.entries["Birch"], outcome=Outcome.ABANDONED, round_=2)
    stage_result(cast, field.entries["Cedar"], items=items_right(1), round_=2)
    stage_waiting(cast, field.entries["Cedar"], round_=3)
    stage_waiting(cast, field.enter("Dogwood", 5))
    field.rebuild()
    with cast.house.database.reading() as session:
        suite_id = field.board().suite_id
        entries = entries_of(session, field.call, suite(session, suite_id))
        finals = submissions.final_submissions(session, field.call.id)
        official = {submission.id: run.id for submission, run, _ in runs.official_results(session, suite_id)}
        waiting = session.scalar(select(Run.id).where(Run.submission_id == field.entries["Dogwood"].id))
    wanted = {one.reference: official.get(one.id, waiting) for one in finals.values()}
    assert {entry.reference: entry.run_id for entry in entries} == wanted


def test_a_team_that_changes_its_name_makes_a_new_version_and_leaves_the_old(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 4})
    field.rebuild()
    with cast.house.database.transaction() as session:
        team = session.get(Team, field.teams["Alder"].id)
        assert team is not None
        team.name = "Elder"
    assert field.rebuild() == 2
    assert field.ranks() == {"Elder": 1}
    assert queries.names_of(field.standing(version=1)) == {"trial-0001": "Alder"}


def test_of_two_that_rebuild_at_once_one_makes_the_standing(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 4, "Birch": 5})
    field.rebuild()
    field.score("Cedar", 6, 3)
    database, files = cast.house.database, cast.house.files
    with database.reading() as session:
        plan = plan_of(session, field.board())
    built = operations_rebuild.build(files, plan)
    gate = threading.Barrier(2)
    written: list[bool] = []

    def race() -> None:
        gate.wait()
        written.append(operations_rebuild.record(database, plan, built, now=cast.now))

    threads = [threading.Thread(target=race) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(written) == [False, True]
    with database.reading() as session:
        versions = session.scalars(select(Standing.version).where(Standing.board_id == plan.board_id)).all()
        lines = session.scalar(
            select(func.count()).where(AuditLine.verb == "rebuild_board", AuditLine.subject == f"board {plan.board_id}")
        )
    assert sorted(versions) == [1, 2]
    assert lines == 2


def test_a_frozen_board_stands_still(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 4, "Birch": 5})
    field.rebuild()
    field.freeze_call()
    field.freeze(Part.PRIVATE)
    stage_result(cast, field.entries["Alder"], items=items_right(6), round_=2)
    assert field.rebuild() == 1
    assert field.ranks(Part.PRIVATE) == {"Birch": 1, "Alder": 2}
    assert field.ranks(Part.PUBLIC) == {"Alder": 1, "Birch": 2}


def test_a_large_board_rests_between_two_versions_and_a_small_one_does_not(cast: Cast) -> None:
    assert pause_seconds(100) == 0
    assert pause_seconds(1000) == pause_seconds(5000) == 30
    field = stage_field(cast, {"Alder": 4})
    field.rebuild()
    for number in range(2, 103):
        field.score(f"Team {number}", number % 7, number)
    assert field.rebuild() == 2
    field.score("Alder", 6, 200)
    assert field.rebuild() == 0
    cast.clock.advance(timedelta(seconds=4))
    assert field.rebuild() == 2


def test_entry_points_tell_where_each_submission_stands(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 6, "Birch": 4})
    with cast.house.database.reading() as session:
        assert queries.entry_points(session, field.call.id, Part.PRIVATE) == {}
    field.rebuild()
    with cast.house.database.reading() as session:
        points = queries.entry_points(session, field.call.id, Part.PRIVATE)
    alder = points[field.entries["Alder"].id]
    assert (alder.points, alder.rank, alder.rank_low) == ("100.000000", 1, 1)
    assert points[field.entries["Birch"].id].points == "33.333333"


def test_a_board_without_entries_is_built_and_empty(cast: Cast) -> None:
    field = stage_field(cast)
    assert field.rebuild() == 2
    assert field.ranks() == {}
    assert operations.rebuild_due(cast.house.database, cast.house.files, now=cast.now) == 0
