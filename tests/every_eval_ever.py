"""Holds documents against the schema Every Eval Ever itself, and against what its store of files asks beyond it."""

import hashlib
import io
import json
import re
import zipfile
from math import inf, isfinite
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

FOLDER = Path(__file__).parent / "challenge" / "standings" / "every_eval_ever"
LOG, SAMPLE = (
    Draft7Validator(json.loads((FOLDER / f"{name}.schema.json").read_text()))
    for name in ("eval", "instance_level_eval")
)
PATH = re.compile(
    r'data/[^/<>:"\\|?*\x00-\x1f]+/[^/<>:"\\|?*\x00-\x1f]+/[^/<>:"\\|?*\x00-\x1f]+/'
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.json"
)


def files_of(raw: bytes) -> dict[str, bytes]:
    """Unpack a zip."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = archive.namelist()
        assert names == sorted(set(names)), "in order, and none twice"
        return {name: archive.read(name) for name in names}


def logs_of(raw: bytes) -> list[dict[str, Any]]:
    """Return the documents of a zip, each of them checked."""
    files = files_of(raw)
    return [checked(path, files) for path in files if path.endswith(".json")]


def samples_of(raw: bytes) -> dict[str, list[dict[str, Any]]]:
    """Return the samples of a zip by the path of their file, each of them checked."""
    found = {path: lines(content) for path, content in files_of(raw).items() if path.endswith(".jsonl")}
    for row in (row for rows in found.values() for row in rows):
        SAMPLE.validate(row)
    return found


def lines(content: bytes) -> list[dict[str, Any]]:
    """Read lines of JSON."""
    return [json.loads(line) for line in content.decode().splitlines()]


def checked(path: str, files: dict[str, bytes]) -> dict[str, Any]:
    """Return one document, after holding it against the schema and the rules of the store."""
    log: dict[str, Any] = json.loads(files[path], parse_constant=_no_constant)
    LOG.validate(log)
    assert PATH.fullmatch(path), path
    assert "/".join(path.split("/")[2:4]) == log["model_info"]["id"], "a model is filed under its own name"
    assert len({one["evaluation_result_id"] for one in log["evaluation_results"]}) == len(log["evaluation_results"])
    for one in log["evaluation_results"]:
        _check_result(one)
    told = log.get("detailed_evaluation_results")
    companion = path.replace(".json", "_samples.jsonl")
    assert (told is not None) == (companion in files)
    if told is not None:
        content = files[companion]
        assert (told["file_path"], told["hash_algorithm"]) == (companion, "sha256")
        assert told["checksum"] == hashlib.sha256(content).hexdigest()
        rows = lines(content)
        assert told["total_rows"] == len(rows) > 0
        known = {one["evaluation_result_id"] for one in log["evaluation_results"]}
        for row in rows:
            assert (row["evaluation_id"], row["model_id"]) == (log["evaluation_id"], log["model_info"]["id"])
            assert row["evaluation_result_id"] in known
    return log


def result(log: dict[str, Any], name: str) -> dict[str, Any]:
    """Return one result of a document by its name."""
    (found,) = (one for one in log["evaluation_results"] if one["evaluation_name"] == name)
    return found


def _check_result(one: dict[str, Any]) -> None:
    metric, details = one["metric_config"], one["score_details"]
    score, uncertainty = details["score"], details["uncertainty"]
    low, high = (float(metric[name]) for name in ("min_score", "max_score"))
    assert isfinite(score)
    assert low <= score <= high
    assert -inf <= low < high <= inf
    assert uncertainty["num_samples"] > 0
    if "confidence_interval" in uncertainty:
        bounds = uncertainty["confidence_interval"]
        assert low <= bounds["lower"] <= score <= bounds["upper"] <= high
        assert bounds["method"]
    assert uncertainty.get("standard_error", {"value": 1})["value"] > 0


def _no_constant(name: str) -> float:
    raise AssertionError(f"{name} is no JSON")
