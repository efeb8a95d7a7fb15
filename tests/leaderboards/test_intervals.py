"""Rank intervals hold all at once, also where entrants are equal, singular or few clusters make it hard."""

from fractions import Fraction

import numpy as np
import pytest

from leaderboards import rank_intervals
from leaderboards.draws import Draws
from leaderboards.intervals import marginal_interval

LEVEL = Fraction(95, 100)

# PISA 2018 mathematics, mean and standard error of 37 OECD countries (OECD, published through NCES).
PISA = {
    "Australia": (491.36, 1.94), "Austria": (498.94, 2.97), "Belgium": (508.07, 2.26), "Canada": (512.02, 2.36),
    "Chile": (417.41, 2.42), "Colombia": (390.93, 2.99), "Czech Republic": (499.47, 2.46), "Denmark": (509.40, 1.74),
    "Estonia": (523.41, 1.74), "Finland": (507.30, 1.97), "France": (495.41, 2.32), "Germany": (500.04, 2.65),
    "Greece": (451.37, 3.09), "Hungary": (481.08, 2.32), "Iceland": (495.19, 1.95), "Ireland": (499.63, 2.20),
    "Israel": (463.03, 3.50), "Italy": (486.59, 2.78), "Japan": (526.97, 2.47), "Korea": (525.93, 3.12),
    "Latvia": (496.13, 1.96), "Lithuania": (481.19, 1.95), "Luxembourg": (483.42, 1.10), "Mexico": (408.80, 2.49),
    "Netherlands": (519.23, 2.63), "New Zealand": (494.49, 1.71), "Norway": (500.96, 2.22), "Poland": (515.65, 2.60),
    "Portugal": (492.49, 2.68), "Slovak Republic": (486.16, 2.56), "Slovenia": (508.90, 1.36), "Spain": (481.39, 1.46),
    "Sweden": (502.39, 2.65), "Switzerland": (515.31, 2.91), "Turkey": (453.51, 2.26),
    "United Kingdom": (501.77, 2.56), "United States": (478.24, 3.24),
}  # fmt: skip
TWELVE = {"Belgium", "Canada", "Denmark", "Estonia", "Finland", "Japan", "Korea", "Netherlands", "Poland", "Slovenia",
          "Sweden", "Switzerland"}  # fmt: skip


@pytest.mark.parametrize(("confidence", "expected"), [(LEVEL, TWELVE), (Fraction(9, 10), TWELVE - {"Sweden"})])
def test_the_published_top_five_of_pisa_is_reproduced(confidence: Fraction, expected: set[str]) -> None:
    means, errors = (np.array(column) for column in zip(*PISA.values(), strict=True))
    found = rank_intervals(means, np.diag(errors**2), confidence=confidence, draws=20_000, seed=1)
    assert {name for name, inside in zip(PISA, found.top(5), strict=True) if inside} == expected


def test_the_published_interval_of_one_country_is_reproduced() -> None:
    """The lower bound lies on a knife's edge: published as 7, it is 8 with most seeds and with a million draws."""
    means, errors = (np.array(column) for column in zip(*PISA.values(), strict=True))
    place = list(PISA).index("United Kingdom")
    assert 1 + (means > means[place]).sum() == 13
    low, high = marginal_interval(means, np.diag(errors**2), entrant=place, confidence=LEVEL, draws=20_000, seed=1)
    assert low in {7, 8}
    assert high == 23
    together = rank_intervals(means, np.diag(errors**2), confidence=LEVEL, draws=20_000, seed=1)
    assert together.rank_low[place] <= low
    assert together.rank_high[place] >= high


def coverage(truth: np.ndarray, covariance: np.ndarray, *, runs: int = 150) -> float:
    """Count how often every true rank (ties taking any of their places) lies in its interval."""
    rng = np.random.default_rng(11)
    best = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
    worst = len(truth) - (truth[None, :] < truth[:, None]).sum(axis=1)
    held = 0
    for run in range(runs):
        seen = rng.multivariate_normal(truth, covariance)
        found = rank_intervals(seen, covariance, confidence=LEVEL, draws=400, seed=run)
        held += bool(((found.rank_low <= best) & (found.rank_high >= worst)).all())
    return held / runs


def test_six_equal_leaders_are_covered_jointly() -> None:
    covariance = 0.16 * (0.5 * np.eye(12) + 0.5)
    truth = np.array([70.0] * 6 + [68.0, 66.0, 64.0, 62.0, 60.0, 58.0])
    # Nominal .95 with 150 runs: three standard errors are .053.
    assert coverage(truth, covariance) >= 0.897


def test_a_spread_field_is_covered_and_resolved() -> None:
    truth, covariance = np.arange(10.0) * 5, np.eye(10) * 0.04
    assert coverage(truth, covariance) == 1.0
    found = rank_intervals(truth, covariance, confidence=LEVEL, draws=400, seed=0)
    assert (found.rank_low == found.rank_high).all()


def test_few_clusters_are_not_taken_for_many() -> None:
    """With five clusters a normal quantile would cry wolf far more often than one time in twenty."""
    rng = np.random.default_rng(2)
    wrong = {True: 0, False: 0}
    runs = 300
    for run in range(runs):
        means = rng.normal(size=(2, 5))
        shifted = means - means.mean(axis=1, keepdims=True)
        covariance = shifted @ shifted.T / 4 / 5
        difference = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
        for with_t in (True, False):
            freedom = np.full((2, 2), 4.0) if with_t else None
            found = rank_intervals(
                means.mean(axis=1),
                covariance,
                confidence=LEVEL,
                draws=1_000,
                seed=run,
                variance=np.array([[0, difference], [difference, 0]]),
                freedom=freedom,
            )
            wrong[with_t] += bool(found.beats.any())
    assert wrong[True] / runs <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    assert wrong[False] / runs > 0.08


def test_without_spread_different_is_different_and_equal_is_equal() -> None:
    found = rank_intervals(np.array([3.0, 2.0, 2.0]), np.zeros((3, 3)), confidence=LEVEL, draws=100, seed=0)
    assert found.rank_low.tolist() == [1, 2, 2]
    assert found.rank_high.tolist() == [1, 3, 3]


def test_what_is_equal_at_the_declared_precision_is_never_told_apart() -> None:
    found = rank_intervals(
        np.array([3.001, 3.0]), np.zeros((2, 2)), confidence=LEVEL, draws=100, seed=0, compared=np.array([300, 300])
    )
    assert not found.beats.any()


def test_clones_of_an_entrant_share_its_draws_and_split_nothing() -> None:
    covariance = np.ones((3, 3))
    drawn = Draws(covariance, count=300, seed=4).block(0)
    assert (drawn[:, 0] == drawn[:, 1]).all()
    assert (drawn[:, 0] == drawn[:, 2]).all()


def test_draws_have_the_covariance_they_were_asked_for() -> None:
    rng = np.random.default_rng(8)
    half = rng.normal(size=(4, 2))
    covariance = half @ half.T  # rank 2 of 4: singular
    draws = Draws(covariance, count=25_600, seed=9)
    drawn = np.concatenate([draws.block(number) for number in range(draws.blocks())])
    scale = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    assert len(drawn) == 25_600
    assert np.abs((drawn.T @ drawn / len(drawn) - covariance) / scale).max() < 0.04
    assert np.linalg.matrix_rank(drawn, tol=1e-3) == 2


def test_pruning_gives_the_same_answer_as_looking_at_every_pair() -> None:
    rng = np.random.default_rng(6)
    size, count = 14, 700
    half = rng.normal(size=(size, 9))
    covariance = half @ half.T / 9
    points = rng.normal(scale=3, size=size)
    draws = Draws(covariance, count=count, seed=1)
    drawn = np.concatenate([draws.block(number) for number in range(draws.blocks())])
    deviation = np.sqrt(np.add.outer(np.diag(covariance), np.diag(covariance)) - 2 * covariance)
    np.fill_diagonal(deviation, np.inf)
    active = ~np.eye(size, dtype=bool)
    while True:
        largest = np.where(active, (drawn[:, :, None] - drawn[:, None, :]) / deviation, -np.inf).max(axis=(1, 2))
        critical = np.sort(largest)[int(np.ceil(0.95 * (count + 1))) - 1]
        new = active & (np.subtract.outer(points, points) / deviation > critical)
        if not new.any():
            break
        active &= ~new
    found = rank_intervals(points, covariance, confidence=LEVEL, draws=count, seed=1)
    assert (found.beats == ~(active | np.eye(size, dtype=bool))).all()
    assert found.beats.any()
