"""Bradley and Terry's strengths are those that were published; what has no finite answer is refused."""

import numpy as np
import pytest
from scipy.special import expit

from leaderboards import ScoreError
from leaderboards.aggregates import fit_strengths, penalised_strengths


def test_the_four_players_of_the_worked_example() -> None:
    wins = np.array([[0, 2, 0, 1], [3, 0, 5, 0], [0, 3, 0, 1], [4, 0, 3, 0]])
    found = fit_strengths(wins)
    assert np.exp(found.logs) == pytest.approx([0.640, 1.043, 0.660, 2.270], abs=5e-4)
    assert found.home is None


def test_the_citations_of_four_journals() -> None:
    """Stigler 1994, Agresti 2002 p. 448; figures of Turner and Firth 2012, JSS 48(9). The diagonal is ignored."""
    cited = [[714, 730, 498, 221], [33, 425, 68, 17], [320, 813, 1072, 142], [284, 276, 325, 188]]
    found = fit_strengths(np.array(cited))
    assert found.logs - found.logs[0] == pytest.approx([0, -2.94907, -0.47957, 0.26895], abs=5e-6)


TEAMS = ("Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore")
BASEBALL = """
    -   4-3 4-2 4-3 6-1 4-2 6-0
    3-3 -   4-2 4-3 6-0 6-1 4-3
    2-5 4-3 -   2-4 4-3 4-2 6-0
    3-3 5-1 2-5 -   4-3 4-2 6-1
    5-1 2-5 3-3 4-2 -   5-2 6-0
    2-5 3-3 3-4 4-3 4-2 -   2-4
    2-5 1-5 1-6 2-4 1-6 3-4 -"""


def baseball() -> tuple[np.ndarray, np.ndarray]:
    """The season of 1987 (Agresti 2002, pp. 437-438): games won at home, and games that the visitors won there."""
    cells = [
        [(0, 0) if cell == "-" else tuple(map(int, cell.split("-"))) for cell in line.split()]
        for line in BASEBALL.strip().splitlines()
    ]
    games = np.array(cells, dtype=float)
    return games[..., 0], games[..., 1]


def test_baseball_without_a_home_effect() -> None:
    home, away = baseball()
    found = fit_strengths(home + away.T)
    expected = [1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0]
    assert found.logs - found.logs[6] == pytest.approx(expected, abs=5e-5)
    errors = found.errors_against(6)
    assert errors[6] == 0
    assert errors[:6] == pytest.approx(np.full(6, 0.33), abs=0.03)


def test_baseball_with_a_home_effect() -> None:
    home, away = baseball()
    found = fit_strengths(home, visitors=away)
    assert found.home == pytest.approx(0.302, abs=5e-4)
    share = np.sort(np.exp(found.logs) / np.exp(found.logs).sum())
    assert share == pytest.approx([0.044, 0.088, 0.137, 0.157, 0.164, 0.190, 0.220], abs=5e-4)
    assert TEAMS[int(found.logs.argmax())] == "Milwaukee"
    assert found.covariance.shape == (8, 8)
    assert np.sqrt(found.covariance[7, 7]) == pytest.approx(0.13, abs=0.005)


def test_errors_are_those_of_the_textbook_for_two() -> None:
    found = fit_strengths(np.array([[0, 30], [10, 0]]))
    assert found.logs[0] - found.logs[1] == pytest.approx(np.log(3))
    assert found.errors_against(1)[0] == pytest.approx(np.sqrt(1 / 30 + 1 / 10))


@pytest.mark.parametrize(
    ("wins", "said"),
    [
        ([[0, 2], [0, 0]], "fall into 2 groups"),
        ([[0, 1, 3], [1, 0, 2], [0, 0, 0]], "entrants number 0, 1 .from 0. do not both win and lose"),
        ([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], "not finite. Use penalised_strengths"),
        ([[0, 1]], "as many rows as columns"),
        ([[0, -1], [1, 0]], "none below 0"),
        ([[0, np.nan], [1, 0]], "none missing"),
    ],
)
def test_what_has_no_finite_answer_is_refused(wins: list[list[float]], said: str) -> None:
    with pytest.raises(ScoreError, match=said):
        fit_strengths(np.array(wins))


def test_a_phantom_makes_every_table_answerable_and_moves_others_little() -> None:
    assert penalised_strengths(np.array([[0.0, 2], [0, 0]]), phantom=0.01)[0] == pytest.approx(
        -penalised_strengths(np.array([[0.0, 2], [0, 0]]), phantom=0.01)[1]
    )
    apart = np.array([[0.0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 3], [0, 0, 1, 0]])
    assert np.isfinite(penalised_strengths(apart, phantom=0.01)).all()
    home, away = baseball()
    free = fit_strengths(home + away.T).logs
    held = penalised_strengths(home + away.T, phantom=0.01)
    assert held - held.mean() == pytest.approx(free, abs=0.002)


@pytest.mark.parametrize("size", [2, 7, 60, 400])
def test_who_always_beats_the_next_has_a_finite_strength_where_the_slope_is_nought(size: int) -> None:
    """One task alone puts all in one order: the widest apart that strengths can lie, and the slowest to be found."""
    wins, phantom = np.triu(np.ones((size, size)), 1), 0.01
    logs = penalised_strengths(wins, phantom=phantom)
    chance = expit(np.subtract.outer(logs, logs))
    np.fill_diagonal(chance, 0.0)
    slope = wins.sum(axis=1) - chance.sum(axis=1) + phantom * (0.5 - expit(logs))
    assert np.abs(slope).max() < 1e-10
    assert (np.diff(logs) < 0).all()
    assert logs == pytest.approx(-logs[::-1], abs=1e-7), "turned round it is the same"


def test_a_stack_of_tables_gives_what_each_alone_gives() -> None:
    wins = np.random.default_rng(4).random((5, 30, 30))
    wins[1] = np.triu(np.ones((30, 30)), 1)  # needs long steps where the others need none
    wins[:, range(30), range(30)] = 0.0
    together = penalised_strengths(wins, phantom=0.01)
    for table, found in zip(wins, together, strict=True):
        assert found == pytest.approx(penalised_strengths(table, phantom=0.01), abs=1e-9)
