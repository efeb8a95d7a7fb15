"""On real boards the four best hang on the rule: how many sets ten rules give, as found before by other code."""

import pytest

from leaderboards.sensitivity import Choice, sensitivity
from tests.leaderboards.published.boards import boards, results


@pytest.mark.parametrize(
    ("board", "sets"), [("HELM complete", 1), ("Open LLM", 4), ("SuperGLUE", 2), ("GLUE", 3), ("VTAB", 1)]
)
def test_rules_disagree_on_the_four_best(board: str, sets: int) -> None:
    scores, full = boards()[board]
    found = sensitivity(results(scores, full=full), places=4)
    assert len({one.best for one in found.of(Choice.RULE)}) == sets
