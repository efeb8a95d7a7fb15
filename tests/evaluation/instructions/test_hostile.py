"""No text makes a check take more than its length says: a million signs that were chosen to hurt, and half as many."""

import json
from time import process_time

import pytest

from evaluation.instructions import KINDS, followed, read_instructions
from tests.evaluation.instructions.test_kinds import CASES

MILLION = 1_000_000
GROWTH = 3.5
"""Twice the text takes about twice as long; what grows with the square takes four times."""
MOST, SOON = 10.0, 0.3
"""Seconds of CPU: more than any check may take, and less than says anything of its growth."""
TRIES = 5
"""Times that a growth is measured before it is believed; a machine that does other things has odd moments."""
PIECES = {
    "letters": "a", "capitals": "A ", "blanks": " ", "lines": "\n", "returns": "\r", "carriage returns": "\r\n",
    "blank lines": "\n \t", "stars": "*", "pairs of stars": "** ", "three stars": "***", "stars apart": "*\n",
    "opening brackets": "[", "opening angles": "<<", "angles": "<<>", "closing angles": ">>", "braces": '{"a":',
    "opening arrays": "[1,", "digits": "1", "quotes": '"', "backslashes": '"\\', "fences": "```", "stops": ".",
    "stops and quotes": '."', "sentences": "A. ", "abbreviations": "e.g. ", "postscripts": "p. p. ", "nearly": "Section ",
    "half a keyword": "wawa", "words": "cat_", "hyphens": "-", "bullets": "\n -", "marks": "a\u0301\u0327",
    "dotless": "\u0130", "sharp": "ß", "ligatures": "ﬃ", "emoji": "👩\u200d", "no characters": "\0", "languages": "die la 的 ",
}  # fmt: skip


def seconds(kind: str, text: str) -> float:
    """Return how many seconds of CPU a check takes."""
    instructions = read_instructions(json.dumps([{"kind": kind, **CASES[kind][0]}]))
    began = process_time()
    followed(instructions, text)
    return process_time() - began


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_million_signs_take_twice_as_long_as_half_a_million(kind: str) -> None:
    for name, piece in PIECES.items():
        text = (piece * (MILLION // len(piece) + 1))[:MILLION]
        whole = seconds(kind, text)
        assert whole < MOST, (name, whole)
        if whole > SOON:
            growths = (seconds(kind, text) / seconds(kind, text[: MILLION // 2]) for _ in range(TRIES))
            assert any(growth < GROWTH for growth in growths), (name, whole)
