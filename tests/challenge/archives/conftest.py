"""One site on which the whole demonstration was played; tests read it and leave it as it is."""

from collections.abc import Iterator

import pytest

from challenge.commands.demo.play import play
from challenge.web.house import House
from tests.challenge.archives.sites import empty_site
from tests.conftest import ON_POSTGRESQL


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The site of the demonstration, on the database that the tests run on."""
    with empty_site(tmp_path_factory.mktemp("played") / "site", postgresql=ON_POSTGRESQL) as house:
        play(house, say=lambda _: None)
        yield house
