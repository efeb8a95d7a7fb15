"""HumanEval through all of the way but the model: what was written, tested, counted and scored."""

from dataclasses import replace
from pathlib import Path

import pytest

from evaluation import Part
from evaluation.engines import Outcome, Row, answers_of, batches_of, outcomes_of, why_not_code
from evaluation.predictions import Predictions
from evaluation.public_sets.making import write_suite
from evaluation.scoring import score
from tests.evaluation.public_sets.here import demand_sets, humaneval, humaneval_rows

EVERY = 12


def test_one_right_program_of_two_is_half_a_point(tmp_path: Path) -> None:
    demand_sets()
    why_not = why_not_code()
    if why_not:
        pytest.skip(why_not)
    solutions = {row["task_id"]: row["canonical_solution"] for row in humaneval_rows()[::EVERY]}
    made = replace(humaneval(), items=humaneval().items[::EVERY])
    suite = write_suite(tmp_path / "suite", [made])
    (batch,) = batches_of(suite, parts=list(Part))
    rows = {
        batch: [
            # what follows the first stop is no part of the program
            Row(item=one.item, cut=False, texts=(solutions[one.item] + "\ndef", "    pass\n"), truncated=(False, True))
            for one in batch.requests
        ]
    }
    coded = outcomes_of(suite, rows, folder=tmp_path / "shards", wall_seconds=600)
    assert set(coded.outcomes[batch].values()) == {(Outcome.PASSED, Outcome.FAILED)}
    report = score(suite, Predictions(answers_of(suite, rows, coded.outcomes), "d"))
    assert [(task.items, task.score) for task in report.tasks] == [(len(solutions), "0.500000")]
