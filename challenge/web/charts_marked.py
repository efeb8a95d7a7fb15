"""Draws what a panel looks at: a score between its anchors, and how marks spread; a table says the same beside it."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from challenge.web.charts import Bar

WIDTH, ROW = 160, 22
BEYOND = Decimal("0.12")
"""How much of the way from floor to ceiling is shown on either side of it."""
MOST_HALVES, STEP = 10, 15


def between_anchors(bar: Bar, *, label: str) -> Markup:
    """Draw how far a score has come from its floor (0) to its ceiling (1), both marked; `label` is read aloud."""

    def at(value: Decimal) -> str:
        share = (min(max(value, -BEYOND), 1 + BEYOND) + BEYOND) / (1 + 2 * BEYOND)
        return f"{4 + share * (WIDTH - 8):.1f}"

    return Markup(
        '<svg class="interval anchored" role="img" aria-label="{label}" viewBox="0 0 {w} {h}" width="{w}" height="{h}">'
        '<path class="axis" d="M4 11H{end}"/><path class="anchor" d="M{floor} 3V19M{ceiling} 3V19"/>'
        '<path class="range" d="M{low} 11H{high}"/><circle class="estimate" cx="{mid}" cy="11" r="4.5"/></svg>'
    ).format(
        label=label, w=WIDTH, h=ROW, end=WIDTH - 4, floor=at(Decimal(0)), ceiling=at(Decimal(1)), low=at(bar.low),
        high=at(bar.high), mid=at(bar.middle),
    )  # fmt: skip


def marks_spread(halves: Sequence[int], *, own: int | None, label: str) -> Markup:
    """Draw one dot a judge above the scale from 0 to 5, the reader's own filled; `label` is read aloud."""
    counted = Counter(halves)
    tall = max([*counted.values(), 1])
    width, height = (MOST_HALVES + 1) * STEP + 10, tall * 12 + 24
    base = tall * 12 + 4
    dots = Markup("").join(
        Markup('<circle class="{kind}" cx="{x}" cy="{y}" r="4.5"/>').format(
            kind="own" if mark == own and place == 0 else "one",
            x=f"{5 + mark * STEP + STEP / 2:.1f}",
            y=f"{base - 7 - place * 12:.1f}",
        )
        for mark, count in sorted(counted.items())
        for place in range(count)
    )
    ticks = Markup("").join(
        Markup('<text x="{x}" y="{y}">{mark}</text>').format(
            x=f"{5 + mark * STEP + STEP / 2:.1f}", y=height - 4, mark=mark // 2
        )
        for mark in range(0, MOST_HALVES + 1, 2)
    )
    return Markup(
        '<svg class="spread" role="img" aria-label="{label}" viewBox="0 0 {w} {h}" width="{w}" height="{h}">'
        '<path class="axis" d="M5 {base}H{end}"/>{dots}{ticks}</svg>'
    ).format(label=label, w=width, h=height, base=base, end=width - 5, dots=dots, ticks=ticks)
