"""The key of an endpoint is kept as long as a run may need it, and no longer; what then cannot be done is said."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from challenge.calls.records import CallSuite
from challenge.calls.states import EntryKind
from challenge.commands.schema import metadata
from challenge.foundation.audit import AuditLine
from challenge.foundation.permits import PLATFORM, Actor, Invalid, Refused
from challenge.runs import operations, operations_keys, queries_queue
from challenge.runs.operations_endings import end
from challenge.runs.operations_queue import Claim
from challenge.runs.records import Run
from challenge.runs.rules_keys import KEY_GONE, NOT_CAPTAIN, NOT_YET, UNDER_WAY
from challenge.runs.states import Outcome, RunState
from challenge.submissions.endpoint import key_context
from challenge.submissions.records import EndpointKey, Submission
from challenge.teams.records import Membership, Team
from challenge.worker.keys import KeyGone, delete_keys_that_are_over, opened
from tests.cast import Cast
from tests.stage import stage_call, stage_submission, stage_team

KEY = "sk-kept-0123456789"
FACTS = {"url": "https://models.example/v1", "model": "alder-7b", "route": "chat"}
PAGE = "/runs/of/trial-0001/key"


@pytest.fixture
def ada(cast: Cast) -> Actor:
    """The captain."""
    return cast.person("Ada")


@pytest.fixture
def team(cast: Cast, ada: Actor) -> Team:
    """A team of a call that takes endpoints; judging ends in 60 days, access in 455."""
    call = stage_call(cast, takes=EntryKind.MODEL, endpoints=True)
    return stage_team(cast, call, "Alder Models", ada)


@pytest.fixture
def submission(cast: Cast, ada: Actor, team: Team) -> Submission:
    """An endpoint with its sealed key, whose run has not been opened."""
    found = stage_submission(
        cast, team, ada, 1, entry=EntryKind.ENDPOINT, endpoint=FACTS, predictions_sha256=None, predictions_name="",
        predictions_size=0,
    )  # fmt: skip
    sealed = cast.house.sealer.seal(KEY, context=key_context(found.id))
    with cast.house.database.transaction() as session:
        session.add(EndpointKey(submission_id=found.id, sealed=sealed, sealed_at=cast.now))
    return found


def open_run(cast: Cast, submission: Submission) -> int:
    """Open its run."""
    with cast.house.database.transaction() as session:
        suites = list(session.scalars(select(CallSuite)))
        [run] = operations.open_runs(session, submission=submission, suites=suites, now=cast.now)
    return run.id


def end_run(cast: Cast, run_id: int, outcome: Outcome) -> None:
    """Let a run end so."""
    with cast.house.database.transaction() as session:
        run = session.get_one(Run, run_id)
        run.state, run.token, run.lease_until, run.attempts = RunState.RUNNING, "t", cast.now, 1
        session.flush()
        end(session, run, actor=PLATFORM, outcome=outcome, explanation="As staged.", problems=(), now=cast.now)


def keys(cast: Cast) -> int:
    """Count the keys that are kept."""
    with cast.house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(EndpointKey)) or 0


def deed(cast: Cast) -> list[tuple[str, str]]:
    """Return who deleted keys, and why, as the log says."""
    with cast.house.database.reading() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.verb == "delete_endpoint_key"))
        return [(line.actor_name, line.particulars) for line in lines]


def delete(cast: Cast, who: Actor, submission: Submission) -> None:
    """Have the key deleted."""
    with cast.house.database.transaction() as session:
        operations_keys.delete_key(session, actor=who, submission=submission, now=cast.now)


def test_a_captain_deletes_the_key_on_a_page_that_says_what_that_means(
    cast: Cast, ada: Actor, submission: Submission
) -> None:
    end_run(cast, open_run(cast, submission), Outcome.SCORED)
    browser = cast.browser(ada)
    shown = browser.get("/submissions/trial-0001").get_data(as_text=True)
    assert f'href="{PAGE}"' in shown
    page = browser.get(PAGE).get_data(as_text=True)
    assert "Afterwards no run of this submission can be repeated" in page
    assert "31 May 2026" in page, "30 days after the judging"
    answer = browser.post(PAGE)
    assert answer.status_code == 422
    assert "Confirm this to delete it." in answer.get_data(as_text=True)
    assert keys(cast) == 1
    assert browser.post(PAGE, {"confirmed": "y"}).status_code == 303
    assert keys(cast) == 0
    [(name, particulars)] = deed(cast)
    assert (name, "the team asked for it" in particulars) == ("Ada", True)
    shown = browser.get("/submissions/trial-0001").get_data(as_text=True)
    assert "deleted: the endpoint cannot be asked again" in shown
    assert f'href="{PAGE}"' not in shown
    assert "The key was deleted." in browser.get(PAGE).get_data(as_text=True)
    assert browser.post(PAGE, {"confirmed": "y"}).status_code == 403


def test_a_key_that_a_run_may_need_stays(cast: Cast, ada: Actor, submission: Submission) -> None:
    with pytest.raises(Refused, match=NOT_YET):
        delete(cast, ada, submission)
    run = open_run(cast, submission)
    with pytest.raises(Refused, match=UNDER_WAY):
        delete(cast, ada, submission)
    assert UNDER_WAY in cast.browser(ada).get(PAGE).get_data(as_text=True)
    end_run(cast, run, Outcome.SCORED)
    delete(cast, ada, submission)


def test_only_the_captain_deletes_it(cast: Cast, submission: Submission) -> None:
    end_run(cast, open_run(cast, submission), Outcome.SCORED)
    ben = cast.person("Ben")
    with cast.house.database.transaction() as session:
        session.add(
            Membership(
                team_id=submission.team_id, account_id=ben.account_id, call_id=submission.call_id, is_captain=False,
                joined_at=cast.now,
            )
        )  # fmt: skip
    for who in (ben, cast.admin(), cast.person("Stranger")):
        with pytest.raises(Refused, match=NOT_CAPTAIN):
            delete(cast, who, submission)
    assert NOT_CAPTAIN.replace("'", "&#39;") in cast.browser(ben).get(PAGE).get_data(as_text=True)
    assert cast.browser(ben).post(PAGE, {"confirmed": "y"}).status_code == 403
    assert cast.browser(cast.person("Stranger")).get(PAGE).status_code == 404
    assert cast.browser().get(PAGE).status_code == 303
    assert keys(cast) == 1


def test_a_submission_without_an_endpoint_has_no_such_page(cast: Cast, ada: Actor, team: Team) -> None:
    stage_submission(cast, team, ada, 1)
    browser = cast.browser(ada)
    assert [browser.get(PAGE).status_code, browser.post(PAGE, {"confirmed": "y"}).status_code] == [404, 404]


def test_what_needs_the_key_says_that_it_is_gone(cast: Cast, ada: Actor, submission: Submission) -> None:
    run_id = open_run(cast, submission)
    end_run(cast, run_id, Outcome.ENGINE_FAILED)
    with cast.house.database.reading() as session:
        [line] = queries_queue.rejudge_lines(session, None)
    assert (line.runs, line.keyless) == (1, 0)
    delete(cast, ada, submission)
    admin = cast.admin()
    with cast.house.database.reading() as session:
        [line] = queries_queue.rejudge_lines(session, None)
    assert (line.runs, line.keyless) == (0, 1)
    assert KEY_GONE in cast.browser(admin).get(f"/runs/{run_id}").get_data(as_text=True)
    page = cast.browser(admin).get("/runs/rejudge").get_data(as_text=True)
    assert "1 endpoint left out: the key was deleted" in page
    with cast.house.database.transaction() as session, pytest.raises(Refused, match="was deleted"):
        run = session.get_one(Run, run_id)
        operations.retry(session, actor=admin, run=run, reason="The host was mended.", now=cast.now)
    with cast.house.database.transaction() as session, pytest.raises(Invalid, match="endpoints whose key was deleted"):
        call, suite = line.call, session.get_one(CallSuite, line.suite.id)
        operations.rejudge(session, actor=admin, call=call, suite=suite, reason="The suite was mended.", now=cast.now)


def test_rejudging_leaves_out_the_endpoint_without_a_key_alone(
    cast: Cast, ada: Actor, team: Team, submission: Submission
) -> None:
    end_run(cast, open_run(cast, submission), Outcome.SCORED)
    other = stage_submission(cast, team, ada, 2)
    end_run(cast, open_run(cast, other), Outcome.SCORED)
    delete(cast, ada, submission)
    admin = cast.admin()
    with cast.house.database.transaction() as session:
        [line] = queries_queue.rejudge_lines(session, None)
        suite = session.get_one(CallSuite, line.suite.id)
        asked = {"actor": admin, "call": line.call, "suite": suite, "reason": "The suite was mended."}
        assert operations.rejudge(session, now=cast.now, **asked) == 1  # type: ignore[arg-type]
        assert session.scalars(select(Run.submission_id).where(Run.round == 2)).all() == [other.id]


def test_a_worker_deletes_keys_once_their_call_is_over(cast: Cast, submission: Submission) -> None:
    waiting = open_run(cast, submission)
    cast.clock.advance(timedelta(days=60 + 30) - timedelta(seconds=1))
    assert delete_keys_that_are_over(cast.house) == 0, "not yet over"
    cast.clock.advance(timedelta(seconds=1))
    assert delete_keys_that_are_over(cast.house) == 0, "a run waits"
    end_run(cast, waiting, Outcome.SCORED)
    assert delete_keys_that_are_over(cast.house) == 1
    assert delete_keys_that_are_over(cast.house) == 0
    assert keys(cast) == 0
    [(name, particulars)] = deed(cast)
    assert (name, "its call is over since 30 days" in particulars) == (PLATFORM.name, True)


def test_the_days_are_a_setting(cast: Cast, submission: Submission) -> None:
    end_run(cast, open_run(cast, submission), Outcome.SCORED)
    cast.clock.advance(timedelta(days=60))
    house = replace(cast.house, settings=replace(cast.house.settings, endpoint_key_days=0))
    assert delete_keys_that_are_over(house) == 1


def test_a_round_that_was_asked_for_while_the_key_went_is_the_platforms_affair(cast: Cast) -> None:
    claim = Claim(
        run_id=1, token="t", attempt=1, submission_id=1, reference="trial-0001", suite_id=1, suite_digest="5" * 64,
        suite_sha256="0" * 64, entry=EntryKind.ENDPOINT, file_sha256="", file_size=0, summary="", endpoint=FACTS,
    )  # fmt: skip
    with pytest.raises(KeyGone):
        opened(cast.house, claim)


def test_no_table_and_no_page_of_the_log_holds_the_key_or_its_seal(
    cast: Cast, ada: Actor, submission: Submission
) -> None:
    with cast.house.database.reading() as session:
        sealed = session.get_one(EndpointKey, submission.id).sealed
    end_run(cast, open_run(cast, submission), Outcome.SCORED)
    delete(cast, ada, submission)
    with cast.house.database.reading() as session:
        database = str([session.execute(select(table)).all() for table in metadata().sorted_tables])
    log = cast.browser(cast.auditor()).get("/audit.jsonl").get_data(as_text=True)
    assert "delete_endpoint_key" in log
    for secret in (KEY, sealed):
        assert secret not in database + log
