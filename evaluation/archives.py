"""A zip archive is looked at, entry by entry and within limits, and never unpacked to disk."""

import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

_GRACE = 65_536  # bytes: a file this small may be as compressible as it likes
_DIRECTORY_BYTES_PER_ENTRY = 1_024
_TAIL = 65_535 + 22 + 76
DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError,
)  # fmt: skip
"""What reading a damaged entry of an archive raises."""


class ArchiveError(ValueError):
    """An archive or folder breaks a limit or a rule; the message names the entry and says why."""


class LinkError(ArchiveError):
    """An archive or folder holds a link, which could lead to a file outside of it."""


class SizeError(ArchiveError):
    """An archive or folder holds more files or more bytes than its limits allow."""


@dataclass(frozen=True, kw_only=True)
class ArchiveLimits:
    """What an archive or a folder may hold at most; sizes in bytes."""

    entries: int = 2_000
    total: int = 536_870_912
    ratio: int = 100
    name: int = 240


@dataclass(frozen=True)
class Entry:
    """One file in an archive or folder: its name with forward slashes and its unpacked size in bytes."""

    name: str
    size: int


class ZipTree:
    """The files of a zip archive, checked on opening; raises ArchiveError for anything dangerous."""

    def __init__(self, path: Path, *, limits: ArchiveLimits) -> None:
        """Open the archive and check every entry of its directory."""
        self._file = path.open("rb")
        try:
            _check_directory_size(self._file, limits)
            self._zip = zipfile.ZipFile(self._file)
            self._infos = _checked(self._zip.infolist(), path.stat().st_size, limits)
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, struct.error) as error:
            self._file.close()
            raise ArchiveError(f"the zip archive is damaged: {error}") from error
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        """Return the tree itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the archive."""
        self._zip.close()
        self._file.close()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """List the files, sorted by name."""
        return tuple(Entry(name, info.file_size) for name, info in sorted(self._infos.items()))

    def read(self, name: str, *, limit: int) -> bytes:
        """Read a file's first `limit` bytes; raises ArchiveError when it is absent or damaged."""
        info = self._infos.get(name)
        if info is None:
            raise ArchiveError(f"{name}: not in the archive")
        try:
            with self._zip.open(info) as stream:
                return stream.read(limit)
        except DAMAGE as error:
            raise ArchiveError(f"{name}: damaged in the archive: {error}") from error

    def stream(self, name: str) -> BinaryIO:
        """Open a file for reading from its beginning; raises ArchiveError when it is absent or cannot be opened.

        What is damaged within is found while reading, which then raises one of `DAMAGE`.
        """
        info = self._infos.get(name)
        if info is None:
            raise ArchiveError(f"{name}: not in the archive")
        try:
            return cast(BinaryIO, self._zip.open(info))
        except DAMAGE as error:
            raise ArchiveError(f"{name}: damaged in the archive: {error}") from error


def _check_directory_size(file: BinaryIO, limits: ArchiveLimits) -> None:
    """Bound the directory before `zipfile` loads it whole; the tail is read as the format lays it out."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    ends_plainly = tail[-22:].startswith(b"PK\x05\x06") and tail.endswith(b"\0\0")
    end = len(tail) - 22 if ends_plainly else tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise ArchiveError("not a zip archive, or cut off before its end")
    count, directory = struct.unpack_from("<HI", tail, end + 10)
    large = tail[max(0, end - 76) : end]  # the 64-bit record and its locator, where there are any
    if len(large) == 76 and large.startswith(b"PK\x06\x06") and large[56:60] == b"PK\x06\x07":
        count, directory = struct.unpack_from("<QQ", large, 32)
    if count > limits.entries or directory > limits.entries * _DIRECTORY_BYTES_PER_ENTRY:
        raise SizeError(f"the archive holds {count:,} entries; at most {limits.entries:,} are allowed")
    file.seek(0)


def _checked(infos: list[zipfile.ZipInfo], size: int, limits: ArchiveLimits) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > limits.entries:
        raise SizeError(f"the archive holds {len(infos):,} entries; at most {limits.entries:,} are allowed")
    if sum(info.compress_size for info in infos) > size:
        raise ArchiveError("entries of the archive overlap one another")
    if sum(info.file_size for info in infos) > limits.total:
        raise SizeError(f"the archive unpacks to more than {limits.total:,} bytes")
    files: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for info in infos:
        name = info.orig_filename
        check_name(name, limits)
        _check_entry(info, limits)
        if info.is_dir():
            continue
        if name.casefold() in folded:
            raise ArchiveError(f"{name!r}: two entries of the archive have this name")
        folded.add(name.casefold())
        files[name] = info
    return files


def check_name(name: str, limits: ArchiveLimits) -> None:
    """Raise ArchiveError when an entry's name could leave its folder, hide or deceive."""
    parts = name.removesuffix("/").split("/")
    if not name or len(name) > limits.name:
        raise ArchiveError(f"{name[:60]!r}: an entry's name has 1 to {limits.name} characters")
    if any(not letter.isprintable() for letter in name):
        raise ArchiveError(f"{name!r}: control or invisible characters in an entry's name")
    if "\\" in name or name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        raise ArchiveError(f"{name!r}: an entry's name must be relative and use forward slashes")
    if any(part in {"", ".", ".."} for part in parts):
        raise ArchiveError(f"{name!r}: an entry's name must not leave its folder")


def _check_entry(info: zipfile.ZipInfo, limits: ArchiveLimits) -> None:
    name, mode = info.orig_filename, info.external_attr >> 16
    if stat.S_ISLNK(mode):
        raise LinkError(f"{name!r}: links are not allowed; put the file itself into the archive")
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise ArchiveError(f"{name!r}: only plain files are allowed in an archive")
    if info.flag_bits & 0x1:
        raise ArchiveError(f"{name!r}: encrypted entries cannot be checked")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ArchiveError(f"{name!r}: use the compression stored or deflate")
    if info.file_size > _GRACE and info.file_size > limits.ratio * max(info.compress_size, 1):
        raise ArchiveError(f"{name!r}: unpacks to more than {limits.ratio} times its size")
