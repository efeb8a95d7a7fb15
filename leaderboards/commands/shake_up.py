"""The command `shake-up` reports how the private board differs from the public one."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from leaderboards.commands.exits import DONE
from leaderboards.commands.reading import read_policy, read_table_of
from leaderboards.commands.telling import tell_or_write
from leaderboards.guards import Optimism, ShakeUp, shake_up
from leaderboards.printing import aligned, plain

if TYPE_CHECKING:
    from leaderboards.commands.parsing import Commands

_MOVERS = 5


def add_shake_up(commands: Commands) -> None:
    """Say what `shake-up` takes."""
    parser = commands.add_parser("shake-up", help="compare the public board with the private one")
    parser.add_argument("public", type=Path, help="scores of the public items: entrant,task,item,cluster,value")
    parser.add_argument("private", type=Path, help="scores of the private items, in the same columns")
    parser.add_argument("--policy", type=Path, required=True, help="JSON: tasks, anchors, weights, confidence, seed")
    parser.add_argument("--status", type=Path, help="CSV or Parquet: entrant,reason of those that are left out")
    parser.add_argument("--json", metavar="OUT", help="write the report as JSON; - prints it in place of the table")
    parser.set_defaults(run=_run)


def _run(chosen: Namespace) -> int:
    policy = read_policy(chosen.policy)
    public, private = (read_table_of(path, policy, status=chosen.status) for path in (chosen.public, chosen.private))
    report = shake_up(public, private, policy)
    tell_or_write(report.to_dict(), _lines(report, policy.decimals), json=chosen.json)
    return DONE


def _lines(report: ShakeUp, decimals: int) -> Sequence[str]:
    table = [("private", "public", "moved", "entrant", "private points", "public points", "optimism", "low", "high")]
    for move in report.moves:
        table.append(
            (
                str(move.private_rank),
                str(move.public_rank),
                f"{-move.down:+d}" if move.down else "",
                plain(move.entrant),
                f"{move.private_points:.{decimals}f}",
                f"{move.public_points:.{decimals}f}",
                *_shown(move.optimism, decimals),
            )
        )
    points, low, high = _shown(report.optimism, decimals)
    movers = [f"{plain(move.entrant)} {move.public_rank} → {move.private_rank}" for move in report.largest(_MOVERS)]
    lines = [
        *aligned(table, left={3}),
        "",
        f"Kendall's τ {'unknown' if report.tau is None else format(report.tau, '.3f')}. "
        f"Largest moves: {'; '.join(movers) or 'none'}.",
        f"Mean optimism of the public board: {points} points, {low} to {high}.",
    ]
    if report.left_out:
        lines += ["", "Not compared:", *(f"  {plain(one.entrant)}: {plain(one.reason)}" for one in report.left_out)]
    return lines


def _shown(optimism: Optimism, decimals: int) -> tuple[str, str, str]:
    points, low, high = (
        "unknown" if value is None else f"{value:+.{decimals}f}"
        for value in (optimism.points, optimism.low, optimism.high)
    )
    return points, low, high
