"""The boards of Kaggle's Photo Quality challenge as Blum and Hardt (2015) kept them: public against private loss."""

from fractions import Fraction as F

import pandas as pd
import pytest

from leaderboards import Policy, ScoreTable, TaskPolicy
from leaderboards.comparisons import holm
from leaderboards.guards import shake_up, tau
from tests.leaderboards.published.rank_files import rows


def losses(name: str) -> tuple[list[F], list[F]]:
    """Read the public and the private loss of the fifty best teams, in order of the private board."""
    public, private = zip(*((F(one), F(other)) for one, other in rows(name)), strict=True)
    assert len(public) == 50
    return list(public), list(private)


@pytest.mark.parametrize(
    ("name", "published"), [("ladder/stdsplit-kaggle.csv", "0.770"), ("ladder/stdsplit-ladder.csv", "0.791")]
)
def test_the_published_tau(name: str, published: str) -> None:
    found = tau(*losses(name))
    assert format(found, ".3f") == published


def board(part: str, values: list[F]) -> ScoreTable:
    """Make a table of one item a part, on which every team has its mean loss in billionths."""
    rows = [(f"team {n:02}", "loss", part, round(10**9 * value)) for n, value in enumerate(values, start=1)]
    return ScoreTable.from_frame(pd.DataFrame(rows, columns=["entrant", "task", "item", "value"]))


def test_the_shake_up_of_the_first_fifty() -> None:
    """The first of the private board was third of these fifty in public; three shared the sixth place."""
    public, private = losses("ladder/stdsplit-kaggle.csv")
    policy = Policy((TaskPolicy("loss", 1, 0, 1.0, False, unit=10**9),), decimals=6)
    found = shake_up(board("public", public), board("private", private), policy)
    assert found.tau is not None
    assert format(found.tau, ".3f") == "0.770"
    assert [move.entrant for move in found.moves] == [f"team {n:02}" for n in range(1, 51)]
    assert [move.private_rank for move in found.moves][:9] == [1, 2, 3, 4, 5, 6, 6, 6, 9]
    assert [move.public_rank for move in found.moves] == [1 + sum(other < mine for other in public) for mine in public]
    assert found.moves[0].public_rank == 3
    assert found.optimism.low is None
    assert float(found.optimism.points) == pytest.approx(float(100 * (sum(private) - sum(public)) / 50), abs=1e-5)


def test_of_the_published_p_values_few_are_left_by_holm() -> None:
    """The paired p-values of the first ten against the leader: .536, .886, .0065, … of which .0025 is the smallest."""
    values = {int(place): F(p) for place, p in rows("ladder/top10pvals.csv") if p != "NaN"}
    assert [round(float(values[place]), 4) for place in (2, 3, 4)] == [0.5363, 0.8859, 0.0065]
    adjusted = dict(zip(values, holm(list(values.values())), strict=True))
    assert float(adjusted[9]) == pytest.approx(9 * 0.002530129759360292)
    assert float(adjusted[8]) == pytest.approx(8 * 0.004808983199484624)
    assert [place for place, p in adjusted.items() if p <= F(5, 100)] == [4, 8, 9]
    assert adjusted[3] == adjusted[2] == 1
