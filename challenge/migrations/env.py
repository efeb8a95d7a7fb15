"""Runs migrations on the database that the caller hands over."""

from alembic import context

config = context.config
database = config.attributes["database"]
with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=config.attributes["metadata"],
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="challenge.foundation.database.",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
