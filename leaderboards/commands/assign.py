"""The command `assign` finds judges for entries: never against a conflict, fair to the worst-served entry."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from leaderboards.commands.exits import DONE
from leaderboards.commands.parsing import count
from leaderboards.commands.telling import tell_or_write
from leaderboards.jury import Affinities, Assignment, Demand, assign, read_affinities, read_pairs
from leaderboards.printing import aligned, plain

if TYPE_CHECKING:
    from leaderboards.commands.parsing import Commands


def add_assign(commands: Commands) -> None:
    """Say what `assign` takes."""
    parser = commands.add_parser("assign", help="assign judges to entries")
    parser.add_argument("affinities", type=Path, help="CSV or Parquet: entry,judge,affinity for every pair")
    parser.add_argument("--conflicts", type=Path, help="CSV or Parquet: entry,judge of pairs that may never be")
    parser.add_argument("--kept", type=Path, help="CSV or Parquet: entry,judge of pairs published already")
    parser.add_argument("--per-entry", type=count, required=True, help="reviews that every entry gets")
    parser.add_argument("--max-load", type=count, required=True, help="entries that a judge reviews at most")
    parser.add_argument("--min-load", type=count, default=0, help="entries that a judge reviews at least")
    parser.add_argument("--seed", type=count, required=True, help="chooses among assignments that are equally good")
    parser.add_argument(
        "--even", action="store_true", help="let loads differ as little as conflicts and fairness allow"
    )
    parser.add_argument("--json", metavar="OUT", help="write the assignment as JSON; - prints it in place of the table")
    parser.set_defaults(run=_run)


def _run(chosen: Namespace) -> int:
    affinities = read_affinities(chosen.affinities)
    demand = Demand(chosen.per_entry, chosen.max_load, chosen.min_load, chosen.seed, even=chosen.even)
    conflicts = frozenset() if chosen.conflicts is None else read_pairs(chosen.conflicts)
    kept = frozenset() if chosen.kept is None else read_pairs(chosen.kept)
    found = assign(affinities, demand, conflicts=conflicts, kept=kept)
    tell_or_write(found.to_dict(), _lines(found, affinities), json=chosen.json)
    return DONE


def _lines(found: Assignment, affinities: Affinities) -> Iterator[str]:
    rows = [("entry", "judges", "affinity")]
    for entry in affinities.entries:
        judges = found.judges_of(entry)
        served = sum(affinities.value(entry, judge) for judge in judges)
        rows.append((plain(entry), ", ".join(plain(judge) for judge in judges), f"{served / 1000:.3f}"))
    yield from aligned(rows, left={0, 1})
    yield ""
    loads = [len(found.entries_of(judge)) for judge in affinities.judges]
    yield f"Worst-served entry {found.worst / 1000:.3f}, total {found.total / 1000:.3f}, seed {found.demand.seed}."
    yield f"Judges review {min(loads)} to {max(loads)} entries."
