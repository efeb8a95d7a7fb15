"""Sites for the tests of archives: one on which the demonstration was played, and empty ones of either database."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import make_url, select

from challenge.app import open_house
from challenge.archives.contents import Wish
from challenge.archives.manifest import Manifest
from challenge.archives.operations_bring import Brought, bring_archive
from challenge.archives.operations_open import open_archive
from challenge.archives.operations_write import write_archive
from challenge.archives.queries import schema_of
from challenge.calls.queries import call_by_key
from challenge.calls.records import Call, CallVersion
from challenge.commands.schema import upgrade
from challenge.foundation.audit import write_line
from challenge.foundation.canonical import canonical
from challenge.foundation.clock import SetClock
from challenge.foundation.permits import PLATFORM, Actor
from challenge.foundation.settings import Settings
from challenge.people.records import Account
from challenge.submissions.queries_receipts import document_of
from challenge.submissions.records import Receipt, Submission
from challenge.teams.records import Team
from challenge.web.house import House
from tests.cast import TODAY, Cast
from tests.conftest import ON_POSTGRESQL, SERVER, sql

KEY = "lagc-2026"
"""The demonstration's call."""


@contextmanager
def empty_site(folder: Path, *, postgresql: bool) -> Iterator[House]:
    """Open a new site without rows; on PostgreSQL only where the tests have a server."""
    name = f"challenge_{secrets.token_hex(6)}"
    if postgresql:
        sql(f"CREATE DATABASE {name}")
    address = make_url(SERVER).set(database=name).render_as_string(hide_password=False) if postgresql else ""
    settings = Settings(
        instance=folder,
        database_url=address or f"sqlite:///{folder / 'challenge.db'}",
        secret_key="for tests only",
        secure_cookies=False,
    )
    folder.mkdir(parents=True)
    house = open_house(settings, SetClock(TODAY))
    try:
        upgrade(house.database)
        yield house
    finally:
        house.database.close()
        if postgresql:
            sql(f"DROP DATABASE {name} WITH (FORCE)")


def write(house: House, target: Path, wish: Wish, key: str = KEY) -> Manifest:
    """Write the archive of a call of a site into a new file."""
    with house.database.reading() as session:
        call = call_by_key(session, key)
    return write_archive(house.database, house.files, call_id=call.id, wish=wish, signer=house.signer, target=target)


def bring(house: House, archive: Path) -> Brought:
    """Bring an archive to a site, files first."""
    with house.database.reading() as session:
        schema = schema_of(session)
    opened = open_archive(archive, schema=schema)
    with opened.tree:
        with house.database.transaction() as session:
            return bring_archive(session, opened, files=house.files, signer=house.signer, now=house.clock.now())


KINDS = (False, True) if ON_POSTGRESQL else (False,)
"""Whether sites may be on PostgreSQL: SQLite always, PostgreSQL where there is a server."""


class Staged(Protocol):
    """A call that was staged for a test, with its people."""

    cast: Cast
    call: Call


S = TypeVar("S", bound=Staged)


def on_record(field: S) -> S:
    """Give what was staged its lines in the log and its receipts, as operations would have."""
    cast = field.cast
    with cast.house.database.transaction() as session:
        rules = session.scalars(select(CallVersion).where(CallVersion.call_id == field.call.id)).one()
        told: dict[str, object] = {"version": rules.number, "digest": rules.digest}
        write_line(
            session,
            actor=PLATFORM,
            verb="import_call",
            subject=f"call {field.call.key}",
            now=cast.now,
            particulars=told,
        )
        query = (
            select(Submission, Team.name).join(Team).where(Submission.call_id == field.call.id).order_by(Submission.id)
        )
        for submission, team in session.execute(query):
            said: dict[str, object] = {
                "reference": submission.reference, "predictions": submission.predictions_sha256,
                "package": submission.package_sha256,
            }  # fmt: skip
            person = session.get_one(Account, submission.submitted_by)
            line = write_line(
                session, actor=Actor(person.id, person.name), verb="accept", subject=f"submission {submission.id}",
                now=cast.now, particulars=said,
            )  # fmt: skip
            before: dict[str, object] = {"length": line.number - 1, "hash": line.before}
            document = document_of(submission, call=field.call.key, team=team, before=before)
            signer = cast.house.signer
            session.add(
                Receipt(
                    submission_id=submission.id, document=canonical(document).decode(),
                    signature=signer.sign(document), public_key=signer.public_key,
                )
            )  # fmt: skip
    return field
