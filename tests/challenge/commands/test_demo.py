"""What the demonstration is made of: a real suite, real models, packages whose licences mean what the play says."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from challenge.calls.callfile import parse_call
from challenge.calls.document import read_document
from challenge.commands.demo import suites
from challenge.commands.demo.cast import ADMINS, AUDITOR, ENTRANTS, JUDGES, LATE, Entry
from challenge.commands.demo.models import RECIPES, Trained, as_csv, as_jsonl, as_parquet, train
from challenge.commands.demo.packages import DATE, TEXTS, pack
from challenge.commands.demo.story import CALL_FILES, KEY, PRACTICE, WRITERS, Stage
from challenge.commands.demo.weights import as_safetensors
from challenge.foundation.clock import SystemClock
from evaluation import load_suite
from evaluation.licences import default_policy, verdict
from tests.cast import Cast

ROOT = Path(__file__).parents[3]
ENTRIES = [entry for entrant in ENTRANTS for entry in entrant.entries]


@pytest.fixture(scope="module")
def trained() -> Trained:
    """The quickest of the real models."""
    return train("tree")


def test_the_suite_is_the_same_whoever_makes_it(tmp_path: Path) -> None:
    for name in ("one", "two"):
        suites.write_suite(tmp_path / name)
    one, two = load_suite(tmp_path / "one"), load_suite(tmp_path / "two")
    assert one.digest == two.digest
    assert [task.name for task in one.tasks] == [source.name for source in suites.SOURCES]


@pytest.mark.parametrize("source", suites.SOURCES, ids=lambda source: source.name)
def test_what_is_trained_on_is_never_asked_about(source: suites.Source) -> None:
    halves, data = suites.part(source), source.loader()
    asked = {int(item.rpartition("-")[2]) for item in halves.test_items}
    assert len(asked) == len(halves.test_items)
    assert len(halves.train_truth) + len(halves.test_truth) == len(data.target)
    learned = np.delete(np.asarray(data.data), sorted(asked), axis=0)
    assert np.array_equal(halves.train_inputs, learned)


def test_a_model_answers_every_item_once(trained: Trained, tmp_path: Path) -> None:
    suites.write_suite(tmp_path)
    wanted = {(name, item) for name, truth in load_suite(tmp_path).truths.items() for item in truth.items}
    assert {(task, item) for task, item, _ in trained.rows} == wanted
    assert len(trained.rows) == len(wanted)


def test_the_three_formats_say_the_same(trained: Trained) -> None:
    csv = pd.read_csv(io.BytesIO(as_csv(trained.rows)), dtype=str)
    jsonl = pd.read_json(io.BytesIO(as_jsonl(trained.rows)), lines=True, dtype=False)
    parquet = pd.read_parquet(io.BytesIO(as_parquet(trained.rows)))
    rows = [list(row) for row in trained.rows]
    assert csv.to_numpy().tolist() == jsonl.to_numpy().tolist() == parquet.to_numpy().tolist() == rows


def test_weights_come_out_of_their_file_as_they_went_in() -> None:
    arrays = {"b": np.arange(6).reshape(2, 3), "a": np.array([0.5, -1.25])}
    raw = as_safetensors(arrays)
    length = int.from_bytes(raw[:8], "little")
    header, body = json.loads(raw[8 : 8 + length]), raw[8 + length :]
    assert length % 8 == 0
    for name, array in arrays.items():
        start, end = header[name]["data_offsets"]
        kind = {"F32": np.float32, "I64": np.int64}[header[name]["dtype"]]
        assert np.array_equal(np.frombuffer(body[start:end], kind).reshape(header[name]["shape"]), array)
    assert sum(entry["data_offsets"][1] - entry["data_offsets"][0] for entry in header.values()) == len(body)


def packed(entry: Entry, weights: bytes) -> bytes:
    """Pack an entry as the play does."""
    return pack(
        name="Somebody", recipe="Trees", weights=weights, declared=entry.declared, text=entry.text, route=entry.route,
        doi=entry.doi, altered=entry.altered,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (Entry("tree"), "compliant"),
        (Entry("tree", declared="CC-BY-NC-4.0", text="CC-BY-NC-4.0"), "compliant"),
        (Entry("tree", declared="", text=None, route="publication", doi="10.5281/zenodo.1234567"), "by_publication"),
        (Entry("tree", altered="\nThe models may not be used by competitors of the licensor.\n"), "needs_review"),
        (Entry("tree", declared="Apache-2.0", text="CC-BY-NC-4.0"), "non_compliant"),
        (Entry("tree", declared="", text=None), "non_compliant"),
    ],
    ids=["Apache", "non-commercial", "published", "altered", "two licences", "no licence"],
)
def test_a_packages_licence_gets_the_verdict_that_the_play_needs(
    trained: Trained, tmp_path: Path, entry: Entry, expected: str
) -> None:
    (tmp_path / "package.zip").write_bytes(packed(entry, trained.weights))
    found = verdict(
        tmp_path / "package.zip", declared=entry.declared or None, policy=default_policy(), route=entry.route,
        doi=entry.doi or None,
    )  # fmt: skip
    assert found.outcome.value == expected, found.reasons


def test_a_package_is_the_same_bytes_whenever_it_is_packed(trained: Trained) -> None:
    files = zipfile.ZipFile(io.BytesIO(packed(Entry("tree"), trained.weights))).infolist()
    assert [file.filename for file in files] == [
        "README.md", "model.safetensors", "metadata.json", "config.json", "LICENSE",
    ]  # fmt: skip
    assert {file.date_time for file in files} == {DATE}, "no clock's time is in it"


def test_everybody_in_the_play_is_somebody_else() -> None:
    keys = [entrant.key for entrant in ENTRANTS] + [one[0] for one in (*ADMINS, *JUDGES, AUDITOR)]
    names = [entrant.captain for entrant in ENTRANTS] + [one[1] for one in (*ADMINS, *JUDGES, AUDITOR)]
    assert len(set(keys)) == len(keys)
    assert len(set(names)) == len(names)
    assert len({entrant.name for entrant in ENTRANTS}) == len(ENTRANTS)
    assert LATE in keys


def test_every_entry_can_be_made() -> None:
    assert {entry.recipe for entry in ENTRIES} <= set(RECIPES)
    assert {entry.format for entry in ENTRIES} == set(WRITERS)
    assert all((TEXTS / f"{entry.text}.txt").exists() for entry in ENTRIES if entry.text)


def test_the_play_needs_a_clock_that_can_be_set(cast: Cast) -> None:
    stage = Stage(replace(cast.house, clock=SystemClock()), say=print)
    with pytest.raises(TypeError, match="whose clock can be set"):
        stage.at(2026, 3, 2)


@pytest.mark.parametrize("key", [KEY, PRACTICE])
def test_the_calls_of_the_play_hold(key: str) -> None:
    rules = read_document(parse_call(CALL_FILES[key].read_text(encoding="utf-8")).document)
    assert rules.key == key
    assert [suite.key for suite in rules.suites] == ["tabular"]


def test_the_call_that_is_played_is_the_example_that_organisers_are_shown() -> None:
    handbook = (ROOT / "docs" / "organiser.md").read_text(encoding="utf-8")
    assert f"`{CALL_FILES[KEY].relative_to(ROOT)}`" in handbook
    assert [path.name for path in (ROOT / "challenge").rglob("*.yaml")].count("lagc-2026.yaml") == 1
