"""Draws charts as SVG on the server; every chart stands beside a table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

WIDTH, ROW = 240, 22


@dataclass(frozen=True)
class Bar:
    """An interval with its estimate, in the unit of the chart's axis."""

    low: Decimal
    middle: Decimal
    high: Decimal


def interval(bar: Bar, *, least: Decimal, most: Decimal, label: str) -> Markup:
    """Draw one interval with its estimate on an axis from `least` to `most`; `label` is read aloud."""
    span = most - least or Decimal(1)

    def at(value: Decimal) -> str:
        share = min(max((value - least) / span, Decimal(0)), Decimal(1))
        return f"{4 + share * (WIDTH - 8):.1f}"

    return Markup(
        '<svg class="interval" role="img" aria-label="{label}" viewBox="0 0 {w} {h}" width="{w}" height="{h}">'
        '<line class="axis" x1="4" y1="11" x2="{end}" y2="11"/>'
        '<line class="range" x1="{low}" y1="11" x2="{high}" y2="11"/>'
        '<circle class="estimate" cx="{mid}" cy="11" r="4.5"/></svg>'
    ).format(label=label, w=WIDTH, h=ROW, end=WIDTH - 4, low=at(bar.low), high=at(bar.high), mid=at(bar.middle))


def progress(done: int, total: int, *, label: str) -> Markup:
    """Draw how much of a whole is done."""
    share = 0 if total <= 0 else min(done / total, 1)
    return Markup(
        '<svg class="progress" role="img" aria-label="{label}" viewBox="0 0 {w} 12" width="{w}" height="12">'
        '<rect class="whole" x="0" y="0" width="{w}" height="12" rx="6"/>'
        '<rect class="part" x="0" y="0" width="{part}" height="12" rx="6"/></svg>'
    ).format(label=label, w=WIDTH, part=f"{share * WIDTH:.1f}")


def columns(values: Sequence[int], *, label: str, limit: int | None = None) -> Markup:
    """Draw one column a value, with a line at `limit`; heights in the unit of the largest."""
    most = max([*values, limit or 0, 1])
    step = WIDTH / max(len(values), 1)
    bars = Markup("").join(
        Markup('<rect class="part" x="{x}" y="{y}" width="{w}" height="{h}"/>').format(
            x=f"{number * step + 1:.1f}",
            y=f"{80 - value * 76 / most:.1f}",
            w=f"{max(step - 2, 1):.1f}",
            h=f"{value * 76 / most:.1f}",
        )
        for number, value in enumerate(values)
    )
    line = Markup("")
    if limit is not None:
        y = f"{80 - limit * 76 / most:.1f}"
        line = Markup('<line class="limit" x1="0" y1="{y}" x2="{w}" y2="{y}"/>').format(y=y, w=WIDTH)
    return Markup(
        '<svg class="columns" role="img" aria-label="{label}" viewBox="0 0 {w} 84" width="{w}" height="84">{b}{l}</svg>'
    ).format(label=label, w=WIDTH, b=bars, l=line)


def series(bars: Sequence[Bar | None], *, least: Decimal, most: Decimal, label: str, falling: bool = False) -> Markup:
    """Draw intervals side by side, oldest first, a gap where there is none; `falling` puts the least on top."""
    span, height = most - least or Decimal(1), 120
    step = min(Decimal(48), Decimal(560) / max(len(bars), 1))
    wide = int(40 + step * max(len(bars), 1) + 10)

    def down(value: Decimal) -> Decimal:
        share = min(max((value - least) / span, Decimal(0)), Decimal(1))
        return 12 + (share if falling else 1 - share) * (height - 24)

    pieces, points = [], []
    for number, bar in enumerate(bars):
        if bar is None:
            continue
        x = f"{40 + step * number + step / 2:.1f}"
        points.append(f"{x},{down(bar.middle):.1f}")
        pieces.append(
            Markup(
                '<line class="range" x1="{x}" y1="{y1}" x2="{x}" y2="{y2}"/>'
                '<circle class="estimate" cx="{x}" cy="{y}" r="4"/>'
            ).format(x=x, y1=f"{down(bar.high):.1f}", y2=f"{down(bar.low):.1f}", y=f"{down(bar.middle):.1f}")
        )
    return Markup(
        '<svg class="series" role="img" aria-label="{label}" viewBox="0 0 {w} {h}" width="{w}" height="{h}">'
        '<path class="axis" d="M40 {top}H{w}M40 {bottom}H{w}"/><text x="4" y="{top_text}">{over}</text>'
        '<text x="4" y="{bottom_text}">{under}</text><polyline class="way" points="{points}"/>{pieces}</svg>'
    ).format(
        label=label, w=wide, h=height, top=12, bottom=height - 12, top_text=16, bottom_text=height - 8,
        over=least if falling else most, under=most if falling else least, points=" ".join(points),
        pieces=Markup("").join(pieces),
    )  # fmt: skip
