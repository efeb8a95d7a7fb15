"""A tar archive, plain or compressed, is looked at like a zip: entry by entry, within limits, never unpacked."""

import bz2
import gzip
import lzma
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, Self, cast

from evaluation.archives import DAMAGE, ArchiveError, ArchiveLimits, Entry, LinkError, SizeError, check_name

_CHUNK = 1_048_576
_GRACE = 65_536  # bytes: a file this small may be as compressible as it likes
# each is closed by whoever asks for it
_OPENERS: dict[bytes, Callable[[Path], IO[bytes]]] = {
    b"\x1f\x8b": lambda path: cast(IO[bytes], gzip.open(path, "rb")),  # noqa: SIM115
    b"BZh": lambda path: cast(IO[bytes], bz2.open(path, "rb")),  # noqa: SIM115
    b"\xfd7zXZ": lambda path: cast(IO[bytes], lzma.open(path, "rb")),  # noqa: SIM115
}
_DAMAGE = (*DAMAGE, ValueError, MemoryError)


class TarTree:
    """The files of a tar archive, checked on opening; raises ArchiveError for anything dangerous."""

    def __init__(self, path: Path, *, limits: ArchiveLimits) -> None:
        """Open the archive, decompress it into one nameless file within the limits, and check every entry."""
        self._file = _plain(path, limits)
        try:
            self._tar = tarfile.open(fileobj=self._file, mode="r:")  # noqa: SIM115 closed with the tree
            self._members = self._checked(limits)
        except ArchiveError:
            self._file.close()
            raise
        except _DAMAGE as error:
            self._file.close()
            raise ArchiveError(f"the tar archive is damaged: {error}") from error

    def _checked(self, limits: ArchiveLimits) -> dict[str, tarfile.TarInfo]:
        found: dict[str, tarfile.TarInfo] = {}
        folded: set[str] = set()
        total = 0
        for member in self._tar:
            name = member.name.removeprefix("./")
            if member.isdir() and name in {"", "."}:
                continue
            check_name(name, limits)
            if member.isdir():
                continue
            if member.issym() or member.islnk():
                raise LinkError(f"{name!r}: links are not allowed; put the file itself into the archive")
            if not member.isreg() or member.issparse():
                raise ArchiveError(f"{name!r}: only plain files are allowed in an archive")
            if name.lower() in folded:
                raise ArchiveError(f"{name!r}: the archive holds that name twice, or in another case")
            folded.add(name.lower())
            found[name] = member
            total += member.size
            if len(found) > limits.entries:
                raise SizeError(f"the archive holds more than {limits.entries:,} files")
            if total > limits.total:
                raise SizeError(f"the archive unpacks to more than {limits.total:,} bytes")
        return found

    def __enter__(self) -> Self:
        """Return the tree itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the archive."""
        self._tar.close()
        self._file.close()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """List the files, sorted by name."""
        return tuple(Entry(name, member.size) for name, member in sorted(self._members.items()))

    def read(self, name: str, *, limit: int) -> bytes:
        """Read a file's first `limit` bytes; raises ArchiveError when it is absent or damaged."""
        try:
            with self.stream(name) as stream:
                return stream.read(limit)
        except _DAMAGE as error:
            if isinstance(error, ArchiveError):
                raise
            raise ArchiveError(f"{name}: damaged in the archive: {error}") from error

    def stream(self, name: str) -> BinaryIO:
        """Open a file for reading from its beginning; raises ArchiveError when it is absent."""
        member = self._members.get(name)
        opened = self._tar.extractfile(member) if member is not None else None
        if opened is None:
            raise ArchiveError(f"{name}: not in the archive")
        return cast(BinaryIO, opened)


def is_tar(path: Path) -> bool:
    """Whether a file is a tar archive, compressed or not, by its first bytes."""
    with path.open("rb") as file:
        head = file.read(512)
    if head[257:262] == b"ustar":
        return True
    for magic, opener in _OPENERS.items():
        if head.startswith(magic):
            with suppress(*_DAMAGE), opener(path) as file:
                return file.read(512)[257:262] == b"ustar"
    return False


def _plain(path: Path, limits: ArchiveLimits) -> BinaryIO:
    """Give the archive as it is without compression; raises SizeError as soon as it grows beyond the limits."""
    size = path.stat().st_size
    file = path.open("rb")
    head = file.read(6)
    opener = next((opener for magic, opener in _OPENERS.items() if head.startswith(magic)), None)
    if opener is None:
        file.seek(0)
        return file
    file.close()
    most = min(limits.total + limits.entries * 2_048, max(_GRACE, limits.ratio * size))
    plain = tempfile.TemporaryFile()  # noqa: SIM115 closed with the tree
    written = 0
    try:
        with opener(path) as packed:
            while chunk := packed.read(_CHUNK):
                written += len(chunk)
                if written > most:
                    raise SizeError(f"the archive unpacks to more than {most:,} bytes")
                plain.write(chunk)
    except ArchiveError:
        plain.close()
        raise
    except _DAMAGE as error:
        plain.close()
        raise ArchiveError(f"the tar archive is damaged: {error}") from error
    plain.seek(0)
    return cast(BinaryIO, plain)
