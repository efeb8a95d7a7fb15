"""What differs from a licence is marked at the very words, in the file's own lines, and nothing of the file is lost."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from evaluation.licences import Evidence, default_policy, known_texts, marked_texts, verdict
from evaluation.licences.texts.decoding import decoded, plain_lines
from evaluation.licences.texts.detection import Difference
from evaluation.licences.texts.marking import MOST_MARKED, Line, marked
from evaluation.licences.texts.reading import read_file
from tests.evaluation.licences.rewriting import tampered

Maker = Callable[[Mapping[str, str | bytes]], Path]
MIT = known_texts()["MIT"]


def evidence(path: Path) -> Evidence:
    """Return the evidence of the verdict on a package."""
    found = verdict(path, policy=default_policy()).evidence
    assert found is not None
    return found


def marks(lines: tuple[Line, ...] | list[Line]) -> list[tuple[int, str, str]]:
    """List the marks: line from 1, kind, words."""
    return [
        (number, piece.kind, piece.text) for number, line in enumerate(lines, start=1) for piece in line if piece.kind
    ]


def whole(line: Line) -> str:
    """Put a line together again, without the words that are missing from it."""
    return "".join(piece.text for piece in line if piece.kind != "missing")


def test_the_one_that_was_added_is_marked_and_not_its_likes_beside_it(package: Maker) -> None:
    changed = MIT.replace(
        "to deal in the Software without restriction", "to deal in the Software and the Software without restriction"
    )
    assert changed != MIT
    [text] = marked_texts(path := package({"LICENSE": changed}), evidence(path))
    [(number, kind, words)] = marks(text.lines)
    line = whole(text.lines[number - 1])
    assert (kind, words) in {("added", "and the Software"), ("added", "the Software and")}
    assert line == changed.split("\n")[number - 1]
    place = [piece.kind for piece in text.lines[number - 1]].index("added")
    assert text.lines[number - 1][place - 1].text.endswith("deal in the Software ")


def test_words_in_place_of_others_stand_behind_those_they_replace(package: Maker) -> None:
    changed = MIT.replace(
        "Permission is hereby granted, free of charge", "Permission is hereby granted, for a fee in advance"
    )
    [text] = marked_texts(path := package({"LICENSE": changed}), evidence(path))
    assert [(kind, words) for _, kind, words in marks(text.lines)][:2] == [
        ("missing", "free of charge"),
        ("added", "for a fee in advance"),
    ]


def test_a_long_addition_is_marked_to_its_end(package: Maker) -> None:
    clause = " ".join(f"You must ask Alder for number {number} first." for number in range(1, 12))
    changed = MIT.replace("THE SOFTWARE IS PROVIDED", f"{clause}\nTHE SOFTWARE IS PROVIDED", 1)
    [text] = marked_texts(path := package({"LICENSE": changed}), evidence(path))
    added = [words for _, kind, words in marks(text.lines) if kind == "added"]
    assert " ".join(added).rstrip(".") == clause.rstrip(".")


def test_a_sentence_put_behind_a_licence_is_marked(package: Maker) -> None:
    [text] = marked_texts(path := package({"LICENSE": MIT + "\nNot for use in\nadvertising.\n"}), evidence(path))
    assert [(kind, words) for _, kind, words in marks(text.lines)] == [
        ("added", "Not for use in"),
        ("added", "advertising"),
    ]


def test_a_licence_as_published_is_not_shown_and_an_unknown_text_is_whole(package: Maker) -> None:
    path = package({"LICENSE": MIT, "LICENSE-data": "Ask me first.\nThen wait.\n", "vendor/LICENSE": "Somebody's."})
    [text] = marked_texts(path, evidence(path))
    assert (text.file, [whole(line) for line in text.lines]) == ("LICENSE-data", ["Ask me first.", "Then wait.", ""])


def test_a_licence_within_a_card_is_marked_in_the_cards_lines(package: Maker) -> None:
    prompt = MIT.replace("free of charge", "free of charge only for non-profit readers")
    front = "\n".join(f"  {line}" for line in prompt.split("\n"))
    card = f"---\nlicense: mit\nextra_gated_prompt: |\n{front}\n---\n# A model\n"
    [text] = marked_texts(path := package({"README.md": card}), evidence(path))
    [(number, kind, words)] = marks(text.lines)
    assert (kind, words) == ("added", "only for non-profit readers")
    assert card.split("\n")[number - 1] == whole(text.lines[number - 1])


def test_what_cannot_be_found_in_its_lines_marks_them_whole() -> None:
    lost = Difference("added", 2, 2, "words of another file", count=4)
    assert marks(marked(["One line.", "Another line."], [lost])) == [(2, "added", "Another line.")]
    beyond = Difference("missing", 9, 9, "nothing", count=1, at=500)
    assert marks(marked(["One line."], [beyond])) == []


def test_signs_whose_small_letter_is_longer_keep_their_place() -> None:
    line = "İİİ (c) granted to nobody"
    found = Difference("added", 1, 1, "to nobody", count=2)
    assert marks(marked([line], [found])) == [(1, "added", "to nobody")]


@pytest.mark.parametrize("placed", [True, False])
def test_of_very_many_differences_in_one_line_the_first_are_marked_each_at_its_place(placed: bool) -> None:
    line = " ".join(f"word{number} ours" for number in range(20_000))
    found = marked([line], [Difference("added", 1, 1, "ours", count=1)] * 13_000, placed=placed)
    assert marks(found) == [(1, "added", "ours")] * MOST_MARKED
    assert whole(found[0]) == line
    assert whole(found[0][:5]) == "".join(piece.text for piece in found[0][:5]) == "word0 ours word1 ours word2 "


@pytest.mark.parametrize(
    ("words", "count", "expected"),
    [
        ("c d", 2, ["c d"]), ("d c", 2, ["d", "c"]), ("b f", 2, ["b", "f"]), ("c …", 3, ["c d", "c"]),
        ("f b", 2, ["b c d", "c e f"]), ("a b", 2, ["b c d", "c e f"]), ("f h", 2, ["b c d", "c e f"]),
        ("b e …", 3, ["b c d", "c e f"]),
    ],
)  # fmt: skip
def test_words_are_looked_for_in_a_row_or_one_after_the_other_within_the_lines_that_are_named(
    words: str, count: int, expected: list[str]
) -> None:
    lost = Difference("added", 2, 3, words, count=count)
    found = marks(marked(["a", "b c d", "c e f", "h"], [lost], placed=False))
    assert [text for _, _, text in found] == expected


def published() -> dict[str, str]:
    """Return the texts of middling length of the SPDX licences."""
    return {
        spdx: text
        for spdx, text in known_texts().items()
        if not spdx.startswith("LicenseRef-") and "exception" not in spdx.lower() and 500 < len(text) < 8_000
    }


@pytest.mark.slow
def test_every_difference_of_a_tampered_text_is_marked_and_every_line_kept() -> None:
    for one in tampered(published(), seed=20261126, count=60):
        lines = plain_lines(decoded(one.content), file=one.file)
        differences = [
            each for finding in read_file(one.content, file=one.file).findings for each in finding.differences
        ]
        found = marked(lines, differences)
        assert [whole(line) for line in found] == lines, one.spdx
        shown = marks(found)
        assert sum(kind == "missing" for _, kind, _ in shown) == sum(each.kind == "missing" for each in differences), (
            one.spdx
        )
        for each in differences:
            near = [words for number, kind, words in shown if kind == "added" and each.line <= number <= each.last_line]
            assert each.kind == "missing" or near, (one.spdx, each)
