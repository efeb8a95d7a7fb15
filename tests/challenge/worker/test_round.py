"""One round walks through the rooms in their order, so that each finds what the one before it has done."""

from datetime import timedelta

from sqlalchemy import select

from challenge.compliance import queries as compliance
from challenge.compliance.states import ExaminationState
from challenge.foundation.audit import AuditLine, audit_head
from challenge.foundation.outbox import Letter
from challenge.runs import queries as runs
from challenge.runs.states import Outcome, RunState
from challenge.standings import queries as standings
from challenge.submissions.records import Submission
from challenge.worker.round import do_whatever_waits, open_what_is_new
from tests.cast import Cast
from tests.challenge.calls.staging import SECRET, opened
from tests.challenge.runs.scene import LEASE, Scene
from tests.challenge.worker.hands import hands
from tests.stage import stage_submission, stage_team


def predictions() -> bytes:
    """Answer everything in the calls' small suite right."""
    topics = [f"topic,t{n},{'heron' if n % 3 else SECRET}" for n in range(12)]
    return "\n".join(["task,item,prediction", *topics, *(f"size,s{n},{n}.25" for n in range(8)), ""]).encode()


def handed_in(cast: Cast) -> Submission:
    """Hand one submission in to an open call with a real suite."""
    call, captain = opened(cast, cast.admin()), cast.person("Ada")
    return stage_submission(cast, stage_team(cast, call, "Alpha", captain), captain, 1, predictions=predictions())


def test_where_nothing_waits_a_round_does_nothing_and_writes_nothing(cast: Cast) -> None:
    before = _log_length(cast)
    assert do_whatever_waits(cast.house) == 0
    assert _log_length(cast) == before


def _log_length(cast: Cast) -> int:
    with cast.house.database.reading() as session:
        return audit_head(session)[0]


def test_one_round_brings_a_submission_from_the_door_to_the_board(cast: Cast) -> None:
    submission = handed_in(cast)
    # run and examination opened; examined; evaluated; two boards built; letters on licence and run
    assert do_whatever_waits(cast.house) == 2 + 1 + 1 + 2 + 2
    with cast.house.database.reading() as session:
        [run] = runs.runs_of_submission(session, submission.id)
        examination = compliance.examination_of(session, submission.id)
        boards = standings.boards_of_call(session, submission.call_id)
        board = standings.standing_of(session, boards[0])
        letters = session.scalars(select(Letter)).all()
    assert run.outcome is Outcome.SCORED
    assert examination is not None
    assert examination.state is ExaminationState.ENDED
    assert [one.version for one in boards] == [1, 1]
    assert board is not None
    assert [entry.entrant for entry in standings.ranking_of(board).entries] == [submission.reference]
    assert [letter.sent_at for letter in letters] == [cast.now, cast.now]
    assert do_whatever_waits(cast.house) == 0


def test_the_deeds_of_a_round_stand_in_the_log_in_the_order_of_the_rooms(cast: Cast) -> None:
    handed_in(cast)
    before = _log_length(cast)
    do_whatever_waits(cast.house)
    with cast.house.database.reading() as session:
        verbs = session.scalars(select(AuditLine.verb).where(AuditLine.number > before).order_by(AuditLine.number))
        assert list(verbs) == [
            "ask_examination", "open_runs", "examine", "end_run", "make_boards", "rebuild_board", "rebuild_board",
        ]  # fmt: skip


def test_what_is_new_is_opened_once(cast: Cast) -> None:
    submission = handed_in(cast)
    assert open_what_is_new(cast.house) == 2
    assert open_what_is_new(cast.house) == 0
    with cast.house.database.reading() as session:
        assert len(runs.runs_of_submission(session, submission.id)) == 1


def test_a_round_takes_deserted_runs_back_and_evaluates_them(scene: Scene) -> None:
    run, _ = scene.waiting()
    scene.claim("a worker that died")
    assert do_whatever_waits(scene.cast.house) > 0  # the examination and the boards
    assert scene.run(run.id).state is RunState.RUNNING
    scene.cast.clock.advance(LEASE)
    do_whatever_waits(scene.cast.house)
    assert (scene.run(run.id).outcome, scene.run(run.id).attempts) == (Outcome.SCORED, 2)


def test_boards_and_letters_do_not_wait_for_the_whole_queue(scene: Scene) -> None:
    waiting = [scene.waiting(name)[0] for name in ("Alpha", "Beta", "Gamma")]
    worker = hands(scene.cast, after=lambda: scene.cast.clock.advance(timedelta(seconds=11)))
    do_whatever_waits(scene.cast.house, hands=worker)
    assert [scene.run(run.id).state for run in waiting].count(RunState.WAITING) == 2
    with scene.cast.house.database.reading() as session:
        assert [board.version for board in standings.boards_of_call(session, scene.call.id)] == [1, 1]
        assert session.scalars(select(Letter).where(Letter.sent_at.is_(None))).all() == []


def test_a_run_that_was_deserted_three_times_is_given_up_in_the_next_round(scene: Scene) -> None:
    run, _ = scene.waiting()
    for _ in range(3):
        assert scene.claim("a worker that dies") is not None
        scene.cast.clock.advance(LEASE)
    do_whatever_waits(scene.cast.house)
    assert scene.run(run.id).outcome is Outcome.ABANDONED
