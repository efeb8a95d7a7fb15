"""Writes the archive of a call: the records of one moment, then the files that they name."""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from challenge.archives.contents import FileKind, Wish
from challenge.archives.manifest import (
    MANIFEST,
    README,
    SIGNATURE,
    FileMember,
    LogMember,
    Manifest,
    Signed,
    TableMember,
    signed_document,
)
from challenge.archives.pseudonyms import Faces
from challenge.archives.queries import brought, schema_of
from challenge.archives.queries_cells import write_row
from challenge.archives.queries_log import logs_of, subjects_of
from challenge.archives.queries_tables import ACCOUNTS, PARTS, Row, accounts, files_in, people_in, rows_of
from challenge.archives.readme import readme
from challenge.calls.queries import original_of
from challenge.calls.records import Call
from challenge.foundation.database import Database
from challenge.foundation.files import FileStore
from challenge.foundation.signing import Signer

EARLIEST = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o100644 << 16
PIECE = 1 << 20
IN_MEMORY = 16 << 20
"""Bytes of a table that are not worth a file."""
Progress = Callable[[int, int], None]
"""Hears how many bytes are written, and of how many."""


@dataclass
class _Sheet:
    """Lines that are being gathered, with their count and digest."""

    file: BinaryIO
    rows: int = 0
    size: int = 0
    _hashed: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def add(self, line: bytes) -> None:
        self.file.write(line)
        self._hashed.update(line)
        self.rows, self.size = self.rows + 1, self.size + len(line)

    @property
    def sha256(self) -> str:
        return self._hashed.hexdigest()


@dataclass(frozen=True)
class _Gathered:
    """The records of a call as they stood at one moment, on their way into an archive."""

    schema: str
    call: str
    title: str
    sheets: dict[str, _Sheet]
    tables: tuple[TableMember, ...]
    logs: tuple[LogMember, ...]
    files: dict[str, set[FileKind]]
    before: Signed | None
    """The signature that the call was brought with."""


def write_archive(
    database: Database,
    files: FileStore,
    *,
    call_id: int,
    wish: Wish,
    signer: Signer,
    target: Path,
    progress: Progress = lambda *_: None,
) -> Manifest:
    """Write the archive of a call into the new file `target` and return what it holds.

    The records are those of one moment. Files are copied after that, with no transaction open; a file that the store
    has lost is named as absent. Equal content gives equal bytes, on any machine and any database. What `progress`
    raises breaks the writing off.
    """
    with ExitStack() as stack:
        with database.reading() as session:
            gathered = _gather(session, stack, call_id, wish, signer, target.parent)
        manifest = _manifest(
            gathered, wish, lambda sha256: files.path(sha256).stat().st_size if files.has(sha256) else None
        )
        signed = _sign(manifest, gathered.before, signer)
        with zipfile.ZipFile(target, "x") as archive:
            _write(archive, gathered, manifest, signed, files, progress)
    return manifest


def manifest_anew(session: Session, *, call_id: int, wish: Wish, sizes: Mapping[str, int], signer: Signer) -> Manifest:
    """Return the manifest that a call's rows give, whose files have these sizes, as far as there are any.

    It is that of the archive which they were brought by, or the archive held more, or other things, than it said.
    """
    with ExitStack() as stack:
        return _manifest(_gather(session, stack, call_id, wish, signer, None), wish, sizes.get)


def _gather(
    session: Session, stack: ExitStack, call_id: int, wish: Wish, signer: Signer, folder: Path | None
) -> _Gathered:
    faces, call = Faces(wish.people), session.get_one(Call, call_id)
    sheets: dict[str, _Sheet] = {}
    named: dict[str, set[FileKind]] = {}
    subjects: set[str] = set()
    people: set[int] = set()

    def fill(table: Table, rows: Iterable[Row]) -> TableMember:
        name = table.name
        sheet = sheets[f"tables/{name}.jsonl"] = _new_sheet(stack, folder)
        for row in rows:
            people.update(people_in(table, row))
            subjects.update(subjects_of(name, row))
            for sha256, kind in files_in(table, row):
                named.setdefault(sha256, set()).add(kind)
            sheet.add(write_row(faces.row(name, row)))
        return TableMember(name, sheet.rows, sheet.size, sheet.sha256)

    tables = [fill(part.table, rows_of(session, part, call_id)) for part in PARTS]
    logs = []
    for number, log in enumerate(logs_of(session, call, subjects=subjects, faces=faces, signer=signer), start=1):
        sheet = _new_sheet(stack, folder)
        for line in log.lines:
            sheet.add(write_row(line))
            people.update({line["account_id"]} - {None})
        logs.append(
            LogMember(
                number, sheet.rows, sheet.size, sheet.sha256, log.size, log.root, log.public_key, log.signature
            )
        )  # fmt: skip
        sheets[logs[-1].path] = sheet
    if (original := original_of(session, call)) is not None:
        named.setdefault(original.sha256, set()).add(FileKind.LABELS)
    tables.insert(0, fill(ACCOUNTS, accounts(session, people)))
    came = brought(session, call_id)
    before = Signed(came.manifest_sha256, came.public_key, came.signature) if came else None
    return _Gathered(
        schema_of(session), call.key, call.title, sheets, tuple(tables), tuple(logs), named, before
    )  # fmt: skip


def _new_sheet(stack: ExitStack, folder: Path | None) -> _Sheet:
    return _Sheet(
        cast(
            BinaryIO, stack.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(folder) if folder else None))
        )
    )


def _manifest(gathered: _Gathered, wish: Wish, size_of: Callable[[str], int | None]) -> Manifest:
    left_out = set(wish.left_out)
    members = []
    for sha256, kinds in gathered.files.items():
        size = size_of(sha256) if kinds - left_out else None
        members.append(FileMember(sha256, tuple(sorted(kinds)), size))
    return Manifest(
        schema=gathered.schema,
        call=gathered.call,
        title=gathered.title,
        people=wish.people,
        left_out=tuple(sorted(left_out)),
        tables=gathered.tables,
        logs=gathered.logs,
        files=tuple(sorted(members, key=lambda file: file.sha256)),
    )


def _sign(manifest: Manifest, before: Signed | None, signer: Signer) -> Signed:
    """Sign as this site, but keep the signature that the call came with for as long as nothing has changed since."""
    sha256 = manifest.sha256
    if before is not None and before.manifest_sha256 == sha256:
        return before
    return Signed(sha256, signer.public_key, signer.sign(signed_document(sha256)))


def _write(
    archive: zipfile.ZipFile,
    gathered: _Gathered,
    manifest: Manifest,
    signed: Signed,
    files: FileStore,
    progress: Progress,
) -> None:
    written = 0
    there = sorted(manifest.there, key=lambda file: file.sha256)
    total = sum(sheet.size for sheet in gathered.sheets.values()) + sum(file.size or 0 for file in there)

    def add(name: str, source: BinaryIO, size: int) -> None:
        nonlocal written
        # stored and not compressed: compressors of two machines need not write the same
        info = zipfile.ZipInfo(name, EARLIEST)
        info.create_system, info.external_attr, info.file_size = 3, PLAIN_FILE, size
        with archive.open(info, "w") as member:
            while piece := source.read(PIECE):
                member.write(piece)
                written += len(piece)
                progress(written, total)

    for name, content in (
        (README, readme(manifest)), (MANIFEST, manifest.written()), (SIGNATURE, signed.written()),
    ):  # fmt: skip
        info = zipfile.ZipInfo(name, EARLIEST)
        info.create_system, info.external_attr = 3, PLAIN_FILE
        archive.writestr(info, content)
    for name in sorted(gathered.sheets):
        sheet = gathered.sheets[name]
        sheet.file.seek(0)
        add(name, sheet.file, sheet.size)
    for file in there:
        with files.open(file.sha256) as source:
            add(file.path, source, file.size or 0)
