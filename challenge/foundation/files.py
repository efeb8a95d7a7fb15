"""Keeps files under their SHA-256: written whole or not at all, never changed.

Equal files are one file, whoever put them, so only whoever knows all that refers to files may remove any. A file is
removed in two steps: it is set aside, and then either forgotten or brought back. Putting a file writes it anew, so a
file that somebody is just putting again is young, and is not set aside.
"""

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 20
LEFT_BEHIND_SECONDS = 86_400
ASIDE_SECONDS = 3_600
"""After so long a file that was set aside, and neither forgotten nor brought back, is brought back."""


class TooLarge(Exception):
    """Raised where a file is longer than its limit; nothing of it is kept."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The file is larger than the limit of {limit:,} bytes.")
        self.limit = limit


@dataclass(frozen=True)
class Stored:
    """A file in the store."""

    sha256: str
    size: int


class FileStore:
    """A folder of files by SHA-256."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lasting: set[Path] = set()

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Keep what `stream` holds and return its name and size in bytes; raise TooLarge over `limit`.

        The order matters: bytes to disk, then the name, then the folder's own entry; only after that
        may a transaction speak of the file.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f"unfinished-{secrets.token_hex(8)}"
        hashed, size = hashlib.sha256(), 0
        try:
            with unfinished.open("xb") as file:
                while piece := stream.read(PIECE):
                    size += len(piece)
                    if size > limit:
                        raise TooLarge(limit)
                    hashed.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            name = hashed.hexdigest()
            target = self.path(name)
            target.parent.mkdir(exist_ok=True)
            unfinished.rename(target)
            _sync_folder(target.parent)
            if target.parent not in self._lasting:
                # once in each process, whoever made it: else a power cut might take the folder, and with it the file
                _sync_folder(self.folder)
                self._lasting.add(target.parent)
        finally:
            unfinished.unlink(missing_ok=True)
        return Stored(name, size)

    def clear_unfinished(self) -> int:
        """Delete unfinished files whose writer was killed more than a day ago; return how many.

        What a clearing that was killed had set aside comes back.

        No upload takes that long: a file that is still being written is never touched.
        """
        gone = 0
        for path in self.folder.glob("unfinished-*"):
            with suppress(FileNotFoundError):  # its writer has just given it its name, or somebody else deleted it
                if time.time() - path.lstat().st_mtime > LEFT_BEHIND_SECONDS:
                    path.unlink()
                    gone += 1
        for path in self.folder.glob("aside-*"):
            with suppress(FileNotFoundError):  # whoever set it aside has just decided
                if time.time() - path.lstat().st_ctime > ASIDE_SECONDS:
                    self.bring_back(path.name.removeprefix("aside-"))
        return gone

    def older_than(self, seconds: float) -> Iterator[Stored]:
        """Return the files that were last put more than so many seconds ago, with their sizes."""
        for path in sorted(self.folder.glob("??/" + "?" * 64)):
            with suppress(FileNotFoundError):  # somebody else has just set it aside
                found = path.lstat()
                if time.time() - found.st_mtime > seconds:
                    yield Stored(path.name, found.st_size)

    def set_aside(self, sha256: str, *, older: float) -> bool:
        """Take a file out of the store for now; False where it is gone, or was put within so many seconds."""
        aside = self._aside(sha256)
        try:
            self.path(sha256).rename(aside)
        except FileNotFoundError:
            return False
        if time.time() - aside.lstat().st_mtime > older:
            return True
        self.bring_back(sha256)  # it was put again between the look and the move
        return False

    def bring_back(self, sha256: str) -> None:
        """Give a file that was set aside its name again; nothing is done where it was put anew meanwhile."""
        aside = self._aside(sha256)
        with suppress(FileExistsError, FileNotFoundError):  # the second: somebody else has just brought it back
            os.link(aside, self.path(sha256))
        aside.unlink(missing_ok=True)
        _sync_folder(self.path(sha256).parent)

    def forget(self, sha256: str) -> None:
        """Remove a file that was set aside for good."""
        self._aside(sha256).unlink(missing_ok=True)

    def _aside(self, sha256: str) -> Path:
        return self.folder / f"aside-{self.path(sha256).name}"

    def path(self, sha256: str) -> Path:
        """Return where a file lies; raise ValueError on anything that is no SHA-256."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError(f"not a SHA-256: {sha256!r}")
        return self.folder / sha256[:2] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """Open a file for reading; raise FileNotFoundError if the store has none of that name."""
        return self.path(sha256).open("rb")

    def has(self, sha256: str) -> bool:
        """Tell whether the store keeps a file of that name."""
        return self.path(sha256).exists()

    def is_whole(self, sha256: str) -> bool:
        """Tell whether the file of that name still holds the bytes it was named after; it is read from end to end."""
        with self.path(sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
