"""YAML is read as plain data, and whatever could cost memory or deceive is refused by line."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.yaml_reading import YamlError, read_yaml

BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)


def test_plain_data_is_read() -> None:
    assert read_yaml("a: [1, two, 3.5, true, null]") == {"a": [1, "two", 3.5, True, None]}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (BOMB, 2, "aliases"),
        ("a: 1\nb: 2\na: 3", 3, "given twice"),
        ("a: " + "[" * 30 + "]" * 30, 1, "levels deep"),
        ("a: !!python/object/apply:os.system ['true']", 1, "constructor"),
        ("a: [1\nb: 2", 2, "not valid YAML"),
        ("? [1, 2]\n: 3", 1, "not plain text"),
        ("a: 2026-13-45", 0, "cannot be read"),
        ("a: \x00", 0, "not valid YAML"),
    ],
)
def test_what_could_harm_is_refused_by_line(text: str, line: int, words: str) -> None:
    with pytest.raises(YamlError, match=words) as caught:
        read_yaml(text)
    assert caught.value.line == line


def test_a_hundred_thousand_brackets_are_refused_at_once() -> None:
    with pytest.raises(YamlError, match="levels deep"):
        read_yaml("[" * 100_000)


def test_a_long_text_is_refused() -> None:
    with pytest.raises(YamlError, match="longer than"):
        read_yaml("a" * 300_000)


@given(st.text(max_size=200) | st.text("&*!{}[]:,-? \nab1\"'|>%@", max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    with suppress(YamlError):
        read_yaml(text)
