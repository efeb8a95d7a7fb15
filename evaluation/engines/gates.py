"""Gates that a model's answers pass before a score of them counts.

Engines turn failures into scores without a word: a model whose weights are not numbers gets 0.22 on four choices. So
what came back is looked at before it is scored. Two kinds of things are told apart: where the answers are no measure
of the model, the gate fails and nothing is scored; where the model merely answers badly, it is scored badly, and the
share of such answers is noted beside the score.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.engines.answers import Outcomes, given_label, named_label, written_answer
from evaluation.engines.requests import Batch
from evaluation.engines.shards import LARGEST, Row
from evaluation.engines.testing import Outcome
from evaluation.reports import Note
from evaluation.tasks import UNANSWERED, By, Kind

OF_PROGRAMS = {
    Outcome.UNPARSABLE: ("unparsable_programs", "of the programs are no Python"),
    Outcome.TIMED_OUT: ("timed_out_programs", "of the programs were stopped for want of time"),
    Outcome.OUT_OF_MEMORY: ("programs_out_of_memory", "of the programs were stopped for want of memory"),
}
NOTED, FAILS = 0.01, 0.20
CONSTANT = 0.95
OFF = 1e-3
"""By how much probabilities may miss their bounds and their sum, as numbers of 16 bits do."""


class GateFailed(ValueError):
    """The answers of a model are no measure of it; `gate` names which gate failed, the message says why."""

    def __init__(self, gate: str, sentence: str) -> None:
        """Keep the gate's name and the sentence."""
        super().__init__(sentence)
        self.gate = gate


@dataclass(frozen=True)
class Gate:
    """A share of a batch's answers that should be small: how to tell one, what to say, and at which share it fails."""

    name: str
    is_one: Callable[[Batch, Row], bool]
    sentence: str
    fails_at: float | None


def _is_cut(_batch: Batch, row: Row) -> bool:
    return row.cut


def _is_empty(batch: Batch, row: Row) -> bool:
    return batch.ask.by is By.TEXT and not any(written_answer(text, batch.ask.stop) for text in row.texts)


def _is_truncated(batch: Batch, row: Row) -> bool:
    """Say so only where writing was to end by itself: with no stop, the number of tokens is how it ends."""
    return bool(batch.ask.stop) and any(row.truncated)


def _is_invalid(batch: Batch, row: Row) -> bool:
    if batch.task.kind is not Kind.CLASSIFICATION or not row.texts:
        return False
    if batch.ask.by is not By.TEXT:
        return row.texts[0] == UNANSWERED
    text = written_answer(row.texts[0], batch.ask.stop)
    return bool(text) and named_label(text, batch.task.labels) == UNANSWERED


GATES = (
    Gate("cut_prompts", _is_cut, "of the prompts are longer than the model can see", FAILS),
    Gate("empty_answers", _is_empty, "of the answers are empty", FAILS),
    Gate("invalid_answers", _is_invalid, "of the answers name no label; they count as wrong", None),
    Gate("truncated_answers", _is_truncated, "of the answers were cut off at the allowed number of tokens", None),
)


def check_gates(rows: Mapping[Batch, Sequence[Row]]) -> tuple[Note, ...]:
    """Pass every batch through every gate; return what is to be noted, or raise GateFailed."""
    notes = []
    for batch, said in rows.items():
        _check_rows(batch, said)
        _check_finite(batch, said)
        _check_probabilities(batch, said)
        for gate in GATES:
            count = sum(gate.is_one(batch, row) for row in said)
            share = count / len(said)
            where = f"On task {batch.task.name}, {batch.part.value} part, {count:,} of {len(said):,}"
            if gate.fails_at is not None and share > gate.fails_at:
                raise GateFailed(
                    gate.name, f"{where}, {share:.0%} {gate.sentence}; above {gate.fails_at:.0%} nothing is scored."
                )
            if share > NOTED:
                notes.append(Note(batch.task.name, batch.part, gate.name, f"{where}, {share:.0%} {gate.sentence}."))
        notes.extend(_nearly_constant(batch, said))
    return tuple(notes)


def notes_on_programs(outcomes: Outcomes) -> tuple[Note, ...]:
    """Note the share of programs that could not be tested to an end; each of them has not passed."""
    notes = []
    for batch, of_items in outcomes.items():
        found = Counter(outcome for of_item in of_items.values() for outcome in of_item)
        for outcome, (code, sentence) in OF_PROGRAMS.items():
            share = found[outcome] / found.total()
            if share > NOTED:
                where = f"On task {batch.task.name}, {batch.part.value} part, {found[outcome]:,} of {found.total():,}"
                notes.append(Note(batch.task.name, batch.part, code, f"{where}, {share:.0%} {sentence}."))
    return tuple(notes)


def _check_rows(batch: Batch, said: Sequence[Row]) -> None:
    if [row.item for row in said] != [request.item for request in batch.requests]:
        sentence = f"On task {batch.task.name}, {batch.part.value} part, the answers are not those to the items asked."
        raise GateFailed("row_count", sentence)


def _check_finite(batch: Batch, said: Sequence[Row]) -> None:
    count = sum(None in row.logprobs for row in said)
    if count:
        where = f"On task {batch.task.name}, {batch.part.value} part,"
        sentence = f"{where} {count:,} of {len(said):,} items have a log-probability that is not a finite number."
        raise GateFailed("log_probabilities_not_finite", f"{sentence} Check the weights and their number format.")
    count = sum(None in row.numbers for row in said)
    if count:
        where = f"On task {batch.task.name}, {batch.part.value} part,"
        sentence = (
            f"{where} {count:,} of {len(said):,} answers hold a number that is not finite, or beyond {LARGEST:,.0f}."
        )
        raise GateFailed("numbers_not_finite", f"{sentence} Check the weights and what is done to the inputs.")


def _check_probabilities(batch: Batch, said: Sequence[Row]) -> None:
    """Refuse numbers that cannot be meant as probabilities, such as a layer's raw output."""
    numbers = [[number for number in row.numbers if number is not None] for row in said]
    if batch.task.kind is Kind.DISTRIBUTION:
        odd = [one for one in numbers if one and (min(one) < -OFF or abs(sum(one) - 1) > OFF)]
    elif batch.task.kind is Kind.PROBABILITY:
        odd = [one for one in numbers if one and not -OFF <= one[0] <= 1 + OFF]
    else:
        return
    if odd:
        where = f"On task {batch.task.name}, {batch.part.value} part,"
        sentence = f"{where} {len(odd):,} of {len(said):,} answers are no probabilities."
        raise GateFailed("not_probabilities", f"{sentence} End the model with a softmax or a sigmoid.")


def _nearly_constant(batch: Batch, said: Sequence[Row]) -> list[Note]:
    """Note a model that gives one label nearly always; one that always does is noted where it is scored."""
    if batch.ask.by is By.TEXT or batch.task.kind is not Kind.CLASSIFICATION:
        return []
    label, count = Counter(given_label(batch, row) for row in said).most_common(1)[0]
    if not CONSTANT * len(said) < count < len(said):
        return []
    where = f"On task {batch.task.name}, {batch.part.value} part,"
    sentence = f"{where} the model answers {label!r} to {count:,} of {len(said):,} items."
    return [Note(batch.task.name, batch.part, "nearly_constant_predictor", sentence)]
