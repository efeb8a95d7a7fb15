"""Answers that give one probability for each label of a task, and what binary metrics make of them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from evaluation.metrics.units import decimals
from evaluation.tasks import Answer, Kind, Task

Chances = tuple[Decimal, ...]


def distributions(
    truth: Sequence[Answer], prediction: Sequence[Answer], *, labels: Sequence[str]
) -> Iterator[tuple[int, Chances]]:
    """Yield the place of each true label and the probabilities given, in the order of the labels.

    Raises KeyError for a truth that is no label, TypeError for an answer without a number for each label.
    """
    places = {label: place for place, label in enumerate(labels)}
    for true, given in zip(truth, prediction, strict=True):
        if not isinstance(given, tuple) or len(given) != len(labels):
            raise TypeError(f"one number for each of {len(labels)} labels was expected, not {given!r}")
        yield places[str(true)], given


def chances_of_truth(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Iterator[Decimal]:
    """Yield the probability given to what is true, of a probability task or a distribution task."""
    if task.kind is Kind.DISTRIBUTION:
        return (given[true] for true, given in distributions(truth, prediction, labels=task.labels))
    pairs = zip(decimals(truth), decimals(prediction), strict=True)
    return (given if true else 1 - given for true, given in pairs)


def top_labels(
    truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task
) -> tuple[list[Decimal], list[Decimal]]:
    """Return for each item whether the label given the highest probability is true, 1 or 0, and that probability.

    Of labels with the same probability the first counts.
    """
    right, highest = [], []
    for true, given in distributions(truth, prediction, labels=task.labels):
        top = given.index(max(given))
        right.append(Decimal(int(top == true)))
        highest.append(given[top])
    return right, highest
