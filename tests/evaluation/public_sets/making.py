"""Writes a suite of tasks made from public sets, with source and licence of each."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evaluation import Suite, load_suite


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


def written(folder: Path, made: Sequence[Made]) -> Suite:
    """Write a suite of these tasks and load it."""
    (folder / "items").mkdir(parents=True)
    (folder / "inputs").mkdir()
    tasks = []
    for one in made:
        has_clusters = bool(one.items[0].cluster)
        tasks.append({"unit": 1_000_000, **({"cluster": True} if has_clusters else {}), **one.task})
        name = one.task["name"]
        with (folder / "items" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["item", "label", *(["cluster"] if has_clusters else [])])
            writer.writerows([item.name, item.label, *([item.cluster] if has_clusters else [])] for item in one.items)
        if "ask" in one.task:
            rows = (json.dumps({"item": item.name, **item.asks}, ensure_ascii=False) + "\n" for item in one.items)
            (folder / "inputs" / f"{name}.jsonl").write_text("".join(rows), encoding="utf-8", newline="")
    manifest = {
        "name": "public-sets",
        "version": "1",
        "title": "Public sets",
        "split": {"seed": 1, "public_share": 0},
        "tasks": tasks,
    }
    (folder / "suite.yaml").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return load_suite(folder)
