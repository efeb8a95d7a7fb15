"""Runs migrations on the database that the caller hands over."""

from alembic import context

config = context.config
database = config.attributes["database"]
with database.engine.connect() as connection:
    # SQLite changes a table by making it anew under its name, and would take its rows for gone in between; so whether
    # every reference leads somewhere is asked at the end instead. It heeds this only outside of a transaction.
    plain = connection.connection.dbapi_connection
    if database.is_sqlite:
        plain.execute("pragma foreign_keys=off")
    context.configure(
        connection=connection,
        target_metadata=config.attributes["metadata"],
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="challenge.foundation.database.",
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()  # each migration has committed itself; only outside of a transaction are these heeded
        if database.is_sqlite:
            plain.execute("pragma foreign_keys=on")
    if database.is_sqlite and (broken := plain.execute("pragma foreign_key_check").fetchall()):
        raise RuntimeError(f"After the migration references lead nowhere: {broken[:5]}")
