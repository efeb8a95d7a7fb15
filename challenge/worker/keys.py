"""Opens the key of an endpoint for as long as it is asked, and deletes those whose call is over."""

import logging

from challenge.runs.executors_job import EndpointJob
from challenge.runs.operations import Claim
from challenge.runs.operations_keys import delete_key_that_is_over
from challenge.runs.operations_trials import TrialClaim
from challenge.runs.queries_keys import keys_over
from challenge.runs.rules_trials import trial_key_context
from challenge.submissions.endpoint import key_context
from challenge.web.house import House

log = logging.getLogger(__name__)


class KeyGone(Exception):
    """Raised where the key of an endpoint was deleted while a round of it was asked for."""


def opened_for_trial(house: House, claim: TrialClaim) -> EndpointJob | None:
    """Return the endpoint of a trial with its key; None where a file is tried, SealBroken where it cannot be opened."""
    if claim.endpoint is None:
        return None
    key = house.sealer.open(claim.sealed_key, context=trial_key_context(claim.trial_id))
    return EndpointJob(**claim.endpoint, key=key, keep=f"trial-{claim.trial_id}")


def opened(house: House, claim: Claim) -> EndpointJob | None:
    """Return the endpoint of a run with its key; None where none is asked, SealBroken or KeyGone where none can be."""
    if claim.endpoint is None:
        return None
    if not claim.sealed_key:
        raise KeyGone
    key = house.sealer.open(claim.sealed_key, context=key_context(claim.submission_id))
    return EndpointJob(**claim.endpoint, key=key, keep=f"run-{claim.run_id}")


def delete_keys_that_are_over(house: House) -> int:
    """Delete every key that nobody needs any more, one in a transaction; return how many."""
    days, gone = house.settings.endpoint_key_days, 0
    with house.database.reading() as session:
        due = keys_over(session, now=house.clock.now(), days=days)
    for submission_id in due:
        with house.database.transaction() as session:
            gone += delete_key_that_is_over(session, submission_id=submission_id, days=days, now=house.clock.now())
    if gone:
        log.info("keys of endpoints deleted, their calls being over: %s", gone)
    return gone
