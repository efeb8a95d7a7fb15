"""The command `compare` sets two entrants side by side."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from leaderboards.commands.exits import DONE
from leaderboards.commands.reading import read_policy, read_table_of
from leaderboards.commands.telling import tell_or_write
from leaderboards.comparisons import Finalists, Gap, compare
from leaderboards.decimals import exact, from_exact
from leaderboards.policy import Policy
from leaderboards.printing import aligned, plain

if TYPE_CHECKING:
    from leaderboards.commands.parsing import Commands


def add_compare(commands: Commands) -> None:
    """Say what `compare` takes."""
    parser = commands.add_parser("compare", help="set two entrants side by side")
    parser.add_argument("scores", type=Path, help="CSV or Parquet: entrant,task,item,cluster,value")
    parser.add_argument("first", metavar="A")
    parser.add_argument("second", metavar="B")
    parser.add_argument("--policy", type=Path, required=True, help="JSON: tasks, anchors, weights, confidence, seed")
    parser.add_argument("--status", type=Path, help="CSV or Parquet: entrant,reason of those that are left out")
    parser.add_argument(
        "--rope", type=_points, default=Fraction(1), help="up to how many points on a task are practically equal, 1"
    )
    parser.add_argument("--json", metavar="OUT", help="write the comparison as JSON; - prints it in place of the text")
    parser.set_defaults(run=_run)


def _run(chosen: Namespace) -> int:
    policy = read_policy(chosen.policy)
    scores = read_table_of(chosen.scores, policy, status=chosen.status)
    found = compare(scores, policy, chosen.first, chosen.second, rope=chosen.rope)
    tell_or_write(found.to_dict(), _lines(found, policy), json=chosen.json)
    return DONE


def _lines(found: Finalists, policy: Policy) -> Sequence[str]:
    first, second = plain(found.first), plain(found.second)
    level = f"{from_exact(Fraction(repr(policy.confidence)) * 100).normalize():f}"
    table = [("task", f"{first} − {second}", "low", "high")]
    table += [_row(plain(task), gap, policy) for task, gap in (*found.tasks, ("all", found.gap))]
    test = found.permutation
    how = "all exchanges counted" if test.draws is None else f"{test.draws} draws"
    return [
        f"{first} against {second}, in points, each interval {level}% by itself:",
        "",
        *aligned(table, left={0}),
        "",
        f"Exchanging answers cluster by cluster: p = {_rounded(test.p)} ({how}, {test.clusters} clusters differ).",
        f"Practically equal within ±{found.rope} on a task's own 0 to 100; the tasks as a sample of tasks:",
        "",
        *aligned(
            [
                ("", f"{first} better", "equal", f"{second} better"),
                ("sign test", *map(_rounded, found.sign.probabilities())),
                ("signed-rank test", *map(_rounded, found.signed_rank.probabilities())),
            ],
            left={0},
        ),
    ]


def _row(name: str, gap: Gap, policy: Policy) -> tuple[str, str, str, str]:
    def shown(value: Decimal | None) -> str:
        return "unknown" if value is None else f"{value:+.{policy.decimals}f}"

    return name, shown(gap.points), shown(gap.low), shown(gap.high)


def _rounded(share: Fraction) -> str:
    return f"{from_exact(share):.4f}"


def _points(text: str) -> Fraction:
    value = exact(text)
    if value is None or value < 0:
        raise ArgumentTypeError(f"{text!r} is not a number of points of at least 0")
    return value
