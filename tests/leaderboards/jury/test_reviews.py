"""A table of marks is read whole or refused with file, row and column; its order leaves no trace."""

from itertools import permutations
from pathlib import Path

import pytest

from leaderboards.jury import Mark, Reviews, read_reviews
from leaderboards.refusals import ReviewError

HEADER = "entry,judge,criterion,halves,confidence\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "reviews.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_read_and_sorted(tmp_path: Path) -> None:
    text = HEADER + "B,Grace,impact,7,2\nA,Alan,impact,10,\n'=C,Alan,impact,,\n"
    reviews = read_reviews(written(tmp_path, text))
    assert reviews.marks == (
        Mark("=C", "Alan", "impact", None),
        Mark("A", "Alan", "impact", 10),
        Mark("B", "Grace", "impact", 7, "2"),
    )
    assert [one.entry for one in reviews.given()] == ["A", "B"]
    assert reviews.entries == ("=C", "A", "B")
    assert reviews.judges == ("Alan", "Grace")


def test_confidence_may_be_left_out(tmp_path: Path) -> None:
    reviews = read_reviews(written(tmp_path, "judge,entry,halves,criterion\nAlan,A,3,impact\n"))
    assert reviews.marks == (Mark("A", "Alan", "impact", 3, "1"),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEADER + "A,Alan,impact,11,1\n", "row 2: Alan on A, impact: half marks run from 0 to 10, not 11"),
        (HEADER + "A,Alan,impact,7.5,1\n", "row 2, column halves: '7.5' is no whole number"),
        (HEADER + "A,Alan,impact,-1,1\n", "row 2, column halves: '-1' is no whole number"),
        (HEADER + "A,Alan,impact,nan,1\n", "row 2, column halves: 'nan' is no whole number"),
        (HEADER + "A,Alan,impact,7,0\n", "row 2: Alan on A, impact: the confidence must be above 0"),
        (HEADER + "A,Alan,impact,7,inf\n", "row 2: Alan on A, impact: the confidence must be an exact number"),
        (HEADER + "A,,impact,7,1\n", "row 2, column judge: empty; write the name"),
        (
            HEADER + "A,Alan,impact,7,1\nB,Alan,impact,7,1\nA,Alan,impact,,1\n",
            "row 4: A, Alan, impact stands in row 2 already",
        ),
        ("entry,judge,halves\nA,Alan,7\n", "the columns must be entry,judge,criterion,halves"),
        (HEADER + "A,Alan\n", "row 2: 2 cells where the header has 5"),
    ],
)
def test_what_is_no_mark_is_refused_with_its_row(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ReviewError) as caught:
        read_reviews(written(tmp_path, text))
    assert str(caught.value).startswith(f"reviews.csv, {sentence}") or sentence in str(caught.value)
    assert "reviews.csv" in str(caught.value)


def test_order_leaves_no_trace() -> None:
    marks = [Mark("A", "Alan", "impact", 7), Mark("B", "Alan", "impact", 5), Mark("A", "Grace", "impact", None)]
    assert len({Reviews.of(order).digest() for order in permutations(marks)}) == 1


def test_a_table_survives_the_round_trip() -> None:
    reviews = Reviews.of([Mark("A", "Alan", "impact", None), Mark("B", "Alan", "impact", 5, "0.5")])
    assert Reviews.from_dict(reviews.to_dict()) == reviews


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        ([["A", "Alan", "impact", 7]], r"reviews.marks\[0\] must be a list of entry"),
        ([["A", "Alan", "impact", 7, 1]], r"reviews.marks\[0\]: entry, judge, criterion and confidence must be texts"),
        ([["A", "Alan", "impact", True, "1"]], r"reviews.marks\[0\]: Alan on A, impact: half marks run"),
        ([["A", "Alan", "impact", 7, "1"]] * 2, "Alan on A, impact: marked twice"),
    ],
)
def test_a_damaged_record_is_refused(marks: list[list[object]], sentence: str) -> None:
    with pytest.raises(ReviewError, match=sentence):
        Reviews.from_dict({"marks": marks})


def test_parts_of_a_table() -> None:
    reviews = Reviews.of([Mark("A", "Alan", "impact", 7), Mark("A", "Grace", "quality", 5), Mark("B", "Alan", "x", 1)])
    assert reviews.on(criterion="quality").judges == ("Grace",)
    assert reviews.without(judges={"Alan"}).entries == ("A",)
    assert reviews.of_entries({"B"}).criteria == ("x",)
