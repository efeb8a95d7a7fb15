"""A release package is listed by file and kind; weights are read by their header only, and pickles never opened."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha1, sha256
from pathlib import PurePosixPath

from evaluation.archives import DAMAGE, ArchiveError, ArchiveLimits
from evaluation.licences.components import Component, component_of
from evaluation.licences.data_reading import DataError
from evaluation.licences.weights_metadata import safetensors_header
from evaluation.trees import Tree

PACKAGE_LIMITS = ArchiveLimits(entries=20_000, total=64 * 2**30, ratio=100)
DIGEST_LIMIT = 67_108_864
_CHUNK = 1_048_576
_HEAD = 16
_PICKLED = {".pkl", ".pickle", ".pt", ".pth", ".bin", ".joblib", ".ckpt", ".dill"}
_LICENCE = re.compile(r"(un)?licen[cs]es?([-_. ].*)?|copying([-_. ].*)?", re.IGNORECASE)
_TERMS = re.compile(
    r".*(eula|terms|conditions|agreement|use[-_ ]?policy|usage|restrictions|acceptable|addendum|rider).*",
    re.IGNORECASE,
)
_TEXT = {"", ".txt", ".md", ".rst", ".html", ".htm", ".pdf", ".docx", ".doc", ".odt", ".rtf"}
_ARCHIVE_MAGIC = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x28\xb5\x2f\xfd",
)
_ARCHIVES = {".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst"}


class FileKind(StrEnum):
    """What a file in a release package is, as far as its name and first bytes tell."""

    WEIGHTS = "weights"
    DAMAGED_WEIGHTS = "damaged_weights"
    PICKLE = "pickle"
    NESTED = "nested_archive"
    LICENCE = "licence"
    TERMS = "terms"
    OTHER = "other"


@dataclass(frozen=True)
class PackageFile:
    """One file of a package: name, size in bytes, kind, and the component of a release that it belongs to."""

    name: str
    size: int
    kind: FileKind
    component: Component | None = None


def inventory(tree: Tree) -> tuple[PackageFile, ...]:
    """List a package's files with their kinds, sorted by name; raises ArchiveError for damaged entries."""
    found = []
    for entry in tree.entries:
        kind = _kind(tree, entry.name, entry.size)
        component = None if kind in {FileKind.LICENCE, FileKind.TERMS, FileKind.NESTED} else component_of(entry.name)
        found.append(PackageFile(entry.name, entry.size, kind, component))
    return tuple(found)


@dataclass(frozen=True)
class Digests:
    """A file's SHA-256, which tells its content, and the SHA-1 that SPDX 2.3 asks for, which proves nothing."""

    sha256: str
    sha1: str


def digests(tree: Tree, files: Iterable[PackageFile], *, most: int = DIGEST_LIMIT) -> dict[str, Digests]:
    """Compute the digests of each file up to `most` bytes; larger ones are weights, which nothing reads whole."""
    found = {}
    for file in files:
        if file.size <= most:
            digest, short = sha256(), sha1(usedforsecurity=False)
            try:
                with tree.stream(file.name) as stream:
                    while chunk := stream.read(_CHUNK):
                        digest.update(chunk)
                        short.update(chunk)
            except DAMAGE as error:
                raise ArchiveError(f"{file.name}: damaged in the archive: {error}") from error
            found[file.name] = Digests(digest.hexdigest(), short.hexdigest())
    return found


def _kind(tree: Tree, name: str, size: int) -> FileKind:
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    head = tree.read(name, limit=_HEAD)
    if suffix in _PICKLED or (head[:1] == b"\x80" and head[1:2] in {b"\x02", b"\x03", b"\x04", b"\x05"}):
        return FileKind.PICKLE
    if suffix in _ARCHIVES or head.startswith(_ARCHIVE_MAGIC):
        return FileKind.NESTED
    if suffix == ".safetensors":
        return FileKind.WEIGHTS if _is_safetensors(tree, name, size) else FileKind.DAMAGED_WEIGHTS
    if suffix == ".gguf":
        return FileKind.WEIGHTS if head.startswith(b"GGUF") and size > _HEAD else FileKind.DAMAGED_WEIGHTS
    if suffix == ".onnx":
        return FileKind.WEIGHTS if size > _HEAD else FileKind.DAMAGED_WEIGHTS
    in_folder = path.parts[0].lower() in {"licenses", "licences"} and len(path.parts) > 1
    if in_folder or _LICENCE.fullmatch(path.name):
        return FileKind.LICENCE
    if suffix in _TEXT and _TERMS.fullmatch(path.stem):
        return FileKind.TERMS
    return FileKind.OTHER


def _is_safetensors(tree: Tree, name: str, size: int) -> bool:
    """Check the header, and that the tensors it names lie within the file."""
    try:
        header = safetensors_header(tree, name, size)
        length = int.from_bytes(tree.read(name, limit=8), "little")
        ends = [entry["data_offsets"][1] for key, entry in header.items() if key != "__metadata__"]
        return bool(ends) and 0 < max(ends) <= size - 8 - length
    except (DataError, AttributeError, KeyError, TypeError, IndexError):
        return False
