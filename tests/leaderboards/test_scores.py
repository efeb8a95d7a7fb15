"""Score files are read exactly or refused with file, row and column."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaderboards import ScoreError, ScoreTable, Unranked, read_scores, read_status

HEADER = "entrant,task,item,cluster,value\n"
ROWS = ["A,qa,1,p,10000\n", "A,qa,2,p,0\n", "B,qa,1,p,5\n", "B,qa,2,p,7\n"]


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "scores.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_rows_in_any_order_and_format_give_the_same_digest(tmp_path: Path) -> None:
    table = read_scores(written(tmp_path, HEADER + "".join(ROWS)))
    turned = read_scores(written(tmp_path, "\ufeff" + HEADER + "".join(reversed(ROWS))))
    frame = pd.read_csv(tmp_path / "scores.csv", dtype={"item": str})
    frame.to_parquet(tmp_path / "scores.parquet")
    assert read_scores(tmp_path / "scores.parquet").digest() == table.digest() == turned.digest()
    assert ScoreTable.from_frame(frame).digest() == table.digest()
    assert ScoreTable.from_dict(table.to_dict()).digest() == table.digest()


def test_the_digest_depends_on_every_cell(tmp_path: Path) -> None:
    digests = {read_scores(written(tmp_path, HEADER + "".join(ROWS))).digest()}
    for old, new in [("A,qa,1,p,10000", "A,qa,1,p,10001"), ("qa", "mt"), ("B", "C"), (",p,", ",q,"), ("qa,1", "qa,3")]:
        digests.add(read_scores(written(tmp_path, HEADER + "".join(ROWS).replace(old, new))).digest())
    assert len(digests) == 6


def test_an_item_is_its_own_cluster_by_default(tmp_path: Path) -> None:
    table = read_scores(written(tmp_path, "entrant,task,item,value\nA,qa,x,1\nA,qa,y,2\n"))
    assert table.tasks[0].clusters == ("x", "y")


def test_inert_cells_are_read_back_exactly(tmp_path: Path) -> None:
    text = "entrant,task,item,value\n'=SUM(A1),qa,'@1,3\n\"'\ttab\",qa,@1,4\n'quoted',qa,@1,5\nNA,qa,@1,-6\n"
    table = read_scores(written(tmp_path, text))
    assert table.entrants == ("\ttab", "'quoted'", "=SUM(A1)", "NA")
    assert table.tasks[0].items == ("@1",)
    assert table.tasks[0].values.ravel().tolist() == [4, 5, 3, -6]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "scores.csv: the file is empty; its first row must name the columns."),
        ("\n\n", "scores.csv: the file is empty; its first row must name the columns."),
        (
            "entrant,task,item",
            "scores.csv: the column 'value' is missing; the columns are entrant, task, item, "
            "cluster, value (cluster may be left out).",
        ),
        (
            HEADER.replace("cluster", "part"),
            "scores.csv: the column 'part' is not known; the columns are entrant, task, item, cluster, value.",
        ),
        (
            "entrant,entrant,task,item,value\n",
            "scores.csv, row 1: the column 'entrant' occurs twice; keep one of them.",
        ),
        (
            HEADER + ROWS[0] + "A,qa\n",
            "scores.csv, row 3: 2 cells where the header has 5; give every row the same number of cells.",
        ),
        (HEADER.encode() + b"\xff,qa,1,p,1\n", "scores.csv: the text is not UTF-8; save the file as UTF-8."),
        (
            HEADER + ROWS[0] + ROWS[2] + ROWS[0],
            "scores.csv, row 4, column item: entrant 'A', task 'qa', item '1' stands in row 2 already; keep one value.",
        ),
        (
            HEADER + ROWS[0] + "A,qa,2,p,0.5\n",
            "scores.csv, row 3, column value: '0.5' is not an integer; write digits only, in the task's unit.",
        ),
        (
            HEADER + ROWS[0] + "A,qa,2,p,\n",
            "scores.csv, row 3, column value: '' is not an integer; write digits only, in the task's unit.",
        ),
        (
            HEADER + "A,qa,2,p,NaN\n",
            "scores.csv, row 2, column value: 'NaN' is not an integer; write digits only, in the task's unit.",
        ),
        (
            HEADER + "A,qa,2,p,1_0\n",
            "scores.csv, row 2, column value: '1_0' is not an integer; write digits only, in the task's unit.",
        ),
        (
            HEADER + "A,qa,2,p,9999999999\n",
            "scores.csv, row 2, column value: 9999999999 lies beyond ±1000000000; choose a smaller unit.",
        ),
        (
            HEADER + ROWS[0] + "A,maths,1,p,1\n",
            "scores.csv, row 3, column task: the policy knows no task 'maths'; mend "
            "the name or add the task to the policy.",
        ),
        (HEADER + ROWS[0] + " ,qa,2,p,1\n", "scores.csv, row 3, column entrant: empty; write the entrant's name."),
        (
            HEADER + ROWS[0] + "B,qa,1,q,1\n",
            "scores.csv, row 3, column cluster: 'q', but row 2 puts the same item in "
            "'p'; an item has one cluster for all entrants.",
        ),
        (b"PAR1 nothing more", "scores.csv: not a readable Parquet file"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    with pytest.raises(ScoreError) as caught:
        read_scores(written(tmp_path, text), tasks={"qa"})
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ([1.0, np.nan], "row 3, column value: missing (NaN)"),
        ([1.0, np.inf], "row 3, column value: inf is infinite"),
        ([1.0, 0.5], "row 3, column value: 0.5 is not an integer"),
        ([1, None], "row 3, column value: missing (NaN)"),
        ([1, True], "row 3, column value: True is not an integer"),
        (np.array([1, 2**63], dtype=np.uint64), "row 3, column value: 9223372036854775808 lies beyond"),
        (np.array([1, 2**40]), "row 3, column value: 1099511627776 lies beyond"),
        ([1, [2]], "row 3, column value: [2] is not an integer"),
    ],
)
def test_a_bad_value_in_a_frame_is_refused(values: object, what: str) -> None:
    frame = pd.DataFrame({"entrant": ["A", "B"], "task": "qa", "item": "1", "value": values})
    with pytest.raises(ScoreError) as caught:
        ScoreTable.from_frame(frame)
    assert str(caught.value).startswith(f"the table, {what}")


@pytest.mark.parametrize("name", [["B"], 2.5, True])
def test_a_name_that_is_no_text_is_refused(name: object) -> None:
    frame = pd.DataFrame({"entrant": ["A", name], "task": "qa", "item": "1", "value": [1, 2]})
    with pytest.raises(ScoreError, match=r"^the table, row 3, column entrant: .* is not a name; write it as text\.$"):
        ScoreTable.from_frame(frame)


def test_whole_floats_and_nullable_integers_are_integers() -> None:
    frame = pd.DataFrame({"entrant": ["A", "B"], "task": "qa", "item": "1", "value": [3.0, 4.0]})
    nullable = frame.astype({"value": "Int64"})
    assert ScoreTable.from_frame(frame).digest() == ScoreTable.from_frame(nullable).digest()


ragged = st.lists(st.lists(st.text(max_size=4), min_size=3, max_size=6).map(",".join), max_size=6).map("\n".join)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ragged.map(lambda rows: (HEADER + rows).encode("utf-8", "surrogatepass")) | st.binary(max_size=60))
def test_any_file_is_read_or_refused_in_one_line(tmp_path: Path, raw: bytes) -> None:
    said, table = "scores.csv.", None
    try:
        table = read_scores(written(tmp_path, raw))
    except ScoreError as refusal:
        said = str(refusal)
    assert said.startswith("scores.csv")
    assert said.endswith(".")
    assert table is None or ScoreTable.from_dict(table.to_dict()).digest() == table.digest()


def test_an_empty_table_is_a_table(tmp_path: Path) -> None:
    assert read_scores(written(tmp_path, HEADER)).entrants == ()


def test_a_status_file_gives_reasons(tmp_path: Path) -> None:
    path = tmp_path / "status.csv"
    path.write_text("entrant,reason\nZ,the run timed out\n")
    assert read_status(path) == (Unranked("Z", "the run timed out"),)
    path.write_text("entrant,reason\nZ,late\nZ,later\n")
    with pytest.raises(ScoreError, match=r"^status.csv, row 3, column entrant: 'Z' has a reason already; keep one\.$"):
        read_status(path)
    path.write_text("entrant,reason\nZ, \n")
    with pytest.raises(ScoreError, match=r"^status.csv, row 2, column reason: empty; write the reason\.$"):
        read_status(path)
    path.write_text("entrant,why\nZ,late\n")
    with pytest.raises(ScoreError, match=r"^status.csv: the columns must be entrant,reason, not entrant,why\.$"):
        read_status(path)
