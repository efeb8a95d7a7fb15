"""A team tries its endpoint: by the form's own fields, on the public part, within a small budget; the key goes after."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from challenge.calls.operations_suite import summarise
from challenge.calls.records import CallSuite
from challenge.calls.states import EntryKind
from challenge.calls.suites import write_summary
from challenge.commands.schema import metadata
from challenge.foundation.permits import Actor
from challenge.runs import operations_trials as trials
from challenge.runs import rules_trials
from challenge.runs.queries_queue import MOST_ATTEMPTS
from challenge.runs.records_trials import Trial
from challenge.runs.states import Outcome, RunState
from challenge.worker import trying
from challenge.worker.evaluating import Evaluator
from challenge.worker.round import evaluator
from evaluation import load_suite, pack_suite
from tests.cast import Browser, Cast
from tests.challenge.runs.scene import LEASE
from tests.evaluation.endpoints.serving import KEY, Served, served
from tests.evaluation.remote.suites import ITEMS, TEXT, knows, suite_of
from tests.stage import stage_call, stage_team

ADDRESS = "/calls/trial/trial"


@dataclass
class Trying:
    """A call that takes endpoints, a captain, and an endpoint on this machine."""

    cast: Cast
    server: Served
    captain: Actor

    def form(self, **changes: object) -> dict[str, object]:
        """Return the form, filled with an address that may be given; the worker is led to this machine later."""
        filled = {
            "suite": "small", "way": "endpoint", "endpoint_url": "https://models.example/v1",
            "endpoint_model": self.server.endpoint.model, "endpoint_route": "chat", "endpoint_key": KEY,
        }  # fmt: skip
        return {name: value for name, value in {**filled, **changes}.items() if value is not None}

    def send(self, browser: Browser, **changes: object) -> tuple[int, str]:
        """Send the form; return the status and the page."""
        browser.get(ADDRESS)
        answer = browser.post(ADDRESS, self.form(**changes))
        return answer.status_code, answer.get_data(as_text=True)

    def ask(self) -> None:
        """Ask for a trial and put this machine's address in the place of the one that was given."""
        assert self.send(self.cast.browser(self.captain))[0] == 303
        with self.cast.house.database.transaction() as session:
            trial = session.scalars(select(Trial)).one()
            trial.endpoint = {**(trial.endpoint or {}), "url": self.server.endpoint.url}

    def hands(self) -> Evaluator:
        """Return a worker that may ask this machine."""
        hands = evaluator(self.cast.house)
        hands.executor = replace(hands.executor, hosts=frozenset({"127.0.0.1"}), private_endpoints=True)
        hands.runs_models = False  # no engine for models is needed
        return hands

    def trial(self) -> Trial:
        """Return the trial as it is now."""
        with self.cast.house.database.reading() as session:
            return session.scalars(select(Trial)).one()


@pytest.fixture
def there(cast: Cast, tmp_path: Path) -> Iterator[Trying]:
    """A house that may ask models.example, and an endpoint that knows the answers."""
    settings = replace(cast.house.settings, endpoint_hosts="models.example")
    cast.app.extensions["house"] = cast.house = replace(cast.house, settings=settings)
    captain = cast.person("Ada")
    stage_team(cast, stage_call(cast, takes=EntryKind.MODEL, endpoints=True), "Alder Models", captain)
    suite = suite_of(tmp_path / "suite", TEXT)
    stored = cast.house.files.put(io.BytesIO(pack_suite(tmp_path / "suite")), limit=10**7)
    with cast.house.database.transaction() as session:
        row = session.scalars(select(CallSuite)).one()
        row.file_sha256, row.digest = stored.sha256, load_suite(cast.house.files.path(stored.sha256)).digest
        row.summary = write_summary(summarise(suite))
    with served() as server:
        server.behave = knows
        yield Trying(cast, server, captain)


def test_an_endpoint_is_tried_on_the_public_part_and_its_key_goes_with_the_end(there: Trying) -> None:
    there.ask()
    waiting = there.trial()
    assert (waiting.entry, waiting.file_sha256, waiting.sealed_key[:3]) == (EntryKind.ENDPOINT, "", "s1.")
    context = rules_trials.trial_key_context(waiting.id)
    assert there.cast.house.sealer.open(waiting.sealed_key, context=context) == KEY
    assert trying.try_next(there.hands())
    ended = there.trial()
    assert (ended.outcome, ended.sealed_key) == (Outcome.SCORED, ""), ended.problems
    assert len(there.server.seen) == ITEMS // 2 + 1, "the public part, and one of it again"
    page = there.cast.browser(there.captain).get("/trials/1").get_data(as_text=True)
    assert "1.0000" in page
    assert "odd or even?" in page
    assert "tiny-1 at https://models.example/v1" in page
    with there.cast.house.database.reading() as session:
        database = str([session.execute(select(table)).all() for table in metadata().sorted_tables])
    log = there.cast.browser(there.cast.auditor()).get("/audit.jsonl").get_data(as_text=True)
    assert "https://models.example/v1" in log
    for secret in (KEY, waiting.sealed_key):
        assert secret not in database + log + page


def test_a_trial_has_a_small_budget_of_its_own(there: Trying, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "TRIAL_REQUESTS", 4)
    there.ask()
    assert trying.try_next(there.hands())
    ended = there.trial()
    assert (ended.outcome, ended.sealed_key, len(there.server.seen)) == (Outcome.BUDGET_SPENT, "", 4)
    assert ended.explanation.startswith("The budget of 4 requests was spent")


def test_a_trial_never_takes_more_than_a_run_may(there: Trying) -> None:
    hands = there.hands()
    hands.executor = replace(hands.executor, spending=replace(hands.executor.spending, requests=5))
    there.ask()
    trying.try_next(hands)
    assert len(there.server.seen) == 5


def test_a_key_that_cannot_be_opened_ends_the_trial(there: Trying) -> None:
    there.ask()
    with there.cast.house.database.transaction() as session:
        session.scalars(select(Trial)).one().sealed_key = there.cast.house.sealer.seal(KEY, context="another")
    assert trying.try_next(there.hands())
    assert there.trial().outcome is Outcome.ENGINE_FAILED
    assert there.server.seen == []
    page = there.cast.browser(there.captain).get("/trials/1").get_data(as_text=True)
    assert "could not be opened" in page
    assert "CHALLENGE_FORMER_SECRET_KEYS" not in page


def test_a_trial_that_is_given_up_keeps_no_key(there: Trying) -> None:
    there.ask()
    for _ in range(MOST_ATTEMPTS):
        with there.cast.house.database.transaction() as session:
            assert trials.claim_trial(session, lease=LEASE, now=there.cast.now, models=False) is not None
        there.cast.clock.advance(2 * LEASE)
    with there.cast.house.database.transaction() as session:
        assert trials.give_up_trials(session, now=there.cast.now) == 1
    assert (there.trial().state, there.trial().sealed_key) == (RunState.ENDED, "")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"way": None}, "Choose one of the two ways."),
        ({"way": "package"}, "Choose the zip that holds your model."),
        ({"endpoint_url": "https://evil.example/v1"}, "The host evil.example is not on the list"),
        ({"endpoint_key": "short"}, "A key has 8 to 4,096 characters"),
    ],
    ids=str,
)
def test_what_will_not_do_is_refused_and_the_key_not_given_back(
    there: Trying, changes: dict[str, object], sentence: str
) -> None:
    status, page = there.send(there.cast.browser(there.captain), **changes)
    assert (status, sentence in page, KEY in page) == (422, True, False)
    with there.cast.house.database.reading() as session:
        assert session.scalars(select(Trial)).all() == []


def test_a_call_without_endpoints_offers_none(cast: Cast) -> None:
    settings = replace(cast.house.settings, endpoint_hosts="models.example")
    cast.app.extensions["house"] = replace(cast.house, settings=settings)
    stage_team(cast, stage_call(cast, takes=EntryKind.MODEL), "Alder Models", cast.person("Ada"))
    page = cast.browser(cast.person("Ada")).get(ADDRESS).get_data(as_text=True)
    assert 'name="file"' in page
    assert "endpoint_key" not in page


def test_the_database_keeps_no_key_of_a_trial_that_has_ended(there: Trying) -> None:
    there.ask()
    for change in ("state = 'ended', outcome = 'scored'", "endpoint = NULL", "entry = 'model'"):
        with pytest.raises(IntegrityError), there.cast.house.database.transaction() as session:
            session.execute(text(f"UPDATE trials SET {change}"))  # noqa: S608
