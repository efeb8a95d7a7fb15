"""Gives the tests of runs their scene."""

from pathlib import Path

import pytest

from challenge.runs.executors_local import Job
from tests.cast import Cast
from tests.challenge.runs.engines import job_of
from tests.challenge.runs.scene import Scene, packed_suite, predictions


@pytest.fixture
def scene(cast: Cast, tmp_path: Path) -> Scene:
    """A call with a real small suite."""
    return Scene(cast, tmp_path)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small suite as one file."""
    folder = tmp_path_factory.mktemp("suite")
    path = folder / "suite.zip"
    path.write_bytes(packed_suite(folder / "suite"))
    return path


@pytest.fixture
def job(packed: Path, tmp_path: Path) -> Job:
    """A job with perfect predictions."""
    return job_of(packed, tmp_path, predictions())
