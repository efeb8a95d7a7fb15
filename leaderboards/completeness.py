"""Who has a complete result: every item that anybody answered is asked of everybody."""

from leaderboards.policy import Missing, Policy
from leaderboards.scores import ScoreTable, Unranked


def gaps(scores: ScoreTable, policy: Policy) -> dict[str, Unranked]:
    """Find the entrants with an incomplete result and say what is missing; a forgiven task is no gap."""
    found: dict[str, list[str]] = {}
    for task in policy.tasks:
        block = scores.task(task.name)
        if block is None:
            if policy.missing is Missing.UNRANKED:
                for entrant in scores.entrants:
                    found.setdefault(entrant, []).append(f"no score for any item of task {task.name}")
            continue
        absent = (~block.present).sum(axis=1).tolist()
        for entrant, missing in zip(scores.entrants, absent, strict=True):
            forgiven = policy.missing is Missing.FLOOR and missing == len(block.items)
            if missing and not forgiven:
                reason = f"no score for {missing} of {len(block.items)} items of task {task.name}"
                found.setdefault(entrant, []).append(reason)
    return {entrant: Unranked(entrant, "; ".join(reasons)) for entrant, reasons in found.items()}


def complete(scores: ScoreTable, policy: Policy) -> ScoreTable:
    """Return the table of those who are ranked: without entrants listed in the status and without gaps."""
    asked = scores.without({one.entrant for one in scores.status})
    return asked.without(gaps(asked, policy))
