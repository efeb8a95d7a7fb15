"""Removes files from the store that no record speaks of: refused forms, trials that were forgotten, lost results.

A file counts as spoken of where its SHA-256 stands anywhere in the database, in whatever column of whatever table, so
that no room has to be asked and none can be left out. The audit log alone is passed over: it tells what was, and claims
no file. A file goes only if it was last put long ago, since it lies in the store before any record speaks of it.
"""

import re
from collections.abc import Set
from dataclasses import dataclass

from sqlalchemy import Boolean, DateTime, Integer, Numeric, select

from challenge.commands.schema import metadata
from challenge.foundation.database import Database
from challenge.web.house import House

PASSED_OVER = frozenset({"audit_lines", "audit_head"})
WITHOUT_NAMES = (Boolean, DateTime, Integer, Numeric)
"""Columns in which no SHA-256 can stand."""
LEAST_DAYS = 1
"""An upload takes up to an hour, and a result is brought again for an hour where the database is away."""
_NAME = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True)
class Cleared:
    """How many files went, or would go, and how many bytes they had."""

    files: int
    size: int


def clear_files(house: House, *, days: int, dry: bool) -> Cleared:
    """Remove the files that nothing speaks of and that were last put more than `days` days ago; `dry` only counts.

    Raises ValueError for less than a day. Safe beside servers and workers: a file that is put again meanwhile is
    young, and what is set aside is looked for in the database once more before it is forgotten.
    """
    if days < LEAST_DAYS:
        raise ValueError(f"files younger than {LEAST_DAYS} day may still be on their way into a record")
    older = days * 86_400.0
    sizes = {stored.sha256: stored.size for stored in house.files.older_than(older)}
    unspoken = sizes.keys() - spoken_of(house.database, sizes.keys())
    if not dry:
        aside = {sha256 for sha256 in unspoken if house.files.set_aside(sha256, older=older)}
        spoken = spoken_of(house.database, aside)
        for sha256 in aside:
            (house.files.bring_back if sha256 in spoken else house.files.forget)(sha256)
        unspoken = aside - spoken
    return Cleared(len(unspoken), sum(sizes[sha256] for sha256 in unspoken))


def spoken_of(database: Database, names: Set[str]) -> set[str]:
    """Return those of the names that stand anywhere in the database."""
    found: set[str] = set()
    with database.reading() as session:
        for table in metadata().sorted_tables:
            columns = [column for column in table.columns if not isinstance(column.type, WITHOUT_NAMES)]
            if table.name in PASSED_OVER or not columns or not names:
                continue
            for row in session.execute(select(*columns).execution_options(yield_per=1000)):
                for value in row:
                    if value is not None:
                        found |= names & set(_NAME.findall(value if isinstance(value, str) else repr(value)))
    return found
