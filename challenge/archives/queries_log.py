"""What the logs say of a call: the lines of this site with their proofs, and those that came along before."""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.archives.pseudonyms import Faces
from challenge.archives.queries_tables import Row
from challenge.calls.records import Call
from challenge.foundation.audit import AuditLine
from challenge.foundation.canonical import canonical, instant_text
from challenge.foundation.earlier import EarlierLine, earlier_logs, head_document, lines_of
from challenge.foundation.merkle import HashTree
from challenge.foundation.signing import Signer

OF_ARCHIVES = frozenset({"ask_archive", "end_archive", "write_archive", "bring_archive"})
"""Deeds that are no part of the call: an archive that told of itself would never be the same twice."""
NAMED_BY_NUMBER = {
    "calls": "call", "teams": "team", "submissions": "submission", "runs": "run", "boards": "board",
    "decisions": "decision", "allocations": "allocation", "obligations": "obligation",
}  # fmt: skip
"""How the log names the rows of a table: by this word and their number."""
NAMED_BY_WORD = {"calls": "key", "submissions": "reference"}
"""Tables whose rows the log names by a column's value, too."""


@dataclass(frozen=True)
class LogPart:
    """What one site's log says of the call: the lines, oldest first, and the head that stands for the whole log."""

    size: int
    root: str
    public_key: str
    signature: str
    lines: Sequence[Row]
    """Each as an archive holds it."""


def subjects_of(table: str, row: Mapping[str, Any]) -> list[str]:
    """Return how the log names a row."""
    if table not in NAMED_BY_NUMBER:
        return []
    word = NAMED_BY_NUMBER[table]
    also = [f"{word} {row[NAMED_BY_WORD[table]]}"] if table in NAMED_BY_WORD else []
    return [f"{word} {row['id']}", *also]


def logs_of(session: Session, call: Call, *, subjects: Set[str], faces: Faces, signer: Signer) -> list[LogPart]:
    """Return the logs of the sites that the call was on, the oldest site's first; this site's only if it says a thing.

    The head that this site signs is that after its last line about the call, so what else is done here does not change
    it.
    """
    earlier = []
    for log in earlier_logs(session, f"call {call.key}"):
        lines = [line for line in lines_of(session, log) if line.subject in subjects]
        rows = [{**_line(line, faces, before=line.withheld), "proof": line.proof} for line in lines]
        earlier.append(LogPart(log.size, log.root, log.public_key, log.signature, rows))
    here = _own(session, subjects, faces, signer)
    return [*earlier, here] if here is not None else earlier


def _own(session: Session, subjects: Set[str], faces: Faces, signer: Signer) -> LogPart | None:
    hashes: list[bytes] = []
    lines: list[Row] = []
    for line in session.scalars(select(AuditLine).order_by(AuditLine.number).execution_options(yield_per=1000)):
        hashes.append(bytes.fromhex(line.hash))
        if line.subject in subjects and line.verb not in OF_ARCHIVES:
            lines.append(_line(line, faces, before=()))
    if not lines:
        return None
    size = int(lines[-1]["number"])
    tree = HashTree(hashes[:size])
    for row in lines:
        row["proof"] = [beside.hex() for beside in tree.proof(row["number"] - 1)]
    root = tree.root.hex()
    return LogPart(size, root, signer.public_key, signer.sign(head_document(size, root)), lines)


def _line(line: AuditLine | EarlierLine, faces: Faces, *, before: Sequence[str]) -> Row:
    actor_name, particulars, withheld = faces.deed(
        account_id=line.account_id, actor_name=line.actor_name, particulars=json.loads(line.particulars)
    )
    return {
        "number": line.number,
        "at": instant_text(line.at),
        "account_id": line.account_id,
        "actor_name": actor_name,
        "verb": line.verb,
        "subject": line.subject,
        "particulars": canonical(particulars).decode() if withheld else line.particulars,
        "before": line.before,
        "hash": line.hash,
        "salt": "" if withheld or before else line.salt,
        "withheld": sorted({*before, *withheld}),
        "proof": [],
    }
