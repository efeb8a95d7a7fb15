"""What running a model took stands on the page of its run also where it was not scored, and in a trial's files."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from challenge.runs import queries_papers
from challenge.runs.states import Outcome
from tests.cast import Cast
from tests.challenge.runs.models import ModelScene
from tests.challenge.worker.hands import hands

ENGINE = """
usage = {"seconds": 12.5, "cpu_seconds": 90.0, "attempt_cpu_seconds": 90.0, "peak_megabytes": 321, "device": "cpu",
         "energy_joules": 900, "energy_method": "estimated"}
os.mkdir("out")
json.dump(usage, open("out/usage.json", "w"))
problem = {"line": 0, "column": "", "found": "x", "sentence": "As staged."}
json.dump({"count": 1, "kind": KIND, "problems": [problem]}, open("out/problems.json", "w"))
sys.exit(CODE)
"""


@pytest.mark.parametrize(
    ("kind", "code", "outcome"),
    [
        ("timed_out", 3, Outcome.TIMED_OUT),
        ("gate_failed", 3, Outcome.GATE_FAILED),
        ("out_of_memory", 4, Outcome.OUT_OF_MEMORY),
        ("", 5, Outcome.ENGINE_FAILED),
    ],
)
def test_a_run_that_was_not_scored_says_what_it_took(
    cast: Cast, tmp_path: Path, kind: str, code: int, outcome: Outcome
) -> None:
    cast.house = replace(cast.house, settings=replace(cast.house.settings, eur_per_cpu_hour=Decimal("0.04")))
    scene = ModelScene(cast, tmp_path)
    run, captain = scene.model(b"no engine looks into it")
    worker = hands(cast, engine=ENGINE.replace("KIND", repr(kind)).replace("CODE", str(code)))
    assert worker.evaluate_next()
    assert scene.run(run.id).outcome is outcome
    with cast.house.database.reading() as session:
        took = queries_papers.usage_of(session, run.id)
    assert took is not None
    assert (took.milliseconds, took.cpu_milliseconds, took.cost_micros) == (12_500, 90_000, 1000)
    page = cast.browser(captain).get(f"/runs/{run.id}").get_data(as_text=True)
    for words in ("12.5 s on cpu, 90.0 s of processors", "321 MB at most", "900 J, estimated", "EUR 0.001"):
        assert words in page
    assert "What the model said" not in page
