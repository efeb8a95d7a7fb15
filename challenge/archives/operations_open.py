"""Opens an archive that somebody brings, and believes nothing in it before it has been held against the manifest."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from challenge.archives.manifest import (
    LARGEST_MANIFEST,
    MANIFEST,
    README,
    SIGNATURE,
    LogMember,
    Manifest,
    ManifestError,
    Signed,
    TableMember,
    read_manifest,
    read_signature,
)
from challenge.archives.queries_cells import CellError, read_log_line, read_row
from challenge.archives.queries_tables import TABLES, Row
from challenge.archives.readme import readme
from challenge.foundation.permits import Invalid
from evaluation.archives import DAMAGE, ArchiveError, ArchiveLimits, ZipTree

LIMITS = ArchiveLimits(entries=1_000_000, total=1 << 44, ratio=1)
"""An archive holds what a site held, models of many gigabytes among it; nothing in it is compressed."""
LONGEST_LINE = 32 << 20
"""Bytes; a standing of ten thousand entries takes a third of it."""
PIECE = 1 << 20
KNOWN = {table.name: table for table in TABLES}


@dataclass(frozen=True)
class OpenedArchive:
    """An archive whose every byte is that of its manifest, and whose manifest is signed."""

    tree: ZipTree
    manifest: Manifest
    signed: Signed

    def rows(self, member: TableMember) -> Iterator[tuple[int, int, Row]]:
        """Yield each row of a table with its number from 1 and its bytes; raise Invalid at the first that is none."""
        for number, line in self._lines(member.path):
            try:
                yield number, len(line), read_row(KNOWN[member.name], line)
            except CellError as error:
                raise Invalid(f"{member.path}, line {number}: {error}.") from error

    def log_lines(self, member: LogMember) -> Iterator[tuple[int, int, Row]]:
        """Yield each line of a log with its number from 1 and its bytes; raise Invalid at the first that is none."""
        for number, line in self._lines(member.path):
            try:
                yield number, len(line), read_log_line(line)
            except CellError as error:
                raise Invalid(f"{member.path}, line {number}: {error}.") from error

    def _lines(self, path: str) -> Iterator[tuple[int, bytes]]:
        with self.tree.stream(path) as stream:
            for number, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE + 1), b""), start=1):
                if len(line) > LONGEST_LINE:
                    raise Invalid(f"{path}, line {number}: it is longer than {LONGEST_LINE:,} bytes.")
                yield number, line


def open_archive(path: Path, *, schema: str) -> OpenedArchive:
    """Open an archive for a site whose database has the shape `schema`, and check all of it but the truth of its rows.

    Raises Invalid with the first thing that is wrong: no zip, entries that no manifest names, bytes that are others, a
    signature that does not hold, a shape of tables that this site does not have. Whoever opens it closes its `tree`.
    """
    try:
        tree = ZipTree(path, limits=LIMITS)
    except ArchiveError as error:
        raise Invalid(f"This is no archive of a call: {error}.") from error
    try:
        return _checked(tree, schema)
    except ArchiveError as error:
        tree.__exit__(None, None, None)
        raise Invalid(f"This is no archive of a call: {error}.") from error
    except ManifestError as error:
        tree.__exit__(None, None, None)
        raise Invalid(str(error)) from error
    except BaseException:
        tree.__exit__(None, None, None)
        raise


def _checked(tree: ZipTree, schema: str) -> OpenedArchive:
    there = {entry.name: entry.size for entry in tree.entries}
    if MANIFEST not in there or SIGNATURE not in there:
        raise Invalid(
            f"This is no archive of a call: it has no {MANIFEST if MANIFEST not in there else SIGNATURE}. "
            "Bundles of other platforms are read by import-call."
        )
    content = _small(tree, MANIFEST, there[MANIFEST], LARGEST_MANIFEST)
    manifest = read_manifest(content)
    signed = read_signature(_small(tree, SIGNATURE, there[SIGNATURE], 10_000))
    if signed.manifest_sha256 != hashlib.sha256(content).hexdigest():
        raise Invalid(f"{SIGNATURE} signs another manifest: {MANIFEST} was changed after it was signed.")
    if not signed.holds:
        raise Invalid(f"The signature in {SIGNATURE} is not that of the key beside it.")
    _demand_schema(manifest, schema)
    _demand_tables(manifest)
    _demand_entries(manifest, there)
    if README in there and tree.read(README, limit=there[README]) != readme(manifest):
        raise Invalid(f"{README} is not the page that a site writes into this archive; somebody changed it.")
    for path, size, sha256 in manifest.members:
        _demand_bytes(tree, path, there[path], size, sha256)
    return OpenedArchive(tree, manifest, signed)


def _small(tree: ZipTree, name: str, size: int, limit: int) -> bytes:
    if size > limit:
        raise Invalid(f"{name} has {size:,} bytes; at most {limit:,} are read.")
    return tree.read(name, limit=limit)


def _demand_schema(manifest: Manifest, schema: str) -> None:
    if manifest.schema < schema:
        raise Invalid(
            f"The archive's tables have the shape {manifest.schema}, this site's {schema}. Bring it to a site of the "
            "release that wrote it, update that site, and write the archive there anew."
        )
    if manifest.schema > schema:
        raise Invalid(
            f"The archive's tables have the shape {manifest.schema}, this site's {schema}. Update this site first."
        )


def _demand_tables(manifest: Manifest) -> None:
    names, known = [member.name for member in manifest.tables], list(KNOWN)
    if names != known:
        missing, strange = sorted(set(known) - set(names)), sorted(set(names) - set(known))
        what = f"lacks {missing[0]}" if missing else f"has {strange[0]}" if strange else "has them in another order"
        raise Invalid(f"The tables of {MANIFEST} are not those of a call: it {what}.")


def _demand_entries(manifest: Manifest, there: dict[str, int]) -> None:
    named = {path for path, _, _ in manifest.members}
    if missing := sorted(named - there.keys()):
        raise Invalid(f"The archive lacks {missing[0]}, which {MANIFEST} names. Take the whole file again.")
    if strange := sorted(there.keys() - named - {MANIFEST, SIGNATURE, README}):
        raise Invalid(f"The archive holds {strange[0]}, which {MANIFEST} does not name.")


def _demand_bytes(tree: ZipTree, path: str, there: int, size: int, sha256: str) -> None:
    hashed, found = hashlib.sha256(), 0
    if there == size:
        try:
            with tree.stream(path) as stream:
                while piece := stream.read(PIECE):
                    hashed.update(piece)
                    found += len(piece)
        except DAMAGE as error:
            raise Invalid(f"{path} is damaged in the archive: {error}. Take the whole file again.") from error
    if found != size or hashed.hexdigest() != sha256:
        raise Invalid(f"{path} is not the file that {MANIFEST} names: its bytes were changed.")
