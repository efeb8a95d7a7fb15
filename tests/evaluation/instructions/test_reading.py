"""Instructions are read from a closed schema, and what is not of it is named with its place and what to do."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation import Kind, SuiteError, load_suite, write_starter
from evaluation.commands import main
from evaluation.instructions import InstructionsRefused, demand_examples, example, read_instructions
from evaluation.instructions.languages import languages
from tests.evaluation.public_sets.here import demand_sets, ifeval

NO_COMMA = {"kind": "punctuation:no_comma"}
WORDS = {"kind": "length_constraints:number_words", "relation": "at least", "count": 3}
NTH = {"kind": "length_constraints:nth_paragraph_first_word", "count": 2, "nth": 1, "word": "a"}
REFUSED: list[tuple[Any, str]] = [
    ("", "the label is empty; write what is right"),
    ("[", "the label is no JSON"),
    ("[" * 20_000, "the label is no JSON"),
    ("NaN", "NaN is no JSON"),
    ('[{"kind": "punctuation:no_comma", "kind": "punctuation:no_comma"}]', "a key is there twice"),
    ({}, "no list of 1 to 20 instructions"),
    ([], 'write one such as [{"kind": "punctuation:no_comma"}]'),
    ([NO_COMMA] * 21, "no list of 1 to 20 instructions"),
    ([NO_COMMA, "x"], "instruction 2 is no object with a kind"),
    ([{"words": 3}], "instruction 1 is no object with a kind"),
    ([{"kind": 3}], "instruction 1 is of the unknown kind '3'; known are keywords:existence, "),
    ([{"kind": "punctuation:no_commas"}], "the unknown kind 'punctuation:no_commas'; known are"),
    ([NO_COMMA | {"count": 1}], "instruction 1 (punctuation:no_comma) has the unknown argument 'count'; it takes none"),
    ([WORDS | {"num_words": 1}], "has the unknown argument 'num_words'; it takes relation, count"),
    ([{"kind": WORDS["kind"], "relation": "at least"}], "lacks the argument 'count'; add it"),
    ([WORDS | {"count": "3"}], "count: is no whole number from 1 to 8,000; write one without quotes"),
    ([WORDS | {"count": True}], "count: is no whole number"),
    ([WORDS | {"count": 3.0}], "count: is no whole number"),
    ([WORDS | {"count": 0}], "count: is no whole number"),
    ([WORDS | {"count": 8_001}], "count: is no whole number"),
    ([WORDS | {"relation": "more than"}], "relation: is no relation; write one of at least, less than, at most, exactly"),
    ([WORDS | {"relation": ["at least"]}], "relation: is no relation"),
    ([NTH | {"nth": 3}], "there is no paragraph 3 of 2; lower nth or raise count"),
    ([NTH | {"word": " "}], "word: is no text of 1 to 200 characters on one line; write one"),
    ([NTH | {"word": "a\nb"}], "word: is no text"),
    ([NTH | {"word": "a" * 201}], "word: is no text"),
    ([{"kind": "keywords:existence", "keywords": "a"}], 'keywords: is no list of 1 to 50 texts; write one such as ["word"]'),
    ([{"kind": "keywords:existence", "keywords": []}], "keywords: is no list"),
    ([{"kind": "keywords:existence", "keywords": ["a", 3]}], "keywords[1]: is no text"),
    ([{"kind": "keywords:letter_frequency", "letter": "ab", "relation": "exactly", "count": 1}], "letter: is no single letter or sign"),
    ([NTH | {"word": '"'}], "word: holds quotation marks alone, which are left aside; write a word beside them"),
    ([{"kind": "startend:end_checker", "phrase": "\" '"}], "phrase: holds quotation marks alone"),
    ([NO_COMMA, {"kind": "keywords:frequency", "keyword": "k" * 200, "relation": "exactly", "count": 41}],
     "instruction 2 (keywords:frequency) is followed by no answer that is known of at most 8,000 characters"),
    ([{"kind": "keywords:existence", "keywords": [f"{n:0200}" for n in range(50)]}], "instruction 1 (keywords:existence) is followed by no answer"),
    ([WORDS | {"count": 4_001}], "lower its counts or shorten its texts"),
    ([NTH | {"count": 8_000}], "is followed by no answer"),
    ([{"kind": "detectable_format:multiple_sections", "marker": "m" * 200, "count": 8_000}], "is followed by no answer"),
    ([{"kind": "combination:repeat_prompt", "prompt": ""}], "prompt: is no text of 1 to 8,000 characters"),
    ([{"kind": "language:response_language", "language": "German"}], "language: is no language that is told apart; write one of ar, bg, bn, "),
    ([{"kind": "language:response_language", "language": []}], "language: is no language"),
]  # fmt: skip
MANIFEST = """\
name: following
version: "1"
title: Following
split: {seed: 1, public_share: 0.5}
tasks:
- {name: write, title: W, kind: instructions, metric: all_instructions, floor: 0, ceiling: 1,
   ask: {by: text, prompt: "{{ prompt }}", tokens: 40}}
"""


def written(folder: Path, labels: list[Any], *, metric: str = "all_instructions") -> Path:
    """Write a suite of one task with these labels."""
    for name in ("items", "inputs"):
        (folder / name).mkdir(parents=True)
    (folder / "suite.yaml").write_text(MANIFEST.replace("all_instructions", metric))
    texts = [label if isinstance(label, str) else json.dumps(label) for label in labels]
    quoted = (text.replace('"', '""') for text in texts)
    rows = "".join(f'w{number},"{text}"\n' for number, text in enumerate(quoted))
    (folder / "items/write.csv").write_text(f"item,label\n{rows}")
    asks = (json.dumps({"item": f"w{number}", "prompt": "Write."}) + "\n" for number in range(len(labels)))
    (folder / "inputs/write.jsonl").write_text("".join(asks))
    return folder


@pytest.mark.parametrize(("label", "sentence"), REFUSED)
def test_what_is_not_of_the_schema_is_named_by_file_line_and_item(label: Any, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(SuiteError) as refused:
        load_suite(written(tmp_path / "suite", [[NO_COMMA], label]))
    assert str(refused.value).startswith("items/write.csv: line 3: w1: ")
    assert sentence in str(refused.value)


@pytest.mark.parametrize("damage", ["kind", "count", "relation"])
def test_every_refusal_is_one_of_instructions(damage: str) -> None:
    with pytest.raises(InstructionsRefused):
        read_instructions(json.dumps([{**WORDS, damage: None}]))


def test_a_suite_of_instructions_is_read_tried_and_given_out_without_its_hidden_half(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "suite", [[NO_COMMA], [WORDS, NTH], [NO_COMMA, WORDS], [NTH]])
    suite = load_suite(folder)
    assert suite.tasks[0].kind is Kind.INSTRUCTIONS
    assert [sorted(task.needs) for task in suite.tasks] == [["generation"]]
    assert main(["suite", "check", str(folder)]) == 0
    assert "1 tasks, 4 items, in order." in capsys.readouterr().out
    write_starter(folder, tmp_path / "starter")
    starter = load_suite(tmp_path / "starter")
    assert [label is None for label in starter.truths["write"].labels].count(True) == 2


def test_texts_are_scored_from_a_file_and_the_instructions_are_counted_beside_the_items(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "suite", [[NO_COMMA], [WORDS, NO_COMMA], [NO_COMMA, WORDS], [NTH]])
    rows = [("w0", "one"), ("w1", "one two three"), ("w2", "one; two"), ("w3", '"A, b\n\nc"')]
    lines = [json.dumps({"task": "write", "item": item, "prediction": text}) + "\n" for item, text in rows]
    (tmp_path / "given.jsonl").write_text("".join(lines))
    assert main(["score", str(folder), str(tmp_path / "given.jsonl")]) == 0
    said = capsys.readouterr().out
    scores = [line.split()[4] for line in said.splitlines()[1:3]]
    public = [part.value == "public" for part in load_suite(folder).truths["write"].parts]
    right = [1, 1, 0, 1]
    assert scores == [
        f"{sum(one for one, own in zip(right, public, strict=True) if own is half) / 2:.6f}" for half in (True, False)
    ]
    followed = [(1, 1), (2, 2), (1, 2), (1, 1)]
    for half, name in ((True, "public"), (False, "private")):
        done, given = (
            sum(one[place] for one, own in zip(followed, public, strict=True) if own is half) for place in (0, 1)
        )
        assert f"On the {name} part of task write {done} of {given} instructions are followed" in said
    assert "least, 0 of 1 of length_constraints:number_words" in said or "1 of 2 of length_constraints" in said


@pytest.mark.parametrize("metric", ["all_instructions", "each_instruction"])
@pytest.mark.parametrize(("suffix", "done"), [("", "0 of 2"), ("_loose", "2 of 2")])
def test_the_note_reads_as_the_metric_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], metric: str, suffix: str, done: str
) -> None:
    both = [{"kind": "startend:quotation"}, NO_COMMA]
    folder = written(tmp_path / "suite", [both] * 2, metric=metric + suffix)
    lines = [
        json.dumps({"task": "write", "item": f"w{number}", "prediction": 'Sure, here:\n"Yes."'}) + "\n"
        for number in range(2)
    ]
    (tmp_path / "given.jsonl").write_text("".join(lines))
    assert main(["score", str(folder), str(tmp_path / "given.jsonl")]) == 0
    said = capsys.readouterr().out
    scores = {line.split()[4] for line in said.splitlines()[1:3]}
    assert scores == {"1.000000" if suffix else "0.000000"}
    assert said.count(f"{done} instructions are followed") == 2
    assert said.count("are followed, read loosely") == (2 if suffix else 0)


@pytest.mark.parametrize(
    "instruction",
    [
        {"kind": "keywords:frequency", "keyword": "k" * 200, "relation": "exactly", "count": 40},
        {"kind": "keywords:frequency", "keyword": ".", "relation": "at most", "count": 1},
        {"kind": "keywords:frequency", "keyword": "aba", "relation": "exactly", "count": 3},
        {"kind": "keywords:letter_frequency", "letter": "-", "relation": "exactly", "count": 8_000},
        {"kind": "keywords:letter_frequency", "letter": ".", "relation": "less than", "count": 1},
        {"kind": "keywords:letter_frequency", "letter": "İ", "relation": "exactly", "count": 2},
        {"kind": "keywords:forbidden_words", "words": ["C++", "X", "xx", "a b", "b"]},
        *(
            {"kind": kind, "relation": relation, "count": 1}
            for kind in ("length_constraints:number_words", "length_constraints:number_sentences", "change_case:capital_word_frequency")
            for relation in ("at least", "less than", "at most", "exactly")
        ),
        WORDS | {"count": 4_000},
        WORDS | {"relation": "less than", "count": 8_000},
        NTH | {"word": "U.S."}, NTH | {"word": "as  soon "}, NTH | {"word": "'tis"},
        {"kind": "startend:end_checker", "phrase": 'He said "no"'},
        {"kind": "combination:repeat_prompt", "prompt": "a\r\nb"},
        {"kind": "combination:repeat_prompt", "prompt": "a" * 8_000},
        *({"kind": "language:response_language", "language": language} for language in sorted(languages())),
    ],
)  # fmt: skip
def test_what_can_be_followed_is_taken_and_its_example_is_no_longer_than_an_answer(instruction: dict[str, Any]) -> None:
    (one,) = read_instructions(json.dumps([instruction]))
    demand_examples([one])
    assert one.is_followed(example(one))
    assert len(example(one)) <= 8_000


def test_every_item_of_ifeval_is_taken() -> None:
    demand_sets()
    labels = [item.label for item in ifeval().items]
    assert len(labels) == 541
    for label in labels:
        demand_examples(read_instructions(label))
