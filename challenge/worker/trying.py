"""Takes up trials where no run waits: the same executor, the public part alone, and less time."""

import io
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from challenge.calls.states import EntryKind
from challenge.foundation.sealing import SealBroken
from challenge.runs import operations_trials as trials
from challenge.runs.executors_endpoint import Spending
from challenge.runs.executors_folder import LARGEST_ITEMS
from challenge.runs.executors_job import Finished, Job
from challenge.runs.executors_local import LocalExecutor
from challenge.runs.executors_process import Progress
from challenge.runs.operations_papers import keep_papers
from challenge.runs.operations_results import (
    Expected,
    ResultRefused,
    SuiteError,
    check_result,
    endpoint_digest,
    model_digest,
)
from challenge.runs.operations_trials import TrialClaim, TrialEnding
from challenge.runs.queries_queue import in_turn
from challenge.runs.queries_trials import trials_in_turn
from challenge.runs.rules_trials import TRIAL_REQUESTS, TRIAL_SECONDS, TRIAL_TOKENS
from challenge.runs.states import Outcome
from challenge.web.house import House
from challenge.worker.evaluating import AWAY, Evaluator
from challenge.worker.keys import opened_for_trial
from challenge.worker.one_by_one import one_by_one
from challenge.worker.telling import Telling

CHECKING = timedelta(minutes=10)
"""So long a result may be looked at without a word."""

log = logging.getLogger(__name__)


def try_next(hands: Evaluator) -> bool:
    """Take up the trial whose turn it is; False if there is none."""
    house, now = hands.house, hands.house.clock.now()
    with house.database.reading() as session:
        if session.scalar(trials_in_turn(now, models=hands.runs_models).limit(1)) is None:
            return False
    with house.database.transaction() as session:
        claim = trials.claim_trial(session, lease=hands.lease, now=now, models=hands.runs_models)
    if claim is None:
        return False
    is_model = claim.entry is not EntryKind.PREDICTIONS
    telling = Telling(claim.summary, is_model=is_model, only_public=is_model)
    try:
        try:
            job = _job(hands, claim)
        except SealBroken as error:
            finished = Finished(Outcome.ENGINE_FAILED, "The key of the endpoint could not be opened.", (str(error),))
        else:
            executor = _small(hands.executor)
            finished = executor.run(job, lambda progress: _beat(hands, claim, progress, telling))
        _report(hands, claim, finished)
    except AWAY:
        # the machine or the database failed, not the entry: the lease runs out and the trial is tried again
        log.exception("trial %s: this machine could not evaluate it", claim.trial_id)
    return True


def _small(executor: LocalExecutor) -> LocalExecutor:
    """Return the executor with what a trial may take, where a run may take more."""
    bounds, most = executor.model_bounds, executor.spending
    spending = Spending(
        min(most.requests, TRIAL_REQUESTS), min(most.tokens, TRIAL_TOKENS), min(most.seconds, TRIAL_SECONDS)
    )
    return replace(
        executor, model_bounds=replace(bounds, seconds=min(bounds.seconds, TRIAL_SECONDS)), spending=spending
    )


def give_up_deserted(hands: Evaluator) -> int:
    """End the trials that were deserted too often; return how many."""
    with hands.house.database.transaction() as session:
        return trials.give_up_trials(session, now=hands.house.clock.now())


def forget_old_trials(house: House) -> int:
    """Let go of what came of trials that ended long ago, one in a transaction; return how many."""
    days = house.settings.trial_days
    return one_by_one(house, lambda session, now: trials.forget_trial(session, days=days, now=now))


def _job(hands: Evaluator, claim: TrialClaim) -> Job:
    files = hands.house.files
    return Job(
        reference=f"trial {claim.trial_id}",
        suite=files.path(claim.suite_sha256),
        suite_sha256=claim.suite_sha256,
        suite_digest=claim.suite_digest,
        file=files.path(claim.file_sha256) if claim.file_sha256 else Path(),
        file_sha256=claim.file_sha256,
        entry=claim.entry,
        only_public=True,
        endpoint=opened_for_trial(hands.house, claim),
    )


def _beat(hands: Evaluator, claim: TrialClaim, progress: Progress, telling: Telling) -> bool:
    """Say how far a trial is; answer False, so that it stops, where a run waits or the worker leaves."""
    if hands.is_leaving():
        return False
    now, sentences = hands.house.clock.now(), telling.hear(progress)
    try:
        with hands.house.database.transaction() as session:
            heard = trials.beat_trial(
                session, claim=claim, done=progress.done, total=progress.total, lease=hands.lease, now=now,
                sentences=sentences,
            )  # fmt: skip
            return heard and session.scalar(in_turn(now, models=hands.runs_models).limit(1)) is None
    except AWAY as error:
        log.warning("trial %s: a beat was not heard, the evaluation goes on: %s", claim.trial_id, error)
        return True


def _report(hands: Evaluator, claim: TrialClaim, finished: Finished) -> None:
    house = hands.house
    if finished.outcome is None:
        log.warning("trial %s: no verdict, to be tried again: %s", claim.trial_id, finished.explanation)
        return
    if finished.outcome is Outcome.CANCELLED:
        with house.database.transaction() as session:
            trials.give_way(session, claim=claim, now=house.clock.now())
        return
    with house.database.transaction() as session:  # looking at a result may take longer than a lease
        trials.beat_trial(session, claim=claim, done=0, total=0, lease=CHECKING, now=house.clock.now())
    ending = _ending(hands, claim, finished)
    with house.database.transaction() as session:
        if not trials.end_trial(session, claim=claim, ending=ending, now=house.clock.now()):
            log.warning("trial %s: another worker holds it by now; this result is dropped", claim.trial_id)


def _entry_digest(hands: Evaluator, claim: TrialClaim) -> str:
    """Return the digest that a report must name."""
    if claim.endpoint is not None:
        return endpoint_digest(claim.endpoint)
    if claim.entry is EntryKind.MODEL:
        return model_digest(hands.house.files.path(claim.file_sha256))
    return claim.file_sha256


def _ending(hands: Evaluator, claim: TrialClaim, finished: Finished) -> TrialEnding:
    """Look at a result as at anything that came from outside, and keep what it brings."""
    files, outcome = hands.house.files, finished.outcome or Outcome.ENGINE_FAILED
    if outcome is not Outcome.SCORED:
        return TrialEnding(outcome, finished.explanation, finished.problems, papers=_kept(hands, finished))
    try:
        expected = Expected(
            suite=files.path(claim.suite_sha256),
            suite_digest=claim.suite_digest,
            entry_digest=_entry_digest(hands, claim),
            only_public=True,
        )
        intervals = check_result(finished.meta, finished.items, expected=expected)
    except ResultRefused as error:
        log.exception("trial %s: the result is refused", claim.trial_id)
        return TrialEnding(Outcome.ENGINE_FAILED, "The engine left no usable result.", (str(error),))
    except SuiteError as error:
        return TrialEnding(Outcome.SUITE_BROKEN, "The engine cannot use the suite.", (str(error),))
    items = files.put(io.BytesIO(finished.items), limit=LARGEST_ITEMS)
    return TrialEnding(
        outcome,
        "The trial is complete.",
        report=finished.meta.decode(),
        intervals=intervals,
        items_sha256=items.sha256,
        papers=_kept(hands, finished),
    )


def _kept(hands: Evaluator, finished: Finished) -> dict[str, str]:
    """Put what the engine left into the store; return the SHA-256 by name, without what is empty."""
    price = hands.house.settings.eur_per_cpu_hour
    kept = keep_papers(hands.house.files, finished.papers, eur_per_cpu_hour=price)
    return {name: stored.sha256 for name, stored in kept.files.items() if stored.size}
