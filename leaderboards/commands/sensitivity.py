"""The command `sensitivity` says who the best few would have been by other rules, without a task, by other weights."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from leaderboards.aggregates import Results
from leaderboards.commands.exits import DONE
from leaderboards.commands.parsing import count
from leaderboards.commands.reading import read_policy, read_table_of
from leaderboards.commands.telling import tell_or_write
from leaderboards.printing import aligned, plain
from leaderboards.sensitivity import Choice, Sensitivity, Variation, sensitivity

if TYPE_CHECKING:
    from leaderboards.commands.parsing import Commands

_TITLES = {Choice.RULE: "By rule", Choice.TASK: "Without a task", Choice.WEIGHT: "With one weight changed"}


def add_sensitivity(commands: Commands) -> None:
    """Say what `sensitivity` takes."""
    parser = commands.add_parser("sensitivity", help="vary rule, tasks and weights")
    parser.add_argument("scores", type=Path, help="CSV or Parquet: entrant,task,item,cluster,value")
    parser.add_argument("--policy", type=Path, required=True, help="JSON: tasks, anchors, weights, confidence, seed")
    parser.add_argument("--status", type=Path, help="CSV or Parquet: entrant,reason of those that are left out")
    parser.add_argument("--top", type=count, default=4, help="how many are the best; 4 unless said")
    parser.add_argument("--json", metavar="OUT", help="write the finding as JSON; - prints it in place of the table")
    parser.set_defaults(run=_run)


def _run(chosen: Namespace) -> int:
    policy = read_policy(chosen.policy)
    table = read_table_of(chosen.scores, policy, status=chosen.status)
    found = sensitivity(Results.of(table, policy), places=chosen.top, seed=policy.seed)
    tell_or_write(found.to_dict(), list(_lines(found)), json=chosen.json)
    return DONE


def _lines(found: Sensitivity) -> Iterator[str]:
    yield f"The best {found.places}: {_listed(found.best)}."
    for choice, title in _TITLES.items():
        variations = found.of(choice)
        if not variations:
            continue
        changed = [one for one in variations if one.changes]
        yield ""
        yield f"{title}: another set in {len(changed)} of {len(variations)}."
        if changed:
            yield from aligned([("", "joins", "leaves"), *map(_row, changed)], left={0, 1, 2})
    sweep = found.sweep
    yield ""
    yield f"Weights drawn between half and double, {sweep.draws:,} times, seed {sweep.seed}:"
    rows = [(plain(name), f"{100 * count / sweep.draws:.1f}%") for name, count in sweep.among_best]
    yield from aligned([("entrant", "among the best"), *rows], left={0})
    sets = "set" if len(sweep.sets) == 1 else "different sets"
    yield f"{len(sweep.sets)} {sets}; the most frequent in {100 * sweep.sets[0][1] / sweep.draws:.1f}%."


def _row(one: Variation) -> tuple[str, str, str]:
    return one.name, _listed(one.joined), _listed(one.gone)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(plain, names)) or "nobody"
