"""Opens a house of its own for a benchmark: a fresh database, a fresh folder, everything gone afterwards."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from challenge.app import create_app, open_house
from challenge.commands.schema import upgrade
from challenge.foundation.clock import SetClock
from challenge.foundation.settings import Settings
from challenge.web.house import House
from tests.cast import Cast
from tests.conftest import ON_POSTGRESQL, SERVER, sql


@contextmanager
def ground() -> Iterator[Cast]:
    """Yield the people of a house without rows, on SQLite or on the PostgreSQL that DATABASE_URL names."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        name = f"challenge_{secrets.token_hex(6)}"
        if ON_POSTGRESQL:
            sql(f"CREATE DATABASE {name}")
            address = make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        else:
            address = f"sqlite:///{folder}/challenge.db"
        # servers and workers of the same installation run beside this process, by the machine's clock
        house = open_house(settings(Path(folder), address), SetClock(datetime.now(UTC)))
        try:
            upgrade(house.database)
            yield Cast(house, create_app(house))
        finally:
            house.database.close()
            if ON_POSTGRESQL:
                sql(f"DROP DATABASE {name} WITH (FORCE)")


def settings(folder: Path, address: str) -> Settings:
    """Return the settings of a benchmark's house."""
    return Settings(instance=folder, database_url=address, secret_key="for benchmarks only", secure_cookies=False)


def environment(house: House) -> dict[str, str]:
    """Return the settings of a house as the environment of another process."""
    return {
        "CHALLENGE_INSTANCE": str(house.settings.instance),
        "DATABASE_URL": house.settings.database_url,
        "CHALLENGE_SECRET_KEY": house.settings.secret_key,
        "CHALLENGE_INSECURE_COOKIES": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
