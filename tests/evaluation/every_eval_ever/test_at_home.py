"""At home a report becomes a document of the schema Every Eval Ever, with what lies beside it and nothing more."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from evaluation import METRICS
from evaluation.commands import main
from evaluation.every_eval_ever import measured, model_id, part_of_path
from evaluation.every_eval_ever.names import uuid_of
from tests.every_eval_ever import LOG, checked, result

FACTS = {
    "digest": "d1" * 32,
    "parameters": 123,
    "files": [
        {"name": "config.json", "size": 1, "sha256": "c0" * 32},
        {"name": "model.safetensors", "size": 9, "sha256": "e5" * 32},
    ],
}
USAGE = {"device": "Xeon 8480+", "seconds": 2.5, "energy_joules": 7200.0, "energy_method": "estimated"}


def run(*arguments: object) -> int:
    """Run a command in this process."""
    return main([str(argument) for argument in arguments])


@pytest.fixture
def report(suite_folder: Path, perfect: Path, tmp_path: Path) -> Path:
    """The folder of a report of the small suite, in which one size is wrong."""
    perfect.write_text(perfect.read_text().replace("size,s3,4.5", "size,s3,5.5").replace("size,s4,6.0", "size,s4,6.5"))
    assert run("score", suite_folder, perfect, "--out", tmp_path / "report", "--quiet") == 0
    return tmp_path / "report"


def write(
    suite: Path, report: Path, out: Path, *, model: str = "acme/small-1", evaluator: str = "acme"
) -> dict[str, Any]:
    """Write a report's document and return it, checked."""
    assert run("every-eval-ever", suite, report, "--model", model, "--evaluator", evaluator, "--out", out) == 0
    (path,) = out.rglob("*.json")
    name = path.relative_to(out).as_posix()
    return checked(name, {name: path.read_bytes()})


def test_a_report_becomes_a_document(
    suite_folder: Path, report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = write(suite_folder, report, tmp_path / "out")
    assert capsys.readouterr().out.strip().endswith(".json")
    meta = json.loads((report / "meta.json").read_text())
    for task in meta["tasks"]:
        found = result(log, f"small.{task['task']}.{task['part']}")
        assert found["score_details"]["score"] == float(task["score"])
        assert found["score_details"]["uncertainty"]["num_samples"] == task["items"]
        assert found["source_data"]["additional_details"]["suite_sha256"] == meta["suite"]
    assert log["eval_library"]["version"] == meta["engine"]
    assert log["model_info"]["id"] == "acme/small-1"
    assert log["source_metadata"]["evaluator_relationship"] == "first_party"
    error = result(log, "small.size.public")["metric_config"]
    assert (error["metric_id"], error["lower_is_better"], error["max_score"]) == ("mae", True, "Infinity")


def test_who_evaluates_another_s_model_is_a_third_party_and_writes_one_file_however_often(
    suite_folder: Path, report: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        log = write(suite_folder, report, tmp_path / "out", evaluator="A University")
    source = log["source_metadata"]
    assert (source["source_organization_name"], source["evaluator_relationship"]) == ("A University", "third_party")


def test_the_same_report_gives_the_same_bytes_whenever_it_is_written_and_an_instant_may_be_named(
    suite_folder: Path, report: Path, tmp_path: Path
) -> None:
    wrote = 1_700_000_000
    os.utime(report / "meta.json", (wrote + 9, wrote))
    log = write(suite_folder, report, tmp_path / "first")
    assert log["retrieved_timestamp"] == str(wrote), "not now, but when the report was written"
    write(suite_folder, report, tmp_path / "second")
    contents = [next((tmp_path / name).rglob("*.json")).read_bytes() for name in ("first", "second")]
    assert contents[0] == contents[1]
    named = []
    for number, instant in enumerate(("2026-05-04T12:00:00Z", "2026-05-04T14:00:00+02:00")):
        os.utime(report / "meta.json", (number, number))
        out = tmp_path / f"named {number}"
        asked = ("--model", "acme/small-1", "--evaluator", "acme", "--out", out, "--retrieved-at", instant)
        assert run("every-eval-ever", suite_folder, report, *asked) == 0
        named.append(next(out.rglob("*.json")).read_bytes())
    assert named[0] == named[1]
    assert json.loads(named[0])["retrieved_timestamp"] == "1777896000"


@pytest.mark.parametrize("instant", ["2026-05-04T12:00:00", "yesterday", "1969-05-04T12:00:00Z", "1777896000", ""])
def test_an_instant_has_its_zone(
    suite_folder: Path, report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], instant: str
) -> None:
    asked = ("--model", "a/b", "--evaluator", "a", "--out", tmp_path / "out", "--retrieved-at", instant)
    with pytest.raises(SystemExit) as left:
        run("every-eval-ever", suite_folder, report, *asked)
    assert left.value.code == 2
    assert "is no instant since 1970 with its zone; write 2026-05-04T12:00:00Z" in capsys.readouterr().err


def test_what_a_run_left_beside_its_report_is_told_and_the_rest_left_out(
    suite_folder: Path, report: Path, tmp_path: Path
) -> None:
    bare = write(suite_folder, report, tmp_path / "bare")["model_info"]["additional_details"]
    assert bare == {"deployment_type": "unknown", "model_availability": "unknown"}
    (report / "model.json").write_text(json.dumps(FACTS))
    (report / "usage.json").write_text(json.dumps(USAGE))
    full = write(suite_folder, report, tmp_path / "full")["model_info"]["additional_details"]
    assert full == {
        "deployment_type": "self_deployed", "model_availability": "unknown", "model_files_sha256": "d1" * 32,
        "parameters": "123", "weights_sha256": json.dumps({"model.safetensors": "e5" * 32}), "hardware": "Xeon 8480+",
        "wall_seconds": "2.5", "energy_wh": "2.0000", "energy_method": "estimated",
    }  # fmt: skip
    (report / "model.json").write_text("[1")
    (report / "usage.json").write_text('{"device": "cpu"}')
    broken = write(suite_folder, report, tmp_path / "broken")["model_info"]["additional_details"]
    assert broken == bare, "a file that is not what a run writes says nothing"


@pytest.mark.parametrize("model", ["small-1", "/small-1", "acme/", "a/b/c", " / "])
def test_a_model_is_named_with_its_organisation(
    suite_folder: Path, report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], model: str
) -> None:
    out = tmp_path / "out"
    assert run("every-eval-ever", suite_folder, report, "--model", model, "--evaluator", "a", "--out", out) == 2
    assert "ORGANISATION/NAME" in capsys.readouterr().err
    assert not out.exists()


def test_a_report_of_another_suite_is_refused(
    suite_folder: Path, report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = suite_folder / "suite.yaml"
    manifest.write_text(manifest.read_text().replace("A small suite", "Another suite"))
    assert run("every-eval-ever", suite_folder, report, "--model", "a/b", "--evaluator", "a", "--out", tmp_path) == 2
    assert "the report is of the suite" in capsys.readouterr().err
    manifest.unlink()
    assert run("every-eval-ever", tmp_path, report, "--model", "a/b", "--evaluator", "a", "--out", tmp_path) == 2
    assert run("every-eval-ever", suite_folder, tmp_path, "--model", "a/b", "--evaluator", "a", "--out", tmp_path) == 2


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_every_metric_fits_the_schema_with_its_bounds_and_direction(metric: str) -> None:
    found = measured("s.t.public", metric=metric, score="0.500000", items=3, data={})
    schema = LOG.evolve(schema=LOG.schema["properties"]["evaluation_results"]["items"]["properties"]["metric_config"])
    schema.validate(found.metric)
    assert found.metric["lower_is_better"] == (METRICS[metric].direction == "lower")
    assert float(found.metric["min_score"]) < float(found.metric["max_score"])


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("acme", "acme"), ("A B/C", "A-B-C"), ("../..", "unnamed"), ("", "unnamed"), ("data", "data-"), ("con.txt", "con.txt-"),
        ("Ünïcode", "Ünïcode"), ("a" * 300, "a" * 80), ("nul", "nul-"), ("nulls", "nulls"),
    ],
)  # fmt: skip
def test_a_name_becomes_one_part_of_a_path(text: str, part: str) -> None:
    assert part_of_path(text) == part
    assert model_id(text, text) == f"{part}/{part}"
    assert uuid_of(text) == uuid_of(text) != uuid_of(text + "x")
