"""Brings a call into an empty site: in one transaction every row under its own number, then proofs, then its files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from challenge.archives.contents import Wish
from challenge.archives.manifest import MANIFEST
from challenge.archives.operations_open import KNOWN, OpenedArchive
from challenge.archives.operations_proofs import prove
from challenge.archives.operations_write import manifest_anew
from challenge.archives.proofs import Proof
from challenge.archives.queries_tables import ACCOUNTS, Row
from challenge.archives.records import BroughtArchive
from challenge.calls.records import Call
from challenge.foundation.audit import write_line
from challenge.foundation.earlier import EarlierLine, EarlierLog
from challenge.foundation.files import FileStore
from challenge.foundation.permits import PLATFORM, Invalid
from challenge.foundation.signing import Signer
from challenge.people.records import Account

AT_ONCE, AT_ONCE_BYTES = 500, 32 << 20
"""Rows, and bytes of them, that are in memory together."""
NO_PASSWORD = "none: brought in an archive"  # noqa: S105 -- no hash, so no password fits it
"""Whoever looks after the site sets another."""


@dataclass(frozen=True)
class Brought:
    """A call as it was brought in, and what was proved of it."""

    call: Call
    proofs: list[Proof]


def bring_archive(
    session: Session, opened: OpenedArchive, *, files: FileStore | None, signer: Signer, now: datetime
) -> Brought:
    """Write the rows of an archive into an empty site, prove what can be proved, then put its files into the store.

    Numbers stay, so every address does. Accounts come without passwords and without roles. No `files` are put where
    the archive is only to be proved. Raises Invalid where the site is not empty, a row breaks the law of its table, or
    a proof does not hold; then nothing is left.
    """
    _demand_empty(session)
    for member in opened.manifest.tables:
        _fill(session, KNOWN[member.name], opened.rows(member), member.path)
    subject = f"call {opened.manifest.call}"
    for log in opened.manifest.logs:
        row = EarlierLog(
            subject=subject, number=log.number, size=log.log_size, root=log.root, public_key=log.public_key,
            signature=log.signature,
        )  # fmt: skip
        session.add(row)
        session.flush()
        lines = ((number, size, {**line, "log_id": row.id}) for number, size, line in opened.log_lines(log))
        _fill(session, EarlierLine.__table__, lines, log.path)  # type: ignore[arg-type]  # no record is mapped to a join
    _set_counters(session)
    call = _only_call(session, opened)
    proofs = prove(session, call)
    _demand_nothing_else(session, call, opened, signer)
    if files is not None:
        _put(files, opened)
    session.add(
        BroughtArchive(
            call_id=call.id,
            manifest_sha256=opened.manifest.sha256,
            public_key=opened.signed.public_key,
            signature=opened.signed.signature,
            people=opened.manifest.people,
            left_out=sorted(opened.manifest.left_out),
            brought_at=now,
        )
    )
    particulars: dict[str, object] = {"manifest": opened.manifest.sha256, "public_key": opened.signed.public_key}
    write_line(session, actor=PLATFORM, verb="bring_archive", subject=subject, now=now, particulars=particulars)
    return Brought(call, proofs)


def _put(files: FileStore, opened: OpenedArchive) -> None:
    """Put the files into the store; the rows that speak of them are committed after that."""
    for member in opened.manifest.there:
        with opened.tree.stream(member.path) as stream:
            files.put(stream, limit=member.size or 0)


def _demand_nothing_else(session: Session, call: Call, opened: OpenedArchive, signer: Signer) -> None:
    """Write the manifest anew from the rows: it is the same, or the archive held what is no part of its call."""
    manifest = opened.manifest
    sizes = {file.sha256: file.size for file in manifest.there if file.size is not None}
    wish = Wish(manifest.people, manifest.left_out)
    anew = manifest_anew(session, call_id=call.id, wish=wish, sizes=sizes, signer=signer)
    if anew == manifest:
        return
    for before, after in zip(manifest.tables, anew.tables, strict=True):
        if before != after:
            raise Invalid(
                f"{before.path} holds what is no part of this call, or not as a site writes it: {before.rows:,} rows "
                f"are said, {after.rows:,} are the call's."
            )
    what = "logs" if manifest.logs != anew.logs else "files"
    raise Invalid(f"The {what} that {MANIFEST} names are not those that the rows of the call speak of.")


def _demand_empty(session: Session) -> None:
    for record, word in ((Call, "call"), (Account, "account")):
        if count := session.scalar(select(func.count()).select_from(record)):
            raise Invalid(
                f"This site is not empty: it has {count:,} {word}{'' if count == 1 else 's'}. An archive keeps the "
                "number of every row, so it is brought to a site without calls and accounts. Set up a new instance, "
                "bring the archive, and sign up there afterwards."
            )


def _fill(session: Session, table: Table, rows: Iterable[tuple[int, int, Row]], path: str) -> None:
    for some in _batches(rows):
        values = [_whole(table, row) for _, row in some]
        try:
            session.execute(insert(table), values)
        except DBAPIError as error:
            where = f"line {some[0][0]}" if len(some) == 1 else f"lines {some[0][0]} to {some[-1][0]}"
            said = str(error.orig).strip().splitlines()[0][:200]
            raise Invalid(f"{path}, {where}: the rows break the law of the table {table.name} ({said}).") from error


def _batches(rows: Iterable[tuple[int, int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    some: list[tuple[int, Row]] = []
    held = 0
    for number, size, row in rows:
        some.append((number, row))
        held += size
        if len(some) == AT_ONCE or held >= AT_ONCE_BYTES:
            yield some
            some, held = [], 0
    if some:
        yield some


def _whole(table: Table, row: Row) -> dict[str, Any]:
    return {**row, "password_hash": NO_PASSWORD} if table is ACCOUNTS else row


def _only_call(session: Session, opened: OpenedArchive) -> Call:
    calls = session.scalars(select(Call)).all()
    if len(calls) != 1 or calls[0].key != opened.manifest.call or calls[0].title != opened.manifest.title:
        raise Invalid(f"tables/calls.jsonl does not hold the one call {opened.manifest.call!r} of the manifest.")
    return calls[0]


def _set_counters(session: Session) -> None:
    """Let PostgreSQL go on counting after the highest number that was brought; SQLite does so by itself."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in KNOWN.values():
        (key, *further) = table.primary_key.columns
        if not further and isinstance(key.type, Integer) and not key.foreign_keys:
            highest = session.scalar(select(func.max(key)))
            if highest is not None:
                session.execute(
                    text("SELECT setval(pg_get_serial_sequence(:table, :key), :highest)"),
                    {"table": table.name, "key": key.name, "highest": highest},
                )
