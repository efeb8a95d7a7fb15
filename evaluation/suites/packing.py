"""A suite is packed into a zip whose bytes depend on its content alone."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from evaluation.suites.loading import suite_files

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first instant the zip format can hold


def pack_suite(folder: str | Path) -> bytes:
    """Pack a suite's files into a zip: sorted names, fixed times and modes, stored; raises SuiteError."""
    return pack(suite_files(folder))


def pack(files: dict[str, bytes]) -> bytes:
    """Pack files given by name into a zip with the same bytes every time."""
    buffer = io.BytesIO()
    pack_into(buffer, ((name, files[name]) for name in sorted(files)))
    return buffer.getvalue()


def pack_into(target: BinaryIO, files: Iterable[tuple[str, bytes]]) -> None:
    """Pack files as they come, so that only one of them is in memory; their order is the caller's affair."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, content)
