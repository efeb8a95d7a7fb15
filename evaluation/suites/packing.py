"""A suite is packed into a zip whose bytes depend on its content alone."""

import io
import zipfile
from pathlib import Path

from evaluation.suites.loading import suite_files

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first instant the zip format can hold


def pack_suite(folder: str | Path) -> bytes:
    """Pack a suite's files into a zip: sorted names, fixed times and modes, stored; raises SuiteError."""
    return pack(suite_files(folder))


def pack(files: dict[str, bytes]) -> bytes:
    """Pack files given by name into a zip with the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()
