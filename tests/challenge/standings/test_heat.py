"""The heat map says by its shade what its number says, to every eye and on paper."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.standings.heat import STEPS, cell
from challenge.standings.policy import SuiteTask
from challenge.standings.ranking import TaskScore
from tests.cast import Cast
from tests.challenge.standings.harvest import stage_field
from tests.challenge.standings.readers import page

SHEET = Path(__file__).parents[3] / "challenge" / "web" / "static" / "standings.css"
SHADE = re.compile(r"\.heat\.u(\d+) \{ background: (#[0-9a-f]{6});(?: color: (#[0-9a-f]{3,6});)? \}")
TASK = SuiteTask("topic", "Topic", "accuracy", "0.25", "0.75", "1", True, 10_000, "0", "1", {"public": 6, "private": 6})


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def shades() -> dict[int, tuple[str, str]]:
    """Return background and colour of each shade."""
    return {int(number): (back, front or "#000000") for number, back, front in SHADE.findall(SHEET.read_text())}


def test_every_number_can_be_read_on_its_shade() -> None:
    assert sorted(shades()) == list(range(STEPS + 1))
    for back, front in shades().values():
        dark, light = sorted((luminance(back), luminance("#ffffff" if front == "#fff" else front)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, back


def test_shades_darken_in_even_steps() -> None:
    lightness = [116 * luminance(shades()[step][0]) ** (1 / 3) - 16 for step in range(STEPS + 1)]
    steps = [one - then for one, then in pairwise(lightness)]
    assert min(steps) > 1.9
    assert max(steps) < 2.5


@given(st.integers(0, 1_000_000))
def test_a_shade_is_the_nearest_to_its_number(millionths: int) -> None:
    utility = f"{millionths / 10**6:.6f}"
    found = cell(TaskScore("topic", "0.500000", utility, "0", None, None, 6), TASK)
    assert abs(found.shade / STEPS - millionths / 10**6) <= 0.5 / STEPS + 1e-9
    assert abs(float(found.text) - millionths / 10**4) <= 0.05 + 1e-9


@pytest.mark.parametrize(
    ("score", "utility", "mark"),
    [
        ("0.100000", "0.000000", "floor"), ("0.250000", "0.000000", ""), ("0.500000", "0.500000", ""),
        ("0.750000", "1.000000", ""), ("0.900000", "1.000000", "ceiling"), (None, "0.000000", "no result"),
    ],
)  # fmt: skip
def test_what_was_held_at_an_anchor_or_is_missing_is_marked(score: str | None, utility: str, mark: str) -> None:
    assert cell(TaskScore("topic", score, utility, "0", None, None, 6), TASK).mark == mark


def test_a_board_shows_each_task_as_a_shaded_number(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 6, "Birch": 3, "Cedar": 0})
    field.rebuild()
    field.publish()
    said = page(field, "visitor")
    assert len(re.findall(r'<td class="heat u\d+">\d+\.\d', said)) == 3
