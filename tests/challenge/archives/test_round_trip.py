"""A call goes from site to site and stays what it is, to the byte, whichever databases the sites are on."""

import json
import zipfile
from pathlib import Path

import pytest

from challenge.archives.contents import CONFIDENTIAL, FileKind, People, Wish
from challenge.archives.queries import usual_wish
from challenge.archives.queries_tables import LEFT_OUT, TABLES
from challenge.commands.schema import metadata
from challenge.web.house import House
from tests.challenge.archives.sites import KINDS, bring, empty_site, write

pytestmark = pytest.mark.xdist_group("played")  # the demonstration is played once, not in every process

WISHES = (
    Wish(People.NAMES),
    Wish(People.PSEUDONYMS),
    Wish(People.PSEUDONYMS, tuple(sorted(CONFIDENTIAL))),
    Wish(People.NAMES, (FileKind.LABELS,)),
)


@pytest.mark.parametrize("postgresql", KINDS)
@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: f"{wish.people}-{'-'.join(wish.left_out) or 'all'}")
def test_written_brought_and_written_again_it_is_the_same_file(
    played: House, tmp_path: Path, wish: Wish, postgresql: bool
) -> None:
    manifest = write(played, tmp_path / "first.zip", wish)
    with empty_site(tmp_path / "second", postgresql=postgresql) as second:
        brought = bring(second, tmp_path / "first.zip")
        with second.database.reading() as session:
            assert usual_wish(session, brought.call.id) == wish
        assert write(second, tmp_path / "second.zip", wish) == manifest
        assert (tmp_path / "second.zip").read_bytes() == (tmp_path / "first.zip").read_bytes()
        with empty_site(tmp_path / "third", postgresql=not postgresql and True in KINDS) as third:
            bring(third, tmp_path / "second.zip")
            write(third, tmp_path / "third.zip", wish)
    assert (tmp_path / "third.zip").read_bytes() == (tmp_path / "first.zip").read_bytes()


def test_everything_that_can_be_proved_of_the_demonstration_is(played: House, tmp_path: Path) -> None:
    manifest = write(played, tmp_path / "first.zip", Wish(People.NAMES))
    with empty_site(tmp_path / "second", postgresql=False) as second:
        brought = bring(second, tmp_path / "first.zip")
    counts = {proof.what: proof.count for proof in brought.proofs}
    rows = {table.name: table.rows for table in manifest.tables}
    assert counts == {
        "versions of the rules": rows["call_versions"],
        "receipts": rows["submissions"],
        "results": rows["results"],
        "standings": rows["standings"],
        "decisions": rows["decisions"],
        "lines of log 1": manifest.logs[0].lines,
    }
    assert all(counts.values())


def test_every_table_is_in_an_archive_or_left_out_with_a_reason() -> None:
    assert {table.name for table in TABLES} | LEFT_OUT.keys() == set(metadata().tables)
    assert not {table.name for table in TABLES} & LEFT_OUT.keys()


def test_under_pseudonyms_nobody_is_named_outside_of_what_people_wrote(played: House, tmp_path: Path) -> None:
    write(played, tmp_path / "named.zip", Wish(People.NAMES))
    write(played, tmp_path / "hidden.zip", Wish(People.PSEUDONYMS, tuple(sorted(CONFIDENTIAL))))
    with zipfile.ZipFile(tmp_path / "named.zip") as archive:
        accounts = [json.loads(line) for line in archive.read("tables/accounts.jsonl").splitlines()]
    people = {word for account in accounts for word in (account["name"], account["email"])}
    assert len(people) > 20
    with zipfile.ZipFile(tmp_path / "hidden.zip") as archive:
        found = {
            (name, person)
            for name in archive.namelist()
            for text in [archive.read(name).decode("utf-8", errors="replace")]
            for person in people
            if person in text
        }
    assert found == set()
