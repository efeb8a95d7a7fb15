"""A comparison needs every result of everybody compared; whoever lacks one is named, never averaged over."""

from collections.abc import Sequence

from leaderboards.policy import Policy
from leaderboards.refusals import ComparisonError, ScoreError
from leaderboards.scores import ScoreTable


def complete(scores: ScoreTable, policy: Policy, *, entrants: Sequence[str] | None = None) -> ScoreTable:
    """Return the table of `entrants`, or of all without a status, each with every item of every task of the policy.

    As on a board, an item that anybody answered is asked of everybody, whoever is left out by the status table aside.
    A task that counts as its floor is no result either: nothing was measured on it that could be compared. Raises
    ComparisonError naming the first entrant that is unknown or lacks a result, ScoreError for a task unknown to the
    policy.
    """
    known = {task.name for task in policy.tasks}
    for block in scores.tasks:
        if block.task not in known:
            raise ScoreError(
                f"the table has scores for the task {block.task!r}, which the policy does not name; "
                "add it to the policy or leave its rows out."
            )
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
    row_of = {entrant: row for row, entrant in enumerate(scores.entrants)}
    for entrant in entrants:
        for task in policy.tasks:
            block = scores.task(task.name)
            if block is None:
                return f"{entrant} has no score for any item of task {task.name}"
            missing = int((~block.present[row_of[entrant]]).sum())
            if missing:
                return f"{entrant} has no score for {missing} of {len(block.items)} items of task {task.name}"
    return None


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown or "none"
