"""The real worker asks a real server: scored with its findings, silent three times, refused, or with a lost key."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from challenge.calls.operations_suite import summarise
from challenge.calls.records import CallSuite
from challenge.calls.states import EntryKind
from challenge.calls.suites import write_summary
from challenge.foundation.permits import Actor
from challenge.runs import operations, queries
from challenge.runs.failures import EFFECT_SENTENCES, READ_FOR_FREE, QuotaEffect
from challenge.runs.records import Run
from challenge.runs.records_papers import RunEvent
from challenge.runs.states import Outcome, RunState
from challenge.submissions.endpoint import key_context
from challenge.submissions.records import EndpointKey, Quota, QuotaEntry
from challenge.submissions.states import QuotaMove
from challenge.worker.round import evaluator
from evaluation import load_suite, pack_suite
from tests.cast import Cast
from tests.evaluation.endpoints.serving import KEY, Call, Served, chat, served
from tests.evaluation.remote.suites import TEXT, knows, label, number_in, suite_of
from tests.stage import stage_call, stage_submission, stage_team


@dataclass
class Asking:
    """A call that takes endpoints, one team's endpoint on this machine, and its run."""

    cast: Cast
    server: Served
    run_id: int
    captain: Actor
    seconds: int = 60
    """What asking may take."""

    def work(self) -> Run:
        """Let a worker that may ask this machine take up what waits; return the run as it is then."""
        hands = evaluator(self.cast.house)
        hands.executor = replace(
            hands.executor,
            hosts=frozenset({"127.0.0.1"}),
            private_endpoints=True,
            spending=replace(hands.executor.spending, seconds=self.seconds),
        )
        hands.runs_models = False  # no engine for models is needed
        assert hands.evaluate_next()
        with self.cast.house.database.reading() as session:
            return queries.run(session, self.run_id)

    def page(self) -> str:
        """Return the run's page as its team sees it."""
        return self.cast.browser(self.captain).get(f"/runs/{self.run_id}").get_data(as_text=True)

    def events(self) -> list[str]:
        """Return the log of the run."""
        with self.cast.house.database.reading() as session:
            return list(session.scalars(select(RunEvent.sentence).order_by(RunEvent.id)))

    def desert(self) -> None:
        """Let the lease run out, and the run be taken back."""
        self.cast.clock.advance(timedelta(seconds=6))
        with self.cast.house.database.transaction() as session:
            operations.sweep(session, now=self.cast.now)


@pytest.fixture
def asking(cast: Cast, tmp_path: Path) -> Iterator[Asking]:
    """An endpoint that knows the answers, handed in."""
    captain = cast.person("Ada")
    call = stage_call(cast, takes=EntryKind.MODEL, endpoints=True)
    team = stage_team(cast, call, "Alder Models", captain)
    suite = suite_of(tmp_path / "suite", TEXT)
    stored = cast.house.files.put(io.BytesIO(pack_suite(tmp_path / "suite")), limit=10**7)
    with served() as server:
        server.behave = knows
        facts = {"url": server.endpoint.url, "model": server.endpoint.model, "route": "chat"}
        submission = stage_submission(
            cast, team, captain, 1, entry=EntryKind.ENDPOINT, endpoint=facts, predictions_sha256=None,
            predictions_name="", predictions_size=0,
        )  # fmt: skip
        with cast.house.database.transaction() as session:
            row = session.scalars(select(CallSuite)).one()
            row.file_sha256, row.digest = stored.sha256, load_suite(cast.house.files.path(stored.sha256)).digest
            row.summary = write_summary(summarise(suite))
            sealed = cast.house.sealer.seal(KEY, context=key_context(submission.id))
            session.add(EndpointKey(submission_id=submission.id, sealed=sealed, sealed_at=cast.now))
            session.get_one(Quota, (team.id, "entry")).used += 1
            session.add(
                QuotaEntry(team_id=team.id, phase="entry", submission_id=submission.id, kind=QuotaMove.RESERVED, amount=1,
                           reason="accepted", at=cast.now)
            )  # fmt: skip
            session.flush()
            [run] = operations.open_runs(session, submission=submission, suites=[row], now=cast.now)
        yield Asking(cast, server, run.id, captain)


def test_an_endpoint_is_scored_and_what_was_seen_of_it_stands_on_the_page(asking: Asking) -> None:
    def turns_its_coat(call: Call) -> None:
        number = number_in(call)
        model = "tiny-1" if number < 10 else "tiny-2"
        call.handler.reply(chat(f"{label(number)}\n", model=model))

    asking.server.behave = turns_its_coat
    ended = asking.work()
    assert (ended.outcome, ended.attempts) == (Outcome.SCORED, 1), ended.problems
    page = asking.page()
    assert "name more than one model or version" in page.replace("&#39;", "'")
    assert f"tiny-1 at <code>{asking.server.endpoint.url}</code>" in page
    assert "What the model said" in page
    assert KEY not in page
    with asking.cast.house.database.reading() as session:
        result = queries.result_of(session, ended.id)
    assert result is not None
    assert json.loads(result.report)["tasks"][0]["score"] == "1.000000"
    said = asking.cast.browser(asking.captain).get(f"/runs/{ended.id}/outputs").get_data(as_text=True)
    assert "odd or even?" in said


def test_an_endpoint_that_does_not_answer_is_tried_again_before_it_is_the_teams_affair(asking: Asking) -> None:
    asking.server.behave, asking.seconds = lambda call: call.handler.reply({"error": {}}, status=400), 3
    for attempt in (1, 2):
        waiting = asking.work()
        assert (waiting.state, waiting.attempts) == (RunState.RUNNING, attempt)
        assert asking.events()[-1].endswith("It is tried again after a pause; what it answered is kept.")
        asking.desert()
    ended = asking.work()
    assert (ended.outcome, ended.attempts) == (Outcome.ENDPOINT_SILENT, 3)
    assert ended.quota_note == READ_FOR_FREE
    page = asking.page()
    assert "Endpoint without an answer" in page
    assert "What came of asking the endpoint" in page
    assert "of 20 items have no answer (" in page
    assert KEY not in page


def test_an_endpoint_that_was_never_reached_costs_its_team_nothing(asking: Asking) -> None:
    asking.server.server_close()
    asking.server.shutdown()
    asking.seconds = 3
    for _ in (1, 2):
        assert asking.work().state is RunState.RUNNING
        asking.desert()
    ended = asking.work()
    assert (ended.outcome, ended.attempts) == (Outcome.ENDPOINT_UNREACHED, 3)
    assert ended.quota_note == EFFECT_SENTENCES[QuotaEffect.GIVEN_BACK]
    page = asking.page()
    assert "it is down, or this platform has no way out to it" in page
    assert "the platform’s" in page


def test_an_endpoint_that_was_heard_once_is_silent_afterwards(asking: Asking) -> None:
    asking.server.behave = lambda call: call.handler.reply({"error": {}}, status=400)
    asking.work()
    asking.desert()
    asking.server.server_close()
    asking.server.shutdown()
    asking.work()
    asking.desert()
    assert asking.work().outcome is Outcome.ENDPOINT_SILENT


def test_a_wrong_key_ends_it_at_once(asking: Asking) -> None:
    asking.server.behave = lambda call: call.handler.reply({"error": {"message": KEY}}, status=401)
    ended = asking.work()
    assert (ended.outcome, ended.attempts, ended.quota_note) == (Outcome.ENDPOINT_REFUSED, 1, READ_FOR_FREE)
    assert KEY not in asking.page()


def test_a_key_that_cannot_be_opened_is_the_platforms_affair(asking: Asking) -> None:
    cast = asking.cast
    cast.house = replace(cast.house, settings=replace(cast.house.settings, secret_key="another"))
    ended = asking.work()
    assert ended.outcome is Outcome.ENGINE_FAILED
    assert "could not be opened" in ended.explanation
    assert "CHALLENGE_FORMER_SECRET_KEYS" in ended.problems[0]
    assert asking.server.seen == []
    assert "CHALLENGE_FORMER_SECRET_KEYS" not in asking.page()
