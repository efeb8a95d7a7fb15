"""Files with published results lie beside this project, or where RANKDATA says; a test without them is skipped."""

import csv
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("RANKDATA") or Path(__file__).parents[4] / "shared" / "rankdata")
"""Where the files lie: the folder that the variable RANKDATA names, else the one beside this project."""


def lines(name: str) -> list[str]:
    """Return a file's lines; skips the test where it is not there."""
    if not (FOLDER / name).exists():
        pytest.skip(f"The published results are not here: ../shared/rankdata/{name}, or where RANKDATA says.")
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def rows(name: str) -> list[list[str]]:
    """Return the rows of a CSV file below its header."""
    return [row for row in csv.reader(lines(name)) if row][1:]
