"""The command `similar` flags pairs that make the same mistakes too often."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from leaderboards.commands.exits import DONE
from leaderboards.commands.telling import tell_or_write
from leaderboards.guards import Flag, Lineage, SimilarityReport, read_answers, read_lineage, similarity
from leaderboards.printing import aligned, plain

if TYPE_CHECKING:
    from leaderboards.commands.parsing import Commands


def add_similar(commands: Commands) -> None:
    """Say what `similar` takes."""
    parser = commands.add_parser("similar", help="find pairs with too many mistakes in common")
    parser.add_argument("answers", type=Path, help="CSV or Parquet: entrant,task,item,answer,key")
    parser.add_argument("--lineage", type=Path, help="CSV or Parquet: entrant,family as declared, a row a family")
    parser.add_argument("--json", metavar="OUT", help="write the report as JSON; - prints it in place of the table")
    parser.set_defaults(run=_run)


def _run(chosen: Namespace) -> int:
    lineage = read_lineage(chosen.lineage) if chosen.lineage is not None else None
    report = similarity(read_answers(chosen.answers), lineage=lineage)
    tell_or_write(report.to_dict(), _lines(report), json=chosen.json)
    return DONE


def _lines(report: SimilarityReport) -> Sequence[str]:
    lines = [f"{report.pairs} pairs compared; a z above {report.limit:.2f} is flagged."]
    if report.flags:
        table = [("z", "same", "expected", "both wrong", "pair", "lineage")]
        table += [
            (
                f"{flag.z:.2f}",
                str(flag.same),
                f"{flag.expected:.1f}",
                str(flag.both_wrong),
                f"{plain(flag.first)} · {plain(flag.second)}",
                _lineage(flag),
            )
            for flag in report.flags
        ]
        lines += ["", *aligned(table, left={4, 5})]
    else:
        lines += ["No pair is flagged."]
    if report.families:
        rows = [
            (plain(one.family), str(len(one.entrants)), f"{one.mean_z:.2f}", f"{one.largest_z:.2f}")
            for one in report.families
        ]
        heading = ("family", "entrants", "mean z", "largest z")
        lines += ["", "Within declared families:", *aligned([heading, *rows], left={0})]
    return [*lines, "", "A flag opens a case; only a person closes it."]


def _lineage(flag: Flag) -> str:
    if flag.lineage is Lineage.SHARED:
        return f"both declare {', '.join(plain(family) for family in flag.families)}"
    return "different families declared" if flag.lineage is Lineage.DIFFERENT else "not declared by both"
