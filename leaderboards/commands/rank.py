"""The command `rank` makes a board of a table of scores."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from leaderboards.commands.exits import DONE
from leaderboards.commands.reading import read_policy, read_table_of
from leaderboards.commands.telling import tell_or_write
from leaderboards.printing import board_lines
from leaderboards.ranking import rank

if TYPE_CHECKING:
    from leaderboards.commands.parsing import Commands


def add_rank(commands: Commands) -> None:
    """Say what `rank` takes."""
    parser = commands.add_parser("rank", help="rank a table of scores")
    parser.add_argument("scores", type=Path, help="CSV or Parquet: entrant,task,item,cluster,value")
    parser.add_argument("--policy", type=Path, required=True, help="JSON: tasks, anchors, weights, confidence, seed")
    parser.add_argument("--status", type=Path, help="CSV or Parquet: entrant,reason of those that stay unranked")
    parser.add_argument("--json", metavar="OUT", help="write the ranking as JSON; - prints it in place of the table")
    parser.set_defaults(run=_run)


def _run(chosen: Namespace) -> int:
    policy = read_policy(chosen.policy)
    ranking = rank(read_table_of(chosen.scores, policy, status=chosen.status), policy)
    tell_or_write(ranking.to_dict(), board_lines(ranking, decimals=policy.decimals), json=chosen.json)
    return DONE
