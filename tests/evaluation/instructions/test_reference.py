"""Our verdicts beside those of lm-evaluation-harness on the prompts of IFEval; where we differ, we mean to.

It runs where a Python has the harness's IFEval, which wants langdetect, immutabledict and nltk with its punkt: that of
the engine, or the one that the variable IFEVAL_PYTHON names. IFEVAL_DRAWN says how many responses are drawn for a prompt.
"""

import json
import os
import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluation.instructions import KINDS, followed, read_instructions
from evaluation.public_sets.instructing import FILE
from tests.evaluation.instructions.responding import responses
from tests.evaluation.public_sets.here import RAW, demand_sets, ifeval, sib200

PYTHON = os.environ.get("IFEVAL_PYTHON") or str(Path(__file__).parents[3] / ".engines/lm-eval/bin/python")
DRAWN = int(os.environ.get("IFEVAL_DRAWN") or 4)

Reason = Callable[[Any, str], bool]
WHERE_WE_DIFFER: dict[str, tuple[Reason, float]] = {
    # which texts we see otherwise, and how many of the drawn verdicts agree at least; of the fixed ones many are odd
    # a sign that is no letter is replaced by a letter drawn at random there
    "keywords:letter_frequency": (lambda one, _: one.arguments["letter"] in "#!", 0.9),
    # the number of a list is a sentence there, and what is an abbreviation was learned from text
    "length_constraints:number_sentences": (lambda *_: True, 0.98),
    # a line of dashes, and a dash with nothing after it, are points of a list there
    "detectable_format:number_bullet_lists": (lambda _, text: bool(re.search(r"^\s*-(-|\s*$)", text, re.M)), 0.97),
    # words are parted at some other signs there
    "change_case:capital_word_frequency": (lambda *_: True, 0.99),
    # a text that has no language is in the right one there, and one in capital letters often in a wrong one
    "language:response_language": (lambda *_: True, 0.98),
    "change_case:english_capital": (lambda *_: True, 0.95),
    "change_case:english_lowercase": (lambda *_: True, 0.95),
}
NO_TEXT = re.compile(r"[\W\d_]*")


def prose() -> list[str]:
    """Return paragraphs in English, and fewer in five other languages."""
    english = [
        paragraph["context"]
        for article in RAW.whole("xquad/xquad.en.json")["data"]
        for paragraph in article["paragraphs"]
    ]
    others = [
        str(item.asks["text"]) for item in sib200().items if item.name.split("/")[0] in {"de", "fr", "es", "it", "fi"}
    ]
    return english * 4 + [" ".join(others[first : first + 4]) for first in range(0, len(others), 4)]


def demand_reference() -> None:
    """Skip where no Python has the harness's IFEval."""
    probe = [PYTHON, "-c", "import lm_eval.tasks.ifeval.utils"]
    try:
        done = subprocess.run(probe, capture_output=True, check=False)
    except OSError:
        pytest.skip(f"There is no {PYTHON}; name a Python with lm-evaluation-harness's IFEval in IFEVAL_PYTHON.")
    if done.returncode:
        pytest.skip(f"{PYTHON} lacks what the harness's IFEval imports; IFEVAL_PYTHON may name one that has it.")


@pytest.mark.slow
def test_we_agree_with_the_harness_but_where_we_mean_not_to(tmp_path: Path) -> None:
    demand_sets()
    demand_reference()
    rng, texts = random.Random(1), prose()
    rows = [{**row, "responses": responses(row, texts, rng, DRAWN)} for row in RAW.objects(FILE)]
    source, target = tmp_path / "rows.jsonl", tmp_path / "said.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    program = Path(__file__).with_name("reference_program.py")
    subprocess.run([PYTHON, program, source, target], check=True, capture_output=True)
    given, alike = Counter[str](), Counter[str]()
    for row, item, line in zip(rows, ifeval().items, target.read_text().splitlines(), strict=True):
        instructions = read_instructions(item.label)
        for text, verdicts in zip(row["responses"], json.loads(line), strict=True):
            for theirs, loosely in zip(verdicts, (False, True), strict=True):
                ours = followed(instructions, text, loosely=loosely)
                for one, own, other in zip(instructions, ours, theirs, strict=True):
                    given[one.kind] += bool(letters := not NO_TEXT.fullmatch(text) and len(text) > 40)
                    alike[one.kind] += letters and own == other
                    if own != other:
                        differs, _ = WHERE_WE_DIFFER.get(one.kind, (lambda *_: False, 1))
                        assert differs(one, text), (row["key"], one, loosely, own, other, text)
    shares = {kind: alike[kind] / given[kind] for kind in KINDS}
    assert {kind: share for kind, share in shares.items() if share < WHERE_WE_DIFFER.get(kind, (None, 1))[1]} == {}
