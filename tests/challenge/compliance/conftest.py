"""Gives the tests of the licence desk their bureau."""

import pytest

from tests.cast import Cast
from tests.challenge.compliance.packages import Bureau, stage_bureau


@pytest.fixture
def bureau(cast: Cast) -> Bureau:
    """A call with one team, whose packages are examined."""
    return stage_bureau(cast)
