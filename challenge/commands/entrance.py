"""Commands that look after an installation: its database, its log, its people, its calls, its worker."""

import importlib
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from challenge.calls import queries as call_queries
from challenge.calls.callfile import ParsedCall, parse_call
from challenge.calls.operations import add_suite, import_call
from challenge.calls.operations_suite import keep_suite, prepare_suite
from challenge.calls.problems import CallFileErrors
from challenge.commands.archiving import archive
from challenge.commands.clearing import LEAST_DAYS, clear_files
from challenge.commands.importing import import_bundle
from challenge.commands.schema import upgrade
from challenge.foundation.audit import audit_head, first_break
from challenge.foundation.permits import PLATFORM, Invalid, Refused, Role
from challenge.people import names, queries
from challenge.people.operations import grant_role, set_password
from challenge.people.passwords import NewPassword
from challenge.web.house import House
from challenge.worker.evaluating import HostUnfit
from challenge.worker.loop import Leaving, work

database = AppGroup("database", help="Look after the database.")
audit = AppGroup("audit", help="Look after the audit log.")
people = AppGroup("people", help="Look after accounts.")
calls = AppGroup("call", help="Look after calls.")
files = AppGroup("files", help="Look after the file store.")
demo = AppGroup("demo", help="The demonstration.")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn a refusal into one line for whoever typed the command, instead of a trace through the code."""
    try:
        yield
    except (Refused, Invalid) as error:
        raise click.ClickException(error.sentence) from error


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


@people.command("password")
@click.argument("email")
@click.password_option("--new", help="Asked for twice unless given; a command line is kept in histories.")
def set_new_password(email: str, new: str) -> None:
    """Give the account of EMAIL a new password, for somebody who has none or has lost it."""
    house = present_house()
    password = NewPassword.of(new)
    with told_plainly(), house.database.transaction() as session:
        account = queries.account_by_email(session, names.tidy_email(email))
        if account is None:
            raise click.ClickException(f"There is no account with the address {email}.")
        set_password(session, account_id=account.id, new=password, now=house.clock.now())
        name = account.name
    click.echo(f"{name} has a new password, and is signed out everywhere.")


@calls.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_call(file: Path) -> None:
    """Check the call file FILE and list all that is wrong with it, by line."""
    rules = _parsed(file)
    click.echo(f"{file} holds: {rules.document['title']}.")


@calls.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", required=True, help="Address of the admin in whose name the call is imported.")
def import_call_file(file: Path, email: str) -> None:
    """Import the call file FILE as a draft, or as a draft's next version, with the suites that lie beside it."""
    house, parsed = present_house(), _parsed(file)
    with told_plainly():
        suites = [
            (suite, prepare_suite(file.parent / suite["folder"]))
            for suite in parsed.document["suites"]
            if (file.parent / suite["folder"]).exists()
        ]
    kept = [(suite, prepared, *keep_suite(house.files, prepared)) for suite, prepared in suites]
    now = house.clock.now()
    with told_plainly(), house.database.transaction() as session:
        account = queries.account_by_email(session, names.tidy_email(email))
        if account is None:
            raise click.ClickException(f"There is no account with the address {email}.")
        actor = queries.actor_of(session, account.id)
        call = import_call(session, actor=actor, parsed=parsed, now=now)
        there = {suite.key: suite.digest for suite in call_queries.suites_of(session, call)}
        for suite, prepared, packed, starter in kept:
            if there.get(suite["key"]) != prepared.digest:
                add_suite(
                    session, actor=actor, call=call, key=suite["key"], title=prepared.title, digest=prepared.digest,
                    file=packed, starter=starter, summary=prepared.summary, takes=prepared.takes, now=now,
                )  # fmt: skip
        click.echo(f"{call.title}: version {call.version} imported; see /calls/{call.key}/manage.")


@click.command("import-call")
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="New folder for draft, report, original.")
@click.option("--zone", help="Time zone that dates without one are meant in, such as Europe/Brussels or UTC.")
@click.option("--opens-at", help="Time of day at which phases open of which only the day is said, such as 09:00.")
@click.option("--closes-at", help="Time of day at which phases close of which only the day is said, such as 23:59.")
def import_call_bundle(bundle: Path, out: Path, zone: str | None, opens_at: str | None, closes_at: str | None) -> None:
    """Read BUNDLE of another platform, a folder, a zip or one file, into the draft of a call; nothing in it is run."""
    import_bundle(bundle, out=out, zone=zone, opens_at=opens_at, closes_at=closes_at)


def _parsed(file: Path) -> ParsedCall:
    try:
        return parse_call(file.read_text(encoding="utf-8"))
    except CallFileErrors as errors:
        raise click.ClickException(str(errors)) from errors
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not text in UTF-8. Save it as UTF-8.") from error


@files.command("clear")
@click.option("--days", default=7, show_default=True, type=click.IntRange(min=LEAST_DAYS), help="Younger files stay.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
def clear_store(days: int, dry_run: bool) -> None:
    """Remove files that no record speaks of: of refused forms, of trials that were forgotten, of lost results."""
    found = clear_files(present_house(), days=days, dry=dry_run)
    verb = "would go" if dry_run else "are gone"
    click.echo(f"Files that {verb}: {found.files:,}, with {found.size:,} bytes; none younger than {days} days.")


@demo.command("play")
@click.option(
    "--languages", "trained", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with tiny models and their own suite: plays the language track too.",
)  # fmt: skip
def play_demo(trained: Path | None) -> None:
    """Play the demonstration's call on an empty database."""
    house = present_house()
    with house.database.reading() as session:
        if queries.all_accounts(session) or call_queries.all_calls(session, drafts=True):
            # everybody in the play has a password that is printed, admins among them
            raise click.ClickException("There are accounts or calls here already; play on an empty database.")
    # loaded only here: the demonstration trains models, and a server has no use for that
    importlib.import_module("challenge.commands.demo.play").play_and_tell(house, trained=trained)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Work on whatever waits until told to leave."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    leaving = Leaving()
    leaving.listen()
    try:
        work(present_house(), stop=leaving)
    except HostUnfit as error:
        sys.exit(f"This worker stops: {error}")


COMMANDS = (database, audit, people, calls, import_call_bundle, archive, files, demo, worker)
"""What `flask --app wsgi` offers."""
