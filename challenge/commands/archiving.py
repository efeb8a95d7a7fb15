"""Commands that write a call as one file, check such a file without a site, and bring it to an empty site."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from challenge.archives.contents import CONFIDENTIAL, FileKind, People, Wish
from challenge.archives.manifest import Manifest, Signed
from challenge.archives.operations import note_written
from challenge.archives.operations_bring import Brought, bring_archive
from challenge.archives.operations_open import OpenedArchive, open_archive
from challenge.archives.operations_write import write_archive
from challenge.archives.queries import schema_of, usual_wish
from challenge.calls.queries import call_by_key
from challenge.commands.schema import upgrade
from challenge.foundation.database import Database
from challenge.foundation.files import FileStore
from challenge.foundation.permits import Invalid, NotFound
from challenge.web.house import House

archive = AppGroup("archive", help="Write a call as one file, check it, bring it to an empty site.")
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@archive.command("write")
@click.argument("key")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--people",
    type=click.Choice([one.value for one in People]),
    default=None,
    help="By name, or under pseudonyms; names unless said.",
)
@click.option(
    "--leave-out",
    "left_out",
    multiple=True,
    type=click.Choice([kind.value for kind in CONFIDENTIAL]),
    help="Kinds of files; repeatable.",
)
def write(key: str, file: Path, people: str | None, left_out: tuple[str, ...]) -> None:
    """Write the call KEY, with all that belongs to it, into the new file FILE.

    Without options, a call that came by an archive is written as it came.
    """
    house = _house()
    if file.exists():
        raise click.ClickException(f"{file} is there already. Name a new file.")
    if not file.parent.is_dir():
        raise click.ClickException(f"There is no folder {file.parent}. Make it first.")
    with house.database.reading() as session:
        try:
            call = call_by_key(session, key)
        except NotFound as error:
            raise click.ClickException(f"There is no call {key!r} on this site.") from error
        usual = usual_wish(session, call.id)
    wish = Wish(
        People(people) if people else usual.people,
        tuple(sorted({FileKind(kind) for kind in left_out})) if left_out else usual.left_out,
    )
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        manifest = write_archive(
            house.database, house.files, call_id=call.id, wish=wish, signer=house.signer, target=unfinished
        )
        with house.database.transaction() as session:
            note_written(session, call=call, manifest=manifest, now=house.clock.now())
        os.link(unfinished, file)  # of a file that was made meanwhile nothing is lost
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(f"{file}: {_said(manifest)}")
    if manifest.absent:
        click.echo(f"Absent, for the store does not have them: {len(manifest.absent):,} files.", err=True)


@archive.command("check")
@click.argument("file", type=A_FILE)
@click.option("--key", "keys", multiple=True, help="Public key of a site that it must come from; repeatable.")
def check(file: Path, keys: tuple[str, ...]) -> None:
    """Prove whatever can be proved of the archive FILE; needs no site, and changes none."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/check.db")
        try:
            upgrade(database)
            found = _bring(database, file, None, keys)
        finally:
            database.close()
    click.echo(f"{file} holds: {_said(found.manifest)}")
    _tell(found)


@archive.command("bring")
@click.argument("file", type=A_FILE)
@click.option("--key", "keys", multiple=True, help="Public key of a site that it must come from; repeatable.")
def bring(file: Path, keys: tuple[str, ...]) -> None:
    """Bring the archive FILE to this site, which must be empty: without calls and without accounts."""
    house = _house()
    found = _bring(house.database, file, house.files, keys)
    click.echo(f"Brought: {_said(found.manifest)}")
    _tell(found)
    click.echo(
        f"See /calls/{found.brought.call.key}. Nobody has a password yet, and nobody a role: sign up on the site with "
        "an address of your own, then grant it the role of an admin."
    )


@dataclass(frozen=True)
class _Found:
    manifest: Manifest
    signed: Signed
    brought: Brought


def _bring(database: Database, file: Path, files: FileStore | None, keys: Sequence[str]) -> _Found:
    """Bring an archive into a database, and its files into the store where there is one."""
    house = _house()
    try:
        with database.reading() as session:
            schema = schema_of(session)
        opened = open_archive(file, schema=schema)
        with opened.tree:
            _demand_keys(opened, keys)
            with database.transaction() as session:
                now, signer = house.clock.now(), house.signer
                brought = bring_archive(session, opened, files=files, signer=signer, now=now)
                return _Found(opened.manifest, opened.signed, brought)
    except Invalid as error:
        raise click.ClickException(error.sentence) from error


def _demand_keys(opened: OpenedArchive, keys: Sequence[str]) -> None:
    for key in (opened.signed.public_key, *(log.public_key for log in opened.manifest.logs)):
        if keys and key not in keys:
            raise Invalid(f"The archive, or a log in it, is signed by {key}, which is none of the keys given.")


def _said(manifest: Manifest) -> str:
    rows = sum(table.rows for table in manifest.tables)
    size = sum(file.size or 0 for file in manifest.there)
    text = f"{manifest.title}, {rows:,} rows, {len(manifest.there):,} files with {size:,} bytes, people by "
    text += "their names" if manifest.people is People.NAMES else "pseudonyms"
    left_out = f", without {_list(manifest.left_out)}" if manifest.left_out else ""
    return f"{text}{left_out}.\nManifest {manifest.sha256}"


def _tell(found: _Found) -> None:
    click.echo(f"Signed by {found.signed.public_key}")
    for proof in found.brought.proofs:
        click.echo(f"  {proof.count:>8,} {proof.what}: {proof.sentence}")
    click.echo("Whether a key is that of a site only the site itself tells, at /receipts/key.")


def _list(kinds: Iterable[FileKind]) -> str:
    *first, last = sorted(kinds)
    return f"{', '.join(first)} and {last}" if first else last


def _house() -> House:
    house: House = current_app.extensions["house"]
    return house
