"""Writes the bundle of a standing: one file from which anybody computes the ranking again; made when asked for."""

import io
import json
import tempfile
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
from sqlalchemy import update

from challenge.foundation.database import Database
from challenge.foundation.files import FileStore
from challenge.standings.operations_items import LARGEST, ItemsDamaged
from challenge.standings.ranking import written_out
from challenge.standings.records import Standing
from leaderboards import Policy, Ranking, ScoreTable, Unranked, write_bundle

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
    ranking = Ranking.from_dict(written_out(standing.ranking))
    try:
        with files.open(standing.scores_sha256) as stream:
            frame = pyarrow.parquet.ParquetFile(stream).read(use_threads=False).to_pandas()
    except (OSError, ValueError, pa.ArrowException) as problem:
        raise ItemsDamaged(f"The item scores {standing.scores_sha256[:12]} cannot be read: {problem}") from problem
    scores = ScoreTable.from_frame(frame, source="the item scores").with_status(
        [Unranked(one.entrant, one.reason) for one in ranking.unranked]
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.json"
        write_bundle(path, policy=Policy.from_dict(json.loads(standing.policy)), scores=scores, ranking=ranking)
        return files.put(io.BytesIO(path.read_bytes()), limit=LARGEST).sha256
