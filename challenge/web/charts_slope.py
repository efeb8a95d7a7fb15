"""Draws two orders of the same names side by side, a line for each from its place here to its place there."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, ROW, TOP = 640, 20, 30
LEFT, RIGHT = 220, 420
"""Where lines begin and end, in pixels; names stand outside."""
MOST_LETTERS = 24


@dataclass(frozen=True)
class Slope:
    """One name with its two places; `marked` lines are drawn bold and dashed, so that they are told without colour."""

    name: str
    before: int
    after: int
    marked: bool = False


def slope(lines: Sequence[Slope], *, heads: tuple[str, str], label: str) -> Markup:
    """Draw a line a name, names one below the other in the order of their places; `label` is read aloud.

    Rows are a row apart however far places lie apart, so that no two names cover each other; of equal places the one
    with the better other place stands above, so that a tie crosses nothing.
    """
    left = sorted(range(len(lines)), key=lambda number: (lines[number].before, lines[number].after, number))
    right = sorted(range(len(lines)), key=lambda number: (lines[number].after, lines[number].before, number))
    at_left, at_right = ({number: row for row, number in enumerate(order)} for order in (left, right))
    height = TOP + ROW * len(lines) + 8
    pieces = [_line(one, _down(at_left[number]), _down(at_right[number])) for number, one in enumerate(lines)]
    return Markup(
        '<svg class="slope" role="img" aria-label="{label}" viewBox="0 0 {w} {h}" width="{w}" height="{h}">'
        '<text class="head" x="{left}" y="16" text-anchor="end">{before}</text>'
        '<text class="head" x="{right}" y="16">{after}</text>{pieces}</svg>'
    ).format(
        label=label, w=WIDTH, h=height, left=LEFT - 10, right=RIGHT + 10, before=heads[0], after=heads[1],
        pieces=Markup("").join(pieces),
    )  # fmt: skip


def _down(row: int) -> int:
    return TOP + row * ROW + ROW // 2


def _line(one: Slope, left: int, right: int) -> Markup:
    short = one.name if len(one.name) <= MOST_LETTERS else one.name[: MOST_LETTERS - 1].rstrip() + "…"
    return Markup(
        '<g{kind}><path d="M{x1} {y1}L{x2} {y2}"/><circle cx="{x1}" cy="{y1}" r="3"/>'
        '<circle cx="{x2}" cy="{y2}" r="3"/>'
        '<text x="{at1}" y="{t1}" text-anchor="end">{name} {before}</text>'
        '<text x="{at2}" y="{t2}">{after} {name}</text></g>'
    ).format(
        kind=Markup(' class="marked"') if one.marked else "", x1=LEFT, x2=RIGHT, y1=left, y2=right, at1=LEFT - 10,
        at2=RIGHT + 10, t1=left + 4, t2=right + 4, name=short, before=one.before, after=one.after,
    )  # fmt: skip
