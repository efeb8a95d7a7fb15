"""Runs are handed out once, in turn, and taken back when deserted."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from challenge.foundation.audit import AuditLine, first_break
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Invalid, Refused
from challenge.runs import operations, queries, queries_queue
from challenge.runs.states import Outcome, RunState
from tests.challenge.runs.scene import LEASE, Scene


def test_a_submission_gets_one_run_on_each_suite_however_often_it_is_asked(scene: Scene) -> None:
    run, _ = scene.waiting()
    with scene.cast.house.database.transaction() as session:
        submission = queries.run_for(session, scene.cast.admin(), run.id).submission
        assert operations.open_runs(session, submission=submission, suites=[scene.suite], now=scene.cast.now) == []
        assert queries_queue.without_runs(session, limit=10) == []


def test_a_claim_says_all_that_an_evaluation_needs(scene: Scene) -> None:
    run, _ = scene.waiting()
    claim = scene.claim()
    assert claim is not None
    assert (claim.run_id, claim.reference, claim.attempt) == (run.id, "trial-0001", 1)
    assert claim.suite_sha256 == scene.suite.file_sha256
    assert scene.cast.house.files.has(claim.file_sha256)
    taken = scene.run(run.id)
    assert (taken.state, taken.worker, taken.lease_until) == (RunState.RUNNING, "w1", scene.cast.now + LEASE)


def test_teams_take_turns_also_with_a_single_worker(scene: Scene) -> None:
    big, boss = scene.team("Big")
    many = [scene.opened(scene.submission(big, boss)) for _ in range(4)]
    late, _ = scene.waiting("Late")
    order = []
    for _ in range(5):
        claim = scene.claim()
        assert claim is not None
        order.append(claim.run_id)
        scene.cast.clock.advance(timedelta(seconds=1))
        with scene.cast.house.database.transaction() as session:
            operations.report_failed(
                session, run_id=claim.run_id, token=claim.token, outcome=Outcome.ENGINE_FAILED, explanation="x",
                problems=(), now=scene.cast.now,
            )  # fmt: skip
    assert order == [many[0].id, late.id, many[1].id, many[2].id, many[3].id]


def test_a_team_with_a_run_at_work_comes_after_one_without(scene: Scene) -> None:
    big, boss = scene.team("Big")
    first, second = (scene.opened(scene.submission(big, boss)) for _ in range(2))
    other, _ = scene.waiting("Other")
    assert [claim.run_id for claim in (scene.claim("w1"), scene.claim("w2"), scene.claim("w3")) if claim] == [
        first.id, other.id, second.id,
    ]  # fmt: skip
    assert scene.claim("w4") is None


def test_positions_follow_the_turns(scene: Scene) -> None:
    big, boss = scene.team("Big")
    first, second = (scene.opened(scene.submission(big, boss)) for _ in range(2))
    other, _ = scene.waiting("Other")
    with scene.cast.house.database.reading() as session:
        places = [queries.position_of(session, run, now=scene.cast.now) for run in (first, second, other)]
    assert places == [1, 2, 3]
    scene.claim()
    with scene.cast.house.database.reading() as session:
        assert queries.position_of(session, scene.run(other.id), now=scene.cast.now) == 1
        assert queries.position_of(session, scene.run(first.id), now=scene.cast.now) is None


def test_a_beat_renews_the_lease_and_a_deserted_run_is_taken_again(scene: Scene) -> None:
    run, _ = scene.waiting()
    dead = scene.claim("dead")
    assert dead is not None
    scene.cast.clock.advance(LEASE - timedelta(seconds=1))
    beat = {"run_id": run.id, "done": 3, "total": 22, "doing": "topic", "lease": LEASE}
    with scene.cast.house.database.transaction() as session:
        assert operations.beat(session, token=dead.token, now=scene.cast.now, **beat)
    assert scene.claim("other") is None
    scene.cast.clock.advance(LEASE)
    alive = scene.claim("alive")
    assert alive is not None
    assert (alive.run_id, alive.attempt) == (run.id, 2)
    with scene.cast.house.database.transaction() as session:
        assert not operations.beat(session, token=dead.token, now=scene.cast.now, **beat)
        assert operations.beat(session, token=alive.token, now=scene.cast.now, **beat)


def test_the_sweeper_puts_a_deserted_run_back_and_gives_up_after_three_attempts(scene: Scene) -> None:
    run, captain = scene.waiting()
    for attempt in (1, 2, 3):
        claim = scene.claim(f"w{attempt}")
        assert claim is not None
        scene.cast.clock.advance(LEASE)
        with scene.cast.house.database.transaction() as session:
            assert operations.sweep(session, now=scene.cast.now)
        expected = RunState.WAITING if attempt < 3 else RunState.ENDED
        assert scene.run(run.id).state is expected
    ended = scene.run(run.id)
    assert (ended.outcome, ended.attempts, ended.token) == (Outcome.ABANDONED, 3, None)
    assert scene.claim() is None
    with scene.cast.house.database.reading() as session:
        team_id = queries.run_for(session, captain, run.id).team.id
        assert [letter.subject for letter in letters_of(session, captain.account_id or 0)] == [
            "trial-0001: given up after several attempts"
        ]
        assert first_break(session) is None
    assert scene.quota(team_id) == (0, 0)


def test_a_worker_that_leaves_puts_its_run_back_and_the_attempt_does_not_count(scene: Scene) -> None:
    run, _ = scene.waiting()
    claim = scene.claim()
    assert claim is not None
    with scene.cast.house.database.transaction() as session:
        assert operations.stop(session, run_id=run.id, token=claim.token, now=scene.cast.now)
        assert not operations.stop(session, run_id=run.id, token=claim.token, now=scene.cast.now)
    assert (scene.run(run.id).state, scene.run(run.id).attempts) == (RunState.WAITING, 0)


def test_a_waiting_run_is_cancelled_at_once_and_its_place_comes_back(scene: Scene) -> None:
    run, captain = scene.waiting()
    with scene.cast.house.database.transaction() as session:
        operations.cancel(session, actor=captain, run=run, now=scene.cast.now)
    ended = scene.run(run.id)
    assert (ended.outcome, ended.quota_note) == (
        Outcome.CANCELLED, "It does not count: its place in your quota is given back.",
    )  # fmt: skip
    assert scene.claim() is None


@pytest.mark.parametrize(("by_team", "note"), [(True, "It counts as one"), (False, "It does not count")])
def test_a_run_at_work_is_stopped_when_its_worker_next_speaks(scene: Scene, by_team: bool, note: str) -> None:
    run, captain = scene.waiting()
    claim = scene.claim()
    assert claim is not None
    who = captain if by_team else scene.cast.admin()
    with scene.cast.house.database.transaction() as session:
        operations.cancel(session, actor=who, run=run, now=scene.cast.now)
    assert scene.run(run.id).state is RunState.RUNNING
    with scene.cast.house.database.transaction() as session:
        lease = {"done": 1, "total": 2, "doing": "", "lease": LEASE, "now": scene.cast.now}
        assert not operations.beat(session, run_id=run.id, token=claim.token, **lease)
        assert operations.stop(session, run_id=run.id, token=claim.token, now=scene.cast.now)
    assert scene.run(run.id).outcome is Outcome.CANCELLED
    assert scene.run(run.id).quota_note.startswith(note)


def test_a_cancelled_run_whose_worker_died_ends_cancelled(scene: Scene) -> None:
    run, captain = scene.waiting()
    assert scene.claim() is not None
    with scene.cast.house.database.transaction() as session:
        operations.cancel(session, actor=captain, run=run, now=scene.cast.now)
    scene.cast.clock.advance(LEASE)
    assert scene.claim("other") is None
    with scene.cast.house.database.transaction() as session:
        operations.sweep(session, now=scene.cast.now)
    assert scene.run(run.id).outcome is Outcome.CANCELLED


def test_strangers_judges_and_auditors_cancel_nothing(scene: Scene) -> None:
    run, captain = scene.waiting()
    for who in (scene.cast.person("Stranger"), scene.cast.judge(), scene.cast.auditor()):
        with (
            pytest.raises(Refused, match="Only the team itself or an admin may cancel a run"),
            scene.cast.house.database.transaction() as session,
        ):
            operations.cancel(session, actor=who, run=run, now=scene.cast.now)
    with scene.cast.house.database.transaction() as session:
        operations.cancel(session, actor=captain, run=run, now=scene.cast.now)
    with (
        pytest.raises(Refused, match="This run has ended"),
        scene.cast.house.database.transaction() as session,
    ):
        operations.cancel(session, actor=captain, run=run, now=scene.cast.now)


def test_every_ending_has_one_line_in_the_log(scene: Scene) -> None:
    run, captain = scene.waiting()
    with scene.cast.house.database.transaction() as session:
        operations.cancel(session, actor=captain, run=run, now=scene.cast.now)
    with scene.cast.house.database.reading() as session:
        lines = session.query(AuditLine).filter(AuditLine.subject == f"run {run.id}").all()
    assert [(line.verb, line.actor_name) for line in lines] == [("end_run", "CaptainAlpha")]


@pytest.mark.parametrize(
    ("change", "law"),
    [
        ("outcome = 'scored'", "outcome_only_if_ended"),
        ("state = 'ended', ended_at = asked_at", "outcome_only_if_ended"),
        ("token = 'abc'", "leased_only_if_running"),
        ("state = 'running'", "leased_only_if_running"),
        ("cancel_asked_at = asked_at", "somebody_asked_to_cancel"),
        ("attempts = -1", "counts_of_a_run_are_not_negative"),
        ("state = 'lost'", "run_state_is_known"),
    ],
)
def test_the_database_itself_refuses_what_may_not_be(scene: Scene, change: str, law: str) -> None:
    run, _ = scene.waiting()
    with (
        pytest.raises(Exception, match=law),
        scene.cast.house.database.transaction() as session,
    ):
        session.execute(text(f"UPDATE runs SET {change} WHERE id = {run.id}"))  # noqa: S608


def test_rejudging_needs_an_admin_a_reason_and_something_to_do(scene: Scene) -> None:
    run, captain = scene.waiting()
    admin = scene.cast.admin()
    ask = {"call": scene.call, "suite": scene.suite, "now": scene.cast.now}
    with scene.cast.house.database.transaction() as session:
        with pytest.raises(Refused, match="Only an admin"):
            operations.rejudge(session, actor=captain, reason="The suite was mended.", **ask)
        with pytest.raises(Invalid, match="at least 10 characters"):
            operations.rejudge(session, actor=admin, reason="again", **ask)
        with pytest.raises(Invalid, match="No submission waits for another round"):
            operations.rejudge(session, actor=admin, reason="The suite was mended.", **ask)
    assert scene.run(run.id).state is RunState.WAITING


def test_rejudging_opens_one_further_round_and_leaves_quota_alone(scene: Scene) -> None:
    run, captain = scene.waiting()
    claim = scene.claim()
    assert claim is not None
    failed = {"outcome": Outcome.ENGINE_FAILED, "explanation": "It broke.", "problems": ()}
    with scene.cast.house.database.transaction() as session:
        operations.report_failed(session, run_id=run.id, token=claim.token, now=scene.cast.now, **failed)
    with scene.cast.house.database.transaction() as session:
        asked = {"actor": scene.cast.admin(), "call": scene.call, "suite": scene.suite, "now": scene.cast.now}
        assert operations.rejudge(session, reason="The engine was mended.", **asked) == 1
        with pytest.raises(Invalid):
            operations.rejudge(session, reason="The engine was mended.", **asked)
    again = scene.claim()
    assert again is not None
    second = scene.run(again.run_id)
    assert second.round == 2
    with (
        pytest.raises(Refused, match="The organiser asked for this round"),
        scene.cast.house.database.transaction() as session,
    ):
        operations.cancel(session, actor=captain, run=second, now=scene.cast.now)
    with scene.cast.house.database.transaction() as session:
        operations.report_failed(session, run_id=second.id, token=again.token, now=scene.cast.now, **failed)
        team_id = queries.run_for(session, captain, run.id).team.id
    assert scene.quota(team_id) == (0, 0)
    assert scene.run(second.id).quota_note == "This was a later round of evaluation; it changes nothing in your quota."
