"""Gives the tests of the worker the scene of runs."""

from pathlib import Path

import pytest

from tests.cast import Cast
from tests.challenge.runs.scene import Scene


@pytest.fixture
def scene(cast: Cast, tmp_path: Path) -> Scene:
    """A call with a real small suite."""
    return Scene(cast, tmp_path)
