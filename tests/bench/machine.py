"""Reads from the system what a process has cost, and on what it runs."""

import os
import platform
from pathlib import Path

from sqlalchemy import text

from challenge.foundation.database import sqlite_module
from challenge.web.house import House

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_ms(pid: int) -> float:
    """Return the CPU time, user and system, of a process and all that descend from it, in milliseconds."""
    children: dict[int, list[int]] = {}
    spent: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            # the name in brackets may hold blanks, so counting begins behind it: field 3 is the first
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended while we looked
            continue
        children.setdefault(int(fields[1]), []).append(int(folder.name))
        spent[int(folder.name)] = sum(int(fields[place]) for place in (11, 12, 13, 14))
    total, family = 0, [pid]
    while family:
        one = family.pop()
        total += spent.get(one, 0)
        family += children.get(one, [])
    return total * 1000 / TICKS


def peak_megabytes(pid: int | None = None) -> float:
    """Return the most memory that a process has held so far, in megabytes of 10^6 bytes."""
    status = Path(f"/proc/{pid or 'self'}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 10**6


def described(house: House) -> str:
    """Name database, Python, cores, file system and load, since a figure without them says little."""
    return (
        f"{_database(house)}, Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"files on {_file_system(house.settings.instance)}, load {os.getloadavg()[0]:.1f}"
    )


def _database(house: House) -> str:
    with house.database.reading() as session:
        if house.database.is_sqlite:
            mode, level = (session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous"))
            return f"SQLite {sqlite_module().sqlite_version} (journal {mode}, synchronous {level})"
        version, commits = (
            session.execute(text(f"SHOW {name}")).scalar() for name in ("server_version", "synchronous_commit")
        )
        return f"PostgreSQL {str(version).split()[0]} (synchronous_commit {commits})"


def _file_system(folder: Path) -> str:
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    holding = [(place, kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return max(holding, key=lambda mount: len(mount[0]))[1]
