"""A small suite with one task of every kind, made anew for each test that asks for it."""

from pathlib import Path

import pytest

MANIFEST = """\
name: small
version: "1"
title: A small suite
split: {seed: 7, public_share: 0.5}
tasks:
- {name: topic, title: Topics, kind: classification, metric: accuracy, floor: 0.5, ceiling: 1,
   labels: ["yes", "no"], cluster: true}
- {name: size, title: Sizes, kind: regression, metric: absolute_error, floor: 10, ceiling: 0, unit: 1000}
- {name: risk, title: Risks, kind: probability, metric: log_loss, floor: 0.693147, ceiling: 0}
"""


def truths() -> dict[str, list[tuple[str, ...]]]:
    """Give the hidden rows of the small suite."""
    return {
        "topic": [(f"t{n}", "yes" if n % 3 else "no", f"c{n // 2}") for n in range(10)],
        "size": [(f"s{n}", str(n * 1.5)) for n in range(8)],
        "risk": [(f"r{n}", str(n % 2)) for n in range(6)],
    }


def write_suite(folder: Path, manifest: str = MANIFEST) -> Path:
    """Write the small suite into a folder."""
    (folder / "items").mkdir(parents=True)
    (folder / "suite.yaml").write_text(manifest)
    for task, rows in truths().items():
        header = "item,label,cluster" if len(rows[0]) == 3 else "item,label"
        lines = [header, *(",".join(row) for row in rows)]
        (folder / "items" / f"{task}.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture
def suite_folder(tmp_path: Path) -> Path:
    """Make the folder of the small suite."""
    return write_suite(tmp_path / "suite")


@pytest.fixture
def perfect(tmp_path: Path) -> Path:
    """Make a prediction file that answers everything right."""
    lines = ["task,item,prediction"]
    lines += [f"{task},{row[0]},{row[1]}" for task, rows in truths().items() for row in rows]
    path = tmp_path / "perfect.csv"
    path.write_text("\n".join(lines) + "\n")
    return path
