"""Writes archives: one in a round, with no transaction open meanwhile; and forgets their files after a fortnight."""

import logging
import tempfile
from pathlib import Path

from challenge.archives import operations as archives
from challenge.archives.operations_write import write_archive
from challenge.archives.queries import is_any_waiting
from challenge.web.house import House
from challenge.worker.evaluating import Evaluator
from challenge.worker.keeping import Far, Stopped, bring_ending, keeping
from challenge.worker.one_by_one import one_by_one

log = logging.getLogger(__name__)
NO_LIMIT = 1 << 62


def write_next(hands: Evaluator) -> bool:
    """Write the archive whose turn it is; False if none waits."""
    house = hands.house
    if hands.is_leaving():
        return False
    with house.database.reading() as session:
        if not is_any_waiting(session):
            return False
    with house.database.transaction() as session:
        claim = archives.claim_archive(session, worker=hands.worker, lease=hands.lease, now=house.clock.now())
    if claim is None:
        return False
    what, far = f"archive {claim.archive_id}", Far(hands)
    folder = hands.executor.folder
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="archive-", dir=folder) as room,
            keeping(
                far,
                lambda session, now: archives.beat_archive(
                    session, claim=claim, done=far.done, total=far.total, lease=hands.lease, now=now
                ),
                what=what,
            ),
        ):
            target = Path(room) / "archive.zip"
            manifest = write_archive(
                house.database, house.files, call_id=claim.call_id, wish=claim.wish, signer=house.signer,
                target=target, progress=lambda done, total: far.hear(done, total, ""),
            )  # fmt: skip
            with target.open("rb") as stream:
                stored = house.files.put(stream, limit=NO_LIMIT)
    except Stopped:
        with house.database.transaction() as session:
            archives.hand_back_archive(session, claim=claim)
        return True
    except Exception as error:
        log.exception("%s could not be written", what)
        refused = f"The disk refused it: {error.strerror}" if isinstance(error, OSError) else f"It cannot be: {error}"
        explanation = f"{refused[:500]}."
        bring_ending(
            hands,
            lambda session, now: archives.fail_archive(session, claim=claim, explanation=explanation, now=now),
            what=what,
        )
        return True
    bring_ending(
        hands,
        lambda session, now: archives.end_archive(session, claim=claim, manifest=manifest, stored=stored, now=now),
        what=what,
    )
    return True


def tidy_archives(house: House) -> int:
    """Deal with archives whose lease has ended and files that were kept long enough; return how many there were."""
    return one_by_one(house, lambda session, now: archives.sweep_archives(session, now=now)) + one_by_one(
        house, lambda session, now: archives.forget_file(session, now=now)
    )
