"""Whatever happened to a run before all workers and readers went away: it ends, in bounded time, with a reason."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from challenge.foundation.permits import Refused
from challenge.runs import operations, queries
from challenge.runs.queries_queue import MOST_ATTEMPTS
from challenge.runs.states import MOVES, Outcome, RunState
from tests.challenge.runs.scene import LEASE, Scene

STEPS = st.lists(st.sampled_from(["claim", "beat", "stop", "cancel", "sweep", "pass"]), max_size=14)
_names = itertools.count(1)


class History:
    """One run, and the token of whoever took it last."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.token = scene, ""
        self.run, self.captain = scene.waiting(f"Fleet {next(_names)} of ships")

    def step(self, name: str) -> None:
        """Do one thing to the run, if it can be done now."""
        scene, now = self.scene, self.scene.cast.now
        if name == "pass":
            scene.cast.clock.advance(LEASE)
            return
        with scene.cast.house.database.transaction() as session:
            if name == "claim":
                claim = operations.claim(session, worker="w", lease=LEASE, now=now)
                self.token = claim.token if claim else self.token
            elif name == "beat":
                progress = {"done": 1, "total": 2, "doing": "topic", "lease": LEASE, "now": now}
                operations.beat(session, run_id=self.run.id, token=self.token, **progress)
            elif name == "stop":
                operations.stop(session, run_id=self.run.id, token=self.token, now=now)
            elif name == "sweep":
                operations.sweep(session, now=now)
            else:
                try:
                    run = queries.run(session, self.run.id)
                    operations.cancel(session, actor=self.captain, run=run, now=now)
                except Refused:
                    session.rollback()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_state_a_run_is_left_in_it_ends(scene: Scene, steps: list[str]) -> None:
    history = History(scene)
    for name in steps:
        history.step(name)
    # from now on every worker that takes the run dies at once
    for _ in range(MOST_ATTEMPTS):
        for name in ("claim", "pass", "sweep"):
            history.step(name)
    ended = scene.run(history.run.id)
    assert ended.state is RunState.ENDED
    assert ended.outcome in {Outcome.ABANDONED, Outcome.CANCELLED}
    assert ended.explanation
    assert scene.claim() is None


def test_every_state_but_the_last_can_be_left() -> None:
    assert {state for state in RunState if not MOVES[state]} == {RunState.ENDED}
    assert all(RunState.ENDED in MOVES[state] for state in RunState if state is not RunState.ENDED)
