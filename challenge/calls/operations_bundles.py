"""Opens bundles of other platforms within limits, and reads them; done outside any transaction, and nothing is run."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from challenge.calls.importing.bundles import LARGEST_TEXT, Bundle, is_text, seen_from
from challenge.calls.importing.formats import Reading, read_bundle, refused
from challenge.calls.importing.plain_text import one_line
from challenge.calls.importing.reports import Remark, Weight
from challenge.foundation.files import FileStore, Stored, TooLarge
from challenge.foundation.permits import Invalid
from evaluation.archives import ArchiveError, ArchiveLimits
from evaluation.suites.packing import pack
from evaluation.suites.templates import TemplateRefused, fields_of
from evaluation.tars import is_tar
from evaluation.trees import open_tree

LARGEST_BUNDLE = 256 * 10**6
"""Bytes of a bundle as it is handed in."""
BUNDLE_LIMITS = ArchiveLimits(entries=2_000, total=512 * 10**6, ratio=100)
LARGEST_TEXTS = 8 * 10**6
"""Bytes of all texts of a bundle together that are read; further ones are named and kept."""


@dataclass(frozen=True)
class OpenedBundle:
    """A bundle with its reading and the digest of the original."""

    name: str
    sha256: str
    """Of the file; of a folder that of a zip of it, packed so that equal folders give equal bytes."""
    reading: Reading


def read_original(
    path: Path, *, name: str = "", zone: str | None = None, opens_at: str = "", closes_at: str = ""
) -> OpenedBundle:
    """Open and read a bundle: a folder, a zip or a single file; `name` is how whoever brought it calls it.

    `zone`, `opens_at` and `closes_at` are what dates mean that do not say theirs themselves.

    Raises Invalid, with the entry, where it breaks a limit or could leave its folder: links, absolute paths, bombs.
    """
    called = name or path.name
    with path.open("rb") if path.is_file() else io.BytesIO(pack_folder(path)) as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    reading = read_bundle(_open(path, called), zone=zone, opens_at=opens_at, closes_at=closes_at)
    return OpenedBundle(called, sha256, _with_templates_checked(reading))


def keep_bundle(files: FileStore, stream: BinaryIO) -> Stored:
    """Put a bundle into the store as it is; raise Invalid where it is larger than LARGEST_BUNDLE."""
    try:
        return files.put(stream, limit=LARGEST_BUNDLE)
    except TooLarge as error:
        raise Invalid(f"{error} Leave the data out; its names are enough.", "bundle") from error


def pack_folder(path: Path) -> bytes:
    """Pack a folder into a zip whose bytes follow from its files alone; raise Invalid as `read_original`."""
    try:
        with open_tree(path, limits=BUNDLE_LIMITS) as tree:
            return pack({entry.name: tree.read(entry.name, limit=entry.size) for entry in tree.entries})
    except ArchiveError as error:
        raise _no_bundle(error) from error


def _open(path: Path, name: str) -> Bundle:
    if path.is_file() and not _is_archive(path):
        return _single(path, name)
    try:
        with open_tree(path, limits=BUNDLE_LIMITS) as tree:
            sizes = {entry.name: entry.size for entry in tree.entries}
            contents, read = {}, 0
            for file, size in sorted(sizes.items(), key=lambda each: (each[0].count("/"), each[0])):
                if is_text(file) and size <= LARGEST_TEXT and read + size <= LARGEST_TEXTS:
                    contents[file] = tree.read(file, limit=LARGEST_TEXT)
                    read += size
            return seen_from(sizes, contents)
    except ArchiveError as error:
        raise _no_bundle(error) from error


def _single(path: Path, name: str) -> Bundle:
    """Read one file that is a bundle by itself; what has no ending is taken for YAML, or JSON by its first letter."""
    size = path.stat().st_size
    if size > LARGEST_TEXT:
        raise Invalid(
            f"The file has {size:,} bytes and is no zip archive; a configuration has at most {LARGEST_TEXT:,}.",
            "bundle",
        )
    content = path.read_bytes()
    safe = one_line(name).replace("/", "-").replace("\\", "-")[-100:]
    if not safe.lower().endswith((".yaml", ".yml", ".json")):
        safe = "conf.json" if content.lstrip()[:1] == b"{" else "task.yaml"
    return Bundle({safe: size}, {safe: content})


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4).startswith(b"PK") or is_tar(path)


def _with_templates_checked(reading: Reading) -> Reading:
    """Hold every prompt of a draft against what prompts may do here: put a field of an item in its place."""
    remarks = []
    for suite in reading.draft.suites if reading.draft else ():
        for template in suite.templates:
            try:
                fields_of(template.text)
            except TemplateRefused as error:
                sentence = f"The template {error}."
                remarks.append(Remark(template.file, template.line, template.key, Weight.ERROR, sentence))
    return refused(reading, remarks) if remarks else reading


def _no_bundle(error: ArchiveError) -> Invalid:
    sentence = str(error)
    return Invalid(f"This bundle is not read: {sentence}{'' if sentence.endswith('.') else '.'}", "bundle")
