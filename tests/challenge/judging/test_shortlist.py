"""The shortlist asks who cannot be kept from the first ranks, and says for everybody why."""

from dataclasses import replace

from challenge.judging.shortlist import Entry, shortlist

ENTRY = Entry(
    submission_id=1, reference="trial-0001", team="Alder", eligible=True, verdict="compliant", licence_passes=True,
    rank_low=1,
)  # fmt: skip


def reason_for(**changes: object) -> str:
    (only,) = shortlist([replace(ENTRY, **changes)], finalists=12).left_out  # type: ignore[arg-type]
    return only.reason


def test_the_interval_decides_and_not_the_point() -> None:
    entries = [replace(ENTRY, submission_id=n, reference=f"trial-{n:04d}", rank_low=n) for n in (14, 12, 13, 1)]
    chosen = shortlist(entries, finalists=12)
    assert [one.entry.rank_low for one in chosen.named] == [1, 12]
    assert [one.entry.rank_low for one in chosen.left_out] == [13, 14]


def test_more_than_the_number_come_in_where_the_board_cannot_tell_them_apart() -> None:
    entries = [replace(ENTRY, submission_id=n, reference=f"trial-{n:04d}", rank_low=2) for n in range(20)]
    assert len(shortlist(entries, finalists=12).named) == 20


def test_a_finalist_is_told_why() -> None:
    (only,) = shortlist([replace(ENTRY, rank_low=3)], finalists=12).named
    assert only.reason == (
        "Eligible, licence verdict compliant, best possible rank 3 of the first 12 on the private board."
    )


def test_each_gate_leaves_out_with_its_own_sentence() -> None:
    assert reason_for(eligible=False) == "The team is not eligible."
    assert reason_for(verdict=None, licence_passes=False) == "There is no licence verdict yet."
    assert reason_for(verdict="needs_review", licence_passes=False) == "The licence verdict is needs review."
    assert reason_for(rank_low=None) == "It is not ranked on the private board."
    assert reason_for(rank_low=13) == "Its best possible rank is 13, beyond the first 12."


def test_every_reason_is_said_at_once() -> None:
    assert reason_for(eligible=False, rank_low=None) == (
        "The team is not eligible. It is not ranked on the private board."
    )
