"""For every instruction a short text that follows it: what a suite is tried with, where no better entry is known."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from evaluation.instructions.arguments import LONGEST_TEXT, InstructionsRefused
from evaluation.instructions.following import followed
from evaluation.instructions.languages import SCRIPT_OF, words_of
from evaluation.instructions.reading import Instruction
from evaluation.instructions.relations import Relation

_LETTERS = range(0x0370, 0xD7A4)
"""From Greek to Hangul, where all scripts of one language begin."""


def best_example(instructions: Sequence[Instruction]) -> str:
    """Return the example that follows most instructions of an item, the first of equals."""
    return max(map(example, instructions), key=lambda text: sum(followed(instructions, text)))


def example(instruction: Instruction) -> str:
    """Return a short text that follows one instruction, where there is any."""
    return _EXAMPLES[instruction.kind](**instruction.arguments)


def demand_examples(instructions: Sequence[Instruction]) -> None:
    """Raise InstructionsRefused for an instruction that no answer can follow, as it would have to be too long."""
    for number, one in enumerate(instructions, start=1):
        text = example(one)
        if len(text) > LONGEST_TEXT or not one.is_followed(text):
            raise InstructionsRefused(
                f"instruction {number} ({one.kind}) is followed by no answer that is known of at most "
                f"{LONGEST_TEXT:,} characters, which is the most there may be; lower its counts or shorten its texts"
            )


def _as_many(sign: str, relation: Relation, count: int, *, otherwise: str = ".") -> str:
    """Write a sign so often that the relation holds, once at least where it may be there at all, else another one."""
    times = {Relation.LESS_THAN: min(count - 1, 1), Relation.AT_MOST: 1}
    return sign * times.get(relation, count) or otherwise


def _other_than(sign: str) -> str:
    return "-" if sign == "." else "."


def _paragraph(count: int, nth: int, word: str) -> str:
    return "\n\n".join(word if number == nth else "a" for number in range(1, count + 1))


def _unforbidden(words: Sequence[str]) -> str:
    """Write one word that is longer than each of the forbidden ones that it may hold."""
    folded = {word.casefold() for word in words}
    return next("x" * length for length in range(1, len(words) + 2) if "x" * length not in folded)


@cache
def _in_language(language: str) -> str:
    if language in SCRIPT_OF:
        names = ((chr(code), unicodedata.name(chr(code), "")) for code in _LETTERS)
        return next(sign for sign, name in names if sign.isalpha() and name.startswith(f"{SCRIPT_OF[language]} "))
    return {"ja": "\u306f", "zh": "\u662f"}.get(language) or " ".join(sorted(words_of(language)))


_EXAMPLES: Mapping[str, Callable[..., str]] = {
    "keywords:existence": lambda keywords: " ".join(keywords),
    "keywords:frequency": lambda keyword, relation, count: _as_many(
        keyword, relation, count, otherwise=_other_than(keyword)
    ),
    "keywords:forbidden_words": _unforbidden,
    "keywords:letter_frequency": lambda letter, relation, count: _as_many(
        letter, relation, count, otherwise=_other_than(letter)
    ),
    "language:response_language": lambda language: _in_language(language),
    "length_constraints:number_sentences": lambda relation, count: _as_many("a! ", relation, count),
    "length_constraints:number_paragraphs": lambda count: "***".join("a" * count),
    "length_constraints:number_words": lambda relation, count: _as_many("a ", relation, count),
    "length_constraints:nth_paragraph_first_word": _paragraph,
    "detectable_content:number_placeholders": lambda count: "[]" * count,
    "detectable_content:postscript": lambda marker: f"Yes.\n{marker} No.",
    "detectable_format:number_bullet_lists": lambda count: "-a\n" * count,
    "detectable_format:constrained_response": lambda options: str(options[0]),
    "detectable_format:number_highlighted_sections": lambda count: "*a*" * count,
    "detectable_format:multiple_sections": lambda marker, count: f"{marker}1" * count,
    "detectable_format:json_format": lambda: "{}",
    "detectable_format:title": lambda: "<<yes>>",
    "combination:two_responses": lambda: "Yes.******No.",
    "combination:repeat_prompt": lambda prompt: prompt.strip(),
    "startend:end_checker": lambda phrase: f"Yes. {phrase}",
    "startend:quotation": lambda: '"Yes."',
    "change_case:capital_word_frequency": lambda relation, count: _as_many("A ", relation, count),
    "change_case:english_capital": lambda: "YES, THIS IS IT.",
    "change_case:english_lowercase": lambda: "yes, this is it.",
    "punctuation:no_comma": lambda: "Yes.",
}
