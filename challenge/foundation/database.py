"""Opens the database, with one way to read and one way to write."""

import importlib
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from types import ModuleType
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, TypeDecorator, create_engine, event, text
from sqlalchemy.orm import DeclarativeBase, Session

SOUND_SQLITE = (3, 51, 3)
"""Older versions can corrupt a WAL database that several processes write."""

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; refuses an instant without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn the instant to UTC before it is written."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a zone: {value!r}")
        return value.astimezone(UTC) if dialect.name != "sqlite" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back that SQLite forgets."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(states: type[StrEnum], law: str) -> Enum:
    """Return a column type that admits only `states`, by a CHECK constraint named as the sentence `law`."""
    return Enum(
        states,
        name=law,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Record(DeclarativeBase):
    """What every row of the house is."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant()}


class Database:
    """The one place where sessions are opened, and transactions end."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.is_sqlite = address.startswith("sqlite")
        self._writer = _sqlite(address, "BEGIN IMMEDIATE") if self.is_sqlite else _postgresql(address)
        self._reader = _sqlite(address, "BEGIN", query_only=True) if self.is_sqlite else self._writer

    @property
    def engine(self) -> Engine:
        """The engine that may write, for migrations and start-up checks."""
        return self._writer

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session that may write; commit at the end, roll back on any exception."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that may only read, on one consistent view."""
        with Session(self._reader, autoflush=False) as session:
            if not self.is_sqlite:
                session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            yield session

    def close(self) -> None:
        """Give every connection back."""
        self._writer.dispose()
        self._reader.dispose()


def sqlite_module() -> ModuleType:
    """Return the SQLite that knows the fix for the WAL reset, else Python's own with a warning."""
    try:
        module = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        module = sqlite3
    if module.sqlite_version_info < SOUND_SQLITE:
        warnings.warn(
            f"SQLite {module.sqlite_version} can corrupt a database that several processes write; "
            "install the package pysqlite3 or use PostgreSQL.",
            stacklevel=2,
        )
    return module


def _sqlite(address: str, begin: str, *, query_only: bool = False) -> Engine:
    engine = create_engine(address, module=sqlite_module(), connect_args={"timeout": 30, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=wal", "synchronous=FULL", "foreign_keys=on", "busy_timeout=30000"):
            connection.execute(f"pragma {pragma}")
        if query_only:
            connection.execute("pragma query_only=on")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(address: str) -> Engine:
    return create_engine(
        address,
        pool_pre_ping=True,
        pool_size=10,
        connect_args={"options": "-c lock_timeout=30000 -c statement_timeout=60000 -c timezone=UTC"},
    )
