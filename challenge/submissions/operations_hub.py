"""Fetches a model from a hub by the instrument, and packs it as one file that depends on nothing but the commit."""

import logging
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from challenge.foundation.files import FileStore, Stored
from challenge.submissions.states import FetchOutcome
from evaluation.engines import EngineMissing
from evaluation.engines.engine import HUB, installed
from evaluation.hub import (
    Fetched,
    Hub,
    HubFailed,
    HubReference,
    HubRefused,
    HubSaysNo,
    HubTooLarge,
    HubUntrue,
    HubWithoutWeights,
    LeftOut,
    fetch,
)
from evaluation.models import ModelRefused
from evaluation.sandbox import SandboxError, layers

PIECE = 1 << 20
EPOCH = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o100644 << 16
ROOM = 4 * 2**20
"""Bytes that a zip of a thousand stored files needs besides them, and more."""
PASSING = frozenset({FetchOutcome.HUB_AWAY, FetchOutcome.ENGINE_MISSING, FetchOutcome.FETCH_BROKEN})
KINDS: tuple[tuple[type[HubRefused], FetchOutcome], ...] = (
    (HubSaysNo, FetchOutcome.NOT_THERE),
    (HubTooLarge, FetchOutcome.TOO_LARGE),
    (HubWithoutWeights, FetchOutcome.NO_WEIGHTS),
    (HubUntrue, FetchOutcome.HUB_UNTRUE),
    (HubRefused, FetchOutcome.NOT_TAKEN),
)

log = logging.getLogger(__name__)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Brought:
    """What fetching came to: an outcome in words and, where all is well, the package in the store."""

    outcome: FetchOutcome
    explanation: str
    package: Stored | None = None
    name: str = ""
    files: int = 0
    left_out: tuple[LeftOut, ...] = ()

    @property
    def is_passing(self) -> bool:
        """Whether it may come out otherwise the next time."""
        return self.outcome in PASSING


def hub_at(address: str) -> Hub:
    """Return the hub at an address; one by http is on this machine, for tests: no setting can say so."""
    return Hub(endpoint=address, private=address.startswith("http://"))


def why_not_fetched(engines: str = "") -> str:
    """Say why no model can be fetched on this machine, and what to do about it; the empty text where one can."""
    if trouble := layers().why_not_untrusted():
        return trouble
    try:
        installed(HUB, folder=Path(engines) if engines else None)
    except EngineMissing as error:
        return str(error)
    return ""


def bring(
    *, hub: str, model: str, commit: str, files: FileStore, folder: Path, largest: int, progress: Progress
) -> Brought:
    """Fetch a commit, look at it, and put its package into the store; `largest` bounds its files, in bytes.

    Nothing is left in `folder`. Whatever hinders it is an outcome; what `progress` raises to stop it comes through.
    """

    def kept(out: Path) -> Brought:
        found = fetch(HubReference(model, commit), out, hub=hub_at(hub), largest=largest, progress=progress)
        size = sum(file.size for file in found.facts.files)
        progress(size, size, "the package")
        return _kept(found, out, out.with_suffix(".zip"), files, largest)

    return tried(kept, folder=folder, what=f"{model}@{commit}")


def tried(deed: Callable[[Path], Brought], *, folder: Path, what: str) -> Brought:
    """Do something with a hub, given the name of a new folder; whatever hinders it is an outcome.

    Nothing is left in `folder`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix="run-hub-", dir=folder, ignore_cleanup_errors=True) as name:
            return deed(Path(name, "model"))
    except HubRefused as refusal:
        return Brought(next(outcome for kind, outcome in KINDS if isinstance(refusal, kind)), str(refusal))
    except ModelRefused as refusal:
        return Brought(FetchOutcome.MODEL_REFUSED, str(refusal))
    except HubFailed as error:
        return Brought(FetchOutcome.HUB_AWAY, str(error))
    except EngineMissing as error:
        return Brought(FetchOutcome.ENGINE_MISSING, str(error))
    except (SandboxError, OSError):
        log.exception("%s could not be fetched on this machine", what)
        return Brought(FetchOutcome.FETCH_BROKEN, "The platform's own machine was short of something, such as room.")


def _kept(found: Fetched, out: Path, packed: Path, files: FileStore, largest: int) -> Brought:
    count = pack(out, packed)
    with packed.open("rb") as stream:
        stored = files.put(stream, limit=largest + ROOM)
    repo, commit = found.reference.repo, found.reference.commit
    size = sum(file.size for file in found.facts.files)
    return Brought(
        FetchOutcome.FETCHED,
        f"{count:,} files with {size:,} bytes were fetched, and are those of the commit.",
        stored,
        f"{repo.partition('/')[2]}-{commit[:12]}.zip",
        count,
        found.left_out,
    )


def pack(folder: Path, target: Path) -> int:
    """Write the files of a folder into a zip and take each away once it is in; return how many there were.

    Stored and not compressed, in the order of their names, under one date: equal files, equal bytes, on any machine.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "x") as archive:
        for name in names:
            path = folder / name
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system, info.external_attr, info.file_size = 3, PLAIN_FILE, path.stat().st_size
            with path.open("rb") as source, archive.open(info, "w") as file:
                shutil.copyfileobj(source, file, PIECE)
            path.unlink()
    return len(names)
