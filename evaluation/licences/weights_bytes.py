"""Weights are told by their bytes: by the SHA-256 of each file, and of each tensor where files are cut otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from evaluation.archives import DAMAGE, ArchiveError, ArchiveLimits
from evaluation.licences.data_reading import DataError
from evaluation.licences.inventory import PACKAGE_LIMITS, FileKind, PackageFile, inventory
from evaluation.licences.weights_metadata import safetensors_header
from evaluation.trees import Tree, open_tree

_CHUNK = 1_048_576
_OUTSIDE = (".data", ".onnx_data", ".weights")
_KINDS = {FileKind.WEIGHTS, FileKind.DAMAGED_WEIGHTS}


@dataclass(frozen=True)
class WeightsFile:
    """One file of weights: its name, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Tensor:
    """One tensor: the file it lies in, and what tells it from others (number format, shape, SHA-256 of its bytes)."""

    file: str
    told_by: str


def weights_of(package: str | Path, *, limits: ArchiveLimits = PACKAGE_LIMITS) -> tuple[WeightsFile, ...]:
    """List the weights of a package, a folder, zip or tar; raises ArchiveError where it breaks a limit."""
    with open_tree(Path(package), limits=limits) as tree:
        return weights_in(tree, inventory(tree))


def weights_in(tree: Tree, files: Iterable[PackageFile]) -> tuple[WeightsFile, ...]:
    """Hash every file of weights, read piece by piece; raises ArchiveError for a damaged entry.

    Pickles are never loaded and so are no weights here. Where a model lies there as safetensors, ONNX beside it is
    another form of it, which nothing evaluates.
    """
    return tuple(WeightsFile(file.name, file.size, digest_of(tree, file.name)) for file in _loaded(list(files)))


def tensors_in(tree: Tree, files: Iterable[WeightsFile]) -> dict[str, Tensor]:
    """Hash every tensor of safetensors, by name; files whose header does not lay them end to end are left out.

    A name that several files give to different tensors is told by all of them: which one counts, nobody can say.
    """
    found: dict[str, Tensor] = {}
    for file in files:
        if not file.name.lower().endswith(".safetensors"):
            continue
        for name, tensor in _tensors(tree, file).items():
            other = found.get(name, tensor)
            told = sorted({*other.told_by.split(" and "), tensor.told_by})
            found[name] = Tensor(other.file, " and ".join(told))
    return found


def digest_of(tree: Tree, name: str) -> str:
    """Hash a file, read piece by piece; raises ArchiveError for a damaged entry."""
    try:
        with tree.stream(name) as stream:
            return _hash_next(stream)
    except DAMAGE as error:
        raise ArchiveError(f"{name}: damaged in the archive: {error}") from error


def _loaded(files: list[PackageFile]) -> list[PackageFile]:
    weights = [file for file in files if file.kind in _KINDS]
    suffixes = {_suffix(file) for file in weights}
    if ".safetensors" in suffixes and any(file.name == "config.json" for file in files):
        return [file for file in weights if _suffix(file) != ".onnx"]
    outside = [file for file in files if file.kind is FileKind.OTHER and _suffix(file) in _OUTSIDE]
    return weights + outside if ".onnx" in suffixes else weights


def _suffix(file: PackageFile) -> str:
    return PurePosixPath(file.name).suffix.lower()


def _tensors(tree: Tree, file: WeightsFile) -> Mapping[str, Tensor]:
    try:
        header = safetensors_header(tree, file.name, file.size)
        entries = sorted(
            (int(entry["data_offsets"][0]), int(entry["data_offsets"][1]), name, f"{entry['dtype']} {entry['shape']}")
            for name, entry in header.items()
            if name != "__metadata__"
        )
        begin = 8 + int.from_bytes(tree.read(file.name, limit=8), "little")
    except (DataError, AttributeError, KeyError, TypeError, ValueError, IndexError, OverflowError):
        return {}
    found: dict[str, Tensor] = {}
    place = 0
    try:
        with tree.stream(file.name) as stream:
            _hash_next(stream, begin)
            for first, last, name, form in entries:
                if first != place or not first <= last <= file.size - begin:
                    return {}
                found[name] = Tensor(file.name, f"{form} {_hash_next(stream, last - first)}")
                place = last
    except DAMAGE as error:
        raise ArchiveError(f"{file.name}: damaged in the archive: {error}") from error
    return found


def _hash_next(stream: BinaryIO, count: int = 2**63) -> str:
    """Hash the next `count` bytes, or as many as there are."""
    digest = sha256()
    while count and (piece := stream.read(min(count, _CHUNK))):
        digest.update(piece)
        count -= len(piece)
    return digest.hexdigest()
