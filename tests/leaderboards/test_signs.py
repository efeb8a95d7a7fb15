"""Signs for few clusters: exact where their theory is, the same bits every time, and older policies as they were."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from leaderboards import Policy, PolicyError, ScoreTable, TaskPolicy, rank
from leaderboards.draws import BLOCK
from leaderboards.ranking import spread_of
from leaderboards.scores import TaskScores
from leaderboards.signs import FEW, SignDraws, restricted
from leaderboards.uncertainty import measure
from leaderboards.utility import utilities


def table(values: dict[str, np.ndarray]) -> ScoreTable:
    """Return a table of tasks with values (entrants, items), each item a cluster of its own."""
    size = len(next(iter(values.values())))
    return ScoreTable(
        tuple(f"E{number:02}" for number in range(size)),
        tuple(
            TaskScores(
                task, tuple(f"{task}{item:04}" for item in range(found.shape[1])),
                tuple(f"{task}{item:04}" for item in range(found.shape[1])), found.astype(np.int32),
                np.ones(found.shape, np.bool_),
            )
            for task, found in sorted(values.items())
        ),
    )  # fmt: skip


def policy(*tasks: str, **more: object) -> Policy:
    return Policy(tuple(TaskPolicy(task, 0, 1, unit=100) for task in tasks), **{"few_clusters": "signs", **more})  # type: ignore[arg-type]


def drawn(entrants: int, items: int, *, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.clip(50 + 12 * rng.standard_normal((entrants, items)) + np.arange(entrants)[:, None] * 4, 1, 99).round()


def test_the_statistic_of_one_task_rises_with_t_and_is_the_draw_of_plus_signs() -> None:
    scores, asked = table({"a": drawn(5, 12)}), policy("a")
    known = measure(scores, asked, found=utilities(scores, asked))
    assert known.few is not None
    lead = np.subtract.outer(known.few.total, known.few.total)[np.triu_indices(5, 1)]
    t = lead / np.sqrt(known.variance[np.triu_indices(5, 1)])
    u = lead / known.few.deviation[np.triu_indices(5, 1)]
    assert u == pytest.approx(t * np.sqrt(12 / (11 + t**2)))
    assert known.few.total.tolist() == known.few.residuals.sum(axis=0).tolist()


def test_tasks_differ_and_still_the_residuals_add_up_to_the_points() -> None:
    scores, asked = table({"a": drawn(4, 9), "b": drawn(4, 30, seed=2)}), policy("a", "b")
    known = measure(scores, asked, found=utilities(scores, asked))
    points = np.array(
        [float(entry.points) for entry in sorted(rank(scores, asked).entries, key=lambda one: one.entrant)]
    )
    assert known.few is not None
    assert known.few.residuals.shape == (39, 4)
    assert known.few.total == pytest.approx(points - points.mean(), abs=1e-5)
    between = known.few.residuals[:, :, None] - known.few.residuals[:, None, :]
    assert known.few.deviation == pytest.approx(np.sqrt((between**2).sum(axis=0)), rel=1e-6)


def test_tasks_with_many_clusters_enter_as_normal_draws() -> None:
    scores, asked = table({"a": drawn(4, 9), "b": drawn(4, FEW + 1, seed=2)}), policy("a", "b")
    known = measure(scores, asked, found=utilities(scores, asked))
    assert known.few is not None
    assert known.few.residuals.shape == (9, 4)
    found = SignDraws(known.few, count=40 * BLOCK, seed=3)
    sample = np.concatenate([found.rows(number, np.arange(BLOCK)) for number in range(found.blocks())])
    gap = sample[:, 0] - sample[:, 3]
    assert gap.std() == pytest.approx(known.few.deviation[0, 3], rel=0.03)
    only = table({"b": drawn(4, FEW + 1, seed=2)})
    assert measure(only, policy("b"), found=utilities(only, policy("b"))).few is None


def test_a_board_of_many_clusters_is_the_same_whatever_the_policy_says_of_few() -> None:
    scores = table({"a": drawn(6, FEW + 1)})
    signs, normal = rank(scores, policy("a")), rank(scores, policy("a", few_clusters="normal"))
    assert signs.entries == normal.entries


@pytest.mark.parametrize(("items", "apart"), [(4, False), (12, True)])
def test_four_clusters_tell_nobody_apart_however_alike_they_are(items: int, apart: bool) -> None:
    values = np.repeat([[90], [40]], items, axis=1)
    found = rank(table({"a": values}), policy("a"))
    # two in 2^4 draws have all signs alike, which is more than 5 %
    assert (found.entries[0].rank_high == 1) is apart


def test_the_same_answers_are_never_told_apart() -> None:
    values = drawn(3, 12)
    found = rank(table({"a": np.vstack([values, values[2]])}), policy("a"))
    twins = {entry.entrant: entry for entry in found.entries}
    assert "E03" in twins["E02"].inseparable_from


def test_draws_hang_on_the_seed_alone_and_rows_may_be_drawn_alone() -> None:
    scores, asked = table({"a": drawn(5, 12)}), policy("a")
    few = spread_of(scores, asked)[1].few
    assert few is not None
    whole = SignDraws(few, count=BLOCK, seed=7).rows(0, np.arange(BLOCK))
    again = SignDraws(few, count=BLOCK, seed=7).rows(0, np.array([3, 200]))
    assert again.tobytes() == whole[[3, 200]].tobytes()
    assert whole.tobytes() != SignDraws(few, count=BLOCK, seed=8).rows(0, np.arange(BLOCK)).tobytes()


def test_an_older_policy_keeps_its_digest_and_its_ranks() -> None:
    older = {"tasks": [{"name": "a", "floor": "0", "ceiling": "1", "unit": 100}]}
    assert "few_clusters" not in Policy.from_dict(older).to_dict()
    newer = Policy.from_dict(older | {"few_clusters": "signs"})
    assert newer.to_dict()["few_clusters"] == "signs"
    assert Policy.from_dict(newer.to_dict()) == newer
    assert newer.digest() != Policy.from_dict(older).digest()
    with pytest.raises(PolicyError, match="few_clusters must be 'normal' or 'signs', not 'lots'"):
        Policy.from_dict(older | {"few_clusters": "lots"})


def test_no_task_with_few_clusters_needs_no_signs() -> None:
    nothing = np.zeros((2, 2))
    assert restricted(np.zeros(2), [], variance=nothing, rest=nothing) is None
    empty = ScoreTable.from_frame(pd.DataFrame({"entrant": [], "task": [], "item": [], "value": []}))
    assert rank(empty, policy("a", confidence=float(Fraction(9, 10)))).entries == ()
