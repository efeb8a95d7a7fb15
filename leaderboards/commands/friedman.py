"""The command `friedman` ranks entrants task by task, and draws who lies too near to whom to be told apart."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from leaderboards.commands.exits import DONE
from leaderboards.commands.reading import read_policy, read_table_of
from leaderboards.commands.telling import tell_or_write
from leaderboards.comparisons import Friedman, critical_difference, friedman, groups
from leaderboards.decimals import as_written, from_exact, from_float, spelled
from leaderboards.printing import aligned, plain

if TYPE_CHECKING:
    from leaderboards.commands.parsing import Commands

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def add_friedman(commands: Commands) -> None:
    """Say what `friedman` takes."""
    parser = commands.add_parser("friedman", help="compare mean ranks over tasks")
    parser.add_argument("scores", type=Path, help="CSV or Parquet: entrant,task,item,cluster,value")
    parser.add_argument("--policy", type=Path, required=True, help="JSON: tasks, anchors, weights, confidence, seed")
    parser.add_argument("--status", type=Path, help="CSV or Parquet: entrant,reason of those that are left out")
    parser.add_argument("--json", metavar="OUT", help="write the finding as JSON; - prints it in place of the table")
    parser.set_defaults(run=_run)


def _run(chosen: Namespace) -> int:
    policy = read_policy(chosen.policy)
    found = friedman(read_table_of(chosen.scores, policy, status=chosen.status), policy)
    alpha = 1 - as_written(policy.confidence)
    difference = critical_difference(entrants=len(found.entrants), tasks=found.tasks, alpha=alpha)
    together = groups(found, difference)
    finding = {
        **found.to_dict(),
        "alpha": spelled(from_exact(alpha)),
        "critical_difference": spelled(from_float(difference)),
        "groups": [list(group) for group in together],
    }
    tell_or_write(finding, _lines(found, alpha, difference, together), json=chosen.json)
    return DONE


def _lines(found: Friedman, alpha: Fraction, difference: float, together: Sequence[Sequence[str]]) -> Sequence[str]:
    size, tasks = len(found.entrants), found.tasks
    marks = {
        entrant: "".join(_letter(n) for n, group in enumerate(together) if entrant in group)
        for entrant in found.entrants
    }
    table = [("mean rank", "entrant", "group")]
    table += [
        (f"{from_exact(rank):.3f}", plain(entrant), marks[entrant])
        for entrant, rank in zip(found.entrants, found.mean_ranks, strict=True)
    ]
    f = "all tasks agree on one order" if found.f is None else f"F = {from_exact(found.f):.3f}"
    return [
        *aligned(table, left={1, 2}),
        "",
        f"{size} entrants, {tasks} tasks.",
        f"Friedman: χ² = {from_exact(found.chi_square):.3f}, p = {_p(found.p_chi_square)}.",
        f"Iman and Davenport: {f}, p = {_p(found.p_f)}.",
        f"Nemenyi: critical difference {difference:.3f} at {from_exact(alpha).normalize():f}; "
        "who shares a group cannot be told apart.",
    ]


def _p(value: float) -> str:
    return "below 0.0001" if value < 0.0001 else f"{value:.4f}"


def _letter(number: int) -> str:
    """Name groups a to z, then aa, ab and so on."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, len(_LETTERS))
        name = _LETTERS[rest] + name
    return name
