"""Fetches models that were handed in by their commit: one in a round, with no transaction open meanwhile."""

import logging

from challenge.submissions import operations_fetches as fetches
from challenge.submissions import queries_fetches
from challenge.submissions.operations_fetches import FetchClaim
from challenge.submissions.operations_hub import Brought, bring, why_not_fetched
from challenge.submissions.states import FetchOutcome
from challenge.worker.evaluating import Evaluator
from challenge.worker.keeping import Far, Stopped, bring_ending, keeping
from challenge.worker.one_by_one import one_by_one

GIGABYTE = 10**9
log = logging.getLogger(__name__)


def fetch_next(hands: Evaluator) -> bool:
    """Fetch the model whose turn it is; False if none is due, or this machine cannot fetch any."""
    house, now = hands.house, hands.house.clock.now()
    if hands.is_leaving():
        return False
    with house.database.reading() as session:
        if session.scalar(queries_fetches.due(now).limit(1)) is None:
            return False
    if why_not_fetched(house.settings.engines):  # which the office reads, since the worker reports it
        return False
    with house.database.transaction() as session:
        claim = fetches.claim_fetch(session, worker=hands.worker, lease=hands.lease, now=now)
    if claim is None:
        return False
    log.info("fetch for %s: try %s, %s@%s", claim.reference, claim.attempt, claim.model, claim.commit)
    try:
        brought = _brought(hands, claim)
    except Stopped:
        with house.database.transaction() as session:
            fetches.hand_back_fetch(session, claim=claim, now=house.clock.now())
        return True
    bring_ending(
        hands,
        lambda session, now: fetches.end_fetch(session, claim=claim, brought=brought, now=now),
        what=f"fetch for {claim.reference}",
    )
    return True


def give_up_deserted_fetches(hands: Evaluator) -> int:
    """Deal with every fetch whose lease has ended, one after the other; return how many there were."""
    return one_by_one(hands.house, lambda session, now: fetches.sweep_fetches(session, now=now))


def _brought(hands: Evaluator, claim: FetchClaim) -> Brought:
    """Fetch, with the lease kept from beside; a hub that is no longer set is not asked."""
    settings = hands.house.settings
    if claim.hub != settings.hub:
        return Brought(FetchOutcome.ENGINE_MISSING, f"The platform does not fetch from {claim.hub} at present.")
    far = Far(hands)
    with keeping(
        far,
        lambda session, now: fetches.beat_fetch(
            session, claim=claim, done=far.done, total=far.total, doing=far.doing, lease=hands.lease, now=now
        ),
        what=f"fetch for {claim.reference}",
    ):
        return bring(
            hub=claim.hub,
            model=claim.model,
            commit=claim.commit,
            files=hands.house.files,
            folder=hands.executor.folder,
            largest=min(claim.limit, settings.hub_gigabytes * GIGABYTE),
            progress=far.hear,
        )
