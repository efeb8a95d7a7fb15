"""Gives the tests of runs their scene."""

from pathlib import Path

import pytest

from challenge.foundation.permits import Actor
from challenge.runs.executors_local import Job
from challenge.runs.records import Run
from tests.cast import Cast
from tests.challenge.runs.engines import job_of
from tests.challenge.runs.papers import scored_with_papers
from tests.challenge.runs.scene import Scene, packed_suite, predictions


@pytest.fixture
def scene(cast: Cast, tmp_path: Path) -> Scene:
    """A call with a real small suite."""
    return Scene(cast, tmp_path)


@pytest.fixture
def scored(scene: Scene) -> tuple[Run, Actor]:
    """A scored run with everything that an engine leaves of a model, and its captain."""
    return scored_with_papers(scene)


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
