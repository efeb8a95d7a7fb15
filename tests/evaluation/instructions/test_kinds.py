"""Each kind of instruction, with what follows it and what does not: the edges, and what a quick check gets wrong."""

import inspect
import json
import sys
from typing import Any

import pytest

from evaluation.instructions import KINDS, example, followed, read_instructions
from evaluation.instructions.relations import Relation, holds

CASES: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    # arguments, texts that follow, texts that do not
    "keywords:existence": (
        {"keywords": ["art", "Straße", "a.b"]},
        ["The PARTY in the STRASSE, a.b", "art straße A.B"],
        ["art straße axb", "art a.b", "ar\nt straße a.b"],
    ),
    "keywords:frequency": (
        {"keyword": "war", "relation": "at least", "count": 3},
        ["War, wars and a warden", "warwarwar"],
        ["war war", "w a r war war", "wär war war"],
    ),
    "keywords:forbidden_words": (
        {"words": ["cat", "C++", "BC"]},
        ["concatenate", "cat_food, cats", "C", "C++11", "ABC", "cät"],
        ["a Cat.", "cat", "in C++, which", "500 bc"],
    ),
    "keywords:letter_frequency": (
        {"letter": "Q", "relation": "exactly", "count": 2},
        ["q Q", "qq"],
        ["q", "qqq", "2 of them"],
    ),
    "language:response_language": (
        {"language": "de"},
        ["Das ist nicht der Brief, den ich an die Bank geschrieben habe, sondern ein anderer.", "Das ist ein Brief."],
        ["This is not the letter that I wrote to the bank.", "Dette er ikke et brev til banken og det er ikke den.", "Brief", "42", "是的"],
    ),
    "length_constraints:number_sentences": (
        {"relation": "exactly", "count": 3},
        [
            "One. Two! Three?", "Dr. J. Smith came. Is it 3.5? No... not at all.", "1. One.\n2. Two.\n3. Three.",
            'He said: "Yes." (She: no.) Done', "We met at 5 p.m. in the U.S. embassy. Fine. Etc. and so on.",
            "It was 2019. It was 2020. It ended", "So did I. Then they left!!! Why?!", "- one\n- two.\n\n- three.\n***\n- four",
            "第一。第二！第三", "No. No. No.", "One.\r\nTwo.\r\nThree.",
        ],
        ["One. Two.", "One.Two.Three.", "... !!! ???", "One. Two. Three. 4.", "a\n\nb\n\nc"],
    ),
    "length_constraints:number_paragraphs": (
        {"count": 2},
        ["a***b", "***\na\n***\nb\n***", "a\n\n***\n\nb\n\nc", "a **bold** x\n***\nb"],
        ["a\n\nb", "a***b***c", "a***\n***b", "a", "***", "a******b"],
    ),
    "length_constraints:number_words": (
        {"relation": "less than", "count": 4},
        ["one two three", "well-known fact", "it's so", "- - - - -"],
        ["one two three four", "it's a well-known fact", "a-b-c-d", "1 2 3 4"],
    ),
    "length_constraints:nth_paragraph_first_word": (
        {"count": 3, "nth": 2, "word": "Weekend"},
        ["a\n\nweekend, or not\n\nb", "\n\na\n\n\n\n\"WEEKEND\" b\n\nc\n", "a\n \t\nweekend's end\n\nb", "a\r\n\r\nweekend\r\n\r\nb"],
        ["a\n\nweekend", "weekend\n\na\n\nb", "a\n\nweekends\n\nb", "a\n\n**weekend**\n\nb", "a\nweekend\nb", "a\n\nweekend\n\nb\n\nc", "a\n\n\"\n\nb"],
    ),
    "detectable_content:number_placeholders": (
        {"count": 2},
        ["[a] [b]", "[a [b] [c]", "[] []", "[a][b][c]", "[a\n[b] [c]", "[x](y) [z](y)"],
        ["[a]", "[a\n]", "a] [b", "[a [b]", "]]][[["],
    ),
    "detectable_content:postscript": (
        {"marker": "P.P.S"},
        ["Yes.\nP.P.S. More", "p. p. s more", "in a line p.p.s"],
        ["P.S. More", "P.  P. S", "PPS", "P.P S"],
    ),
    "detectable_format:number_bullet_lists": (
        {"count": 2},
        ["* a\n* b", "text\n  - a\n\t* b\ntext", "- a\n---\n- b", "-a\n*b*", "* a\n** b\n* c", "* a\r\n* b\r\n"],
        ["* a", "- a\n- b\n- c", "1. a\n2. b", "*\n-\n", "• a\n• b", "a - b\nc * d"],
    ),
    "detectable_format:constrained_response": (
        {"options": ["My answer is yes.", "My answer is no."]},
        ["My answer is yes.", "I think: My answer is no. Because", "**My answer is no.**"],
        ["my answer is yes.", "My answer is yes", "My answer\nis no.", "yes"],
    ),
    "detectable_format:number_highlighted_sections": (
        {"count": 2},
        ["*a* and *b*", "**a** *b*", "*a*b*c*", "***a*** **b**"],
        ["*a*", "* *", "*a\nb*", "**", "* a\n* b", "****", "*a*b*"],
    ),
    "detectable_format:multiple_sections": (
        {"marker": "Section", "count": 2},
        ["Section 1\na\nSection 2\nb", "**Section1** Section\n2", "Sub-Section 1, Section 10"],
        ["SECTION 1 SECTION 2", "Section 1", "Section  1 Section  2", "Section I Section II", "Section.1 Section.2"],
    ),
    "detectable_format:json_format": (
        {},
        ['{"a": [1, null]}', '```json\n{"a": 1}\n```', '```\n[]\n```', "```JSON {}```", ' "text" ', "-1.5e9", "9" * 10_000, '{"a": 1, "a": 2}'],
        ["{'a': 1}", "{}\nDone.", "Here:\n```json\n{}\n```", "NaN", "[1,]", "```json\n```", "{", "[" * 100_000, '{"a": "\n"}', "```python\n{}\n```"],
    ),
    "detectable_format:title": (
        {},
        ["<<A title>>\ntext", "text <<t>> text", "<<<t>>>", "<< a << b >>"],
        ["<<>>", "<< >>", "<<a\nb>>", ">>a<<", "<a>", "<<<>>>", "<<a", "<<\r\n>>"],
    ),
    "combination:two_responses": (
        {},
        ["a******b", "a\n******\nb", "******a******b******", "a *** b ****** c", "a *******b"],
        ["a", "a******a", "a******b******c", "a************b", "a***b", "******", "a****** a "],
    ),
    "combination:repeat_prompt": (
        {"prompt": " Write a\nPOEM. "},
        ["write a\npoem. Roses are red.", "\nWrite a\nPoem."],
        ["Sure! Write a\npoem.", "Write a poem.", '"Write a\npoem."'],
    ),
    "startend:end_checker": (
        {"phrase": "Is that ALL?"},
        ["No. is that all?", 'Yes. "Is that all?"\n', "IS THAT ALL?", "xis that all?"],
        ["Is that all? No.", "Is that all", "**Is that all?**", "Is that\nall?"],
    ),
    "startend:quotation": (
        {},
        ['"a"', ' "a\n\nb"\n', '""', '"a" and "b"'],
        ['"', '"a', 'a"', "“a”", "'a'", '"a".'],
    ),
    "change_case:capital_word_frequency": (
        {"relation": "exactly", "count": 2},
        ["NATO and the U.S. army", "I'm Ann, and I do", "**COVID-19** I", "É and Ω", "R&D"],
        ["Nato", "A B C", "iPhone", "1 2", "AC/DC", "McDONALD"],
    ),
    "change_case:english_capital": (
        {},
        ["THIS IS IT!", "ÉTUDE N° 5", "YES", "I AM HERE, AND YOU ARE NOT."],
        ["This is it", "yES", "123", "...", "DAS IST NICHT DER BRIEF, DEN ICH AN DIE BANK GESCHRIEBEN HABE.", "STRAßE"],
    ),
    "change_case:english_lowercase": (
        {},
        ["this is it!", "études 5", "yes", "the straße"],
        ["This is it", "yeS", "123", "...", "das ist nicht der brief, den ich an die bank geschrieben habe.", "是的"],
    ),
    "punctuation:no_comma": (
        {},
        ["a; b. c'", "1.000", "'`´"],
        ["a, b", "1,000", "你好，世界", "نعم، لا", "甲、乙", "ａ﹐ｂ", "ｱ､ｲ", ","],
    ),
}  # fmt: skip
BLANK = ["", " ", "\n\n", "\r\n\t"]


def of(kind: str, **arguments: Any) -> Any:
    """Read one instruction as a suite holds it."""
    return read_instructions(json.dumps([{"kind": kind, **arguments}]))


def test_every_kind_of_the_set_is_here_and_tried() -> None:
    assert KINDS.keys() == CASES.keys()
    assert len(KINDS) == 25


@pytest.mark.parametrize("kind", KINDS)
def test_what_follows_and_what_does_not(kind: str) -> None:
    arguments, follow, others = CASES[kind]
    instructions = of(kind, **arguments)
    assert {text: followed(instructions, text) for text in follow} == dict.fromkeys(follow, (True,))
    assert {text: followed(instructions, text) for text in others} == dict.fromkeys(others, (False,))


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_of_blanks_follows_nothing(kind: str) -> None:
    instructions = of(kind, **CASES[kind][0])
    assert [followed(instructions, text, loosely=loosely) for text in BLANK for loosely in (False, True)] == [
        (False,)
    ] * 8


@pytest.mark.parametrize("kind", KINDS)
def test_lines_may_end_as_on_windows(kind: str) -> None:
    arguments, follow, others = CASES[kind]
    instructions = of(kind, **arguments)
    for text in (*follow, *others):
        plain = text.replace("\r\n", "\n")
        assert followed(instructions, plain.replace("\n", "\r\n")) == followed(instructions, plain)


@pytest.mark.parametrize("kind", KINDS)
def test_a_check_takes_the_arguments_of_its_schema(kind: str) -> None:
    text, *arguments = inspect.signature(KINDS[kind].check).parameters
    assert text == "text"
    assert set(arguments) == set(KINDS[kind].arguments)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("relation", [*Relation])
@pytest.mark.parametrize("count", [2, 3, 7])
def test_the_example_of_an_instruction_follows_it(kind: str, relation: Relation, count: int) -> None:
    arguments = dict(CASES[kind][0])
    if "relation" in arguments:
        arguments |= {"relation": relation, "count": count}
    (instruction,) = of(kind, **arguments)
    assert followed([instruction], example(instruction)) == (True,)


@pytest.mark.parametrize(
    ("relation", "right"),
    [("at least", [2, 3]), ("less than", [0, 1]), ("at most", [0, 1, 2]), ("exactly", [2])],
)
def test_relations(relation: str, right: list[int]) -> None:
    assert [number for number in range(4) if holds(number, Relation(relation), 2)] == right


def test_read_loosely_a_greeting_a_farewell_and_stars_do_no_harm() -> None:
    quoted = of("startend:quotation")
    for text in ('Sure!\n"Yes."', '"Yes."\nBye.', 'Sure!\n\n"Yes."\n\nBye.', '**"Yes."**', 'Sure!\n*"Yes."*\nBye.'):
        assert followed(quoted, text) == (False,)
        assert followed(quoted, text, loosely=True) == (True,)
    assert followed(quoted, 'Sure!\nYes?\n"Yes."', loosely=True) == (False,)
    # each instruction may be met by another reading
    both = read_instructions('[{"kind": "startend:quotation"}, {"kind": "detectable_format:title"}]')
    assert followed(both, '<<Title>>\n"Yes."', loosely=True) == (True, True)


def deeper(frames: int, text: str) -> tuple[bool, ...]:
    """Ask for JSON from a stack with some frames more."""
    return deeper(frames - 1, text) if frames else followed(of("detectable_format:json_format"), text)


@pytest.mark.parametrize(
    ("text", "is_json"),
    [
        ("[" * 100 + "]" * 100, True), ("[" * 101 + "]" * 101, False), ("[" * 960 + "]" * 960, False),
        ('{"a":' * 100 + "1" + "}" * 100, True), ('{"a":[' * 51 + "]}" * 51, False),
        ("[" + "[[]]," * 500 + "[]]", True), ('["' + "[" * 500 + '\\"' + "{" * 500 + '"]', True), ('["\\\\", ' + "[" * 100 + "]" * 101, False),
    ],
)  # fmt: skip
def test_how_deep_json_may_be_nested_is_fixed_and_no_matter_of_the_stack(text: str, is_json: bool) -> None:
    free = sys.getrecursionlimit() - len(inspect.stack(0))
    assert {frames: deeper(frames, text) for frames in (0, 60, free - 300)} == dict.fromkeys(
        (0, 60, free - 300), (is_json,)
    )


def test_less_than_one_is_none_at_all() -> None:
    never = of("keywords:frequency", keyword="x", relation="less than", count=1)
    assert [followed(never, text) for text in ("y", "x")] == [(True,), (False,)]


@pytest.mark.parametrize(
    ("letter", "text", "count"),
    [
        ("Σ", "ΣΟΦΟΣ", 2), ("ς", "ΣΟΦΟΣ σοφός", 4), ("ß", "STRAẞE Straße Strasse", 2), ("s", "Straße", 1),
        ("İ", "İi", 1), ("i", "İiI", 2), ("#", "# #", 2), ("É", "été", 2),
    ],
)  # fmt: skip
def test_a_letter_is_the_same_in_every_form(letter: str, text: str, count: int) -> None:
    assert followed(of("keywords:letter_frequency", letter=letter, relation="exactly", count=count), text) == (True,)


@pytest.mark.parametrize(
    ("kind", "arguments", "follow", "others"),
    [
        ("startend:end_checker", {"phrase": 'He said "no"'}, ['Well. He said "no"', 'WELL, HE SAID "NO', '"Well. He said "no""'], ["He said no", 'He said "no".']),
        ("length_constraints:nth_paragraph_first_word", {"count": 1, "nth": 1, "word": "U.S."},
         ["U.S. policy is fine", "'U.S.' it is", "u.s.", "U.S.?"], ["US policy", "U. policy", "U.S.A. policy", "U.S policy"]),
        ("length_constraints:nth_paragraph_first_word", {"count": 1, "nth": 1, "word": "as soon"},
         ["As soon as", "As\nsoon, then", '"as soon"'], ["As sooner", "As if", "Assoon", "so as soon"]),
        ("combination:repeat_prompt", {"prompt": "a\r\nb"}, ["a\r\nb yes", "a\nb yes"], ["a b yes", "a\rb yes"]),
    ],
)  # fmt: skip
def test_arguments_are_taken_as_texts_are(
    kind: str, arguments: dict[str, Any], follow: list[str], others: list[str]
) -> None:
    instructions = of(kind, **arguments)
    assert {text: followed(instructions, text) for text in follow} == dict.fromkeys(follow, (True,))
    assert {text: followed(instructions, text) for text in others} == dict.fromkeys(others, (False,))
