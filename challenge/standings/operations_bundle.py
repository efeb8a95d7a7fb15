"""Writes the bundle of a standing: one file from which anybody computes the ranking again; made when asked for."""

import io
import json
import tempfile
import threading
from pathlib import Path

from sqlalchemy import update

from challenge.foundation.database import Database
from challenge.foundation.files import FileStore
from challenge.standings.operations_items import LARGEST, read_scores
from challenge.standings.ranking import plain_of, read_ranking
from challenge.standings.records import Standing
from leaderboards import Policy, Ranking, Unranked, write_bundle

_TURN = threading.Lock()
"""One bundle at a time in a process: a large one takes seconds and all the item scores in memory."""


def bundle_of(database: Database, files: FileStore, standing: Standing) -> str:
    """Return the SHA-256 of a standing's bundle in the store, written now if nobody has asked for it before.

    Only what follows from the standing is written, and the same bytes whoever asks; so the audit log, which is of
    deeds, has no line of it. Raises ItemsDamaged where the item scores cannot be read.
    """
    if standing.bundle_sha256:
        return standing.bundle_sha256
    with _TURN:
        sha256 = _written(files, standing)
    with database.transaction() as session:
        session.execute(
            update(Standing)
            .where(Standing.id == standing.id, Standing.bundle_sha256.is_(None))
            .values(bundle_sha256=sha256)
            .execution_options(synchronize_session=False)
        )
    return sha256


def _written(files: FileStore, standing: Standing) -> str:
    ranking = Ranking.from_dict(plain_of(read_ranking(standing.ranking)))
    scores = read_scores(files, standing.scores_sha256).with_status(
        [Unranked(one.entrant, one.reason) for one in ranking.unranked]
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.json"
        write_bundle(path, policy=Policy.from_dict(json.loads(standing.policy)), scores=scores, ranking=ranking)
        return files.put(io.BytesIO(path.read_bytes()), limit=LARGEST).sha256
