"""The real worker fetches from a real hub on this machine: to a scored run, through outages, deaths and hostile hubs."""

import io
import pickle
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from challenge.calls.records import CallSuite
from challenge.calls.states import EntryKind
from challenge.compliance import queries as compliance
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.permits import Actor
from challenge.runs import queries
from challenge.runs.states import Outcome
from challenge.submissions import queries_fetches
from challenge.submissions.fetch_endings import FREE, KEPT, RETURNED
from challenge.submissions.operations_hub import why_not_fetched
from challenge.submissions.records import Submission
from challenge.submissions.states import FetchOutcome, FetchState
from challenge.teams.records import Team
from challenge.worker.fetching import fetch_next
from challenge.worker.loop import work
from challenge.worker.round import evaluator
from tests.cast import Cast
from tests.challenge.runs.engines import until
from tests.challenge.runs.models import ModelScene, engine_or_skip, make_model, packed_model
from tests.challenge.submissions.hubs import fetch, handed_in, quota, with_hub
from tests.challenge.worker.deaths import WatchedWorker
from tests.evaluation.hub.serving import Served, served
from tests.evaluation.models.making import safetensors
from tests.stage import stage_call, stage_team

WEIGHTS = "model.safetensors"
LARGE = frozenset({WEIGHTS})
FILES = {
    "config.json": b'{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}',
    "README.md": b"---\nlicense: apache-2.0\n---\n# Tiny\n",
    WEIGHTS: safetensors({"w": np.arange(25_000, dtype="<f4")}),
}


@pytest.fixture(autouse=True)
def _needs_the_fetching_step() -> None:
    """Skip where the environment that fetches, or a machine that can hold it, is missing."""
    if why_not := why_not_fetched():
        pytest.skip(why_not)


@pytest.fixture
def team(cast: Cast) -> Team:
    """A team of a call that runs models; its suite has no files, so nothing is evaluated."""
    call = stage_call(cast, takes=EntryKind.MODEL)
    return stage_team(cast, call, "Alder Models", cast.person("Ada"))


@contextmanager
def hub_with(cast: Cast, files: dict[str, bytes] = FILES, **ill: Any) -> Iterator[Served]:
    """Serve files as a commit of a hub, from which the house fetches."""
    with served(files, large=LARGE, **ill) as hub:
        with_hub(cast, hub.hub.endpoint)
        yield hub


def ada(cast: Cast) -> Actor:
    """Return the captain."""
    return cast.person("Ada")


def left_in_the_folder(cast: Cast) -> list[Path]:
    """Return what lies where fetches are made."""
    return list((cast.house.settings.instance / "work").glob("run-*"))


def test_a_model_is_fetched_packed_and_kept_the_same_whoever_hands_it_in(cast: Cast, team: Team) -> None:
    with hub_with(cast, {**FILES, "pytorch_model.bin": b"\x80\x04"}) as hub:
        first = handed_in(cast, ada(cast), team)
        assert fetch_next(evaluator(cast.house))
        assert not fetch_next(evaluator(cast.house))
        second = handed_in(cast, ada(cast), team, number=2)
        assert fetch_next(evaluator(cast.house))
        asked = [path for _, path, _ in hub.seen if path.startswith("/api/")]
    one, two = fetch(cast, first), fetch(cast, second)
    assert len(asked) == 2, "what one team had fetched must not answer another's question"
    assert one.outcome is two.outcome is FetchOutcome.FETCHED, one.explanation
    assert one.package_sha256 == two.package_sha256 is not None
    assert (one.files, [file["name"] for file in one.left_out]) == (3, ["pytorch_model.bin"])
    with zipfile.ZipFile(cast.house.files.path(one.package_sha256)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
    assert left_in_the_folder(cast) == []


@pytest.mark.parametrize(
    ("files", "ill", "outcome", "words"),
    [
        (FILES, {"named": "f" * 40}, FetchOutcome.HUB_UNTRUE, "which was not asked"),
        (FILES, {"more": b"x"}, FetchOutcome.HUB_UNTRUE, "announced"),
        (FILES, {"spoil": lambda content: content[:-1] + b"?"}, FetchOutcome.HUB_UNTRUE, "not those of the commit"),
        (FILES, {"leads": "http://localhost:22/x"}, FetchOutcome.HUB_UNTRUE, "which is not allowed"),
        (FILES, {"leads": "file:///etc/passwd"}, FetchOutcome.HUB_UNTRUE, "which is not https"),
        (
            FILES,
            {"listed": {"README.md": {"rfilename": "../README.md"}}},
            FetchOutcome.HUB_UNTRUE,
            "leaves the model's folder",
        ),
        ({"README.md": b"#", "model.bin": b"x"}, {}, FetchOutcome.NO_WEIGHTS, "model.bin: files of this kind may hold"),
        ({**FILES, "vocab.txt": pickle.dumps({"a": 1}, protocol=4)}, {}, FetchOutcome.MODEL_REFUSED, "pickle"),
        (
            {**FILES, WEIGHTS: safetensors({"w": np.full(9, np.nan, dtype="<f4")})},
            {},
            FetchOutcome.MODEL_REFUSED,
            WEIGHTS,
        ),
        (
            {**FILES, WEIGHTS: safetensors({"w": np.zeros(1_300_000, dtype="<f4")})},
            {},
            FetchOutcome.TOO_LARGE,
            "more than the 5,000,000",
        ),
    ],
    ids=lambda one: "" if isinstance(one, dict) else str(one)[:40],
)
def test_what_is_hostile_or_unsound_reaches_the_team_as_a_clear_refusal(
    cast: Cast, team: Team, files: dict[str, bytes], ill: dict[str, Any], outcome: FetchOutcome, words: str
) -> None:
    with hub_with(cast, files, **ill):
        submission = handed_in(cast, ada(cast), team)
        work(cast.house, once=True)
    ended = fetch(cast, submission)
    assert (ended.outcome, ended.attempts) == (outcome, 1), ended.explanation
    assert words in ended.explanation
    assert str(cast.house.settings.instance) not in ended.explanation
    is_teams = outcome is not FetchOutcome.HUB_UNTRUE
    assert (quota(cast, submission), ended.quota_note) == (((0, 1), FREE) if is_teams else ((0, 0), RETURNED))
    with cast.house.database.reading() as session:
        assert queries.runs_of_submission(session, submission.id) == []
        assert compliance.examination_of(session, submission.id) is None
    assert left_in_the_folder(cast) == []
    assert not list(cast.house.settings.files.rglob("unfinished-*"))


def test_a_model_that_is_not_there_is_the_teams_affair(cast: Cast, team: Team) -> None:
    with hub_with(cast):
        submission = handed_in(cast, ada(cast), team, model="a-team/gated")
        work(cast.house, once=True)
    assert fetch(cast, submission).outcome is FetchOutcome.NOT_THERE
    assert "is the model public, not gated" in fetch(cast, submission).explanation


def test_a_hub_that_is_away_is_asked_again_and_costs_nothing(cast: Cast, team: Team) -> None:
    with hub_with(cast) as hub:
        address, port = hub.hub.endpoint, hub.server_port
    submission = handed_in(cast, ada(cast), team, hub=address)
    work(cast.house, once=True)
    away = fetch(cast, submission)
    assert (away.state, away.attempts) == (FetchState.WAITING, 1)
    assert "could not be asked" in away.explanation
    assert quota(cast, submission) == (1, 0)
    back = Served(FILES, large=LARGE, port=port)
    threading.Thread(target=back.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    assert not fetch_next(evaluator(cast.house)), "before its pause is over it is not asked"
    cast.clock.advance(away.not_before - cast.now)
    assert fetch_next(evaluator(cast.house))
    back.shutdown()
    back.server_close()
    assert (fetch(cast, submission).outcome, fetch(cast, submission).attempts) == (FetchOutcome.FETCHED, 2)


def test_a_machine_without_the_engine_takes_up_none_and_a_hub_that_is_no_longer_set_is_not_asked(
    cast: Cast, team: Team, tmp_path: Path
) -> None:
    with hub_with(cast) as hub:
        submission = handed_in(cast, ada(cast), team)
        without = replace(cast.house, settings=replace(cast.house.settings, engines=str(tmp_path / "none")))
        work(without, once=True)
        assert (fetch(cast, submission).state, fetch(cast, submission).attempts) == (FetchState.WAITING, 0)
        with cast.house.database.reading() as session:
            said = {each.name: each.trouble for each in queries_fetches.fetchers(session, since=cast.now)}
        assert "bin/engine install hub" in " ".join(said.values())
        elsewhere = replace(cast.house, settings=replace(cast.house.settings, hub="https://hub.example"))
        assert fetch_next(evaluator(elsewhere))
        assert hub.seen == []
    assert (fetch(cast, submission).state, fetch(cast, submission).attempts) == (FetchState.WAITING, 1)
    assert "does not fetch from" in fetch(cast, submission).explanation


def test_a_worker_that_is_asked_to_leave_hands_the_fetch_back(cast: Cast, team: Team) -> None:
    with hub_with(cast) as hub:
        submission = handed_in(cast, ada(cast), team)
        hands = replace(evaluator(cast.house), is_leaving=lambda: bool(hub.seen))
        assert fetch_next(hands)
    assert (fetch(cast, submission).state, fetch(cast, submission).attempts) == (FetchState.WAITING, 0)
    assert left_in_the_folder(cast) == []


def test_a_worker_killed_in_the_middle_leaves_the_fetch_to_the_next(cast: Cast, team: Team) -> None:
    slow = threading.Event()

    def content(whole: bytes) -> bytes:
        slow.wait(60)
        return whole

    with hub_with(cast, spoil=content) as hub:
        submission = handed_in(cast, ada(cast), team)
        settings = replace(cast.house.settings, lease_seconds=2)
        worker = WatchedWorker(settings)
        until(lambda: any("/resolve/" in path for _, path, _ in hub.seen), seconds=120)
        held = fetch(cast, submission)
        assert (held.state, held.attempts) == (FetchState.RUNNING, 1)
        worker.kill()
        worker.ended()
        slow.set()
        assert fetch(cast, submission).state is FetchState.RUNNING
        until(lambda: _lived(settings, cast, submission), seconds=120)
    ended = fetch(cast, submission)
    assert (ended.outcome, ended.attempts, ended.quota_note) == (FetchOutcome.FETCHED, 2, KEPT), ended.explanation


def _lived(settings: Any, cast: Cast, submission: Submission) -> bool:
    """Let a worker live until nothing waits; tell whether the fetch has ended by then."""
    if fetch(cast, submission).state is FetchState.ENDED:
        return True
    time.sleep(1)
    worker = WatchedWorker(settings)
    worker.ended()
    return fetch(cast, submission).state is FetchState.ENDED


def test_two_workers_at_once_fetch_different_models_and_each_once(cast: Cast, team: Team) -> None:
    with hub_with(cast) as hub:
        submissions = [handed_in(cast, ada(cast), team, number=number) for number in (1, 2)]
        workers = [threading.Thread(target=fetch_next, args=(evaluator(cast.house, worker=name),)) for name in "ab"]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(120)
        asked = [path for _, path, _ in hub.seen if path.startswith("/api/")]
    ended = [fetch(cast, submission) for submission in submissions]
    assert [(each.outcome, each.attempts) for each in ended] == [(FetchOutcome.FETCHED, 1)] * 2
    assert {each.worker for each in ended} == {"a", "b"}
    assert len(asked) == 2


@pytest.mark.slow
def test_a_model_of_a_hub_walks_all_the_way_to_its_scores(cast: Cast, tmp_path: Path) -> None:
    engine_or_skip()
    package = packed_model(make_model(tmp_path / "tiny"))
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    scene = ModelScene(cast, tmp_path, items=40)
    team, captain = scene.team("Alpha")
    with hub_with(cast, files):
        submission = handed_in(cast, captain, team)
        work(cast.house, once=True)
    with cast.house.database.reading() as session:
        [run] = queries.runs_of_submission(session, submission.id)
        examined = compliance.examination_of(session, submission.id)
        suite = session.get_one(CallSuite, run.suite_id)
    assert run.outcome is Outcome.SCORED, (run.explanation, run.problems)
    assert examined is not None
    assert examined.verdict is not LicenceVerdict.NEEDS_REVIEW or examined.reasons
    assert suite.takes is EntryKind.MODEL
    assert quota(cast, submission) == (1, 0)
    browser = cast.browser(captain)
    assert "Scored." in browser.get(f"/runs/{run.id}").get_data(as_text=True)
    assert "Fetched." in browser.get(f"/submissions/{submission.reference}").get_data(as_text=True)
    scene.numbers += 1
    uploaded, _ = scene.model(package, "Beta")
    work(cast.house, once=True)
    with cast.house.database.reading() as session:
        fetched_result, own_result = (queries.result_of(session, number) for number in (run.id, uploaded.id))
    assert fetched_result is not None
    assert own_result is not None
    assert fetched_result.report == own_result.report, "the same model, fetched and handed in, must score the same"
