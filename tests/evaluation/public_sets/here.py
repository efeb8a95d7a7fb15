"""The public sets as far as they lie beside this project, or where the variable BENCHDATA says."""

import os
from functools import partial
from pathlib import Path

import pytest

from evaluation.public_sets import Raw, answering, choosing, instructing

FOLDER = Path(os.environ.get("BENCHDATA") or Path(__file__).parents[4] / "shared" / "benchdata")
RAW = Raw(FOLDER)

sib200, xcopa, exams, hucola, bbh = (
    partial(make, RAW) for make in (choosing.sib200, choosing.xcopa, choosing.exams, choosing.hucola, choosing.bbh)
)
gsm8k, mgsm, xquad, ntrex, rosts, humaneval, humaneval_rows = (
    partial(make, RAW)
    for make in (
        answering.gsm8k,
        answering.mgsm,
        answering.xquad,
        answering.ntrex,
        answering.rosts,
        answering.humaneval,
        answering.humaneval_rows,
    )
)
ifeval = partial(instructing.ifeval, RAW)


def demand_sets() -> None:
    """Skip the test where the sets are not there."""
    if not (FOLDER / "MANIFEST.md").exists():
        pytest.skip("The public sets are not here: ../shared/benchdata, or where BENCHDATA says.")
