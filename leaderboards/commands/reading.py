"""What several commands read the same way: the policy, and the scores of its tasks."""

from pathlib import Path

from leaderboards.canonical import parse_strict
from leaderboards.policy import Policy
from leaderboards.refusals import PolicyError
from leaderboards.scores import ScoreTable, read_scores, read_status


def read_policy(path: Path) -> Policy:
    """Read a policy from a file of JSON; raise PolicyError naming the file, or OSError."""
    raw = path.read_bytes()
    try:
        return Policy.from_dict(parse_strict(raw, where=path.name, error=PolicyError, floats=True))
    except PolicyError as problem:
        # The reader of JSON names the file itself; the policy knows only its keys.
        named = str(problem).startswith(f"{path.name}:")
        raise PolicyError(str(problem) if named else f"{path.name}: {problem}") from None


def read_table_of(path: Path, policy: Policy, *, status: Path | None = None) -> ScoreTable:
    """Read the scores of a policy's tasks, and who is to stay unranked; raise ScoreError, or OSError."""
    scores = read_scores(path, tasks={task.name for task in policy.tasks})
    return scores if status is None else scores.with_status(read_status(status))
