"""The published JSON Schema of a manifest and the reader of manifests agree."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from evaluation.suites import SuiteError
from evaluation.suites.manifest import _REQUIRED, _TASK_OPTIONAL, _TASK_REQUIRED, read_manifest
from evaluation.tasks import By, Kind

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/instruments/suite.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)
PLAIN: dict[str, Any] = {
    "name": "both",
    "version": "1",
    "title": "Predictions and models",
    "starter_inputs": "all",
    "split": {"seed": 3, "public_share": "0.25"},
    "tasks": [
        {
            "name": "topic", "title": "Topic", "kind": "classification", "metric": "accuracy", "floor": 0.25, "ceiling": 1,
            "labels": ["art", "law"], "languages": ["de", "pt-BR"], "parallel": False, "canary": "c-81f2", "unit": 10_000, "cluster": True,
            "weight": 2, "description": "d", "source": "s", "licence": "CC0-1.0",
            "ask": {"by": "choices", "prompt": "{{ text }}", "choices": [" art", " law"]},
        },
        {
            "name": "name", "title": "Name", "kind": "classification", "metric": "macro_f1", "floor": 0, "ceiling": 1,
            "labels": ["art", "law"],
            "ask": {"by": "text", "prompt": "{{ text[0] }}", "stop": ["\n"], "tokens": 8},
        },
        {
            "name": "risk", "title": "Risk", "kind": "probability", "metric": "brier", "floor": 1, "ceiling": 0,
            "ask": {"by": "features", "features": ["age", "blood pressure"]},
        },
        {
            "name": "digit", "title": "Digit", "kind": "classification", "metric": "accuracy", "floor": 0, "ceiling": 1,
            "labels": ["0", "1"], "ask": {"by": "image", "image": "scan", "size": [8, 8], "channels": 3},
        },
    ],
}  # fmt: skip
ODD = [
    None,
    True,
    0,
    -1,
    1.5,
    10**12,
    "",
    "x",
    "ä" * 300,
    "a\tb",
    [],
    ["a", "a"],
    {},
    {"x": 1},
    "{{ 1 + 1 }}",
    "2020",
    5_000,
]


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List every place in nested data."""
    found = [path] if path else []
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in children:
        found += places(value, (*path, key))
    return found


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Put another value, or none, at a place; a key that is not known beside it where the value is the text itself."""
    found = copy.deepcopy(data)
    inner = found
    for key in path[:-1]:
        inner = inner[key]
    if value == "<removed>":
        del inner[path[-1]]
    elif value == "<beside>" and isinstance(inner, dict):
        inner["unknown"] = 1
    else:
        inner[path[-1]] = value
    return found


def is_read(data: Any) -> bool:
    """Tell whether the reader takes a manifest."""
    try:
        read_manifest(yaml.safe_dump(data, allow_unicode=True).encode())
    except SuiteError:
        return False
    return True


def test_the_example_is_read_and_valid() -> None:
    assert is_read(PLAIN)
    assert VALIDATOR.is_valid(PLAIN)


@given(path=st.sampled_from(places(PLAIN)), value=st.sampled_from([*ODD, "<removed>", "<beside>"]))
@settings(max_examples=400)
def test_whatever_the_reader_takes_the_schema_allows(path: tuple[Any, ...], value: Any) -> None:
    data = changed(PLAIN, path, value)
    assert not is_read(data) or VALIDATOR.is_valid(data), list(VALIDATOR.iter_errors(data))


@pytest.mark.parametrize(
    "path", [path for path in places(PLAIN) if path[-1] not in {"metric", "floor", "ceiling"}], ids=str
)
@pytest.mark.parametrize("value", [None, "<beside>", {"x": 1}, -1, "<removed>"], ids=str)
def test_whatever_the_schema_forbids_the_reader_refuses(path: tuple[Any, ...], value: Any) -> None:
    data = changed(PLAIN, path, value)
    if not VALIDATOR.is_valid(data):
        assert not is_read(data)


def test_the_schema_knows_every_key_kind_and_way_of_asking() -> None:
    task = SCHEMA["$defs"]["task"]
    assert set(task["properties"]) == _TASK_REQUIRED | _TASK_OPTIONAL
    assert set(task["required"]) == _TASK_REQUIRED
    assert set(SCHEMA["required"]) == _REQUIRED
    assert task["properties"]["kind"]["enum"] == [kind.value for kind in Kind]
    assert [one["properties"]["by"]["const"] for one in SCHEMA["$defs"]["ask"]["oneOf"]] == [by.value for by in By]
