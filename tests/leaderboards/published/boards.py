"""Reads the published tables that lie beside this project, each cell as it was printed."""

import json
import os
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leaderboards.aggregates import Gaps, Results

FOLDER = Path(os.environ.get("RANKDATA") or Path(__file__).parents[4] / "shared" / "rankdata")
"""Where the files lie: the folder that the variable RANKDATA names, else the one beside this project."""
_GAPS = {"", "-", "N/A"}


def file(name: str) -> Path:
    """Return the path of a file; skips the test where the published tables are not there."""
    if not (FOLDER / "MANIFEST.md").exists():
        pytest.skip("The published tables are not here: ../shared/rankdata, or where RANKDATA says.")
    return FOLDER / name


@cache
def table(name: str) -> pd.DataFrame:
    """Read a table of the folder benchbench as text, cell by cell."""
    lines = file(f"benchbench/{name}.tsv").read_text(encoding="utf-8").splitlines()
    header, *rows = [line.split("\t") for line in lines]
    if len(rows[0]) == len(header) + 1:  # the header has no cell for the name
        header = ["Model", *header]
    return pd.DataFrame([row + [""] * (len(header) - len(row)) for row in rows], columns=header)


def cases(name: str) -> list[dict]:
    """Read a file of JSON."""
    return json.loads(file(name).read_text(encoding="utf-8"))


def number(cell: str) -> float:
    """Read a cell: a number, the mean of two metrics written "a/b", or NaN for a gap."""
    if cell.strip() in _GAPS:
        return float("nan")
    return float(np.mean([float(part) for part in cell.split("/")]))


def columns(frame: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Read columns as numbers: (rows, columns)."""
    return np.array([[number(cell) for cell in row] for row in frame[names].to_numpy().tolist()])


def results(scores: np.ndarray, *, full: float, gaps: Gaps = Gaps.LAST) -> Results:
    """Make results of a board whose scores run from 0 to `full`; entrants are numbered, since names occur twice."""
    entrants, tasks = scores.shape
    return Results(
        entrants=tuple(f"{number:03}" for number in range(entrants)),
        tasks=tuple(f"{number:02}" for number in range(tasks)),
        scores=scores,
        floors=np.zeros(tasks),
        ceilings=np.full(tasks, full),
        weights=np.ones(tasks),
        gaps=gaps,
    )


def helm() -> tuple[np.ndarray, np.ndarray]:
    """HELM Classic's accuracy, 67 × 16 with gaps, and the mean win rates printed beside it."""
    frame = table("helm_accuracy")
    return columns(frame, list(frame.columns[2:])), columns(frame, ["Mean win rate"])[:, 0]


def open_llm() -> tuple[np.ndarray, np.ndarray]:
    """The Open LLM Leaderboard's top 100 on 6 tasks, and the averages printed beside them."""
    frame = table("openllm_leaderboard")
    return columns(frame, list(frame.columns[3:])), columns(frame, ["Average"])[:, 0]


def superglue() -> tuple[np.ndarray, np.ndarray]:
    """SuperGLUE, 28 × 8, and the scores printed; the two diagnostic sets do not count."""
    frame = table("superglue_leaderboard")
    return columns(frame, list(frame.columns[5:13])), columns(frame, ["Score"])[:, 0]


def glue() -> tuple[np.ndarray, np.ndarray]:
    """GLUE, 87 × 9, and the scores printed; the two halves of MNLI are one task, the diagnostic set does not count."""
    frame = table("glue_leaderboard")
    scores = columns(frame, ["CoLA", "SST-2", "MRPC", "STS-B", "QQP", "MNLI-m", "QNLI", "RTE", "WNLI"])
    scores[:, 5] = columns(frame, ["MNLI-m", "MNLI-mm"]).mean(axis=1)
    return scores, columns(frame, ["Score"])[:, 0]


def vtab() -> np.ndarray:
    """VTAB, 16 × 19; the first number is the mean and is left out."""
    frame = table("vtab_leaderboard")
    return columns(frame, list(frame.columns[2:]))


def boards() -> dict[str, tuple[np.ndarray, float]]:
    """All six boards on which floods are tried, each with its full score."""
    scores, _ = helm()
    complete = scores[~np.isnan(scores).any(axis=1)]
    return {
        "HELM": (scores, 1.0),
        "HELM complete": (complete, 1.0),
        "Open LLM": (open_llm()[0], 100.0),
        "SuperGLUE": (superglue()[0], 100.0),
        "GLUE": (glue()[0], 100.0),
        "VTAB": (vtab(), 100.0),
    }
