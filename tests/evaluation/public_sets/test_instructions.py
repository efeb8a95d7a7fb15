"""What is known of an answer that never changes is what IFEval gives it, counted from its raw file by other means."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from evaluation import Part
from evaluation.engines import Row, answers_of, batches_of
from evaluation.instructions import read_instructions
from evaluation.predictions import Predictions
from evaluation.public_sets.instructing import OPTIONS
from evaluation.public_sets.making import write_suite
from evaluation.scoring import score
from tests.evaluation.public_sets.here import FOLDER, demand_sets, ifeval

METRICS = ("all_instructions", "each_instruction", "all_instructions_loose", "each_instruction_loose")
CLOSE = 2e-6


@pytest.fixture(autouse=True)
def _there() -> None:
    """Skip where the public sets are not there."""
    demand_sets()


def raw_rows() -> list[dict[str, Any]]:
    """Read the organiser's file itself."""
    return [json.loads(line) for line in (FOLDER / "ifeval/input_data.jsonl").read_text(encoding="utf-8").splitlines()]


def found(tmp_path: Path, answers: Sequence[str]) -> dict[str, float]:
    """Score answers by all four metrics."""
    suite = write_suite(tmp_path / "suite", [ifeval(metric) for metric in METRICS])
    report = score(suite, Predictions({task.name: tuple(answers) for task in suite.tasks}, "d"))
    return {task.metric: task.sum / (task.items * task.unit) for task in report.tasks}


def test_the_kinds_are_as_many_as_a_search_of_the_file_finds() -> None:
    text = (FOLDER / "ifeval/input_data.jsonl").read_text(encoding="utf-8")
    made = Counter(one.kind for item in ifeval().items for one in read_instructions(item.label))
    assert made == {kind: text.count(f'"{kind}"') for kind in made}
    assert (len(made), made.total(), len(ifeval().items)) == (25, 834, 541)
    assert ifeval().left_out == 0


def test_no_two_prompts_are_the_same_so_that_each_stands_for_itself() -> None:
    assert len({" ".join(row["prompt"].lower().split()) for row in raw_rows()}) == 541


def test_the_options_of_a_constrained_response_stand_in_each_of_their_prompts() -> None:
    prompts = [row["prompt"] for row in raw_rows() if "constrained_response" in str(row["instruction_id_list"])]
    assert len(prompts) == 10
    assert all(option in prompt for option in OPTIONS for prompt in prompts)


def test_every_argument_of_the_file_is_kept() -> None:
    for row, item in zip(raw_rows(), ifeval().items, strict=True):
        theirs = [sorted(map(str, arguments.values())) for arguments in row["kwargs"]]
        ours = []
        for one in json.loads(item.label):
            ours.append(sorted(str(value) for name, value in one.items() if name not in {"kind", "options"}))
        assert ours == theirs


def test_nothing_said_follows_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, [""] * 541) == dict.fromkeys(METRICS, 0)


TODAY = "today is a good day to be at home and to rest."
"""One sentence of twelve words in small letters without commas, quotes, brackets, stars, digits or capital letters."""

EXPECTED = (76, 225)
"""Of 541 items followed whole, and of 834 instructions, by the count below."""


def few(relation: str, count: int, counted: int) -> bool:
    """Compare as the file words it."""
    return counted < count if relation == "less than" else counted >= count


BY_HAND: dict[str, Callable[[dict[str, Any]], bool]] = {
    # kinds that the sentence follows, or follows if the arguments are so; it follows no others
    "punctuation:no_comma": lambda _: True,
    "change_case:english_lowercase": lambda _: True,
    "length_constraints:number_words": lambda one: few(one["relation"], one["num_words"], 12),
    "length_constraints:number_sentences": lambda one: few(one["relation"], one["num_sentences"], 1),
    "length_constraints:number_paragraphs": lambda one: one["num_paragraphs"] == 1,
    "change_case:capital_word_frequency": lambda one: few(one["capital_relation"], one["capital_frequency"], 0),
    "keywords:letter_frequency": lambda one: few(
        one["let_relation"], one["let_frequency"], sum(letter == one["letter"].lower() for letter in TODAY)
    ),
    "keywords:frequency": lambda one: few(one["relation"], one["frequency"], len(TODAY.split(one["keyword"].lower())) - 1),
    "keywords:existence": lambda one: not [word for word in one["keywords"] if len(TODAY.split(word.lower())) == 1],
    "keywords:forbidden_words": lambda one: not set(TODAY[:-1].split()) & {word.lower() for word in one["forbidden_words"]},
}  # fmt: skip


def test_one_sentence_follows_what_a_count_by_other_means_says(tmp_path: Path) -> None:
    assert len(TODAY.split()) == 12
    counted = [
        [
            BY_HAND[kind](arguments) if kind in BY_HAND else False
            for kind, arguments in zip(row["instruction_id_list"], row["kwargs"], strict=True)
        ]
        for row in raw_rows()
    ]
    whole, each = sum(map(all, counted)), sum(map(sum, counted))
    assert (whole, each) == EXPECTED
    scores = found(tmp_path, [TODAY] * 541)
    # one line without stars has no other reading
    assert scores["all_instructions"] == scores["all_instructions_loose"] == pytest.approx(whole / 541, abs=CLOSE)
    assert scores["each_instruction"] == scores["each_instruction_loose"] == pytest.approx(each / 834, abs=CLOSE)


def test_a_quoted_answer_follows_strictly_where_only_quotes_are_asked_for(tmp_path: Path) -> None:
    """Forty-one instructions ask for quotes, in forty prompts; a greeting before them is forgiven when read loosely."""
    rows = raw_rows()
    kinds = [row["instruction_id_list"] for row in rows]
    assert sum(one.count("startend:quotation") for one in kinds) == 41
    alone = sum(set(one) == {"startend:quotation"} for one in kinds)
    answers = ['"Yes"' if "startend:quotation" in one else "" for one in kinds]
    strict = found(tmp_path / "strict", answers)
    greeted = found(tmp_path / "greeted", [answer and f"Sure:\n{answer}" for answer in answers])
    assert strict["all_instructions"] >= alone / 541
    assert greeted["all_instructions"] == 0
    assert greeted["all_instructions_loose"] == strict["all_instructions_loose"]
    assert greeted["all_instructions_loose"] >= alone / 541 > 0


def test_what_a_model_writes_is_scored_item_by_item_on_our_side(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", [ifeval()])
    batches = batches_of(suite, parts=list(Part))
    rows = {
        batch: [Row(item=one.item, cut=False, texts=(f"  {TODAY}\n",), truncated=(False,)) for one in batch.requests]
        for batch in batches
    }
    assert [batch.requests[0].prompt for batch in batches] == [raw_rows()[0]["prompt"]]
    report = score(suite, Predictions(answers_of(suite, rows), "d"))
    assert report.tasks[0].sum == EXPECTED[0] * report.tasks[0].unit
    assert set(report.items.column("value").to_pylist()) == {0, report.tasks[0].unit}
