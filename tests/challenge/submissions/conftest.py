"""Gives the tests of submissions a call, a team and its captain."""

import pytest

from challenge.calls.records import Call
from challenge.foundation.permits import Actor
from challenge.teams.records import Team
from tests.cast import Cast
from tests.stage import stage_call, stage_team


@pytest.fixture
def call(cast: Cast) -> Call:
    """An open call whose phase of entry is on."""
    return stage_call(cast)


@pytest.fixture
def ada(cast: Cast) -> Actor:
    """The captain."""
    return cast.person("Ada")


@pytest.fixture
def team(cast: Cast, call: Call, ada: Actor) -> Team:
    """An eligible team with five places."""
    return stage_team(cast, call, "Alder Models", ada)
