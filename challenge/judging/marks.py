"""Reckons with half marks: the scale in words, means, how far judges are apart, and thresholds."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from challenge.calls.document import Criterion, Rules

MOST = 10
"""Half marks on one criterion: 0 to 5 in steps of a half."""
SCALE = {0: "fails", 2: "poor", 4: "fair", 6: "good", 8: "very good", 10: "excellent"}
ANCHORS = (
    "does not address the criterion, or cannot be judged for lack of information",
    "addresses it inadequately, or with serious weaknesses that cannot be mended",
    "addresses it in broad outline, with significant weaknesses",
    "addresses it well, with a number of shortcomings",
    "addresses it very well, with a small number of shortcomings",
    "addresses every aspect of it; whatever is lacking is minor",
)
"""What whole marks mean where a call says nothing of its own: the scale of the Union's programmes."""
FAR_APART = 3
"""Half marks between the highest and the lowest score from which the panel has something to talk about."""


def marks(halves: int) -> str:
    """Write half marks as a score: 7 is 3.5."""
    return f"{halves // 2}.{5 if halves % 2 else 0}"


def choices() -> list[tuple[str, str]]:
    """List the scores a judge may give, as values in half marks and words."""
    return [
        (str(halves), f"{marks(halves)} – {SCALE[halves]}" if halves in SCALE else marks(halves))
        for halves in range(MOST + 1)
    ]


def anchors(criterion: Criterion) -> tuple[tuple[str, str, str], ...]:
    """List what the whole marks on a criterion mean: the mark, its word, and the text."""
    texts = criterion.anchors or ANCHORS
    return tuple((marks(2 * mark), SCALE[2 * mark], text) for mark, text in enumerate(texts))


def mean(halves: Sequence[int]) -> Decimal | None:
    """Return the mean in marks with two places, rounded half to even; None of nothing."""
    if not halves:
        return None
    return Decimal(round(Fraction(sum(halves), 2 * len(halves)) * 100)).scaleb(-2)


def far_apart(halves: Sequence[int]) -> bool:
    """Tell whether the highest and the lowest of several scores lie 1.5 marks apart or more."""
    return len(halves) > 1 and max(halves) - min(halves) >= FAR_APART


def thresholds_missed(halves: Mapping[str, int], rules: Rules) -> tuple[str, ...]:
    """Say in a sentence each which thresholds of the call `halves` stay under.

    The total is the plain sum: the weights of criteria rank, and never lift an entry over a threshold.
    """
    missed = [
        f"{criterion.title} is {marks(halves[criterion.key])}; the threshold is {marks(criterion.threshold_halves)}."
        for criterion in rules.criteria
        if halves[criterion.key] < criterion.threshold_halves
    ]
    total = sum(halves[criterion.key] for criterion in rules.criteria)
    if total < rules.total_threshold_halves:
        missed.append(f"The total is {marks(total)}; the threshold is {marks(rules.total_threshold_halves)}.")
    return tuple(missed)
