"""From what a model said to its answers, and the gates they pass before they count."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import Kind, Part, Split, Suite, Task, Truth
from evaluation.engines import Batch, GateFailed, Request, Row, answers_of, batches_of, check_gates
from evaluation.engines.answers import best_choice, named_label, written_answer
from evaluation.engines.energy import WATTS_A_CORE, Meter, Method
from evaluation.tasks import UNANSWERED, Ask, By

Make = Callable[..., Suite]
LABELS = ("no", "yes", "not sure")


def batch_of(kind: Kind, by: By, *, count: int = 100, stop: tuple[str, ...] = ("\n",)) -> Batch:
    """Make a batch of a task that is asked in one way."""
    ask = Ask(by=by, prompt="{{ x }}", choices=("a", "b", "c") if by is By.CHOICES else (), stop=stop, tokens=8)
    labels = LABELS if kind in {Kind.CLASSIFICATION, Kind.DISTRIBUTION} else ()
    task = Task(
        name="t", title="T", kind=kind, metric="m", floor=Decimal(0), ceiling=Decimal(1), labels=labels, ask=ask
    )
    requests = tuple(Request(item=f"i{n}", prompt="p", choices=ask.choices) for n in range(count))
    return Batch(task=task, part=Part.PUBLIC, ask=ask, requests=requests)


def numbers(batch: Batch, logprobs: Sequence[Sequence[float | None]]) -> list[Row]:
    """Let the first items have these log-probabilities and the others plain ones that take turns."""
    plain = [(-1.0, -2.0, -3.0), (-2.0, -1.0, -3.0), (-3.0, -2.0, -1.0)]
    said = [*map(tuple, logprobs), *(plain[n % 3] for n in range(len(batch.requests) - len(logprobs)))]
    return [Row(item=request.item, cut=False, logprobs=one) for request, one in zip(batch.requests, said, strict=True)]


def texts(batch: Batch, said: Sequence[str], *, truncated: int = 0, cut: int = 0) -> list[Row]:
    """Let the first items have these texts and the others a right one."""
    all_ = [*said, *["yes"] * (len(batch.requests) - len(said))]
    return [
        Row(item=request.item, cut=n < cut, texts=(text,), truncated=(n < truncated,))
        for n, (request, text) in enumerate(zip(batch.requests, all_, strict=True))
    ]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("yes", "yes"), (" Yes.", "yes"), ("YES, it is", "yes"), ("yesterday", UNANSWERED), ("not sure", "not sure"),
        ("no", "no"), ("nobody", UNANSWERED), ("I say yes", UNANSWERED), ("", UNANSWERED), ("no\u0301", UNANSWERED),
    ],
)  # fmt: skip
def test_a_label_is_named_by_the_word_a_text_begins_with(text: str, label: str) -> None:
    expected = label if text != "no\u0301" else "no"  # an accent is a mark and no letter that goes on
    assert named_label(text, LABELS) == expected


def test_what_is_written_ends_at_the_first_stop() -> None:
    assert written_answer(" one two.\nthree", ("three", "\n")) == "one two."
    assert written_answer(" one ", ()) == "one"
    assert written_answer("\n", ("\n",)) == ""


@given(st.lists(st.floats(-50, 0) | st.none(), min_size=3, max_size=3))
def test_probabilities_of_choices_add_up_and_have_the_order_of_their_logarithms(found: list[float | None]) -> None:
    batch = batch_of(Kind.DISTRIBUTION, By.CHOICES, count=1)
    suite = _suite_like(batch)
    (answer,) = answers_of(suite, {batch: numbers(batch, [found])})["t"]
    assert isinstance(answer, tuple)
    assert sum(answer) == 1
    assert all(0 <= share <= 1 for share in answer)
    assert max(answer) - answer[best_choice(found)] < Decimal("1e-11")


def test_of_equal_choices_the_first_is_taken() -> None:
    assert best_choice([-2.0, -1.0, -1.0]) == 1
    assert best_choice([None, None]) == 0
    assert best_choice([None, -800.0]) == 1


def test_items_that_were_not_asked_are_unanswered(own_suite: Make) -> None:
    task = {
        "kind": "classification", "metric": "accuracy", "floor": 0.5, "ceiling": 1, "labels": ["no", "yes"],
        "ask": {"by": "text", "prompt": "{{ x }}", "tokens": 4},
    }  # fmt: skip
    items = [f"i{n}" for n in range(6)]
    suite = own_suite(task, dict.fromkeys(items, "yes"), {item: {"x": item} for item in items})
    (batch,) = batches_of(suite, parts=[Part.PUBLIC])
    rows = [Row(item=request.item, cut=False, texts=("yes",), truncated=(False,)) for request in batch.requests]
    found = answers_of(suite, {batch: rows})["t"]
    truth = suite.truths["t"]
    assert [answer == "yes" for answer in found] == [part is Part.PUBLIC for part in truth.parts]


def test_a_sound_model_passes_every_gate_without_a_word() -> None:
    choices, words = batch_of(Kind.CLASSIFICATION, By.CHOICES), batch_of(Kind.TEXT, By.TEXT)
    assert check_gates({choices: numbers(choices, []), words: texts(words, [])}) == ()


def test_a_single_number_that_is_not_finite_fails() -> None:
    batch = batch_of(Kind.CLASSIFICATION, By.CHOICES)
    with pytest.raises(GateFailed, match="1 of 100 items have a log-probability that is not a finite number") as failed:
        check_gates({batch: numbers(batch, [(-1.0, None, -2.0)])})
    assert failed.value.gate == "log_probabilities_not_finite"


def test_answers_to_other_items_than_asked_fail() -> None:
    batch = batch_of(Kind.TEXT, By.TEXT)
    for rows in (texts(batch, [])[1:], texts(batch, [])[::-1]):
        with pytest.raises(GateFailed) as failed:
            check_gates({batch: rows})
        assert failed.value.gate == "row_count"


@pytest.mark.parametrize(
    ("share", "gate", "rows"),
    [
        (share, gate, make)
        for gate, make in {
            "empty_answers": lambda batch, n: texts(batch, ["\n no"] * n),
            "cut_prompts": lambda batch, n: texts(batch, [], cut=n),
            "invalid_answers": lambda batch, n: texts(batch, ["perhaps"] * n),
            "truncated_answers": lambda batch, n: texts(batch, [], truncated=n),
        }.items()
        for share in (1, 2, 20, 21, 100)
    ],
)
def test_a_share_is_passed_noted_or_too_much(share: int, gate: str, rows: Callable[[Batch, int], list[Row]]) -> None:
    batch = batch_of(Kind.CLASSIFICATION, By.TEXT)
    said = rows(batch, share)
    if share > 20 and gate in {"empty_answers", "cut_prompts"}:
        with pytest.raises(GateFailed, match=f"{share} of 100, {share}%.*above 20% nothing is scored") as failed:
            check_gates({batch: said})
        assert failed.value.gate == gate
    else:
        assert [note.code for note in check_gates({batch: said})] == ([gate] if share > 1 else [])


def test_where_nothing_ends_the_writing_it_is_not_cut_off() -> None:
    batch = batch_of(Kind.TEXT, By.TEXT, stop=())
    assert check_gates({batch: texts(batch, [], truncated=100)}) == ()


@pytest.mark.parametrize(("same", "is_noted"), [(95, False), (96, True), (99, True), (100, False)])
def test_a_model_that_nearly_always_answers_alike_is_noted(same: int, is_noted: bool) -> None:
    batch = batch_of(Kind.CLASSIFICATION, By.CHOICES)
    rows = numbers(batch, [(-1.0, -5.0, -5.0)] * same + [(-5.0, -1.0, -5.0)] * (100 - same))
    notes = check_gates({batch: rows})  # one that always does is noted where it is scored
    assert [note.code for note in notes] == (["nearly_constant_predictor"] if is_noted else [])


def test_energy_is_measured_where_the_machine_counts_it_and_else_estimated(tmp_path: Path) -> None:
    assert Meter.started(tmp_path).energy(cpu_seconds=12.4, folder=tmp_path) == (
        Meter({}).energy(cpu_seconds=12.4, folder=tmp_path)
    )
    assert Meter({}).energy(cpu_seconds=12.4, folder=tmp_path).joules == round(12.4 * WATTS_A_CORE)
    counters = [tmp_path / name / "energy_uj" for name in ("intel-rapl:0", "intel-rapl:1", "intel-rapl:0:0")]
    for counter in counters:
        counter.parent.mkdir()
        counter.write_text("5000000\n")
    meter = Meter.started(tmp_path)
    for counter in counters:
        counter.write_text("9000000\n")
    found = meter.energy(cpu_seconds=12.4, folder=tmp_path)
    assert (found.joules, found.method) == (8, Method.MEASURED)  # the part of a package is counted in it
    counters[0].write_text("1000\n")  # it ran over
    assert meter.energy(cpu_seconds=12.4, folder=tmp_path).method is Method.ESTIMATED


def _suite_like(batch: Batch) -> Suite:
    items = tuple(request.item for request in batch.requests)
    truth = Truth(items, ("yes",) * len(items), items, (Part.PUBLIC,) * len(items))
    return Suite(
        name="s",
        version="1",
        title="S",
        tasks=(batch.task,),
        split=Split(1, Decimal(1)),
        truths={"t": truth},
        digest="d",
    )
