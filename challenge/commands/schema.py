"""Brings the database to the records' present shape."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData

from challenge.archives import records as archives
from challenge.awards import records as awards
from challenge.awards import records_checks as checks
from challenge.calls import records as calls
from challenge.compliance import records as compliance
from challenge.foundation import audit, earlier, outbox
from challenge.foundation.database import Database, Record
from challenge.judging import records as judging
from challenge.people import records as people
from challenge.runs import records as runs
from challenge.runs import records_papers as papers
from challenge.runs import records_trials as trials
from challenge.standings import records as standings
from challenge.standings import records_likeness as likeness
from challenge.submissions import records as submissions
from challenge.submissions import records_fetches as fetches
from challenge.teams import records as teams

RECORDS = (
    audit,
    earlier,
    outbox,
    people,
    calls,
    teams,
    submissions,
    fetches,
    compliance,
    runs,
    papers,
    trials,
    standings,
    likeness,
    judging,
    awards,
    checks,
    archives,
)
"""Every module that adds tables; a table that is not reached from here has no migration."""


def metadata() -> MetaData:
    """Return the tables of all rooms."""
    return Record.metadata


def alembic_config(database: Database) -> Config:
    """Return Alembic's settings for `database`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.attributes["database"] = database
    config.attributes["metadata"] = metadata()
    return config


def upgrade(database: Database) -> None:
    """Run every migration that `database` has not seen."""
    command.upgrade(alembic_config(database), "head")


def downgrade(database: Database) -> None:
    """Take every migration back; everything in `database` is lost."""
    command.downgrade(alembic_config(database), "base")
