"""Makes a scored run with all the papers that an engine leaves beside a result."""

import json
from decimal import Decimal

from challenge.foundation.permits import Actor
from challenge.runs import queries
from challenge.runs.operations_papers import keep_papers, write_papers
from challenge.runs.records import Run
from tests.challenge.runs.scene import TRUTH, Scene
from tests.challenge.worker.hands import hands

USAGE = {
    "cpu_seconds": 90.5, "device": "cpu", "energy_joules": 69, "energy_method": "estimated", "peak_megabytes": 507,
    "seconds": 46.25,
}  # fmt: skip
HIDDEN = "the secret of a hidden item"


def scored_with_papers(scene: Scene) -> tuple[Run, Actor]:
    """Return a scored run with everything that an engine leaves of a model, and its captain."""
    run, captain = scene.waiting()
    hands(scene.cast).evaluate_next()
    house = scene.cast.house
    with house.database.reading() as session:
        result = queries.result_of(session, run.id)
    assert result is not None
    said = [
        {
            "task": "topic",
            "item": item,
            "prompt": f"Is {item} so?",
            "choices": [" yes", " no"],
            "logprobs": [-0.5, None],
        }
        for item in TRUTH["topic"]
    ]
    papers = {
        "outputs.public.jsonl": "".join(f"{json.dumps(line)}\n" for line in said).encode(),
        "outputs.private.jsonl": json.dumps({"prompt": HIDDEN}).encode(),
        "engine.log": HIDDEN.encode(),
        "usage.json": json.dumps(USAGE).encode(),
    }
    kept = keep_papers(house.files, papers, eur_per_cpu_hour=Decimal("0.04"))
    with house.database.transaction() as session:
        write_papers(session, run.id, kept)
    return scene.run(run.id), captain
