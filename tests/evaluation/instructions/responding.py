"""Responses at random to the prompts of IFEval: prose, lists, markup, and what is asked for, nearly or wholly."""

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

FIXED = (
    "", "yes", "{}", "**", '""', "*", "***", "******", "- ", "P.S.", "...", "My answer is no.", "I AM HERE, IN THE U.S., AGAIN.",
    "Dear Mr. Smith, I'm here. It's 3.5 miles. Really?! Yes... no.", "1. One.\n2. Two.\n\n3. Three", '"Quoted, wholly."',
    "```json\n{\"a\": [1, 2]}\n```", "[1, 2", "<<A title>>\n\nText.", "* a\n* b\n* c", "---\n- a\n***\n- b", "one\n\n\n\ntwo",
)  # fmt: skip
Item = Mapping[str, Any]


def responses(row: Item, prose: Sequence[str], rng: random.Random, count: int) -> list[str]:
    """Return the fixed responses, and `count` drawn ones in which the row's own arguments occur."""
    return [*FIXED, *(_drawn(row, prose, rng) for _ in range(count))]


def _drawn(row: Item, prose: Sequence[str], rng: random.Random) -> str:
    blocks = [_block(prose, rng) for _ in range(rng.choice([1, 1, 2, 3, 4, 6]))]
    text = rng.choice(["\n\n", "\n\n", "\n", "***", "\n***\n", "\n\n***\n\n", "\n******\n"]).join(blocks)
    for kind, arguments in zip(row["instruction_id_list"], row["kwargs"], strict=True):
        if rng.random() < 0.8:
            text = _meant(kind, arguments, text, rng)
    return text


def _block(prose: Sequence[str], rng: random.Random) -> str:
    some = rng.choice(prose)
    some = some[: rng.randrange(20, len(some) + 1)] if rng.random() < 0.3 else some
    match rng.randrange(9):
        case 0:
            return "\n".join(f"{rng.choice(['* ', '- ', '  - '])}{one}" for one in some.split(". "))
        case 1:
            return f"## {' '.join(some.split()[:4])}\n{some}"
        case 2:
            return f"**{' '.join(some.split()[:3])}** {some} *{some.split()[-1]}*"
        case 3:
            return f"[{some.split()[0]}] {some} [address]"
        case 4:
            return "\n".join(f"{number}. {one}" for number, one in enumerate(some.split(". "), start=1))
        case _:
            return some


def _meant(kind: str, arguments: Item, text: str, rng: random.Random) -> str:
    off = rng.choice([-1, 0, 0, 0, 1])
    match kind.split(":")[1]:
        case "existence":
            return f"{text} {' and '.join(arguments['keywords'][: None if off >= 0 else off])}."
        case "forbidden_words":
            return f"{text} {rng.choice(arguments['forbidden_words']).title()}{rng.choice(['', 's', '.'])}"
        case "frequency":
            return text + f" {arguments['keyword'].upper()}." * (arguments["frequency"] + off)
        case "letter_frequency":
            return text + arguments["letter"] * rng.randrange(12)
        case "number_sentences":
            return " ".join(text.split(". ")[: arguments["num_sentences"] + off])
        case "number_words":
            return " ".join(text.split()[: arguments["num_words"] + 5 * off])
        case "number_paragraphs":
            return "***".join(["One.", *[text.replace("*", "")] * (arguments["num_paragraphs"] - 1 + off)])
        case "nth_paragraph_first_word":
            parts = [f"{number}th" for number in range(max(arguments["num_paragraphs"] + off, 1))]
            parts[min(arguments["nth_paragraph"], len(parts)) - 1] = (
                f"{rng.choice(['', chr(34), '**'])}{arguments['first_word'].title()}{rng.choice([' is', ', is', '.'])}"
            )
            return "\n\n".join(parts)
        case "number_placeholders":
            return text + " [name]" * (arguments["num_placeholders"] + off)
        case "postscript":
            return f"{text}\n{rng.choice(['P.S. ', 'p.p.s ', 'P. P. S. ', 'PS '])}More."
        case "number_bullet_lists":
            return text.replace("\n-", "\n").replace("\n*", "\n") + f"\n{rng.choice('*-')} point" * (
                arguments["num_bullets"] + off
            )
        case "constrained_response":
            return f"{text} My answer is {rng.choice(['yes.', 'no', 'maybe.'])}"
        case "number_highlighted_sections":
            return text + f" {rng.choice(['*this*', '**this**', '***this***'])}" * (arguments["num_highlights"] + off)
        case "multiple_sections":
            return "\n".join(
                f"{arguments['section_spliter']} {n}\n{text}" for n in range(arguments["num_sections"] + off)
            )
        case "json_format":
            return rng.choice(["```json\n{}\n```", "{}", "```\n{}```", "JSON: {}"]).format(json.dumps({"text": text}))
        case "title":
            return f"{rng.choice(['<<The title>>', '<< >>', '<<Title', '<Title>'])}\n{text}"
        case "two_responses":
            return rng.choice(["{0}\n******\nOther.", "{0}******{0}", "******\n{0}\n******\nOther.\n******"]).format(
                text
            )
        case "repeat_prompt":
            return f"{arguments['prompt_to_repeat']}{rng.choice([' ', chr(10)])}{text}"
        case "end_checker":
            return f"{text} {arguments['end_phrase']}{rng.choice(['', chr(34), ' ', '.'])}"
        case "quotation":
            return f'"{text}"'
        case "english_capital":
            return text.upper()
        case "english_lowercase":
            return text.lower()
        case "capital_word_frequency":
            return f"{text} " + "NATO " * rng.randrange(arguments["capital_frequency"] + 2)
        case "no_comma":
            return text.replace(",", "")
        case _:
            return text
