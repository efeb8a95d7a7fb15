"""From what a model said to its answers: the same that a team would have sent in a file of predictions.

From here on a model we ran is scored like any other entry, by the same code.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from math import exp

from evaluation.engines.requests import Batch
from evaluation.engines.shards import Row
from evaluation.engines.testing import Outcome
from evaluation.numbers import EXACT, PLACES
from evaluation.suites import Suite
from evaluation.tasks import UNANSWERED, Answer, By, Kind

_TICK = Decimal(1).scaleb(-PLACES)
LEAST = -1e9
"""Stands for a log-probability that is not finite."""
Answers = Mapping[str, tuple[Answer, ...]]
Outcomes = Mapping[Batch, Mapping[str, tuple[Outcome, ...]]]
"""What came of the programs of each item, by batch and item, in the order in which they were written."""


def answers_of(suite: Suite, rows: Mapping[Batch, Sequence[Row]], outcomes: Outcomes | None = None) -> Answers:
    """Return the answers to all items of a suite, per task in the order of its items.

    An item that was not asked, as in a trial on the public part, is UNANSWERED. Code is answered by how many of its
    programs passed, which `outcomes` tells; raises KeyError where it lacks one. A log-probability that is not finite
    counts as the lowest there is: whoever lets such a model through the gates has its numbers at their worst.
    """
    found: dict[str, dict[str, Answer]] = {task.name: {} for task in suite.tasks}
    for batch, said in rows.items():
        if batch.task.kind is Kind.CODE:
            found[batch.task.name].update(_passed((outcomes or {})[batch], said))
            continue
        read = _READERS[batch.ask.by]
        found[batch.task.name].update({row.item: read(batch, row) for row in said})
    return {
        task.name: tuple(found[task.name].get(item, UNANSWERED) for item in suite.truths[task.name].items)
        for task in suite.tasks
    }


def written_answer(text: str, stop: Sequence[str]) -> str:
    """Return what a model wrote before the first of the stops, without blanks at the ends."""
    ends = [place for place in (text.find(one) for one in stop) if place >= 0]
    return text[: min(ends, default=len(text))].strip()


def named_label(text: str, labels: Sequence[str]) -> str:
    """Return the label a text begins with, whatever its case; UNANSWERED if none, or where its word goes on."""
    folded = text.strip().casefold()
    for label in sorted(labels, key=len, reverse=True):
        rest = folded.removeprefix(label.casefold())
        if len(rest) < len(folded) and not rest[:1].isalnum():
            return label
    return UNANSWERED


def best_choice(logprobs: Sequence[float | None]) -> int:
    """Return the place of the most probable choice; of equals the first, as lm-evaluation-harness does."""
    numbers = [LEAST if number is None else number for number in logprobs]
    return numbers.index(max(numbers))


def given_label(batch: Batch, row: Row) -> str:
    """Return the label that a model named, or that got the highest number; UNANSWERED for one that is none."""
    return row.texts[0] if row.texts else batch.task.labels[best_choice(row.logprobs or row.numbers)]


def _by_choices(batch: Batch, row: Row) -> Answer:
    """Choose the most probable continuation, or turn all into probabilities that add up to 1."""
    numbers = [LEAST if number is None else number for number in row.logprobs]
    best = best_choice(row.logprobs)
    if batch.task.kind is Kind.CLASSIFICATION:
        return batch.task.labels[best]
    shares = [exp(max(number - numbers[best], -700.0)) for number in numbers]
    return _adding_up(shares)


def _by_numbers(batch: Batch, row: Row) -> Answer:
    """Take the label that was named or has the highest number, the shares of all labels, or the one number."""
    if batch.task.kind is Kind.CLASSIFICATION:
        return given_label(batch, row)
    numbers = [LEAST if number is None else number for number in row.numbers]
    if batch.task.kind is Kind.DISTRIBUTION:
        return _adding_up([max(number, 0.0) for number in numbers])
    return _exact(min(max(numbers[0], 0.0), 1.0) if batch.task.kind is Kind.PROBABILITY else numbers[0])


def _adding_up(shares: Sequence[float]) -> tuple[Decimal, ...]:
    """Divide shares by their sum; what the rounding left over goes to the largest, so that they add up to 1 exactly."""
    total = sum(shares)
    exact = [_exact(share / total if total else 1 / len(shares)) for share in shares]
    exact[shares.index(max(shares))] += 1 - sum(exact)
    return tuple(exact)


def _by_likelihood(_batch: Batch, row: Row) -> Answer:
    number = row.logprobs[0]
    return _exact(LEAST if number is None else min(number, 0.0))


def _by_text(batch: Batch, row: Row) -> Answer:
    text = written_answer(row.texts[0], batch.ask.stop)
    if batch.task.kind is Kind.CLASSIFICATION:
        return named_label(text, batch.task.labels)
    if batch.task.kind is Kind.RANKING:
        return " ".join(dict.fromkeys(text.split()))
    return text


def _passed(outcomes: Mapping[str, tuple[Outcome, ...]], said: Sequence[Row]) -> dict[str, Answer]:
    return {row.item: Decimal(outcomes[row.item].count(Outcome.PASSED)) for row in said}


def _exact(number: float) -> Decimal:
    return Decimal(number).quantize(_TICK, rounding=ROUND_HALF_EVEN, context=EXACT)


_READERS: dict[By, Callable[[Batch, Row], Answer]] = {
    By.CHOICES: _by_choices,
    By.TEXT: _by_text,
    By.LIKELIHOOD: _by_likelihood,
    By.FEATURES: _by_numbers,
    By.IMAGE: _by_numbers,
}
