"""The plan of the house holds: every arrow points the way the procession and the storeys allow."""

from pathlib import Path

from tests.house.arrows import sources, violations

ROOT = Path(__file__).parents[2]


def test_every_arrow_points_left_and_down() -> None:
    assert violations(ROOT) == []


def test_the_reader_of_arrows_sees_the_house() -> None:
    rooms = {source.room for source in sources(ROOT)}
    assert {"foundation", "web", "evaluation", "leaderboards"} <= rooms
