"""A comparison needs every result of everybody compared; whoever lacks one is named, never averaged over."""

from collections.abc import Sequence

from leaderboards.completeness import demand_known_tasks, gaps
from leaderboards.policy import Missing, Policy
from leaderboards.refusals import ComparisonError
from leaderboards.scores import ScoreTable


def comparable(scores: ScoreTable, policy: Policy, *, entrants: Sequence[str] | None = None) -> ScoreTable:
    """Return the table of `entrants`, or of all without a status, each with every item of every task of the policy.

    As on a board, an item that anybody answered is asked of everybody, whoever is left out by the status table aside.
    A task that counts as its floor is no result either: nothing was measured on it that could be compared. Raises
    ComparisonError naming the first entrant that is unknown or lacks a result, ScoreError for a task unknown to the
    policy.
    """
    demand_known_tasks(scores, policy)
    asked = scores.without({one.entrant for one in scores.status})
    reasons = {one.entrant: one.reason for one in scores.status}
    wanted = asked.entrants if entrants is None else tuple(entrants)
    for entrant in wanted:
        if entrant in reasons:
            raise ComparisonError(f"{entrant} is left out ({reasons[entrant]}), so it cannot be compared.")
        if entrant not in asked.entrants:
            raise ComparisonError(f"the table has no entrant {entrant!r}; it has {_some(asked.entrants)}.")
    lacking = gap(asked, policy, wanted)
    if lacking is not None:
        raise ComparisonError(
            f"{lacking}; a comparison needs every result: name the entrant in the status table, or leave the task out "
            "of the policy."
        )
    return asked.without(set(asked.entrants) - set(wanted))


def gap(scores: ScoreTable, policy: Policy, entrants: Sequence[str]) -> str | None:
    """Say what the first of `entrants` that lacks a result lacks, or None where nobody does."""
    lacking = gaps(scores, policy, entrants=entrants, missing=Missing.UNRANKED)
    first = next((entrant for entrant in entrants if entrant in lacking), None)
    return None if first is None else f"{first} has {lacking[first].reason}"


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown or "none"
