"""`split hours` knows a cap, a minimum and a reserve list."""

import pytest

from leaderboards.commands import main

Captured = pytest.CaptureFixture[str]


def test_what_winners_may_not_take_goes_down_the_reserve_list(capsys: Captured) -> None:
    wish = ["A=700", "B=200", "--cap", "400", "--minimum", "100", "--reserve", "C=350", "D=90", "E=90"]
    assert main(["split", "hours", "1000", *wish]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert [(row[0], row[-1]) for row in rows] == [
        ("A", "400"), ("B", "200"), ("C", "350"), ("D", "0"), ("E", "0"), ("unassigned", "50"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (["A=7", "B=2", "--minimum", "6"], "a minimum of 6 hours for each of 2 needs 8, but the total is 7"),
        (["A=7", "--reserve", "A=2"], "'A' is named twice; name everybody once."),
        (["A=7", "--reserve", "B"], "'B' has no request; write B=HOURS."),
    ],
)
def test_what_does_not_fit_is_said(wish: list[str], sentence: str, capsys: Captured) -> None:
    assert main(["split", "hours", "7", *wish]) == 2
    assert capsys.readouterr().err.startswith(sentence)
