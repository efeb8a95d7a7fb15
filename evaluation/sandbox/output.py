"""Takes files out of a sandbox's /out, while it runs and after, and trusts nothing that lies there.

The folder is held open from before the command began, so its files outlive the sandbox and are gone with the last one
who holds it. A file is finished by its name: whoever writes renames it from `.name` or `name.tmp`. Each name is taken
once, as a private copy, which nobody can change afterwards.
"""

import os
import re
import stat
import tempfile
from dataclasses import dataclass, field
from typing import BinaryIO

from evaluation.sandbox.limits import Limits

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
MOST_SENTENCES = 50
_PIECE = 1 << 22


@dataclass
class Outbox:
    """The files of one run; `folder` is an open file descriptor of /out."""

    folder: int
    limits: Limits
    refused: list[str] = field(default_factory=list)
    """What the last look did not take, a sentence each."""
    _taken: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    _bytes: int = 0

    @property
    def taken(self) -> tuple[str, ...]:
        """Return the names of all files taken so far."""
        return tuple(self._taken)

    def take(self) -> dict[str, BinaryIO]:
        """Return the files that are finished and new, each at its beginning; whoever calls closes them.

        Raises OSError where this machine has no room for the copies.
        """
        self.refused = []
        files: dict[str, BinaryIO] = {}
        try:
            for name in self._finished_names():
                copy = self._copied(name)
                if copy is not None:
                    files[name] = copy
        except BaseException:
            for copy in files.values():
                copy.close()
            raise
        return files

    def _finished_names(self) -> list[str]:
        names: list[str] = []
        with os.scandir(self.folder) as entries:
            for count, entry in enumerate(entries):
                if count >= self.limits.entries:
                    self._refuse(f"/out: more than {self.limits.entries:,} entries; the rest was not looked at.")
                    break
                if entry.name.startswith(".") or entry.name.endswith(".tmp"):
                    continue
                if NAME.fullmatch(entry.name):
                    names.append(entry.name)
                else:
                    self._refuse(f"{ascii(entry.name)[:120]}: letters, digits, '.', '_' and '-' alone, 100 at most.")
        return sorted(names)

    def _copied(self, name: str) -> BinaryIO | None:
        try:
            # without following a link, and without waiting for somebody at the other end of a pipe
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
            source = os.open(name, flags, dir_fd=self.folder)
        except FileNotFoundError:  # it was there a moment ago
            return None
        except OSError as error:
            self._refuse(f"{name}: not a file that can be read ({error.strerror}).")
            return None
        try:
            before = os.fstat(source)
            if not self._is_wanted(name, before):
                return None
            copy = tempfile.TemporaryFile(prefix="sandbox-")  # noqa: SIM115  # handed over open
            try:
                _copy(source, copy.fileno(), before.st_size)
                if _mark(os.fstat(source)) != _mark(before) or os.fstat(copy.fileno()).st_size != before.st_size:
                    self._refuse(f"{name}: changed while it was taken.")
                    copy.close()
                    return None
                copy.seek(0)
            except BaseException:
                copy.close()
                raise
            self._taken[name] = _mark(before)
            self._bytes += before.st_size
            return copy
        finally:
            os.close(source)

    def _is_wanted(self, name: str, found: os.stat_result) -> bool:
        if name in self._taken:
            if self._taken[name] != _mark(found):
                self._refuse(f"{name}: changed after it was taken; the first version counts.")
            return False
        sentence = ""
        if not stat.S_ISREG(found.st_mode):
            sentence = "not a plain file"
        elif found.st_nlink != 1:
            sentence = f"{found.st_nlink} names for one file"
        elif found.st_size > self.limits.file_bytes:
            sentence = f"{found.st_size:,} bytes; {self.limits.file_bytes:,} is the most for one file"
        elif len(self._taken) >= self.limits.files:
            sentence = f"{self.limits.files:,} files were taken already, which is the most"
        elif self._bytes + found.st_size > self.limits.taken_bytes:
            sentence = f"with its {found.st_size:,} bytes more than {self.limits.taken_bytes:,} would be taken"
        if sentence:
            self._refuse(f"{name}: {sentence}.")
        return not sentence

    def _refuse(self, sentence: str) -> None:
        if len(self.refused) < MOST_SENTENCES:
            self.refused.append(sentence)
        elif len(self.refused) == MOST_SENTENCES:
            self.refused.append("More was refused than is told here.")


def _mark(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns


def _copy(source: int, target: int, size: int) -> None:
    """Copy `size` bytes at most, however long the file has grown since."""
    done = 0
    while done < size and (sent := os.sendfile(target, source, done, min(_PIECE, size - done))):
        done += sent
