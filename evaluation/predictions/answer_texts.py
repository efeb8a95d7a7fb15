"""What stands in the column `prediction` is read by the kind of its task."""

from decimal import Decimal

from evaluation.numbers import NumberError, parse_number, parse_probability, plain
from evaluation.predictions.problems import shown
from evaluation.tasks import Answer, Kind, Task

WORDY = frozenset({Kind.TEXT, Kind.INSTRUCTIONS, Kind.RANKING, Kind.DISTRIBUTION})
"""Kinds whose predictions are longer than a label or a number."""
MEASURED = frozenset({Kind.LIKELIHOOD, Kind.CODE})
"""Kinds whose answers are measured while a model runs; whoever only sends them could write what they like."""
SLACK = Decimal("0.000001")
"""How far probabilities may be from adding up to 1."""


class AnswerError(ValueError):
    """A text is no answer of its kind; its message completes the phrase "'…' …"."""


def read_answer(text: str, task: Task) -> Answer:
    """Read one prediction; raises AnswerError for a text that is none of the task's kind."""
    try:
        if task.kind is Kind.CLASSIFICATION:
            return _label(text, task)
        if task.kind is Kind.REGRESSION:
            return parse_number(text)
        if task.kind is Kind.PROBABILITY:
            return parse_probability(text)
        if task.kind is Kind.DISTRIBUTION:
            return _distribution(text, task)
        if task.kind in MEASURED:
            return parse_number(text)
    except NumberError as error:
        raise AnswerError(str(error)) from error
    if task.kind is Kind.RANKING:
        return _ranking(text)
    return text


def measured(tasks: list[str]) -> str:
    """Say that answers to these tasks are taken from no file."""
    return (
        f"the answers to {some(tasks)} are measured by the platform while it runs the model, and are never read from a "
        "file; submit the model."
    )


def _label(text: str, task: Task) -> str:
    if text not in task.labels:
        raise AnswerError(f"is no label of task {task.name}; its labels are {some(list(task.labels))}")
    return text


def _distribution(text: str, task: Task) -> tuple[Decimal, ...]:
    words = [word for word in text.split(" ") if word]
    if len(words) != len(task.labels):
        raise AnswerError(
            f"holds {len(words)} numbers where {len(task.labels)} belong; write one probability for each label, "
            f"in the order {some(list(task.labels))}"
        )
    chances: list[Decimal] = []
    for word in words:
        try:
            chances.append(parse_number(word))
        except NumberError as error:
            raise AnswerError(f"holds '{shown(word)}', which {error}") from error
        if not 0 <= chances[-1] <= 1:
            raise AnswerError(f"holds {shown(word)}, which is not between 0 and 1; write probabilities")
    total = sum(chances, Decimal(0))
    if abs(total - 1) > SLACK:
        raise AnswerError(f"add up to {plain(total)}; write probabilities that add up to 1 within 0.000001")
    return tuple(chances)


def _ranking(text: str) -> str:
    names = [name for name in text.split(" ") if name]
    if not names:
        raise AnswerError("is empty; write the names of documents from the best down, with blanks between")
    if len(set(names)) < len(names):
        doubled = next(name for place, name in enumerate(names) if name in names[:place])
        raise AnswerError(f"names the document {shown(doubled)} twice; keep one")
    return " ".join(names)


def some(names: list[str], most: int = 5) -> str:
    """List names, the first few of many."""
    listed = ", ".join(shown(name) for name in names[:most])
    return f"{listed} and {len(names) - most:,} more" if len(names) > most else listed
