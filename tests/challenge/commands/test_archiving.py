"""The commands about archives: what they say, and how they refuse."""

from pathlib import Path

import pytest
from click.testing import Result

from challenge.archives.contents import People, Wish
from challenge.archives.queries import archives_of, brought
from challenge.calls.queries import call_by_key
from tests.cast import Cast
from tests.challenge.archives.sites import bring, empty_site, on_record, write
from tests.challenge.standings.harvest import Field, stage_field


@pytest.fixture
def field(cast: Cast) -> Field:
    """A call in which a team was scored."""
    found = on_record(stage_field(cast, {"Alder": 4}))
    found.rebuild()
    return found


def run(cast: Cast, *words: str) -> Result:
    """Type a command."""
    return cast.app.test_cli_runner().invoke(args=["archive", *words])


def test_a_call_is_written_checked_and_brought(field: Field, tmp_path: Path) -> None:
    cast, target = field.cast, tmp_path / "call.zip"
    told = run(cast, "write", field.call.key, str(target), "--people", "pseudonyms", "--leave-out", "entries")
    assert told.exit_code == 0, told.output
    assert "people by pseudonyms, without entries." in told.output
    told = run(cast, "check", str(target))
    assert told.exit_code == 0, told.output
    assert "results: the digest is that of report and items" in told.output
    key = cast.house.signer.public_key
    assert f"Signed by {key}" in told.output
    assert run(cast, "check", str(target), "--key", key).exit_code == 0
    told = run(cast, "check", str(target), "--key", "ab" * 32)
    assert (told.exit_code, f"signed by {key}, which is none of the keys given." in told.output) == (1, True)
    with empty_site(tmp_path / "second", postgresql=False) as second:
        bring(second, target)
        with second.database.reading() as session:
            came = brought(session, call_by_key(session, field.call.key).id)
        assert came is not None
        assert (came.people, came.left_out) == (People.PSEUDONYMS, ["entries"])
    with cast.house.database.reading() as session:
        assert archives_of(session, field.call.id) == [], "what is written by command is not kept in the store"


def test_check_changes_nothing_here(field: Field, tmp_path: Path) -> None:
    write(field.cast.house, tmp_path / "call.zip", Wish(People.NAMES), field.call.key)
    files = sorted(field.cast.house.files.folder.rglob("*"))
    assert run(field.cast, "check", str(tmp_path / "call.zip")).exit_code == 0
    assert sorted(field.cast.house.files.folder.rglob("*")) == files


def test_what_cannot_be_done_is_said_in_one_line(field: Field, tmp_path: Path) -> None:
    there = tmp_path / "there.zip"
    there.write_bytes(b"something")
    for words, sentence in (
        (("write", "nothing", str(tmp_path / "new.zip")), "There is no call 'nothing' on this site."),
        (("write", field.call.key, str(there)), f"{there} is there already. Name a new file."),
        (("write", field.call.key, str(tmp_path / "no" / "new.zip")), f"There is no folder {tmp_path / 'no'}."),
        (("check", str(there)), "This is no archive of a call: not a zip archive, or cut off before its end."),
        (("bring", str(there)), "This is no archive of a call: not a zip archive, or cut off before its end."),
    ):
        told = run(field.cast, *words)
        assert (told.exit_code, sentence in told.output) == (1, True), told.output
    assert sorted(tmp_path.glob("*.zip")) == [there]


def test_a_site_with_people_takes_no_archive(field: Field, tmp_path: Path) -> None:
    write(field.cast.house, tmp_path / "call.zip", Wish(People.NAMES), field.call.key)
    told = run(field.cast, "bring", str(tmp_path / "call.zip"))
    assert (told.exit_code, "This site is not empty: it has 1 call." in told.output) == (1, True)
