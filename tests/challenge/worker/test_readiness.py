"""A worker that cannot run models says so, takes up none, and the office knows before the first one waits."""

from dataclasses import replace
from pathlib import Path

import pytest

from challenge.calls.states import EntryKind
from challenge.runs import operations
from challenge.runs.operations_readiness import Readiness, readiness
from challenge.runs.states import RunState
from challenge.worker.loop import work
from evaluation.sandbox import why_not_untrusted
from tests.cast import Cast
from tests.challenge.runs.models import ModelScene
from tests.challenge.runs.scene import LEASE

TROUBLE = "The engine lm-eval is not installed: bin/engine install lm-eval"


@pytest.fixture
def sandbox() -> None:
    """A machine that holds untrusted code."""
    if sentence := why_not_untrusted():
        pytest.skip(sentence)


@pytest.mark.usefixtures("sandbox")
def test_without_an_engine_a_machine_says_what_to_install(tmp_path: Path) -> None:
    assert readiness(str(tmp_path / "none")) == Readiness(TROUBLE)


@pytest.mark.usefixtures("sandbox")
def test_a_worker_without_an_engine_leaves_models_to_others_and_the_office_is_told(cast: Cast, tmp_path: Path) -> None:
    scene = ModelScene(cast, tmp_path, items=6)
    run, _ = scene.model(b"PK\x03\x04")
    office = cast.browser(cast.admin())
    assert "No worker has been heard of. Start one" in office.get("/desk").get_data(as_text=True)
    without = replace(cast.house, settings=replace(cast.house.settings, engines=str(tmp_path / "none")))
    work(without, once=True)
    assert (scene.run(run.id).state, scene.run(run.id).attempts) == (RunState.WAITING, 0)
    assert f"no worker can: {TROUBLE}" in office.get("/desk").get_data(as_text=True)
    queue = office.get("/runs").get_data(as_text=True)
    assert f"No worker can run models: {TROUBLE}" in queue
    with cast.house.database.transaction() as session:
        operations.report_alive(session, worker="able", now=cast.now, ready=Readiness(open=("No cgroup.",)))
    assert "no worker can" not in office.get("/desk").get_data(as_text=True)
    assert "No cgroup." in office.get("/runs").get_data(as_text=True)


def test_a_worker_without_models_takes_up_predictions_alone(cast: Cast, tmp_path: Path) -> None:
    scene = ModelScene(cast, tmp_path, items=6)
    model, _ = scene.model(b"PK\x03\x04")
    team, captain = scene.team("Readers")
    read = scene.opened(scene.submission(team, captain))
    with cast.house.database.transaction() as session:
        unable = operations.claim(session, worker="w1", lease=LEASE, now=cast.now, models=False)
        nothing = operations.claim(session, worker="w1", lease=LEASE, now=cast.now, models=False)
        able = operations.claim(session, worker="w2", lease=LEASE, now=cast.now)
    assert unable is not None
    assert (unable.run_id, unable.entry) == (read.id, EntryKind.PREDICTIONS)
    assert nothing is None
    assert able is not None
    assert (able.run_id, able.entry) == (model.id, EntryKind.MODEL)
