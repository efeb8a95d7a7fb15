"""Entries whose answers are too alike are pointed out to admins, auditors and judges, and to nobody else."""

import io
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from challenge.calls.records import CallSuite
from challenge.calls.states import EntryKind
from challenge.foundation.audit import AuditLine
from challenge.standings import operations_likeness
from challenge.standings.likeness import Alike, Entrant
from challenge.standings.states import Part, Veil
from challenge.submissions.records import Submission
from evaluation import pack_suite
from tests.cast import Cast
from tests.challenge.compliance.packages import zipped
from tests.challenge.standings.harvest import Field, stage_field
from tests.challenge.standings.readers import EVERYBODY, OFFICE, browser, page
from tests.challenge.standings.test_veil import veil

LABELS = ("north", "east", "south", "west")
ITEMS = 400
LEAF = "/likeness"
MANIFEST = """\
name: winds
version: "1"
title: Winds
split: {seed: 7, public_share: 0.5}
tasks:
- {name: wind, title: Winds, kind: classification, metric: accuracy, floor: 0.25, ceiling: 1, labels: [north, east, south, west]}
- {name: speed, title: Speeds, kind: regression, metric: absolute_error, floor: 10, ceiling: 0, unit: 1000}
"""


def key() -> np.ndarray:
    """Return the right label of each item by number."""
    return np.random.default_rng(1).integers(0, 4, ITEMS)


def answers(seed: int, *, like: np.ndarray | None = None) -> np.ndarray:
    """Return answers of which six in ten are right, or those of another with one in ten drawn anew."""
    rng = np.random.default_rng(seed)
    if like is not None:
        return np.where(rng.random(ITEMS) < 0.1, rng.integers(0, 4, ITEMS), like)
    return np.where(rng.random(ITEMS) < 0.6, key(), rng.integers(0, 4, ITEMS))


def written(chosen: np.ndarray) -> bytes:
    """Write answers as a file of predictions."""
    lines = [f"wind,w{item},{LABELS[label]}" for item, label in enumerate(chosen)]
    return "\n".join(["task,item,prediction", *lines, "speed,s0,1", "speed,s1,2", ""]).encode()


def suite(folder: Path) -> bytes:
    """Pack the suite."""
    (folder / "items").mkdir(parents=True)
    (folder / "suite.yaml").write_text(MANIFEST)
    rows = "\n".join(f"w{item},{LABELS[label]}" for item, label in enumerate(key()))
    (folder / "items" / "wind.csv").write_text(f"item,label\n{rows}\n")
    (folder / "items" / "speed.csv").write_text("item,label\ns0,1\ns1,2\n")
    return pack_suite(folder)


@pytest.fixture
def field(cast: Cast, tmp_path: Path) -> Field:
    """A call of six, in which Birch hands in Alder's answers with a tenth of them changed; its boards are built."""
    field = stage_field(cast, {name: 6 - place for place, name in enumerate(("Alder", "Birch", "Cedar", "Dogwood"))})
    alder = answers(11)
    files = {"Alder": alder, "Birch": answers(12, like=alder), "Cedar": answers(13), "Dogwood": answers(14)}
    card = {"README.md": b"---\nlicense: mit\nbase_model: Spruce/Base-1\n---\n"}
    with cast.house.database.transaction() as session:
        found = session.scalars(select(CallSuite)).one()
        found.file_sha256 = cast.house.files.put(io.BytesIO(suite(tmp_path / "suite")), limit=10**8).sha256
        for name, entry in field.entries.items():
            entry = session.merge(entry)
            entry.predictions_sha256 = cast.house.files.put(io.BytesIO(written(files[name])), limit=10**8).sha256
            if name != "Dogwood":
                entry.package_sha256 = cast.house.files.put(io.BytesIO(zipped(card)), limit=10**8).sha256
    field.rebuild()
    return field


def compared(field: Field) -> Alike:
    """Compare the answers of all."""
    with field.cast.house.database.reading() as session:
        suite_file = session.scalars(select(CallSuite)).one().file_sha256
        entries = session.scalars(select(Submission).order_by(Submission.reference)).all()
    entrants = tuple(Entrant(one.reference, one.predictions_sha256 or "", one.package_sha256) for one in entries)
    return operations_likeness.alike(field.cast.house.files, suite_file, entrants)


def test_who_copied_is_found_and_nobody_else(field: Field) -> None:
    found = compared(field)
    assert (found.compared, found.pairs, found.items) == (4, 6, ITEMS), "numbers are no labels"
    (pair,) = found.found
    assert (pair.first, pair.second) == ("trial-0001", "trial-0002")
    assert pair.z > found.limit
    assert pair.same > pair.expected
    assert pair.lineage_words == "both declare spruce/base-1"


def test_a_file_that_is_gone_leaves_its_entry_out(field: Field) -> None:
    with field.cast.house.database.reading() as session:
        sha256 = session.scalars(select(Submission.predictions_sha256).where(Submission.number == 3)).one()
    field.cast.house.files.path(sha256 or "").unlink()
    assert compared(field).compared == 3


def test_only_the_office_and_judges_of_a_frozen_call_see_it(field: Field) -> None:
    field.publish()

    def readers() -> set[str]:
        address = f"/boards/{field.board().id}{LEAF}"
        return {name for name in EVERYBODY if browser(field, name).get(address).status_code == 200}

    assert readers() == OFFICE
    field.freeze_call()
    assert readers() == OFFICE | {"judge"}, "a judge who competes is told no more than the public"
    veil(field, Veil.JUDGES)
    assert readers() == OFFICE
    assert LEAF not in page(field, "visitor")
    assert LEAF in page(field, "admin")


def test_the_page_shows_figures_lineage_and_that_it_is_no_proof(field: Field) -> None:
    said = page(field, "auditor", LEAF)
    assert "This is a pointer and no proof." in said
    assert "4 entries compared in 6 pairs, on 400 items" in said
    assert "Alder (trial-0001)<br>Birch (trial-0002)" in said
    assert "both declare spruce/base-1" in said
    assert "Cedar" not in said
    assert "Note<span" not in said, "an auditor notes nothing"


def test_an_admin_notes_what_came_of_it_on_record(field: Field) -> None:
    address = f"/boards/{field.board().id}{LEAF}"
    admin = browser(field, "admin")
    pair = {"first": "trial-0002", "second": "trial-0001"}
    form = admin.get(f"{address}?first=trial-0002&second=trial-0001").get_data(as_text=True)
    assert "What came of Birch (trial-0002) and Alder (trial-0001)" in form
    assert form.count('id="note"') == 1, "the label leads to the field"
    short = admin.post(address, {**pair, "note": "copied"})
    assert short.status_code == 422
    assert "Write 10 to 2,000 characters" in short.get_data(as_text=True)
    sentence = "Both fine-tuned the same base; they showed their training logs."
    assert admin.post(address, {**pair, "note": sentence}).status_code == 303
    for part in Part:
        assert sentence in page(field, "auditor", LEAF, part), "both boards of a suite share the notes"
    with field.cast.house.database.reading() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.verb == "note_likeness")).one()
        assert line.subject == f"board {field.board().id}"
        assert sentence in str(line.particulars)
    assert browser(field, "auditor").post(address, {**pair, "note": sentence}).status_code == 403
    assert browser(field, "judge").post(address, {**pair, "note": sentence}).status_code == 403
    assert admin.post(address, {"first": "trial-0001", "second": "trial-0001", "note": sentence}).status_code == 404
    assert admin.post(address, {"first": "trial-0001", "second": "other-0001", "note": sentence}).status_code == 404


def test_where_models_are_run_the_page_says_why_nothing_is_compared(field: Field) -> None:
    with field.cast.house.database.transaction() as session:
        session.scalars(select(CallSuite)).one().takes = EntryKind.MODEL
    said = page(field, "admin", LEAF)
    assert "Answers are compared where teams hand in predictions" in said
    assert "too alike." not in said


def test_a_board_without_ranked_entries_has_nothing_to_compare(cast: Cast, tmp_path: Path) -> None:
    field = stage_field(cast)
    field.enter("Alder", 1)
    with cast.house.database.transaction() as session:
        stored = cast.house.files.put(io.BytesIO(suite(tmp_path / "suite")), limit=10**8)
        session.scalars(select(CallSuite)).one().file_sha256 = stored.sha256
    field.rebuild()
    said = page(field, "admin", LEAF)
    assert "0 entries compared in 0 pairs" in said
    assert "No pair is too alike." in said
