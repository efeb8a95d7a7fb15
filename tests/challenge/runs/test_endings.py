"""A run ends once, says so to the team, and moves the quota as its class says."""

import io
import json

import pytest

from challenge.foundation.outbox import letters_of
from challenge.runs import failures, operations, queries
from challenge.runs.failures import Owner, QuotaEffect
from challenge.runs.records import Result
from challenge.runs.states import Outcome, RunState
from challenge.submissions.records import Quota, QuotaEntry
from tests.challenge.runs.scene import LEASE, Scene

META = json.dumps({"tasks": [], "notes": []}).encode()


def _claimed(scene: Scene, name: str = "Alpha") -> operations.Claim:
    scene.waiting(name)
    claim = scene.claim()
    assert claim is not None
    return claim


def _report(scene: Scene, claim: operations.Claim, *, token: str = "", meta: bytes = META) -> bool:
    items = scene.cast.house.files.put(io.BytesIO(b"rows"), limit=100)
    with scene.cast.house.database.transaction() as session:
        return operations.report_scored(
            session, run_id=claim.run_id, token=token or claim.token, report_bytes=meta, items=items, now=scene.cast.now
        )


def _fail(scene: Scene, claim: operations.Claim, outcome: Outcome) -> bool:
    with scene.cast.house.database.transaction() as session:
        return operations.report_failed(
            session, run_id=claim.run_id, token=claim.token, outcome=outcome, explanation="As staged.",
            problems=("Line 2: mend it.",), now=scene.cast.now,
        )  # fmt: skip


def test_every_outcome_has_its_class_and_no_class_is_without_outcome() -> None:
    assert set(failures.CLASSES) == {outcome.value for outcome in Outcome}
    platform = {word for word, kind in failures.CLASSES.items() if kind.owner is not Owner.TEAM}
    charged = {word for word, kind in failures.CLASSES.items() if kind.effect is not QuotaEffect.GIVEN_BACK}
    assert not platform & charged, "a team pays for the fault of another"


def test_the_same_report_twice_changes_nothing(scene: Scene) -> None:
    claim = _claimed(scene)
    assert _report(scene, claim)
    before = scene.run(claim.run_id)
    assert _report(scene, claim)
    with scene.cast.house.database.reading() as session:
        assert session.query(Result).count() == 1
    after = scene.run(claim.run_id)
    assert (after.ended_at, after.outcome) == (before.ended_at, Outcome.SCORED)


def test_another_report_after_the_first_is_refused(scene: Scene) -> None:
    claim = _claimed(scene)
    assert _report(scene, claim)
    assert not _report(scene, claim, meta=b'{"tasks": [], "notes": [1]}')
    assert not _fail(scene, claim, Outcome.ENGINE_FAILED)
    assert scene.run(claim.run_id).outcome is Outcome.SCORED


def test_a_worker_that_lost_its_lease_is_refused(scene: Scene) -> None:
    zombie = _claimed(scene)
    scene.cast.clock.advance(LEASE)
    heir = scene.claim("heir")
    assert heir is not None
    assert heir.run_id == zombie.run_id
    assert not _report(scene, zombie)
    assert not _fail(scene, zombie, Outcome.UNREADABLE)
    with scene.cast.house.database.transaction() as session:
        assert not operations.stop(session, run_id=zombie.run_id, token=zombie.token, now=scene.cast.now)
    assert scene.run(zombie.run_id).state is RunState.RUNNING
    assert _report(scene, heir)


def test_a_result_for_a_run_that_is_to_be_cancelled_is_not_taken(scene: Scene) -> None:
    claim, admin = _claimed(scene), scene.cast.admin()
    with scene.cast.house.database.transaction() as session:
        operations.cancel(session, actor=admin, run=queries.run(session, claim.run_id), now=scene.cast.now)
    assert not _report(scene, claim)
    with scene.cast.house.database.reading() as session:
        assert session.query(Result).count() == 0


def test_a_run_cannot_be_called_scored_without_a_report(scene: Scene) -> None:
    claim = _claimed(scene)
    with pytest.raises(ValueError, match="scored by its report"):
        _fail(scene, claim, Outcome.SCORED)


@pytest.mark.parametrize(
    ("outcome", "used", "failed", "moves"),
    [
        (Outcome.SCORED, 1, 0, ["reserved"]),
        (Outcome.UNREADABLE, 0, 1, ["reserved", "failed", "returned"]),
        (Outcome.TIMED_OUT, 1, 0, ["reserved"]),
        (Outcome.OUT_OF_MEMORY, 1, 0, ["reserved"]),
        (Outcome.SUITE_BROKEN, 0, 0, ["reserved", "returned"]),
        (Outcome.FILE_LOST, 0, 0, ["reserved", "returned"]),
        (Outcome.ENGINE_FAILED, 0, 0, ["reserved", "returned"]),
        (Outcome.ABANDONED, 0, 0, ["reserved", "returned"]),
        (Outcome.MODEL_REFUSED, 0, 1, ["reserved", "failed", "returned"]),
        (Outcome.NOT_LOADABLE, 0, 1, ["reserved", "failed", "returned"]),
        (Outcome.GATE_FAILED, 1, 0, ["reserved"]),
        (Outcome.ENGINE_MISSING, 0, 0, ["reserved", "returned"]),
    ],
)
def test_the_quota_moves_as_the_class_says(
    scene: Scene, outcome: Outcome, used: int, failed: int, moves: list[str]
) -> None:
    claim = _claimed(scene)
    assert _report(scene, claim) if outcome is Outcome.SCORED else _fail(scene, claim, outcome)
    captain = scene.cast.person("CaptainAlpha")
    with scene.cast.house.database.reading() as session:
        team = queries.run_for(session, captain, claim.run_id).team
        ledger = session.query(QuotaEntry).filter_by(team_id=team.id).order_by(QuotaEntry.id).all()
        [letter] = letters_of(session, captain.account_id or 0)
    assert scene.quota(team.id) == (used, failed)
    assert [entry.kind.value for entry in ledger] == moves
    assert sum(entry.amount for entry in ledger) == used
    assert scene.run(claim.run_id).quota_note in letter.body
    assert failures.class_of(outcome).remedy in letter.body


def test_an_unreadable_file_counts_once_the_allowance_is_used_up(scene: Scene) -> None:
    claim = _claimed(scene)
    captain = scene.cast.person("CaptainAlpha")
    with scene.cast.house.database.transaction() as session:
        team = queries.run_for(session, captain, claim.run_id).team
        quota = session.get_one(Quota, (team.id, "entry"))
        quota.failed = quota.failures_allowed
    _fail(scene, claim, Outcome.UNREADABLE)
    assert scene.quota(team.id)[0] == 1
    assert scene.run(claim.run_id).quota_note == failures.READ_AT_A_PRICE


def test_the_official_result_is_the_newest_that_tells_of_the_submission(scene: Scene) -> None:
    claim = _claimed(scene)
    _report(scene, claim)
    asked = {"actor": scene.cast.admin(), "call": scene.call, "suite": scene.suite}

    def another_round(outcome: Outcome) -> int:
        with scene.cast.house.database.transaction() as session:
            operations.rejudge(session, reason="The suite was mended.", now=scene.cast.now, **asked)
        again = scene.claim()
        assert again is not None
        assert (
            _report(scene, again, meta=b'{"tasks":[],"notes":[2]}')
            if outcome is Outcome.SCORED
            else _fail(scene, again, outcome)
        )
        return again.run_id

    def official() -> int:
        with scene.cast.house.database.reading() as session:
            [(_submission, run, _result)] = queries.official_results(session, scene.suite.id)
            return run.id

    assert official() == claim.run_id
    another_round(Outcome.ENGINE_FAILED)
    assert official() == claim.run_id, "a fault of the platform took a score away"
    third = another_round(Outcome.SCORED)
    assert official() == third
    with scene.cast.house.database.reading() as session:
        assert session.query(Result).count() == 2
