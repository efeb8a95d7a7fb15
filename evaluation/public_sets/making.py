"""Writes a suite of tasks made from public sets, with source and licence of each."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from evaluation.suites import Suite, SuiteError, load_suite


@dataclass(frozen=True, kw_only=True)
class Item:
    """One row of a task: its name, what is right, what belongs with it, and what it asks."""

    name: str
    label: str
    cluster: str = ""
    asks: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A task made from a public set: what the manifest says of it, and its items."""

    task: Mapping[str, object]
    items: Sequence[Item]
    files: Sequence[str]
    """The raw files it was made from."""
    left_out: int = 0
    """Rows of them that make no item."""
    parallel: bool = False
    """Whether the same items are there in each language, named LANGUAGE/NAME."""


def write_suite(
    folder: Path,
    made: Sequence[Made],
    *,
    name: str = "public-sets",
    title: str = "Public sets",
    seed: int = 1,
    public_share: Decimal = Decimal(0),
) -> Suite:
    """Write a suite of these tasks into a new or empty folder and load it; raises SuiteError or OSError."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SuiteError(f"{folder}: exists and is not an empty folder; name a new one")
    (folder / "items").mkdir(parents=True)
    (folder / "inputs").mkdir()
    manifest = {
        "name": name,
        "version": "1",
        "title": title,
        "split": {"seed": seed, "public_share": str(public_share)},
        "tasks": [_task(folder, one) for one in made],
    }
    (folder / "suite.yaml").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return load_suite(folder)


def _task(folder: Path, one: Made) -> dict[str, object]:
    """Write a task's items and inputs, and return what the manifest says of it."""
    clustered = bool(one.items[0].cluster) and not one.parallel
    name = one.task["name"]
    with (folder / "items" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["item", "label", *(["cluster"] if clustered else [])])
        writer.writerows([item.name, item.label, *([item.cluster] if clustered else [])] for item in one.items)
    if "ask" in one.task:
        rows = (json.dumps({"item": item.name, **item.asks}, ensure_ascii=False) + "\n" for item in one.items)
        (folder / "inputs" / f"{name}.jsonl").write_text("".join(rows), encoding="utf-8", newline="")
    said = {"cluster": True} if clustered else {"parallel": True} if one.parallel else {}
    return {"unit": 1_000_000, **said, **one.task}
