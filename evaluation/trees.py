"""A folder and a zip or tar archive of it are read in the same way and under the same limits."""

import os
import stat
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from evaluation.archives import ArchiveError, ArchiveLimits, Entry, LinkError, SizeError, ZipTree, check_name
from evaluation.tars import TarTree, is_tar


class FolderTree:
    """The plain files below a folder; links and devices are refused with ArchiveError."""

    def __init__(self, path: Path, *, limits: ArchiveLimits) -> None:
        """Walk the folder once and check every file."""
        self._path = path
        self._sizes: dict[str, int] = {}
        self._total = 0
        for folder, folders, files in os.walk(path, followlinks=False):
            for name in sorted(folders + files):
                self._add(Path(folder) / name, limits)

    def _add(self, path: Path, limits: ArchiveLimits) -> None:
        name = path.relative_to(self._path).as_posix()
        check_name(name, limits)
        status = path.lstat()
        if stat.S_ISDIR(status.st_mode):
            return
        if stat.S_ISLNK(status.st_mode):
            raise LinkError(f"{name!r}: links are not allowed; put the file itself into the folder")
        if not stat.S_ISREG(status.st_mode):
            raise ArchiveError(f"{name!r}: only plain files are allowed")
        self._sizes[name] = status.st_size
        self._total += status.st_size
        if len(self._sizes) > limits.entries:
            raise SizeError(f"the folder holds more than {limits.entries:,} files")
        if self._total > limits.total:
            raise SizeError(f"the folder holds more than {limits.total:,} bytes")

    def __enter__(self) -> Self:
        """Return the tree itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hold nothing open, so close nothing."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """List the files, sorted by name."""
        return tuple(Entry(name, size) for name, size in sorted(self._sizes.items()))

    def read(self, name: str, *, limit: int) -> bytes:
        """Read a file's first `limit` bytes; raises ArchiveError when it is absent."""
        with self.stream(name) as file:
            return file.read(limit)

    def stream(self, name: str) -> BinaryIO:
        """Open a file for reading from its beginning; raises ArchiveError when it is absent."""
        if name not in self._sizes:
            raise ArchiveError(f"{name}: not in the folder")
        # O_NOFOLLOW: a file swapped for a link after the walk must not lead elsewhere.
        return os.fdopen(os.open(self._path / name, os.O_RDONLY | os.O_NOFOLLOW), "rb")


Tree = FolderTree | ZipTree | TarTree


def open_tree(path: Path, *, limits: ArchiveLimits) -> Tree:
    """Open a folder, a zip or a tar archive for reading; raises ArchiveError for anything else."""
    if path.is_dir():
        return FolderTree(path, limits=limits)
    if not path.is_file():
        raise ArchiveError(f"{path}: no such file or folder")
    with path.open("rb") as file:
        if not file.read(4).startswith(b"PK"):
            if is_tar(path):
                return TarTree(path, limits=limits)
            raise ArchiveError(f"{path}: neither a folder nor a zip archive nor a tar")
    return ZipTree(path, limits=limits)
