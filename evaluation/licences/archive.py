"""A release package is listed by file and kind; weights are read by their header only, and pickles never opened."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from evaluation.archives import ArchiveLimits
from evaluation.trees import Tree

PACKAGE_LIMITS = ArchiveLimits(entries=2_000, total=64 * 2**30, ratio=100)
_HEAD = 16
_MAX_HEADER = 16_777_216  # bytes; the format allows 100 MB, which no honest header needs
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
    """One file of a package: name, size in bytes, kind."""

    name: str
    size: int
    kind: FileKind


def inventory(tree: Tree) -> tuple[PackageFile, ...]:
    """List a package's files with their kinds, sorted by name; raises ArchiveError for damaged entries."""
    return tuple(PackageFile(entry.name, entry.size, _kind(tree, entry.name, entry.size)) for entry in tree.entries)


def _kind(tree: Tree, name: str, size: int) -> FileKind:
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    head = tree.read(name, limit=_HEAD)
    if suffix in _PICKLED or (head[:1] == b"\x80" and head[1:2] in {b"\x02", b"\x03", b"\x04", b"\x05"}):
        return FileKind.PICKLE
    if suffix in _ARCHIVES or head.startswith(_ARCHIVE_MAGIC):
        return FileKind.NESTED
    if suffix == ".safetensors":
        return FileKind.WEIGHTS if _is_safetensors(tree, name, size, head) else FileKind.DAMAGED_WEIGHTS
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


def _is_safetensors(tree: Tree, name: str, size: int, head: bytes) -> bool:
    """Check the header: 8 bytes of length, a JSON object, and tensors that lie within the file."""
    length = int.from_bytes(head[:8], "little")
    if len(head) < 8 or not 2 <= length <= min(_MAX_HEADER, size - 8):
        return False
    try:
        header = json.loads(tree.read(name, limit=8 + length)[8:])
        ends = [entry["data_offsets"][1] for key, entry in header.items() if key != "__metadata__"]
        return bool(ends) and 0 < max(ends) <= size - 8 - length
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError, IndexError):
        return False
