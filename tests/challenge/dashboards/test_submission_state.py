"""What a desk says of a submission is a fold over all its runs: scored only where every suite scored it."""

import itertools

import pytest

from challenge.calls.records import Call, CallSuite
from challenge.runs.queries import speaking_runs
from challenge.runs.records import Run
from challenge.runs.states import Outcome, RunState
from challenge.submissions.records import Submission
from tests.cast import Cast
from tests.stage import SUITE_SUMMARY, stage_call, stage_submission, stage_team

Rounds = tuple[RunState | Outcome, ...]
WAITING, RUNNING, SCORED = RunState.WAITING, RunState.RUNNING, Outcome.SCORED
UNREADABLE, BROKEN, CANCELLED = Outcome.UNREADABLE, Outcome.ENGINE_FAILED, Outcome.CANCELLED


def stage_two_suites(cast: Cast) -> tuple[Call, Submission]:
    """Set up a call that measures by two suites, and a submission to it."""
    call = stage_call(cast)
    with cast.house.database.transaction() as session:
        session.add(
            CallSuite(
                call_id=call.id, key="large", title="Large suite", digest="6" * 64, file_sha256="0" * 64,
                starter_sha256="0" * 64, summary=str(SUITE_SUMMARY), added_at=cast.now,
            )
        )  # fmt: skip
    ada = cast.person("Ada")
    return call, stage_submission(cast, stage_team(cast, call, "Alder", ada), ada, 1)


def spoken(cast: Cast, *suites: Rounds) -> str:
    """Return what is said of a submission whose runs, suite by suite and round by round, stand as given."""
    call, submission = stage_two_suites(cast)
    with cast.house.database.transaction() as session:
        known = session.query(CallSuite).filter_by(call_id=call.id).order_by(CallSuite.id).all()
        for round_, states in enumerate(itertools.zip_longest(*suites), start=1):
            for suite, state in zip(known, states, strict=False):
                if state is not None:
                    session.add(_run(cast, submission, suite, round_, state))
    with cast.house.database.reading() as session:
        speaks = speaking_runs(session, [submission.id]).get(submission.id)
    desk = cast.browser(cast.person("Ada")).get("/desk").get_data(as_text=True)
    word = str(speaks.outcome or speaks.state) if speaks else "waiting"
    assert f"Evaluation of trial-0001: {word.replace('_', ' ')}" in desk or speaks is None
    return word


def _run(cast: Cast, submission: Submission, suite: CallSuite, round_: int, state: RunState | Outcome) -> Run:
    ended, running = isinstance(state, Outcome), state is RunState.RUNNING
    return Run(
        submission_id=submission.id, suite_id=suite.id, suite_digest=suite.digest, round=round_,
        state=RunState.ENDED if ended else state, outcome=state if ended else None, attempts=int(ended or running),
        asked_at=cast.now, ended_at=cast.now if ended else None, token="t" if running else None,
        lease_until=cast.now if running else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("suites", "word"),
    [
        (((SCORED,), (SCORED,)), "scored"),
        (((UNREADABLE,), (SCORED,)), "unreadable"),
        (((SCORED,), (UNREADABLE,)), "unreadable"),
        (((UNREADABLE,), (UNREADABLE,)), "unreadable"),
        (((SCORED,), (WAITING,)), "waiting"),
        (((RUNNING,), (SCORED,)), "running"),
        (((WAITING,), (UNREADABLE,)), "unreadable"),
        (((SCORED, BROKEN), (SCORED,)), "scored"),
        (((BROKEN, SCORED), (SCORED,)), "scored"),
        (((SCORED, UNREADABLE), (SCORED,)), "unreadable"),
        (((SCORED, WAITING), (SCORED,)), "waiting"),
        (((BROKEN, CANCELLED), (SCORED,)), "cancelled"),
        (((), ()), "waiting"),
    ],
)
def test_a_submission_is_as_far_as_the_least_of_its_runs(cast: Cast, suites: tuple[Rounds, ...], word: str) -> None:
    assert spoken(cast, *suites) == word


@pytest.mark.parametrize("failed", [one for one in Outcome if one is not SCORED])
def test_a_submission_whose_runs_all_failed_is_never_called_scored(cast: Cast, failed: Outcome) -> None:
    assert spoken(cast, (failed,), (failed,)) == failed.value
