"""Who has a complete result: every item that anybody answered is asked of everybody."""

from collections.abc import Sequence

from leaderboards.policy import Missing, Policy
from leaderboards.refusals import ScoreError
from leaderboards.scores import ScoreTable, Unranked


def demand_known_tasks(scores: ScoreTable, policy: Policy) -> None:
    """Raise ScoreError where a table has scores for a task that the policy does not name."""
    known = {task.name for task in policy.tasks}
    for block in scores.tasks:
        if block.task not in known:
            raise ScoreError(
                f"the table has scores for the task {block.task!r}, which the policy does not name; "
                "add it to the policy or leave its rows out."
            )


def gaps(
    scores: ScoreTable, policy: Policy, *, entrants: Sequence[str] | None = None, missing: Missing | str | None = None
) -> dict[str, Unranked]:
    """Find who of `entrants`, or of all, has an incomplete result, and say what is missing.

    missing: whether a task without any score is a gap, as the policy says unless it is given.
    """
    rows = list(range(len(scores.entrants))) if entrants is None else [scores.entrants.index(one) for one in entrants]
    names = [scores.entrants[row] for row in rows]
    forgiving = (policy.missing if missing is None else missing) == Missing.FLOOR
    found: dict[str, list[str]] = {}
    for task in policy.tasks:
        block = scores.task(task.name)
        if block is None:
            if not forgiving:
                for entrant in names:
                    found.setdefault(entrant, []).append(f"no score for any item of task {task.name}")
            continue
        absent = (~block.present[rows]).sum(axis=1).tolist()
        for entrant, count in zip(names, absent, strict=True):
            if count and not (forgiving and count == len(block.items)):
                reason = f"no score for {count} of {len(block.items)} items of task {task.name}"
                found.setdefault(entrant, []).append(reason)
    return {entrant: Unranked(entrant, "; ".join(reasons)) for entrant, reasons in found.items()}


def complete(scores: ScoreTable, policy: Policy) -> ScoreTable:
    """Return the table of those who are ranked: without entrants listed in the status and without gaps."""
    asked = scores.without({one.entrant for one in scores.status})
    return asked.without(gaps(asked, policy))
