"""Compares two entries of a standing by the instrument, from the item scores that the standing was computed from."""

import json
import threading
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet
from scipy.special import stdtrit

from challenge.foundation.files import FileStore
from challenge.standings.comparison import Comparison, Difference, Items, OnTask, Opinion
from challenge.standings.operations_items import ItemsDamaged
from leaderboards import Policy, ScoreTable, TaskPolicy, comparisons
from leaderboards.decimals import from_exact, from_float
from leaderboards.refusals import ComparisonError
from leaderboards.uncertainty import measure
from leaderboards.utility import total, utilities

ROPE = Fraction(1)
"""Points of a task within which two entries are equal for practical purposes."""
MOST_DRAWS = 10_000
BATCH = 1 << 16
"""Rows of a board's file that are looked through at a time."""
MOST_FREEDOM = 1e7
_TURN = threading.Lock()
"""One comparison at a time in a process: whoever asks for many pairs at once waits, and nobody else does."""


@lru_cache(maxsize=512)
def compare(files: FileStore, scores_sha256: str, policy_text: str, first: str, second: str) -> Comparison:
    """Compare two ranked submissions, by reference, on a board's item scores; raise ItemsDamaged if those are no more.

    Kept by the digest of the scores and the pair, so that a pair is compared once a version however often it is asked
    for. What comes back holds sums and counts, and the name of no item.
    """
    with _TURN:
        policy = Policy.from_dict(json.loads(policy_text))
        scores = _scores_of(files, scores_sha256, first, second)
        return Comparison(
            _difference(scores, policy, first, second),
            tuple(_on_task(scores, policy, task, first, second) for task in policy.tasks),
            opinions(scores, policy, first, second),
        )


def opinions(scores: ScoreTable, policy: Policy, first: str, second: str) -> tuple[Opinion, ...]:
    """Ask further procedures about the same two entries; whatever the instrument offers is added here alone.

    None where the instrument does not compare them, as with a task that counts as its floor.
    """
    try:
        found = comparisons.compare(scores, _hurried(policy), first, second, rope=ROPE)
    except ComparisonError:
        return ()
    return _permutation(found.permutation), _practical(found.signed_rank)


def _permutation(test: comparisons.PermutationTest) -> Opinion:
    counted = "all of them counted" if test.draws is None else f"{test.draws:,} of them drawn"
    clusters = "1 cluster" if test.clusters == 1 else f"{test.clusters:,} clusters"
    return Opinion(
        "Paired permutation test",
        f"p = {from_exact(test.p, places=4)}. Were both equally good, exchanging their answers on the {clusters} of "
        f"items on which they differ would give a difference as large in that share of the cases ({counted}).",
    )


def _practical(found: comparisons.Practical) -> Opinion:
    better, equal, worse = (f"{float(share):.2f}" for share in found.probabilities())
    return Opinion(
        "Bayesian signed-rank test",
        f"On further tasks like these the first is better with probability {better}, the second with {worse}, and with "
        f"{equal} they are equal for practical purposes, within {ROPE} point of a task.",
    )


def _hurried(policy: Policy) -> Policy:
    """Take as many draws as a page waits for; what comes of fewer is a second opinion, and no official ranking."""
    return replace(policy, draws=min(policy.draws, MOST_DRAWS), official=False)


def _scores_of(files: FileStore, sha256: str, first: str, second: str) -> ScoreTable:
    """Take the rows of two entrants out of a board's file, a piece of it in memory at a time."""
    wanted, pieces = pa.array([first, second]), []
    try:
        with files.open(sha256) as stream:
            sheet = pyarrow.parquet.ParquetFile(stream)
            for batch in sheet.iter_batches(BATCH, use_threads=False):
                chosen = pyarrow.compute.is_in(batch.column("entrant"), value_set=wanted)
                if pyarrow.compute.any(chosen).as_py():
                    pieces.append(pa.Table.from_batches([batch]).filter(chosen))
    except (OSError, ValueError, pa.ArrowException) as problem:
        raise ItemsDamaged(f"The item scores {sha256[:12]} cannot be read: {problem}") from problem
    if not pieces:
        raise ItemsDamaged(f"The item scores {sha256[:12]} hold no score of {first} or {second}.")
    return ScoreTable.from_frame(pa.concat_tables(pieces).to_pandas(), source="the item scores")


def _difference(scores: ScoreTable, policy: Policy, first: str, second: str) -> Difference:
    """Subtract points, with t(df)·SE of the difference: paired over items, clustered, df by Welch and Satterthwaite."""
    one, other = (scores.entrants.index(name) for name in (first, second))
    found = utilities(scores, policy)
    uncertainty = measure(scores, policy, found=found)
    points = from_exact(total(found[one]) - total(found[other]))
    if not uncertainty.known:
        return Difference(points, None, None)
    variance, freedom = float(uncertainty.variance[one, other]), float(uncertainty.freedom[one, other])
    half = float(stdtrit(min(freedom, MOST_FREEDOM), (1 + policy.confidence) / 2)) * variance**0.5 if variance else 0.0
    width = from_float(half)
    return Difference(points, points - width, points + width)


def _on_task(scores: ScoreTable, policy: Policy, task: TaskPolicy, first: str, second: str) -> OnTask:
    """Compare on one task as if it were all there is: then points are hundredths of its utility."""
    plain = policy.to_dict()
    plain["tasks"] = [one for one in plain["tasks"] if one["name"] == task.name]
    alone = Policy.from_dict(plain)
    points = dict(zip(scores.entrants, [from_exact(total(one)) for one in utilities(scores, alone)], strict=True))
    return OnTask(
        task=task.name,
        first=points[first],
        second=points[second],
        difference=_difference(scores, alone, first, second),
        items=_items(scores, task, first, second),
    )


def _items(scores: ScoreTable, task: TaskPolicy, first: str, second: str) -> Items:
    block = scores.task(task.name)
    if block is None:
        return Items(0, 0, 0)
    one, other = (block.values[scores.entrants.index(name)] for name in (first, second))
    both = np.logical_and(*(block.present[scores.entrants.index(name)] for name in (first, second)))
    ahead = np.sign(one.astype(np.int64) - other)[both] * (1 if task.higher_is_better else -1)
    return Items(int((ahead > 0).sum()), int((ahead < 0).sum()), int((ahead == 0).sum()))
