"""The drawn instructions, each followed by what plain Python says of it; drawn texts have one line and no stars."""

import json
from collections.abc import Callable, Sequence

from evaluation.instructions.languages import language_of

BY_HAND: dict[str, Callable[[str], bool]] = {
    "punctuation:no_comma": lambda text: text.count(",") == 0,
    "change_case:english_lowercase": lambda text: text == text.lower() and language_of(text) in {"en", None},
    "detectable_format:title": lambda text: "<<Title>>" in text,
    "keywords:existence": lambda text: len(text.lower().split("cat")) > 1,
    "startend:end_checker": lambda text: text[-len("the end") :] == "the end",
    "length_constraints:number_words": lambda text: sum(map(str.isalpha, text.replace("<<Title>>", "t").replace(",", "").split())) > 4,
}  # fmt: skip


def counted(truth: Sequence[str], given: Sequence[str]) -> list[tuple[int, int]]:
    """Count of each item how many instructions are followed, and how many there are; an empty text follows none."""
    found = []
    for label, text in zip(truth, given, strict=True):
        kinds = [one["kind"] for one in json.loads(label)]
        found.append((sum(bool(text) and BY_HAND[kind](text) for kind in kinds), len(kinds)))
    return found


def whole(truth: Sequence[str], given: Sequence[str]) -> float:
    """The share of items of which every instruction is followed."""
    return sum(done == asked for done, asked in counted(truth, given)) / len(truth)


def each(truth: Sequence[str], given: Sequence[str]) -> float:
    """The share of all instructions that are followed."""
    done, asked = zip(*counted(truth, given), strict=True)
    return float(sum(done) / sum(asked))
