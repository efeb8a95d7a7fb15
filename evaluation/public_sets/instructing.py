"""Reader of IFEval, the public set of instructions whose following is seen without running anything."""

import json
from collections.abc import Mapping

from evaluation.public_sets.making import Item, Made
from evaluation.public_sets.raw import Raw

FILE = "ifeval/input_data.jsonl"
OPTIONS = ["My answer is yes.", "My answer is no.", "My answer is maybe."]
"""What every prompt of the kind `constrained_response` allows; the file itself names them in its prompts alone."""
_OURS = {
    "forbidden_words": "words", "frequency": "count", "let_relation": "relation", "let_frequency": "count",
    "num_sentences": "count", "num_paragraphs": "count", "num_words": "count", "nth_paragraph": "nth",
    "first_word": "word", "num_placeholders": "count", "postscript_marker": "marker", "num_bullets": "count",
    "num_highlights": "count", "section_spliter": "marker", "num_sections": "count", "prompt_to_repeat": "prompt",
    "end_phrase": "phrase", "capital_relation": "relation", "capital_frequency": "count",
}  # fmt: skip
"""Our name for an argument where the file has another."""


def ifeval(raw: Raw, metric: str = "all_instructions") -> Made:
    """Make a task of prompts, each with the one to three instructions that its answer is to follow."""
    items = [
        Item(
            name=f"ifeval-{row['key']}",
            label=json.dumps(
                [_instruction(*one) for one in zip(row["instruction_id_list"], row["kwargs"], strict=True)],
                ensure_ascii=False,
            ),
            asks={"prompt": row["prompt"]},
        )
        for row in raw.objects(FILE)
    ]
    task = {
        "name": f"ifeval-{metric.replace('_', '-')}", "title": "IFEval", "kind": "instructions", "metric": metric,
        "floor": 0, "ceiling": 1, "languages": ["en"], "licence": "Apache-2.0",
        "source": "IFEval (Zhou et al. 2023), Google Research; github.com/josejg/instruction_following_eval",
        "ask": {"by": "text", "prompt": "{{ prompt }}", "tokens": 1_280},
    }  # fmt: skip
    return Made(task=task, items=items, files=[FILE])


def _instruction(kind: str, arguments: Mapping[str, object]) -> dict[str, object]:
    found = {"kind": kind} | {_OURS.get(name, name): value for name, value in arguments.items()}
    return found | {"options": OPTIONS} if kind == "detectable_format:constrained_response" else found
