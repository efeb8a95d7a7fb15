"""Commands that look after an installation: its database, its audit log, its first admin."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from challenge.commands.schema import upgrade
from challenge.foundation.audit import audit_head, first_break
from challenge.foundation.permits import PLATFORM, Role
from challenge.people import names, queries
from challenge.people.operations import grant_role
from challenge.web.house import House

database = AppGroup("database", help="Look after the database.")
audit = AppGroup("audit", help="Look after the audit log.")
people = AppGroup("people", help="Look after accounts.")


def present_house() -> House:
    """Return the installation that the command works on."""
    house: House = current_app.extensions["house"]
    return house


@database.command("upgrade")
def upgrade_database() -> None:
    """Bring the database to the present shape."""
    upgrade(present_house().database)
    click.echo("The database is up to date.")


@audit.command("verify")
def verify_audit_log() -> None:
    """Walk the audit log and name the first line that does not hold."""
    with present_house().database.reading() as session:
        broken = first_break(session)
        length, head = audit_head(session)
    if broken:
        click.echo(broken.sentence, err=True)
        sys.exit(1)
    click.echo(f"The log holds: {length} lines, head {head}.")


@people.command("grant")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role if role is not Role.TEAM]))
def grant(email: str, role: str) -> None:
    """Give the account of EMAIL a role."""
    house = present_house()
    with house.database.transaction() as session:
        account = queries.account_by_email(session, names.tidy_email(email))
        if account is None:
            raise click.ClickException(f"There is no account with the address {email}. Sign up on the site first.")
        grant_role(session, actor=PLATFORM, account_id=account.id, role=Role(role), now=house.clock.now())
        name = account.name
    click.echo(f"{name} now holds the role {role}.")
