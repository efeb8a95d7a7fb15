"""The kinds of instruction, by the names that IFEval gives them (Zhou et al. 2023), with their arguments and checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evaluation.instructions import cases, ends, formats, keywords, lengths, paragraphs
from evaluation.instructions.arguments import (
    Argument,
    Reader,
    a_count,
    a_language,
    a_letter,
    a_relation,
    a_text,
    a_word,
    more_than_quotes,
    nth_of_count,
    some_words,
    whatever,
)
from evaluation.instructions.languages import response_language


@dataclass(frozen=True)
class Kind:
    """A kind of instruction: how to check a text, which arguments it takes, and whether they fit one another."""

    check: Callable[..., bool]
    arguments: Mapping[str, Reader]
    fits: Callable[[Mapping[str, Argument], str], None] = whatever


_RELATION: Mapping[str, Reader] = {"relation": a_relation, "count": a_count}
_COUNT: Mapping[str, Reader] = {"count": a_count}

KINDS: Mapping[str, Kind] = {
    "keywords:existence": Kind(keywords.existence, {"keywords": some_words}),
    "keywords:frequency": Kind(keywords.frequency, {"keyword": a_word, **_RELATION}),
    "keywords:forbidden_words": Kind(keywords.forbidden_words, {"words": some_words}),
    "keywords:letter_frequency": Kind(keywords.letter_frequency, {"letter": a_letter, **_RELATION}),
    "language:response_language": Kind(response_language, {"language": a_language}),
    "length_constraints:number_sentences": Kind(lengths.number_sentences, _RELATION),
    "length_constraints:number_paragraphs": Kind(paragraphs.number_paragraphs, _COUNT),
    "length_constraints:number_words": Kind(lengths.number_words, _RELATION),
    "length_constraints:nth_paragraph_first_word": Kind(
        paragraphs.nth_paragraph_first_word, {**_COUNT, "nth": a_count, "word": more_than_quotes}, nth_of_count
    ),
    "detectable_content:number_placeholders": Kind(formats.number_placeholders, _COUNT),
    "detectable_content:postscript": Kind(formats.postscript, {"marker": a_word}),
    "detectable_format:number_bullet_lists": Kind(formats.number_bullet_lists, _COUNT),
    "detectable_format:constrained_response": Kind(formats.constrained_response, {"options": some_words}),
    "detectable_format:number_highlighted_sections": Kind(formats.number_highlighted_sections, _COUNT),
    "detectable_format:multiple_sections": Kind(formats.multiple_sections, {"marker": a_word, **_COUNT}),
    "detectable_format:json_format": Kind(formats.json_format, {}),
    "detectable_format:title": Kind(formats.title, {}),
    "combination:two_responses": Kind(paragraphs.two_responses, {}),
    "combination:repeat_prompt": Kind(ends.repeat_prompt, {"prompt": a_text}),
    "startend:end_checker": Kind(ends.end_checker, {"phrase": more_than_quotes}),
    "startend:quotation": Kind(ends.quotation, {}),
    "change_case:capital_word_frequency": Kind(cases.capital_word_frequency, _RELATION),
    "change_case:english_capital": Kind(cases.english_capital, {}),
    "change_case:english_lowercase": Kind(cases.english_lowercase, {}),
    "punctuation:no_comma": Kind(ends.no_comma, {}),
}
