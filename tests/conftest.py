"""Gives every test a house of its own, on SQLite or on the PostgreSQL that DATABASE_URL names."""

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import create_engine, make_url, text

from challenge.app import create_app, open_house
from challenge.commands.schema import upgrade
from challenge.foundation.clock import SetClock
from challenge.foundation.database import Database
from challenge.foundation.settings import Settings, database_address
from challenge.web.house import House
from tests.cast import TODAY, Cast

# No test is timed: a busy machine must not make one fail. Nor does luck: what is drawn depends on the test alone. To
# look for examples that nobody has seen yet: bin/test tests/leaderboards --hypothesis-profile searching
hypothesis.settings.register_profile("untimed", deadline=None, derandomize=True)
hypothesis.settings.register_profile("searching", deadline=None)
hypothesis.settings.load_profile("untimed")

SERVER = database_address(os.environ.get("DATABASE_URL", ""))
ON_POSTGRESQL = SERVER.startswith("postgresql")


def sql(*statements: str) -> None:
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database without rows: a file's path, or a name on the server; tests work on copies."""
    if ON_POSTGRESQL:
        name = f"challenge_{secrets.token_hex(6)}"
        sql(f"CREATE DATABASE {name}")
        database = Database(make_url(SERVER).set(database=name).render_as_string(hide_password=False))
        upgrade(database)
        database.close()
        yield name
        sql(f"DROP DATABASE {name} WITH (FORCE)")
    else:
        path = tmp_path_factory.mktemp("empty") / "empty.db"
        database = Database(f"sqlite:///{path}")
        upgrade(database)
        database.close()
        yield str(path)


@pytest.fixture
def database_url(empty_database: str, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database of the test's own."""
    if ON_POSTGRESQL:
        name = f"challenge_{secrets.token_hex(6)}"
        sql(f"CREATE DATABASE {name} TEMPLATE {empty_database}")
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        sql(f"DROP DATABASE {name} WITH (FORCE)")
    else:
        shutil.copy(empty_database, tmp_path / "challenge.db")
        yield f"sqlite:///{tmp_path / 'challenge.db'}"


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A house with an empty database and a clock that stands at TODAY."""
    settings = Settings(
        instance=tmp_path / "instance",
        database_url=database_url,
        secret_key="for tests only",
        secure_cookies=False,
        lease_seconds=5,
    )
    house = open_house(settings, SetClock(TODAY))
    yield house
    house.database.close()


@pytest.fixture
def cast(house: House) -> Cast:
    """The people of the test, and their browsers."""
    app = create_app(house)
    app.testing = True
    return Cast(house, app)
