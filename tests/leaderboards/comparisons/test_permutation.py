"""The permutation test against its definition, against scipy, and on data where nothing is to be found."""

from fractions import Fraction as F
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test

from leaderboards import TaskPolicy
from leaderboards.comparisons import Gap, Paired, PairedTask, TaskDifference, holm, paired, permutation_tests
from leaderboards.comparisons.finalists import gap
from leaderboards.comparisons.paired import spread
from leaderboards.refusals import ComparisonError
from leaderboards.utility import total, utilities
from tests.leaderboards.comparisons.tables import policy, table

FREE = (F(-(10**15)), F(10**15))
TWO = policy(TaskPolicy("mt", 0.3, 0.9, 2.0, unit=10), TaskPolicy("err", 0.6, 0.2, 1.0, False, unit=10))
LINE = st.lists(st.integers(0, 10), min_size=4, max_size=4)


def sums_of(*rows: list[int]) -> Paired:
    """One task without a clip, one item a cluster, a point for a unit."""
    task = PairedTask("qa", np.array(rows, np.int64), *FREE, F(0), F(1))
    return Paired(tuple(f"e{n}" for n in range(len(rows))), (task,))


@settings(max_examples=12)
@given(LINE, LINE, LINE, LINE)
def test_all_exchanges_of_real_tables_are_counted(a: list[int], b: list[int], c: list[int], d: list[int]) -> None:
    """Exchanges the answers in the table itself, cluster by cluster, and computes the points anew, clip included."""

    def gap_of(signs: tuple[bool, ...]) -> F:
        lines: dict[str, dict[str, list[int]]] = {"a": {"mt": [], "err": []}, "b": {"mt": [], "err": []}}
        for task, (one, other) in {"mt": (a, b), "err": (c, d)}.items():
            for n in range(4):
                turned = signs[n // 2 + (2 if task == "err" else 0)]
                lines["b" if turned else "a"][task].append(one[n])
                lines["a" if turned else "b"][task].append(other[n])
        first, second = (total(one) for one in utilities(table(lines, per_cluster=2), TWO))
        return first - second

    real = gap_of((False,) * 4)
    reached = [abs(gap_of(signs)) >= abs(real) for signs in product((False, True), repeat=4)]
    scores = table({"a": {"mt": a, "err": c}, "b": {"mt": b, "err": d}}, per_cluster=2)
    (found,) = permutation_tests(paired(scores, TWO), draws=10, seed=0)
    assert found.draws is None
    assert found.p == F(sum(reached), 16)


def test_many_clusters_are_drawn_and_agree_with_scipy() -> None:
    rng = np.random.default_rng(5)
    gaps = rng.integers(-3, 6, 18)
    gaps[gaps == 0] = 1
    (found,) = permutation_tests(sums_of(gaps.tolist(), [0] * 18), draws=40_000, seed=1)
    expected = permutation_test((gaps,), np.sum, permutation_type="samples", n_resamples=np.inf, vectorized=True)
    assert found.draws == 40_000
    assert found.clusters == 18
    assert float(found.p) == pytest.approx(expected.pvalue, abs=4 * (expected.pvalue / 40_000) ** 0.5)


def test_no_draw_reached_is_not_never() -> None:
    (found,) = permutation_tests(sums_of([5] * 60, [0] * 60), draws=99, seed=0)
    assert found.p == F(1, 100)
    assert permutation_tests(sums_of([5] * 3, [5] * 3), draws=99, seed=0)[0].p == 1


def test_a_pair_is_the_same_either_way_round_and_in_any_company() -> None:
    rng = np.random.default_rng(2)
    given_ = sums_of(*rng.integers(0, 10, (4, 30)).tolist())
    everybody = {(one.first, one.second): one.p for one in permutation_tests(given_, draws=700, seed=3)}
    assert len(everybody) == 6
    for one, other in ((0, 2), (2, 0), (3, 1)):
        (alone,) = permutation_tests(given_, draws=700, seed=3, pairs=[(one, other)])
        low, high = sorted((one, other))
        assert alone.p == everybody[f"e{low}", f"e{high}"]
    together = permutation_tests(given_, draws=700, seed=3)
    assert [one.adjusted for one in together] == holm([one.p for one in together])


def test_without_a_draw_there_is_no_test() -> None:
    with pytest.raises(ComparisonError, match="at least one draw, not 0"):
        permutation_tests(sums_of([1], [0]), draws=0, seed=0)


def clustered(rng: np.random.Generator, *, clusters: int, items: int, icc: float) -> np.ndarray:
    """Differences on items (clusters, items) of two equal entrants, in thousandths, with intra-class correlation."""
    shared = rng.normal(0, icc**0.5, (clusters, 1))
    own = rng.normal(0, (1 - icc) ** 0.5, (clusters, items))
    return np.rint(1_000 * (shared + own)).astype(np.int64)


def test_equal_entrants_are_told_apart_one_time_in_twenty() -> None:
    """At an intra-class correlation of .5, 5 % ± 1 by cluster; by item it would be eight times as often."""
    rng, runs = np.random.default_rng(13), 3_000
    found, by_t, naive = 0, 0, 0
    for run in range(runs):
        gaps = clustered(rng, clusters=50, items=10, icc=0.5)
        sums = gaps.sum(axis=1)
        given_ = sums_of(sums.tolist(), [0] * 50)
        found += permutation_tests(given_, draws=256, seed=run)[0].p <= F(1, 20)
        by_t += excludes_zero(gap(given_.difference(0, 1), policy()))
        if run < 300:
            flat = gaps.ravel()
            naive += excludes_zero(gap((TaskDifference("qa", F(int(flat.sum())), spread(flat, F(1)), 500),), policy()))
    assert 0.04 <= found / runs <= 0.06
    assert 0.04 <= by_t / runs <= 0.06
    assert naive / 300 > 0.3


def excludes_zero(found: Gap) -> bool:
    assert found.low is not None
    assert found.high is not None
    return found.low > 0 or found.high < 0
