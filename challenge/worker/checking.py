"""Looks at releases: one in a round, with no transaction open meanwhile; and asks for further looks in time."""

import logging

from challenge.awards import operations_checks as checks
from challenge.awards import queries_checks
from challenge.awards.operations_checks import CheckClaim
from challenge.awards.operations_look import Looked, Sight, look_at
from challenge.awards.watch import Watch
from challenge.submissions.operations_hub import why_not_fetched
from challenge.web.house import House
from challenge.worker.evaluating import Evaluator
from challenge.worker.fetching import GIGABYTE
from challenge.worker.keeping import Far, Stopped, bring_ending, keeping
from challenge.worker.one_by_one import one_by_one
from evaluation.publications.looking import Registry

log = logging.getLogger(__name__)


def check_next(hands: Evaluator, registry: Registry | None = None) -> bool:
    """Take the look whose turn it is; False if none is due, or this machine can take none of those that are.

    `registry` is where DOIs are looked up; None where nobody is asked.
    """
    house, now = hands.house, hands.house.clock.now()
    if hands.is_leaving():
        return False
    with house.database.reading() as session:
        if session.scalar(queries_checks.due(now, hubs=True).limit(1)) is None:
            return False
    hubs = not why_not_fetched(house.settings.engines)
    with house.database.transaction() as session:
        claim = checks.claim_check(session, worker=hands.worker, lease=hands.lease, now=now, hubs=hubs)
    if claim is None:
        return False
    log.info("release of award %s: look %s, try %s", claim.award_id, claim.check_id, claim.attempt)
    try:
        looked = _looked(hands, claim, registry)
    except Stopped:
        with house.database.transaction() as session:
            checks.hand_back_check(session, claim=claim, now=house.clock.now())
        return True
    bring_ending(
        hands,
        lambda session, now: checks.end_check(session, claim=claim, looked=looked, now=now),
        what=f"release of award {claim.award_id}",
    )
    return True


def give_up_deserted_checks(hands: Evaluator) -> int:
    """Deal with every look whose lease has ended, one after the other; return how many there were."""
    return one_by_one(hands.house, lambda session, now: checks.sweep_checks(session, now=now))


def ask_for_looks(house: House) -> int:
    """Ask for a look at every release that is to be looked at again by now; return how many there were."""
    watch = Watch(house.settings.release_check_days, house.settings.release_watch_days)
    now, done = house.clock.now(), 0
    with house.database.reading() as session:
        due = queries_checks.to_be_looked_at(session, watch=watch, now=now)
    for obligation_id in due:
        with house.database.transaction() as session:
            done += checks.ask_again(session, obligation_id=obligation_id, watch=watch, now=now)
    return done


def _looked(hands: Evaluator, claim: CheckClaim, registry: Registry | None) -> Looked:
    """Look, with the lease kept from beside; a hub that is no longer set is not asked."""
    settings, files = hands.house.settings, hands.house.files
    if claim.hub is not None and claim.hub["hub"] != settings.hub:
        sentence = f"The platform does not fetch from {claim.hub['hub']} at present."
        return Looked(explanations=[sentence], is_unknown=True, is_passing=True)
    sight = Sight(
        hub=claim.hub,
        sha256=claim.sha256,
        doi=claim.doi,
        is_whole=claim.is_whole,
        package=files.path(claim.package_sha256) if claim.package_sha256 and files.has(claim.package_sha256) else None,
        package_sha256=claim.package_sha256,
        declared=claim.declared,
        largest=settings.hub_gigabytes * GIGABYTE,
        seen=claim.seen,
    )
    far = Far(hands)
    with keeping(
        far,
        lambda session, now: checks.beat_check(
            session, claim=claim, done=far.done, total=far.total, doing=far.doing, lease=hands.lease, now=now
        ),
        what=f"release of award {claim.award_id}",
    ):
        return look_at(sight, folder=hands.executor.folder, progress=far.hear, registry=registry)
