"""The contract with an engine: what goes out names everything that answers depend on; what comes in is data."""

import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import Kind, Part, Suite, Task
from evaluation.engines import Batch, Request, Settings, ShardRefused, ShardStore, batches_of, plan
from evaluation.engines.shards import read_rows
from evaluation.engines.spec import Shard, Spec
from evaluation.tasks import Ask, By

CHOICES: dict[str, object] = {
    "kind": "classification", "metric": "accuracy", "floor": 0.5, "ceiling": 1, "labels": ["no", "yes"],
    "ask": {"by": "choices", "prompt": "{{ text }}", "choices": [" {{ a }}", " yes"]},
}  # fmt: skip
LABELS = {f"i{n}": ("yes" if n % 3 else "no") for n in range(20)}
INPUTS: dict[str, dict[str, object]] = {item: {"text": f"Is {item} odd?", "a": "no"} for item in LABELS}
ENGINE = {"name": "lm-eval", "version": "0.4.13", "lock": "ab" * 32}
Make = Callable[..., Suite]


def spec_of(suite: Suite, *, rows: int = 5, **changed: Any) -> Spec:
    """Plan a run of a suite."""
    given_: dict[str, Any] = {"model": "m" * 64, "engine": ENGINE, "settings": Settings(), **changed}
    return plan(batches_of(suite, parts=list(Part)), rows=dict.fromkeys(By, rows), **given_)


def content_of(shard: Shard, **changed: Any) -> list[dict[str, Any]]:
    """Write the rows an engine would."""
    asked = shard.batch.requests[shard.first : shard.last]
    return [{"item": request.item, "cut": False, "logprobs": [-1.5, -2.0], **changed} for request in asked]


def packed(rows: list[dict[str, Any]]) -> bytes:
    """Write rows as a file."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def meta_of(shard: Shard, content: bytes, **changed: Any) -> bytes:
    """Write the meta file an engine would."""
    told = {"key": shard.key, "sha256": hashlib.sha256(content).hexdigest(), "seconds": 1.5, "cpu_seconds": 1.25}
    return json.dumps({**told, "peak_megabytes": 500, "device": "cpu", **changed}).encode()


def test_every_item_is_asked_once_and_what_is_right_is_not_said(own_suite: Make, tmp_path: Path) -> None:
    suite = own_suite(CHOICES, LABELS, INPUTS)
    spec = spec_of(suite)
    spec.write(tmp_path, seen_as="/in/spec", model_path="/in/model")
    told = json.loads((tmp_path / "spec.json").read_text())
    assert [(task["name"], task["part"], task["rows"]) for task in told["tasks"]] == [
        ("t", "public", 10),
        ("t", "private", 10),
    ]
    asked = []
    for task in told["tasks"]:
        content = (tmp_path / f"t.{task['part']}.jsonl").read_bytes()
        assert task["sha256"] == hashlib.sha256(content).hexdigest()
        rows = [json.loads(line) for line in content.splitlines()]
        assert all(row.keys() == {"item", "prompt", "choices"} for row in rows)
        for shard in task["shards"]:
            asked += [row["item"] for row in rows[shard["first"] : shard["last"]]]
    assert sorted(asked) == sorted(LABELS)
    # turning the truth over changes nothing of what goes out
    other = own_suite(CHOICES, {item: ("no" if label == "yes" else "yes") for item, label in LABELS.items()}, INPUTS)
    assert [shard.key for shard in spec_of(other).shards] == [shard.key for shard in spec.shards]


@pytest.mark.parametrize(
    "changed",
    [
        {"model": "n" * 64},
        {"engine": {**ENGINE, "version": "0.4.14"}},
        {"engine": {**ENGINE, "lock": "cd" * 32}},
        *({"settings": Settings(**one)} for one in (
            {"dtype": "bfloat16"}, {"device": "cuda"}, {"batch_size": 8}, {"max_length": 99}, {"seed": 1}, {"threads": 2},
        )),
        {"rows": 4},
    ],
    ids=str,
)  # fmt: skip
def test_whatever_answers_depend_on_changes_every_key(own_suite: Make, changed: dict[str, Any]) -> None:
    suite = own_suite(CHOICES, LABELS, INPUTS)
    keys, others = ({shard.key for shard in spec.shards} for spec in (spec_of(suite), spec_of(suite, **changed)))
    assert len(keys) == 4
    assert not keys & others


@pytest.mark.parametrize(
    "ask",
    [
        {"prompt": "{{ text }}!"},
        {"choices": [" {{ a }}", " Yes"]},
        {"choices": [" yes", " {{ a }}"]},
    ],
    ids=str,
)
def test_another_wording_is_another_key(own_suite: Make, ask: dict[str, object]) -> None:
    spec = spec_of(own_suite(CHOICES, LABELS, INPUTS))
    task = {**CHOICES, "ask": {**CHOICES["ask"], **ask}}  # type: ignore[dict-item]
    other = spec_of(own_suite(task, LABELS, INPUTS))
    assert not {shard.key for shard in spec.shards} & {shard.key for shard in other.shards}


def test_a_finished_shard_is_kept_and_not_asked_for_again(own_suite: Make, tmp_path: Path) -> None:
    spec = spec_of(own_suite(CHOICES, LABELS, INPUTS))
    store = ShardStore(tmp_path / "shards")
    assert store.missing(spec.shards) == list(spec.shards)
    first = spec.shards[0]
    content = packed(content_of(first))
    store.take_in(first, content, meta_of(first, content))
    assert store.missing(spec.shards) == list(spec.shards[1:])
    assert [row.logprobs for row in store.rows(first)] == [(-1.5, -2.0)] * 5
    assert store.cost(first).peak_megabytes == 500
    path = tmp_path / "shards" / f"{first.name}.jsonl"
    path.write_bytes(path.read_bytes().replace(b"-1.5", b"-1.4"))
    assert first in store.missing(spec.shards)  # damaged is missing


def spoilt(rows: list[dict[str, Any]], what: str) -> bytes:
    """Spoil a shard in one of many ways."""
    row = rows[2]
    changes: dict[str, Callable[[], Any]] = {
        "another item": lambda: row.update(item="i99"),
        "no item": lambda: row.pop("item"),
        "item no text": lambda: row.update(item=["i1"]),
        "one number too few": lambda: row.update(logprobs=[-1.0]),
        "one too many": lambda: row.update(logprobs=[-1.0, -2.0, -3.0]),
        "a text for a number": lambda: row.update(logprobs=["-1", -2]),
        "true for a number": lambda: row.update(logprobs=[True, -2]),
        "no list": lambda: row.update(logprobs={"0": 1}),
        "cut is a text": lambda: row.update(cut="no"),
        "a row short": lambda: rows.pop(),
        "a row more": lambda: rows.append(dict(row)),
        "two rows swapped": lambda: rows.reverse(),
    }
    if what in changes:
        changes[what]()
        return packed(rows)
    content = packed(rows)
    return {
        "cut off": content[:-10],
        "no line end": content[:-1],
        "not JSON": content.replace(b"{", b"<", 1),
        "deep": b"[" * 100_000 + b"\n" + content.split(b"\n", 1)[1],
        "not UTF-8": content.replace(b"false", b"\xff\xfe", 1),
        "empty": b"",
        "huge": content + b" " * (64 * 2**20),
        "a pickle": b"\x80\x04" + content,
    }[what]


@pytest.mark.parametrize(
    "what",
    [
        "another item", "no item", "item no text", "one number too few", "one too many", "a text for a number",
        "true for a number", "no list", "cut is a text", "a row short", "a row more", "two rows swapped", "cut off",
        "no line end", "not JSON", "deep", "not UTF-8", "empty", "huge", "a pickle",
    ],
)  # fmt: skip
def test_a_shard_that_is_not_what_was_asked_is_refused(own_suite: Make, tmp_path: Path, what: str) -> None:
    shard = spec_of(own_suite(CHOICES, LABELS, INPUTS)).shards[1]
    content = spoilt(content_of(shard), what)
    with pytest.raises(ShardRefused, match=r"t\.public\.0001-of-0002\."):
        ShardStore(tmp_path / "shards").take_in(shard, content, meta_of(shard, content))
    assert not (tmp_path / "shards").exists() or not any((tmp_path / "shards").iterdir())


@pytest.mark.parametrize(
    "changed",
    [{"key": "0" * 64}, {"sha256": "0" * 64}, {"seconds": -1}, {"seconds": "x"}, {"cpu_seconds": 1e300},
     {"device": None, "seconds": None}, {"device": "x" * 70_000}],
    ids=lambda one: str(one)[:40],
)  # fmt: skip
def test_a_meta_file_that_does_not_fit_is_refused(own_suite: Make, tmp_path: Path, changed: dict[str, Any]) -> None:
    shard = spec_of(own_suite(CHOICES, LABELS, INPUTS)).shards[0]
    content = packed(content_of(shard))
    with pytest.raises(ShardRefused, match=r"meta\.json"):
        ShardStore(tmp_path / "shards").take_in(shard, content, meta_of(shard, content, **changed))


@pytest.mark.parametrize("number", [None, 5.0, -1e10, float("1e308")], ids=str)
def test_a_number_that_is_no_log_probability_is_none(own_suite: Make, number: float | None) -> None:
    shard = spec_of(own_suite(CHOICES, LABELS, INPUTS)).shards[0]
    rows = read_rows(shard, packed(content_of(shard, logprobs=[number, -2.0])))
    assert {row.logprobs for row in rows} == {(None, -2.0)}


@given(junk=st.binary(max_size=300), at=st.integers(0, 400))
def test_bytes_put_anywhere_are_read_rightly_or_refused(junk: bytes, at: int) -> None:
    shard = _shard_of_one()
    content = packed(content_of(shard))
    spoilt_ = content[:at] + junk + content[at:]
    try:
        rows = read_rows(shard, spoilt_)
    except ShardRefused:
        return
    assert [row.item for row in rows] == ["i1"]
    assert len(rows[0].logprobs) == 2


def _shard_of_one() -> Shard:
    ask = Ask(by=By.CHOICES, prompt="{{ x }}", choices=("a", "b"))
    task = Task(
        name="t", title="T", kind=Kind.CLASSIFICATION, metric="accuracy", floor=Decimal(0), ceiling=Decimal(1),
        labels=("no", "yes"), ask=ask,
    )  # fmt: skip
    batch = Batch(task=task, part=Part.PUBLIC, ask=ask, requests=(Request(item="i1", prompt="p", choices=("a", "b")),))
    return Shard(batch=batch, number=0, of=1, first=0, last=1, key="ab" * 32)


MEASURED: dict[str, object] = {**CHOICES, "ask": {"by": "features", "features": ["a", "b"]}}
NUMBERS: dict[str, dict[str, object]] = {item: {"a": n, "b": 0.5} for n, item in enumerate(LABELS)}


def test_numbers_go_out_and_labels_or_numbers_come_in(own_suite: Make, tmp_path: Path) -> None:
    spec = spec_of(own_suite(MEASURED, LABELS, NUMBERS))
    spec.write(tmp_path, seen_as="/in/spec", model_path="/in/model")
    (task, _) = json.loads((tmp_path / "spec.json").read_text())["tasks"]
    assert (task["kind"], task["labels"], task["features"]) == ("classification", ["no", "yes"], ["a", "b"])
    row = json.loads((tmp_path / "t.public.jsonl").read_text().splitlines()[0])
    assert row == {"item": row["item"], "features": [NUMBERS[row["item"]]["a"], 0.5]}
    shard = spec.shards[0]

    def read(**said: Any) -> set[Any]:
        rows = [{"item": one.item, "cut": False, **said} for one in shard.batch.requests[shard.first : shard.last]]
        return {(row.texts, row.numbers) for row in read_rows(shard, packed(rows))}

    assert read(label="yes") == {(("yes",), ())}
    assert read(label="") == {(("",), ())}
    assert read(numbers=[0.25, 2e9]) == {((), (0.25, None))}
    for odd in (
        {"label": "maybe"},
        {"label": ["yes"]},
        {"numbers": [1.0]},
        {"numbers": [1, True]},
        {"numbers": [1, 10**400]},
    ):
        with pytest.raises(ShardRefused, match="line 1"):
            read(**odd)


@pytest.mark.parametrize("ask", [{"features": ["b", "a"]}, {"features": ["a"]}], ids=str)
def test_other_features_or_another_order_are_another_key(own_suite: Make, ask: dict[str, object]) -> None:
    spec = spec_of(own_suite(MEASURED, LABELS, NUMBERS))
    other = spec_of(own_suite({**MEASURED, "ask": {**MEASURED["ask"], **ask}}, LABELS, NUMBERS))  # type: ignore[dict-item]
    assert not {shard.key for shard in spec.shards} & {shard.key for shard in other.shards}
