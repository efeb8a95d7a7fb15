"""What a hub says a commit holds is data from outside: it is checked, divided and measured before a file is fetched."""

import json
import re
from dataclasses import dataclass

from evaluation.hub.reference import HubReference, HubRefused, HubUntrue
from evaluation.models import ModelRefused
from evaluation.models.names import Kind, kind_of

MOST_FILES = 1_000
LONGEST_TEXT = 2**20
_SHA1, _SHA256 = re.compile(r"[0-9a-f]{40}"), re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class HubFile:
    """One file to be fetched: its name below the model's folder, its size in bytes, and what its bytes hash to."""

    name: str
    size: int
    blob: str
    """SHA-1 by which git knows it; of a file in large-file storage, of its pointer."""
    sha256: str | None
    """Of a file in large-file storage."""


@dataclass(frozen=True)
class LeftOut:
    """A file of the commit that is not fetched, and why."""

    name: str
    sentence: str


def read_listing(content: bytes, reference: HubReference) -> tuple[tuple[HubFile, ...], tuple[LeftOut, ...]]:
    """Divide the files of a commit into those to be fetched and those left out; raises HubRefused."""
    try:
        data = json.loads(content)
        commit, listed = data["commit"], data["files"]
        files = [_file(one) for one in listed]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, HubRefused):
            raise
        raise HubUntrue(f"{reference.repo}: the hub's list of files cannot be read.") from error
    if commit != reference.commit:
        raise HubUntrue(f"{reference.repo}: the hub answers for the commit {str(commit)[:60]!r}, which was not asked.")
    if len(files) > MOST_FILES:
        raise HubRefused(
            f"{reference.repo}: {len(files):,} files are more than the {MOST_FILES:,} that a model may have."
        )
    if len({file.name for file in files}) < len(files):
        raise HubUntrue(f"{reference.repo}: the hub names a file twice.")
    return _divided(sorted(files, key=lambda file: file.name))


def _file(one: dict[str, object]) -> HubFile:
    name, size, blob, sha256 = one["name"], one["size"], one["blob"], one["sha256"]
    if not isinstance(name, str):
        raise HubUntrue("the hub names a file by no text.")
    parts = name.split("/")
    said = f"{ascii(name)[:120]}: a name that leaves the model's folder, or no name; it is not fetched."
    if any(part in {"", ".", ".."} for part in parts):
        raise HubUntrue(said)  # git itself keeps no such name
    if not name.isprintable() or "\\" in name or len(name) > 400:
        raise HubRefused(said)
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size < 2**50:
        raise HubUntrue(f"{name}: the hub does not say how large it is.")
    if not isinstance(blob, str) or _SHA1.fullmatch(blob) is None:
        raise HubUntrue(f"{name}: the hub does not say what it hashes to.")
    if sha256 is not None and (not isinstance(sha256, str) or _SHA256.fullmatch(sha256) is None):
        raise HubUntrue(f"{name}: the hub does not say what it hashes to.")
    return HubFile(name=name, size=size, blob=blob, sha256=sha256)


def has_weights(files: tuple[HubFile, ...]) -> bool:
    """Tell whether any of the files to be fetched holds weights that are ever loaded."""
    return any(kind_of(file.name) in {Kind.SAFETENSORS, Kind.ONNX} for file in files)


def is_short_text(file: HubFile) -> bool:
    """Tell whether a file may hold a card, a licence or what a package declares, by its name and size."""
    return kind_of(file.name) in {Kind.TEXT, Kind.JSON} and file.size <= LONGEST_TEXT


def is_weights(file: HubFile) -> bool:
    """Tell by its name whether a file holds weights that are ever loaded."""
    return kind_of(file.name) in {Kind.SAFETENSORS, Kind.ONNX, Kind.OUTSIDE_DATA}


def _divided(files: list[HubFile]) -> tuple[tuple[HubFile, ...], tuple[LeftOut, ...]]:
    wanted: list[HubFile] = []
    left_out: list[LeftOut] = []
    kinds: dict[str, Kind] = {}
    for file in files:
        try:
            kinds[file.name] = kind_of(file.name)
            wanted.append(file)
        except ModelRefused as refusal:
            left_out.append(LeftOut(file.name, refusal.sentence))
    if "config.json" in kinds and Kind.SAFETENSORS in kinds.values():
        also = {name for name, kind in kinds.items() if kind in {Kind.ONNX, Kind.OUTSIDE_DATA}}
        left_out += [LeftOut(name, "the weights are there as safetensors.") for name in sorted(also)]
        wanted = [file for file in wanted if file.name not in also]
    return tuple(wanted), tuple(left_out)
