"""Friedman's test and its followers as Demšar (2006) and García and Herrera (2008) printed them."""

from fractions import Fraction as F

import pytest

from leaderboards.comparisons import critical_difference, friedman_of, friedman_of_ranks, groups, told_apart
from tests.leaderboards.published.rank_files import rows

NAMES = ["C4.5", "C4.5+m", "C4.5+cf", "C4.5+m+cf"]
# Demšar 2006, Table 6 prints .975 twice on 'voting', but ranks the unrounded values 4, 1, 2, 3.
UNROUNDED = {"voting": [F(-4), F(-1), F(-2), F(-3)]}
MEAN_RANKS = {"C4.5": 3.143, "C4.5+m": 2.000, "C4.5+cf": 2.893, "C4.5+m+cf": 1.964}


def columns(*, unrounded: bool) -> list[list[F]]:
    found = {row[0]: [F(cell) for cell in row[1:]] for row in rows("demsar/demsar2006_table6.csv")}
    assert len(found) == 14
    return list((found | UNROUNDED).values() if unrounded else found.values())


def test_the_published_table() -> None:
    found = friedman_of(NAMES, columns(unrounded=True))
    assert {
        name: round(float(rank), 3) for name, rank in zip(found.entrants, found.mean_ranks, strict=True)
    } == MEAN_RANKS
    assert round(float(found.chi_square), 2) == 9.28
    assert found.f is not None
    assert round(float(found.f), 2) == 3.69


def test_ranking_the_printed_values_makes_a_tie_that_the_paper_has_not() -> None:
    found = friedman_of(NAMES, columns(unrounded=False))
    ranks = {name: round(float(rank), 3) for name, rank in zip(found.entrants, found.mean_ranks, strict=True)}
    assert ranks == MEAN_RANKS | {"C4.5+cf": 2.929, "C4.5+m+cf": 1.929}
    assert round(float(found.chi_square), 3) == 9.857
    assert found.f is not None
    assert round(float(found.f), 3) == 3.987


def test_the_published_differences() -> None:
    """At .05 no pair differs; at .10 C4.5 is worse than C4.5+m and than C4.5+m+cf."""
    found = friedman_of(NAMES, columns(unrounded=True))
    at_five, at_ten = (critical_difference(entrants=4, tasks=14, alpha=F(alpha, 100)) for alpha in (5, 10))
    assert (round(at_five, 2), round(at_ten, 2)) == (1.25, 1.12)
    assert round(at_five / (4 * 5 / (6 * 14)) ** 0.5, 3) == 2.569
    assert told_apart(found, at_five) == ()
    assert groups(found, at_five) == (found.entrants,)
    assert told_apart(found, at_ten) == (("C4.5+m+cf", "C4.5"), ("C4.5+m", "C4.5"))
    assert groups(found, at_ten) == (("C4.5+m+cf", "C4.5+m", "C4.5+cf"), ("C4.5+cf", "C4.5"))


def test_garcia_and_herrera_from_their_printed_ranks() -> None:
    """JMLR 9:2677-2694: thirty data sets; z of C4.5-Kernel 5.471, NaiveBayes-Kernel 5.226, Kernel-CN2 2.98."""
    names = ["C4.5", "1-NN", "NaiveBayes", "Kernel", "CN2"]
    found = friedman_of_ranks(names, [F(rank) for rank in ("2.1", "3.25", "2.2", "4.333", "3.117")], tasks=30)
    assert float(found.chi_square) == pytest.approx(39.647, abs=0.011)
    assert found.f is not None
    assert float(found.f) == pytest.approx(14.309, abs=0.007)
    assert (round(float(found.chi_square), 3), round(float(found.f), 3)) == (39.637, 14.303)
    for one, other, printed, from_ranks in (
        ("Kernel", "C4.5", 5.471, 5.470),
        ("Kernel", "NaiveBayes", 5.226, 5.225),
        ("Kernel", "CN2", 2.98, 2.979),
    ):
        assert found.z(one, other) == pytest.approx(printed, abs=0.002)
        assert round(found.z(one, other), 3) == from_ranks
