"""A team tries its entry: a few times a day, after every run, on the public part, and nothing else ever meets it."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from challenge.calls.records import Call
from challenge.calls.states import CallState
from challenge.foundation.audit import AuditLine
from challenge.foundation.permits import Actor
from challenge.runs import operations_trials as trials
from challenge.runs.executors_local import Job
from challenge.runs.operations_results import Expected, ResultRefused, check_result
from challenge.runs.queries_queue import MOST_ATTEMPTS
from challenge.runs.records import Run
from challenge.runs.records_trials import Trial
from challenge.runs.rules_trials import TRIALS_A_DAY
from challenge.runs.states import Outcome, RunState
from challenge.submissions.records import Submission
from challenge.teams.records import Team
from challenge.worker.loop import work
from challenge.worker.trying import give_up_deserted, try_next
from tests.cast import Browser
from tests.challenge.runs.engines import go_on, real
from tests.challenge.runs.scene import LEASE, Scene, predictions
from tests.challenge.worker.hands import hands

ADDRESS = "/calls/trial/trial"


@pytest.fixture
def alpha(scene: Scene) -> tuple[Team, Actor]:
    """A team and its captain."""
    return scene.team("Alpha")


def try_out(browser: Browser, content: bytes = predictions(), suite: str = "small") -> object:
    """Send the form of a trial and return the answer."""
    browser.get(ADDRESS)
    return browser.post(ADDRESS, {"suite": suite, "file": (io.BytesIO(content), "mine.csv")})


def trial(scene: Scene, number: int = 1) -> Trial:
    """Return a trial as it is now."""
    with scene.cast.house.database.reading() as session:
        return session.get_one(Trial, number)


def test_a_trial_is_scored_on_the_public_part_and_takes_nothing(scene: Scene, alpha: tuple[Team, Actor]) -> None:
    team, captain = alpha
    browser = scene.cast.browser(captain)
    answer = try_out(browser)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/trials/1")
    assert "It waits for a worker that has no run to do." in browser.get("/trials/1").get_data(as_text=True)
    work(scene.cast.house, once=True)
    ended = trial(scene)
    assert (ended.state, ended.outcome, ended.token) == (RunState.ENDED, Outcome.SCORED, None), ended.problems
    assert {task["part"] for task in json.loads(ended.report)["tasks"]} == {"public"}
    page = browser.get("/trials/1").get_data(as_text=True)
    assert "1.0000" in page
    assert "private" not in page
    assert "It ended: scored." in page
    with scene.cast.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 0
        assert session.scalar(select(func.count()).select_from(Run)) == 0
        verbs = set(session.scalars(select(AuditLine.verb)))
    assert {"ask_trial", "end_trial"} <= verbs
    assert scene.quota(team.id) == (0, 0)


def test_what_is_wrong_is_told_and_costs_no_allowance(scene: Scene, alpha: tuple[Team, Actor]) -> None:
    browser = scene.cast.browser(alpha[1])
    try_out(browser, predictions({"t3": "maybe"}))
    work(scene.cast.house, once=True)
    assert trial(scene).outcome is Outcome.UNREADABLE
    assert "maybe" in browser.get("/trials/1").get_data(as_text=True)
    assert scene.quota(alpha[0].id) == (0, 0)


def test_a_team_tries_a_few_times_a_day(scene: Scene, alpha: tuple[Team, Actor]) -> None:
    browser = scene.cast.browser(alpha[1])
    for _ in range(TRIALS_A_DAY):
        assert try_out(browser).status_code == 303
    refused = try_out(browser)
    assert refused.status_code == 403
    assert f"has tried {TRIALS_A_DAY} times" in refused.get_data(as_text=True)
    assert f"has tried {TRIALS_A_DAY} times" in browser.get(ADDRESS).get_data(as_text=True)
    scene.cast.clock.advance(timedelta(hours=24))
    fresh = scene.cast.browser(alpha[1])
    assert try_out(fresh).status_code == 303


def test_only_the_team_and_the_office_see_a_trial(scene: Scene, alpha: tuple[Team, Actor]) -> None:
    try_out(scene.cast.browser(alpha[1]))
    rival = scene.cast.browser(scene.team("Beta")[1])
    assert rival.get("/trials/1").status_code == 404
    assert "Trial 1" not in rival.get(ADDRESS).get_data(as_text=True)
    assert scene.cast.browser(scene.cast.judge()).get("/trials/1").status_code == 404
    assert scene.cast.browser(scene.cast.auditor()).get("/trials/1").status_code == 200
    assert try_out(scene.cast.browser(scene.cast.person("Eve"))).status_code == 403


def test_trials_end_with_the_call(scene: Scene, alpha: tuple[Team, Actor]) -> None:
    scene.cast.clock.advance(timedelta(days=20))
    late = scene.cast.browser(alpha[1])
    answer = try_out(late)
    assert answer.status_code == 403
    assert "Trials are over." in answer.get_data(as_text=True)
    with scene.cast.house.database.transaction() as session:
        call = session.get_one(Call, scene.call.id)
        call.state, call.frozen_at = CallState.FROZEN, scene.cast.now
    assert try_out(late).status_code == 403


def test_a_form_that_is_not_whole_is_told_so(scene: Scene, alpha: tuple[Team, Actor]) -> None:
    browser = scene.cast.browser(alpha[1])
    assert try_out(browser, suite="another").status_code == 422
    assert try_out(browser, b"").status_code == 422
    zipped = try_out(browser, b"PK\x03\x04")
    assert zipped.status_code == 422
    assert "a zip archive" in zipped.get_data(as_text=True)
    large = try_out(browser, b"x" * 6_000_000)
    assert large.status_code == 413
    with scene.cast.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Trial)) == 0


def test_runs_come_first_and_a_trial_at_work_gives_way(scene: Scene, alpha: tuple[Team, Actor]) -> None:
    team, captain = alpha
    try_out(scene.cast.browser(captain))
    run = None

    def submit() -> None:
        nonlocal run
        run = run or scene.opened(scene.submission(team, captain))

    worker = hands(scene.cast, engine="time.sleep(30)\n", before=submit)
    assert try_next(worker)
    waiting = trial(scene)
    assert (waiting.state, waiting.attempts) == (RunState.WAITING, 0)
    assert "It gave way to a run" in waiting.events[-1][1]
    assert run is not None
    work(scene.cast.house, once=True)
    assert scene.run(run.id).outcome is Outcome.SCORED
    ended = trial(scene)
    assert ended.outcome is Outcome.SCORED
    assert ended.started_at is not None
    assert scene.run(run.id).outcome is Outcome.SCORED


def test_a_deserted_trial_is_taken_up_again_and_given_up_in_the_end(scene: Scene, alpha: tuple[Team, Actor]) -> None:
    try_out(scene.cast.browser(alpha[1]))
    first = None
    for attempt in range(MOST_ATTEMPTS):
        with scene.cast.house.database.transaction() as session:
            claim = trials.claim_trial(session, lease=LEASE, now=scene.cast.now, models=True)
        assert claim is not None
        first = first or claim
        assert trial(scene).attempts == attempt + 1
        scene.cast.clock.advance(LEASE)
    with scene.cast.house.database.transaction() as session:
        assert trials.claim_trial(session, lease=LEASE, now=scene.cast.now, models=True) is None
        ending = trials.TrialEnding(Outcome.ENGINE_FAILED)
        assert not trials.end_trial(session, claim=first, ending=ending, now=scene.cast.now), "it lost its lease"
    assert give_up_deserted(hands(scene.cast)) == 1
    assert trial(scene).outcome is Outcome.ABANDONED


def test_a_result_that_speaks_of_hidden_items_is_no_result_of_a_trial(job: Job, tmp_path: Path) -> None:
    finished = real(tmp_path).run(job, go_on)
    expected = Expected(job.suite, job.suite_digest, job.file_sha256, only_public=True)
    with pytest.raises(ResultRefused, match="rows, but the suite has"):
        check_result(finished.meta, finished.items, expected=expected)
