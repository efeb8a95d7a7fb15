"""One team floods a real board with slightly worse copies of its model; nobody else's order may change for it."""

import numpy as np
import pytest

from leaderboards.aggregates import PRIMARY, RULES, Rule, among_best, places
from tests.leaderboards.published.boards import boards, results

COPIES, SEEDS, PRIZES = 20, 20, 4
BOARDS = ("HELM", "HELM complete", "Open LLM", "SuperGLUE", "GLUE", "VTAB")


def flooded(scores: np.ndarray, *, full: float, seed: int) -> np.ndarray:
    """Add COPIES of one of the ten best, each up to half a hundredth of the scale worse on every task."""
    rng = np.random.default_rng(seed)
    best = np.argsort(-PRIMARY(results(scores, full=full)), kind="stable")[:10]
    chosen = scores[rng.choice(best)]
    return np.vstack([scores, chosen - rng.uniform(0, 0.005 * full, (COPIES, len(chosen)))])


def order(worths: np.ndarray) -> np.ndarray:
    """Tell for every two entrants who is ahead: (K, K) of −1, 0 and 1."""
    found = places(worths)
    return np.sign(np.subtract.outer(found, found))


def test_the_primary_rule_holds_the_order_of_the_others_in_120_floods() -> None:
    floods = changed = 0
    assert tuple(boards()) == BOARDS
    for scores, full in boards().values():
        before = order(PRIMARY(results(scores, full=full)))
        for seed in range(SEEDS):
            after = PRIMARY(results(flooded(scores, full=full, seed=seed), full=full))
            changed += bool((order(after)[: len(scores), : len(scores)] != before).any())
            floods += 1
    assert (floods, changed) == (120, 0)


def prizes_that_change(rule: Rule, names: tuple[str, ...] = BOARDS) -> int:
    """Count the floods after which other original entrants than before are the best PRIZES of the originals."""
    changed = 0
    for scores, full in (boards()[name] for name in names):
        before = among_best(rule(results(scores, full=full)), PRIZES)
        for seed in range(SEEDS):
            after = rule(results(flooded(scores, full=full, seed=seed), full=full))[: len(scores)]
            changed += bool((among_best(after, PRIZES) != before).any())
    return changed


@pytest.mark.parametrize(
    ("name", "names", "least"),
    [
        ("average_rank", BOARDS, 40),
        ("mean_win_rate", BOARDS, 40),
        ("copeland", BOARDS, 5),
        ("median_rank", BOARDS, 10),
        ("bradley_terry", ("SuperGLUE",), 5),
    ],
)
def test_rules_of_rank_give_prizes_to_others_when_flooded(name: str, names: tuple[str, ...], least: int) -> None:
    """Were it not so, the floods would prove nothing about the primary rule."""
    assert prizes_that_change(RULES[name], names) >= least


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.independent])
def test_independent_rules_give_the_same_prizes_when_flooded(name: str) -> None:
    assert prizes_that_change(RULES[name]) == 0
