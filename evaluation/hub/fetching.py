"""A commit of a model is listed, measured, fetched piece by piece, checked against its hashes, and looked at.

huggingface_hub does the asking in a sandbox without network, through a relay (see `relay`). Its pieces lie in memory,
so a file of any size takes no more than PIECE at a time; out here they are put together.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from evaluation.endpoints.addresses import Resolver, resolve
from evaluation.engines.engine import HUB, Engine, installed
from evaluation.hub.listing import HubFile, LeftOut, has_weights, is_short_text, read_listing
from evaluation.hub.reference import (
    HubReference,
    HubRefused,
    HubSaysNo,
    HubTooLarge,
    HubUntrue,
    HubWithoutWeights,
)
from evaluation.hub.relay import LARGEST_LISTING, Hub, Relay, relaying
from evaluation.models import ModelFacts, inspect_model
from evaluation.sandbox import Ended, Limits, Reason, run

MEBIBYTE = 1 << 20
PIECE = 128 * MEBIBYTE
LIMITS = Limits(
    wall_seconds=3_600,
    cpu_seconds=3_600,
    memory=768 * MEBIBYTE,
    out_bytes=PIECE + LARGEST_LISTING,
    file_bytes=PIECE,
    files=2_000,
)
JOB, SOCKET, PROGRAM = "/in/job", "/in/hub", "/in/program.py"

Progress = Callable[[int, int, str], None]
T = TypeVar("T")


class HubFailed(RuntimeError):
    """The hub could not be asked, or broke off; nothing is said about the model, so try again later."""


@dataclass(frozen=True)
class Fetched:
    """What came of it: where from, what the model is, and which files of the commit were left out."""

    reference: HubReference
    facts: ModelFacts
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Listed:
    """What a commit holds besides what was fetched of it, by the hub's list: names, sizes, hashes."""

    reference: HubReference
    files: tuple[HubFile, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Piece:
    """Consecutive bytes of a file, under the name by which they come out of the sandbox."""

    file: HubFile
    begin: int
    length: int
    name: str

    def to_data(self) -> dict[str, object]:
        """Write it for the program that fetches."""
        bounds = {"begin": self.begin, "length": self.length, "whole": self.length == self.file.size}
        return {"file": self.file.name, "name": self.name, **bounds}


def fetch(
    reference: HubReference,
    out: Path,
    *,
    hub: Hub | None = None,
    largest: int = 100 * 10**9,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
    resolver: Resolver = resolve,
    piece: int = PIECE,
) -> Fetched:
    """Fetch a commit into a new folder and look at it; `largest` bounds all its files together, in bytes.

    Raises HubRefused (see `reference` for its kinds) for what is not fetched, ModelRefused for a model that is and is
    not sound, HubFailed where the hub cannot be asked, EngineMissing, SandboxError, OSError, and whatever `progress`
    raises to stop it. No folder is left unless all is well.
    """
    if out.exists():
        raise HubRefused(f"{out}: exists already; name a new folder.")
    relay = Relay(hub or Hub(), reference, resolver)
    with tempfile.TemporaryDirectory(prefix="hub-") as name:
        step = _Step(installed(HUB), relay, Path(name), limits)
        wanted, left_out = read_listing(step.listing(), reference)
        total = sum(file.size for file in wanted)
        if total > largest:
            raise HubTooLarge(f"{reference.repo}: {total:,} bytes are more than the {largest:,} that may be fetched.")
        if not has_weights(wanted):
            raise HubWithoutWeights(_no_weights(reference, left_out))
        if progress:
            progress(0, total, "")
        facts = _brought(step, wanted, out, piece, progress, inspect_model)
    return Fetched(reference, facts, left_out)


def fetch_texts(
    reference: HubReference, out: Path, *, hub: Hub | None = None, limits: Limits = LIMITS, resolver: Resolver = resolve
) -> Listed:
    """Fetch the short texts of a commit alone, the card and the licences among them, and say what else it holds.

    Nothing is looked at as a model. Raises as `fetch` does, but no ModelRefused.
    """
    relay = Relay(hub or Hub(), reference, resolver)
    with tempfile.TemporaryDirectory(prefix="hub-") as name:
        step = _Step(installed(HUB), relay, Path(name), limits)
        files, left_out = read_listing(step.listing(), reference)
        texts = [file for file in files if is_short_text(file)]
        _brought(step, texts, out, PIECE, None, lambda _: None)
    return Listed(reference, files, left_out)


def _brought(
    step: "_Step",
    wanted: Sequence[HubFile],
    out: Path,
    piece: int,
    progress: Progress | None,
    look: Callable[[Path], T],
) -> T:
    """Fetch files into a folder of another name, check each, look at them all, and only then give it its name."""
    step.relay.sizes = {file.name: file.size for file in wanted}
    total = sum(file.size for file in wanted)
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        unfinished.chmod(0o755)
        done = 0
        for pieces in _loads(wanted, piece):
            step.pieces(pieces, unfinished)
            done += sum(one.length for one in pieces)
            if progress:
                progress(done, total, pieces[-1].file.name)
        for file in wanted:
            _check(file, unfinished / file.name)
        found = look(unfinished)
        unfinished.rename(out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return found


@dataclass(frozen=True)
class _Step:
    """Runs of the fetching program, each in a sandbox of its own."""

    engine: Engine
    relay: Relay
    folder: Path
    limits: Limits

    def listing(self) -> bytes:
        """Ask what the commit holds."""
        ended = self._run({}, on_files=None)
        if "listing.json" not in ended.files:
            raise HubFailed("The hub's list of files did not come.")
        return ended.files["listing.json"]

    def pieces(self, pieces: Sequence[Piece], target: Path) -> None:
        """Fetch pieces, which are whole files or follow upon those that are there, and write each to its file."""
        asked = {one.name: one for one in pieces}
        came: set[str] = set()

        def take(found: Mapping[str, BinaryIO]) -> bool:
            for name, stream in sorted(found.items()):
                one = asked.get(name)
                if one is None:
                    return False
                path = target / one.file.name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("ab") as file:
                    if file.tell() != one.begin:
                        return False
                    shutil.copyfileobj(stream, file, MEBIBYTE)
                    if file.tell() != one.begin + one.length:
                        raise HubUntrue(f"{one.file.name}: came with another size than announced.")
                came.add(name)
            return True

        listed = [one.to_data() for one in pieces]
        self._run({"pieces": listed}, on_files=take)
        if came != asked.keys():
            raise HubFailed("The hub did not send all files.")

    def _run(self, job: dict[str, object], *, on_files: Callable[[Mapping[str, BinaryIO]], bool] | None) -> Ended:
        reference = self.relay.reference
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            job_folder, socket_folder = Path(name, "job"), Path(name, "hub")
            for folder in (Path(name), job_folder, socket_folder):
                folder.mkdir(exist_ok=True)
                folder.chmod(0o755)  # the sandbox is another user
            told = {"repo": reference.repo, "commit": reference.commit, **job}
            (job_folder / "job.json").write_text(json.dumps(told))
            with relaying(self.relay, socket_folder / "socket"):
                ended = run(
                    [str(self.engine.python), "-P", "-s", "-B", PROGRAM, f"{JOB}/job.json", "/out"],
                    read_only={
                        **{str(path): path for path in self.engine.folders},
                        PROGRAM: self.engine.program,
                        JOB: job_folder,
                        SOCKET: socket_folder,
                    },
                    environment=QUIET,
                    limits=self.limits,
                    on_files=on_files,
                )
        self._judge(ended)
        return ended

    def _judge(self, ended: Ended) -> None:
        repo = self.relay.reference.repo
        said = " ".join(ended.stderr.decode(errors="replace").split())
        words = "".join(letter if letter.isprintable() else " " for letter in said)[-300:]
        if self.relay.refused:
            raise HubUntrue(f"{repo}: {self.relay.refused}")
        if ended.reason is Reason.EXIT and ended.code == 3:
            raise HubSaysNo(f"{repo}: {words}; is the model public, not gated, and the commit one of it?")
        if ended.reason is not Reason.EXIT or ended.code:
            raise HubFailed(f"The hub could not be asked: {words or ended.reason.value}.")


QUIET = {
    "HF_HOME": "/tmp/hf",  # noqa: S108  # the sandbox's own
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_XET": "1",
}


def _loads(files: Sequence[HubFile], size: int) -> Iterator[list[Piece]]:
    """Divide files into loads of at most so many bytes and five hundred pieces, in the order of the files."""
    load: list[Piece] = []
    room = size
    for file in files:
        begin = 0
        while True:
            length = min(room, file.size - begin)
            if length or not file.size:
                load.append(Piece(file, begin, length, f"{len(load):04d}.piece"))
            begin, room = begin + length, room - length
            if not room or len(load) >= 500:
                yield load
                load, room = [], size
            if begin >= file.size:
                break
    if load:
        yield load


def _no_weights(reference: HubReference, left_out: Sequence[LeftOut]) -> str:
    """Say that nothing is there to be loaded, and what of the commit was not even looked at."""
    said = f"{reference.repo}: the commit holds no weights as safetensors or ONNX."
    told = "; ".join(f"{file.name}: {file.sentence}" for file in left_out[:3])
    return f"{said} Left out: {told}" if told else said


def _check(file: HubFile, path: Path) -> None:
    """Hold a file against what the hub said that it hashes to; raises HubRefused."""
    if file.sha256 is not None:
        with path.open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256
    else:
        found = hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
        with path.open("rb") as stream:
            while content := stream.read(MEBIBYTE):
                found.update(content)
        same = found.hexdigest() == file.blob
    if not same:
        raise HubUntrue(f"{file.name}: its bytes are not those of the commit.")
