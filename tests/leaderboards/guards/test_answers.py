"""Tables of answers are checked like tables of scores: the first thing wrong is named with its row."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leaderboards.guards import NO_ANSWER, Answers, answers_of, read_answers, read_lineage
from leaderboards.refusals import GuardError

HEADER = "entrant,task,item,answer,key\n"
ROWS = "b,qa,1,x,x\na,qa,1,y,x\na,qa,2,,z\nb,qa,2,y,z\na,mt,1,=1,w\n"


def test_equal_words_are_equal_numbers_and_no_word_is_none(tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text(HEADER + ROWS.replace("=1", "'=1"))
    found = read_answers(tmp_path / "answers.csv")
    assert found.entrants == ("a", "b")
    assert found.options.shape == (2, 3)  # mt 1, qa 1, qa 2
    assert found.options[1, 1] == found.key[1]
    assert found.options[0, 1] == found.options[1, 2] != found.key[1]
    assert found.options[0, 2] == found.options[1, 0] == NO_ANSWER


def test_parquet_and_whole_numbers_are_read_alike(tmp_path: Path) -> None:
    frame = pd.DataFrame({"entrant": ["a", "b"], "task": "qa", "item": [1, 1], "answer": [3, 4], "key": [3, 3]})
    frame.to_parquet(tmp_path / "answers.parquet")
    found = read_answers(tmp_path / "answers.parquet")
    assert (found.options[:, 0] == found.key[0]).tolist() == [True, False]
    frame["answer"] = [3.0, None]
    with pytest.raises(GuardError, match="the column 'answer' holds fractions; write its cells as text or whole"):
        answers_of(frame)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("entrant,item,answer,key\na,1,x,x\n", "answers.csv: the columns must be entrant,task,item,answer,key, not"),
        (HEADER + "a,qa,,x,x\n", "answers.csv, row 2, column item: empty; write the item."),
        (HEADER + "a,qa,1,x,\n", "answers.csv, row 2, column key: empty; write the key."),
        (HEADER + "a,qa,1,x,x\na,qa,1,y,x\n", "row 3, column item: this entrant has an answer to this item already"),
        (HEADER + "a,qa,1,x,x\nb,qa,1,x,y\n", "column key: another row has another key for this item"),
    ],
)
def test_what_is_wrong_is_named(content: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text(content)
    with pytest.raises(GuardError) as refused:
        read_answers(tmp_path / "answers.csv")
    assert sentence in str(refused.value)


def test_a_lineage_may_name_several_families(tmp_path: Path) -> None:
    (tmp_path / "lineage.csv").write_text("entrant,family\na,Llama\na,Qwen\nb,Llama\n")
    assert read_lineage(tmp_path / "lineage.csv") == {"a": {"Llama", "Qwen"}, "b": {"Llama"}}
    (tmp_path / "lineage.csv").write_text("entrant,family\na,\n")
    with pytest.raises(GuardError, match=r"lineage.csv, row 2, column family: empty; write the family"):
        read_lineage(tmp_path / "lineage.csv")
    (tmp_path / "lineage.csv").write_text("entrant\na\n")
    with pytest.raises(GuardError, match="the columns must be entrant,family, not entrant"):
        read_lineage(tmp_path / "lineage.csv")


def test_shapes_must_fit() -> None:
    with pytest.raises(GuardError, match=r"with 1 entrants and 3 items it must be \(1, 3\)"):
        Answers(("a",), np.zeros((1, 2), np.int32), np.zeros(3, np.int32))
