"""The migrations make exactly the tables that the records describe."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Column, Integer, MetaData, inspect

from challenge.commands.schema import downgrade, metadata, upgrade
from challenge.foundation.database import Database
from tests.cast import Cast


def differences(database: Database, tables: MetaData) -> list[object]:
    """List what the database lacks or has too much of, against `tables`."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, tables))


def test_migrations_and_records_agree(cast: Cast) -> None:
    assert differences(cast.house.database, metadata()) == []


def test_every_law_of_the_records_is_in_the_database(cast: Cast) -> None:
    found = inspect(cast.house.database.engine)
    for table in metadata().sorted_tables:
        wanted = {str(law.name) for law in table.constraints if isinstance(law, CheckConstraint)}
        assert {law["name"] for law in found.get_check_constraints(table.name)} == wanted, table.name


def test_a_column_without_migration_is_noticed(cast: Cast) -> None:
    tables = MetaData()
    for table in metadata().sorted_tables:
        table.to_metadata(tables)
    tables.tables["teams"].append_column(Column("mood", Integer))
    assert [entry[0] for entry in differences(cast.house.database, tables)] == ["add_column"]  # type: ignore[index]


def test_migrations_go_down_and_up_again(cast: Cast) -> None:
    downgrade(cast.house.database)
    assert set(inspect(cast.house.database.engine).get_table_names()) <= {"alembic_version"}
    upgrade(cast.house.database)
    assert differences(cast.house.database, metadata()) == []


def test_every_records_file_is_reached_by_the_migrations() -> None:
    root = Path(__file__).parents[3] / "challenge"
    tables = {table.name for table in metadata().sorted_tables}
    written = [
        line.split('"')[1]
        for path in root.rglob("*.py")
        for line in path.read_text().splitlines()
        if line.strip().startswith("__tablename__")
    ]
    assert sorted(written) == sorted(tables)
