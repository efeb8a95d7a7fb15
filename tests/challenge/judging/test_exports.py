"""The table and the scores leave the site as files: whole for whoever may see all, less what a judge stands back from."""

import csv
import io
from pathlib import Path

import pyarrow.parquet
import pytest

from leaderboards import jury
from tests.cast import Cast
from tests.challenge.judging.bench import Bench, stage_bench
from tests.challenge.judging.test_calibration import reviewed


def lines(bench: Bench, who: str, name: str) -> list[dict[str, str]]:
    reader = bench.admin if who == "Olga" else bench.judges[who]
    answer = bench.cast.browser(reader).get(f"/judging/{bench.field.call.key}/{name}.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_the_table_has_a_line_an_entry(cast: Cast) -> None:
    bench = reviewed(cast)
    rows = lines(bench, "Olga", "table")
    assert [row["team"] for row in rows] == ["Alder", "Birch", "Cedar"]
    assert (rows[0]["judges"], rows[0]["mean excellence"], rows[0]["agreed total"]) == ("3", "3.33", "")
    assert float(rows[0]["calibrated_low"]) < float(rows[0]["calibrated"]) < float(rows[0]["calibrated_high"])


def test_the_scores_are_what_the_instrument_reads(cast: Cast, tmp_path: Path) -> None:
    bench = reviewed(cast)
    for kind in ("csv", "parquet"):
        answer = cast.browser(bench.admin).get(f"/judging/{bench.field.call.key}/scores.{kind}")
        path = tmp_path / f"scores.{kind}"
        path.write_bytes(answer.get_data())
        found = jury.read_reviews(path)
        assert (len(found.given()), found.judges) == (24, ("Jonas", "Mara", "Vera"))
        page = cast.browser(bench.admin).get(f"/judging/{bench.field.call.key}/table").get_data(as_text=True)
        assert found.digest() in page, "the file's digest is the one that the page names"


@pytest.mark.parametrize("name", ["table", "scores"])
def test_what_a_judge_stands_back_from_is_in_no_file_of_theirs(cast: Cast, name: str) -> None:
    bench = reviewed(cast)
    before = lines(bench, "Jonas", name)
    assert bench.entry("Birch").reference not in {row["entry"] for row in before}
    bench.review("Mara", "Birch", 10, 10, 10)
    assert lines(bench, "Jonas", name) == before
    assert bench.entry("Birch").reference in {row["entry"] for row in lines(bench, "Mara", name)}


def test_before_the_own_review_a_chair_s_file_has_no_score_of_the_entry(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 6})
    for judge in bench.judges:
        bench.declare(judge, "Alder")
    bench.review("Mara", "Alder", 9, 9, 9)
    assert lines(bench, "Jonas", "scores") == []
    (row,) = lines(bench, "Jonas", "table")
    assert (row["team"], row["raw_mean"], row["mean impact"]) == ("Alder", "", "")


def test_parquet_keeps_decimals_as_they_were_written(cast: Cast) -> None:
    bench = reviewed(cast)
    answer = cast.browser(bench.admin).get(f"/judging/{bench.field.call.key}/table.parquet")
    table = pyarrow.parquet.read_table(io.BytesIO(answer.get_data()))
    assert table.column("mean excellence").to_pylist()[0] == "3.33"
    assert table.column("judges").to_pylist() == [3, 2, 3]


def test_files_are_for_whoever_may_see_the_table(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 6})
    for name in ("table.csv", "scores.parquet"):
        assert cast.browser(bench.judges["Mara"]).get(f"/judging/{bench.field.call.key}/{name}").status_code == 403
