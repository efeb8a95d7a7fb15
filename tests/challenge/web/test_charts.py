"""Charts are drawn within their box, say aloud what they show, and take no name for markup."""

from collections.abc import Callable
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from challenge.web.charts import WIDTH, Bar, columns, interval, progress, series

SVG = "{http://www.w3.org/2000/svg}"
LABEL = '<b>80 %</b> & "more"'


def drawn(chart: Markup) -> ElementTree.Element:
    """Parse a chart as a browser would."""
    return ElementTree.fromstring(str(chart).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314


def number(element: ElementTree.Element | None, name: str) -> float:
    """Return a coordinate."""
    assert element is not None
    return float(element.attrib[name])


def bar(low: str, middle: str, high: str) -> Bar:
    """Return an interval."""
    return Bar(Decimal(low), Decimal(middle), Decimal(high))


@pytest.mark.parametrize(
    "draw",
    [
        lambda label: interval(bar("1", "2", "3"), least=Decimal(0), most=Decimal(4), label=label),
        lambda label: progress(1, 2, label=label),
        lambda label: columns([1, 2], label=label),
        lambda label: series([bar("1", "2", "3"), None], least=Decimal(0), most=Decimal(4), label=label),
    ],
)
def test_a_label_is_read_aloud_as_it_is_written(draw: Callable[[str], Markup]) -> None:
    chart = drawn(draw(LABEL))
    assert (chart.attrib["role"], chart.attrib["aria-label"]) == ("img", LABEL)


def test_an_interval_lies_where_its_numbers_lie() -> None:
    chart = drawn(interval(bar("25", "50", "75"), least=Decimal(0), most=Decimal(100), label=""))
    line, dot = chart.find(f"{SVG}line[@class='range']"), chart.find(f"{SVG}circle")
    assert (number(line, "x1"), number(dot, "cx"), number(line, "x2")) == (62.0, 120.0, 178.0)


@given(*[st.decimals(-1000, 1000, places=3)] * 5)
def test_an_interval_never_leaves_its_box(
    low: Decimal, middle: Decimal, high: Decimal, least: Decimal, most: Decimal
) -> None:
    low, middle, high = sorted((low, middle, high))
    least, most = sorted((least, most))
    chart = drawn(interval(Bar(low, middle, high), least=least, most=most, label=""))
    line, dot = chart.find(f"{SVG}line[@class='range']"), chart.find(f"{SVG}circle")
    assert 4 <= number(line, "x1") <= number(dot, "cx") <= number(line, "x2") <= WIDTH - 4


@pytest.mark.parametrize(
    ("done", "total", "share"), [(0, 10, 0), (5, 10, 0.5), (10, 10, 1), (15, 10, 1), (0, 0, 0), (3, 0, 0), (1, -1, 0)]
)
def test_progress_is_none_to_all(done: int, total: int, share: float) -> None:
    part = drawn(progress(done, total, label="")).find(f"{SVG}rect[@class='part']")
    assert number(part, "width") == share * WIDTH


def test_columns_are_as_high_as_their_values_in_the_unit_of_the_largest() -> None:
    chart = drawn(columns([0, 50, 100], label="", limit=100))
    heights = [number(column, "height") for column in chart.findall(f"{SVG}rect")]
    assert heights == [0.0, 38.0, 76.0]
    assert number(chart.find(f"{SVG}line[@class='limit']"), "y1") == 4.0


@given(st.lists(st.integers(0, 10**12), max_size=40), st.none() | st.integers(0, 10**12))
def test_columns_never_leave_their_box(values: list[int], limit: int | None) -> None:
    chart = drawn(columns(values, label="", limit=limit))
    bars = chart.findall(f"{SVG}rect")
    assert len(bars) == len(values)
    for one in bars:
        assert 0 <= number(one, "x") <= number(one, "x") + number(one, "width") <= WIDTH + 0.1
        assert 4 <= number(one, "y") <= 80
        assert abs(number(one, "y") + number(one, "height") - 80) < 0.11
    line = chart.find(f"{SVG}line[@class='limit']")
    assert (line is None) == (limit is None)
    assert line is None or 4 <= number(line, "y1") <= 80


def test_a_use_beyond_the_limit_rises_above_its_line() -> None:
    chart = drawn(columns([200], label="", limit=100))
    assert number(chart.find(f"{SVG}rect"), "y") < number(chart.find(f"{SVG}line[@class='limit']"), "y1")


@given(st.lists(st.none() | st.tuples(*[st.decimals(-10, 110, places=2)] * 3), max_size=40), st.booleans())
def test_a_series_has_an_interval_for_every_moment_and_never_leaves_its_box(
    moments: list[tuple[Decimal, Decimal, Decimal] | None], falling: bool
) -> None:
    bars = [None if moment is None else Bar(*sorted(moment)) for moment in moments]
    chart = drawn(series(bars, least=Decimal(0), most=Decimal(100), label="", falling=falling))
    wide, high = float(chart.attrib["width"]), float(chart.attrib["height"])
    lines = chart.findall(f"{SVG}line[@class='range']")
    assert len(lines) == len(chart.findall(f"{SVG}circle")) == sum(one is not None for one in bars)
    for line in lines:
        assert 40 <= number(line, "x1") == number(line, "x2") <= wide
        assert (number(line, "y1") <= number(line, "y2")) != (falling and number(line, "y1") != number(line, "y2"))
        assert 0 < min(number(line, "y1"), number(line, "y2")) <= max(number(line, "y1"), number(line, "y2")) < high


def test_the_best_rank_is_on_top_of_a_falling_series() -> None:
    chart = drawn(
        series([bar("1", "1", "1"), bar("3", "3", "3")], least=Decimal(1), most=Decimal(3), label="", falling=True)
    )
    best, worst = chart.findall(f"{SVG}circle")
    assert number(best, "cy") < number(worst, "cy")
    assert [text.text for text in chart.findall(f"{SVG}text")] == ["1", "3"]
