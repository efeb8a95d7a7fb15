"""Which entries and judges hang together: two are connected if marks lead from one to the other.

Between groups without a common judge or entry nothing tells a harsh judge from a weak entry, so marks of different
groups cannot be brought onto one scale.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Group:
    """One connected part of the graph of judges and entries, names sorted."""

    entries: tuple[str, ...]
    judges: tuple[str, ...]


def groups(pairs: Iterable[tuple[str, str]]) -> tuple[Group, ...]:
    """Find the connected parts of the graph whose edges are the pairs (entry, judge)."""
    judges_of: dict[str, set[str]] = {}
    entries_of: dict[str, set[str]] = {}
    for entry, judge in pairs:
        judges_of.setdefault(entry, set()).add(judge)
        entries_of.setdefault(judge, set()).add(entry)
    found: list[Group] = []
    left = set(judges_of)
    for first in sorted(judges_of):
        if first not in left:
            continue
        entries, judges, waiting = {first}, set[str](), [first]
        while waiting:
            for judge in judges_of[waiting.pop()] - judges:
                judges.add(judge)
                new = entries_of[judge] - entries
                entries |= new
                waiting += sorted(new)
        left -= entries
        found.append(Group(tuple(sorted(entries)), tuple(sorted(judges))))
    return tuple(found)
