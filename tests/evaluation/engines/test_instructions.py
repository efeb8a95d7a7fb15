"""A model that runs here writes after the prompts of IFEval, and what it wrote is scored on our side, item by item."""

from dataclasses import replace
from pathlib import Path

import pytest

from evaluation import Part
from evaluation.engines import answers_of, evaluate_model
from evaluation.instructions import followed, read_instructions
from evaluation.predictions import Predictions
from evaluation.public_sets.making import write_suite
from evaluation.scoring import score
from tests.evaluation.engines.conftest import STEPS, Trained
from tests.evaluation.public_sets.here import demand_sets, ifeval

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]
ITEMS, TOKENS = 24, 16


def test_what_the_engine_wrote_is_scored_by_its_instructions(trained: Trained, tmp_path: Path) -> None:
    demand_sets()
    made = ifeval()
    # ending in what the tiny model learned to go on from, so that it does not fall silent
    ask = {"by": "text", "prompt": "{{ prompt }} max 1 2 =", "tokens": TOKENS}
    made = replace(made, task={**made.task, "ask": ask}, items=made.items[:ITEMS])
    suite = write_suite(tmp_path / "suite", [made])
    found = evaluate_model(suite, trained.models[STEPS[-1]], shards=tmp_path / "shards")
    wrote = {row.item: row.texts[0].strip() for rows in found.rows.values() for row in rows}
    assert len(wrote) == ITEMS
    assert len(set(wrote.values())) > 1
    unit = found.report.tasks[0].unit
    values = {row["item"]: row["value"] for row in found.report.items.to_pylist()}
    expected = {item.name: all(followed(read_instructions(item.label), wrote[item.name])) * unit for item in made.items}
    assert values == expected
    notes = {note.code: note.sentence for note in found.report.notes}
    assert "instructions are followed" in notes["instructions_followed"]
    # the same texts in a file of predictions are worth the same
    again = score(suite, Predictions(answers_of(suite, found.rows), "d"))
    assert again.items.equals(found.report.items)
    # no engine is told what is looked for
    asked = b"".join(batch.content() for batch in found.rows)
    assert b"punctuation:no_comma" not in asked
    assert {batch.part for batch in found.rows} == {Part.PRIVATE}
