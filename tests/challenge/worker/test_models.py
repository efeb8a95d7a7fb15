"""The real worker has the real engine run real models: scored, refused, killed in the middle and taken up again."""

import io
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from challenge.calls.states import EntryKind
from challenge.foundation.settings import Settings
from challenge.runs import queries
from challenge.runs.failures import READ_FOR_FREE
from challenge.runs.states import Outcome, RunState
from challenge.worker.loop import work
from evaluation.engines.shards import META_END
from tests.cast import Cast
from tests.challenge.runs.engines import until
from tests.challenge.runs.models import ModelScene, engine_or_skip, make_model, packed_model
from tests.challenge.worker.deaths import Evening, WatchedWorker, processes_in
from tests.challenge.worker.lives import Stage

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A tiny model in its package."""
    engine_or_skip()
    return packed_model(make_model(tmp_path_factory.mktemp("models") / "tiny"))


def shards_in(settings: Settings) -> dict[str, int]:
    """Return the finished shards, and when each was written, in nanoseconds; the meta file is written last."""
    folder = settings.instance / "work" / "shards"
    return {path.name: path.stat().st_mtime_ns for path in folder.glob(f"*/*{META_END}")}


def test_a_model_is_run_and_its_scores_stand_on_the_page(cast: Cast, tmp_path: Path, model: bytes) -> None:
    scene = ModelScene(cast, tmp_path)
    run, captain = scene.model(model)
    work(cast.house, once=True)
    ended = scene.run(run.id)
    assert (ended.outcome, ended.attempts) == (Outcome.SCORED, 1), ended.problems
    with cast.house.database.reading() as session:
        result = queries.result_of(session, run.id)
    assert result is not None
    report = json.loads(result.report)
    assert {(task["task"], task["part"]) for task in report["tasks"]} == {
        (task, part) for task in ("first", "second") for part in ("public", "private")
    }
    assert "lm-eval" in report["engine"]
    page = cast.browser(captain).get(f"/runs/{run.id}").get_data(as_text=True)
    [first] = [task["score"] for task in report["tasks"] if (task["task"], task["part"]) == ("first", "public")]
    assert first[:6] in page
    assert "LlamaForCausalLM, " in page
    assert report["predictions"][:16] in page
    assert "of processors" in page
    assert processes_in(cast.house.settings.instance / "work") == []


def test_a_pickle_is_refused_with_its_effect_on_the_quota(cast: Cast, tmp_path: Path, model: bytes) -> None:
    scene = ModelScene(cast, tmp_path)
    run, captain = scene.model(_with(model, "pytorch_model.bin", b"\x80\x04\x95"))
    work(cast.house, once=True)
    ended = scene.run(run.id)
    assert (ended.state, ended.outcome) == (RunState.ENDED, Outcome.MODEL_REFUSED)
    assert ended.problems[0].startswith("pytorch_model.bin: ")
    assert ended.quota_note == READ_FOR_FREE
    assert scene.quota(scene.team_of(run)) == (0, 1)
    page = cast.browser(captain).get(f"/runs/{run.id}").get_data(as_text=True)
    assert "What is wrong with the model" in page
    assert "Save the weights as safetensors" in page


def test_a_worker_killed_in_the_middle_leaves_its_finished_shards_to_the_next(
    cast: Cast, tmp_path: Path, model: bytes
) -> None:
    scene = ModelScene(cast, tmp_path, items=6000)
    settings = replace(cast.house.settings, lease_seconds=2)
    run, _ = scene.model(model)
    worker = WatchedWorker(settings)
    assert worker.hear("reached", Stage.EVALUATING)
    until(lambda: len(shards_in(settings)) >= 2, seconds=120)
    worker.kill()
    worker.ended()
    until(lambda: processes_in(settings.instance / "work") == [])
    before = shards_in(settings)
    assert scene.run(run.id).state is RunState.RUNNING
    evening = Evening(settings)
    until(lambda: _lived(evening, scene, run.id), seconds=240)
    ended, after = scene.run(run.id), shards_in(settings)
    assert (ended.outcome, ended.attempts) == (Outcome.SCORED, 2), (ended.explanation, ended.problems, evening.troubles)
    assert len(before) < len(after), "it was killed too late to tell"
    assert {name: after[name] for name in before} == before, "a finished shard was done twice"
    shutil.rmtree(settings.instance / "work" / "shards")
    again, _ = scene.model(model, "Beta")
    until(lambda: _lived(evening, scene, again.id), seconds=240)
    with cast.house.database.reading() as session:
        first, second = (queries.result_of(session, number) for number in (run.id, again.id))
    assert first is not None
    assert second is not None
    assert first.report == second.report, "the broken run came to another result than a whole one"


def _lived(evening: Evening, scene: ModelScene, run_id: int) -> bool:
    """Let a worker live until nothing waits; tell whether the run has ended by then."""
    if scene.run(run_id).state is not RunState.ENDED:
        evening.live()
    return scene.run(run_id).state is RunState.ENDED


def _with(package: bytes, name: str, content: bytes) -> bytes:
    buffer = io.BytesIO(package)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def test_a_trial_of_a_model_shows_all_and_its_work_is_not_done_again(cast: Cast, tmp_path: Path, model: bytes) -> None:
    scene = ModelScene(cast, tmp_path)
    team, captain = scene.team("Alpha")
    browser = cast.browser(captain)
    browser.get("/calls/trial/trial")
    asked = browser.post("/calls/trial/trial", {"suite": "small", "file": (io.BytesIO(model), "model.zip")})
    assert asked.headers["Location"] == "/trials/1"
    work(cast.house, once=True)
    page = browser.get("/trials/1").get_data(as_text=True)
    assert "It ended: scored." in page, page
    assert "What the model said" in page
    assert ">right<" in page
    assert browser.get("/trials/1?page=2").status_code == 200
    assert browser.get("/trials/1/papers/engine.log").status_code == 200
    assert browser.get("/trials/1/papers/outputs.private.jsonl").status_code == 404
    before = shards_in(cast.house.settings)
    assert before
    assert all(".public." in name for name in before)
    without = {"predictions_sha256": None, "predictions_name": "", "predictions_size": 0}
    run = scene.opened(scene.submission(team, captain, b"", entry=EntryKind.MODEL, package=model, **without))
    work(cast.house, once=True)
    assert scene.run(run.id).outcome is Outcome.SCORED
    after = shards_in(cast.house.settings)
    assert {name: after[name] for name in before} == before
    office = cast.browser(cast.admin())
    assert "J, " in office.get("/runs").get_data(as_text=True)
    said = browser.get(f"/runs/{run.id}/outputs").get_data(as_text=True)
    assert "of the 360 public items" in said
    assert browser.get(f"/runs/{run.id}/papers/outputs.private.jsonl").status_code == 403
