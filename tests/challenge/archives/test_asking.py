"""An admin asks for an archive on a page, a worker writes it, and its file is kept for a fortnight."""

import errno
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from sqlalchemy import func, select

from challenge.archives import operations, queries
from challenge.archives.contents import FileKind, People, Wish
from challenge.archives.operations_write import write_archive
from challenge.archives.records import Archive
from challenge.archives.states import ArchiveState
from challenge.calls.records import CallSuite
from challenge.foundation.audit import AuditLine, first_break
from challenge.foundation.files import FileStore, Stored
from challenge.foundation.permits import PLATFORM, Invalid, Refused, Role
from challenge.judging.records import Panellist
from challenge.people.operations import grant_role
from challenge.worker.archiving import tidy_archives, write_next
from challenge.worker.round import evaluator
from tests.cast import Cast
from tests.challenge.archives.sites import bring, empty_site, on_record, write
from tests.challenge.standings.harvest import Field, stage_field


@pytest.fixture
def field(cast: Cast) -> Field:
    """A call in which two teams were scored, with all its files in the store."""
    found = on_record(stage_field(cast, {"Alder": 4, "Birch": 6}))
    found.rebuild()
    kept = cast.house.files.put(io.BytesIO(b"a suite"), limit=100)
    with cast.house.database.transaction() as session:
        suite = session.scalars(select(CallSuite)).one()
        suite.file_sha256 = suite.starter_sha256 = kept.sha256
    return found


def ask(field: Field, people: People = People.NAMES, *left_out: FileKind) -> Archive:
    """Ask for an archive as an admin."""
    cast, admin = field.cast, field.cast.admin()
    with cast.house.database.transaction() as session:
        return operations.ask_archive(
            session, actor=admin, call=field.call, people=people, left_out=left_out, now=cast.now
        )


def latest(field: Field) -> Archive:
    """Return the newest archive of the call."""
    with field.cast.house.database.reading() as session:
        return queries.archives_of(session, field.call.id)[0]


def test_it_is_asked_for_on_a_page_and_the_file_is_what_a_command_writes(field: Field, tmp_path: Path) -> None:
    cast, house = field.cast, field.cast.house
    admin, address = cast.browser(cast.admin()), f"/calls/{field.call.key}/archives"
    assert "None was asked for yet." in admin.get(address).get_data(as_text=True)
    assert admin.post(address, {"people": "pseudonyms", "entries": "y"}).status_code == 303
    assert "is being written; ask again once it is done." in admin.get(address).get_data(as_text=True)
    assert admin.post(address, {"people": "names"}).status_code == 403
    assert write_next(evaluator(house))
    assert not write_next(evaluator(house))
    archive = latest(field)
    assert (archive.state, archive.explanation) == (ArchiveState.ENDED, "It is whole.")
    write(house, tmp_path / "by-command.zip", Wish(People.PSEUDONYMS, (FileKind.ENTRIES,)), field.call.key)
    answer = admin.get(f"{address}/{archive.id}.zip")
    assert answer.get_data() == (tmp_path / "by-command.zip").read_bytes()
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    with empty_site(tmp_path / "second", postgresql=False) as second:
        bring(second, tmp_path / "by-command.zip")


def test_a_form_without_an_answer_is_shown_again(field: Field) -> None:
    admin = field.cast.browser(field.cast.admin())
    answer = admin.post(f"/calls/{field.call.key}/archives", {"people": "everybody"})
    assert answer.status_code == 422
    with field.cast.house.database.reading() as session:
        assert queries.archives_of(session, field.call.id) == []


def test_no_kind_that_the_pages_need_can_be_left_out(field: Field) -> None:
    with pytest.raises(Invalid, match="Files of the kind scores are in every archive"):
        ask(field, People.NAMES, FileKind.SCORES)


def test_an_admin_who_competes_neither_sees_nor_asks(field: Field) -> None:
    ask(field)
    write_next(evaluator(field.cast.house))
    captain = field.captains["Alder"]
    with field.cast.house.database.transaction() as session:
        grant_role(session, actor=PLATFORM, account_id=captain.account_id or 0, role=Role.ADMIN, now=field.cast.now)
    browser, address = field.cast.browser(captain), f"/calls/{field.call.key}/archives"
    for answer in (
        browser.get(address), browser.post(address, {"people": "names"}), browser.get(f"{address}/{latest(field).id}.zip"),
    ):  # fmt: skip
        assert answer.status_code == 403
        assert "its archives are for other admins" in answer.get_data(as_text=True)
    for leaf in ("log", "log/check"):  # of a call that was never brought there is none, but that is for others to know
        answer = browser.get(f"/calls/{field.call.key}/{leaf}")
        assert answer.status_code == 403
        assert "its earlier logs are for others to read" in answer.get_data(as_text=True)
        assert field.cast.browser(field.cast.admin()).get(f"/calls/{field.call.key}/{leaf}").status_code == 404


def test_an_admin_who_sits_on_the_panel_neither_sees_nor_asks(field: Field) -> None:
    admin = field.cast.admin("Nora")
    with field.cast.house.database.transaction() as session:
        session.add(
            Panellist(
                call_id=field.call.id, account_id=admin.account_id, appointed_at=field.cast.now,
                appointed_by=field.cast.admin().account_id,
            )
        )  # fmt: skip
    answer = field.cast.browser(admin).get(f"/calls/{field.call.key}/archives")
    assert (answer.status_code, "You sit on the panel" in answer.get_data(as_text=True)) == (403, True)


def test_two_archives_of_a_call_are_never_written_at_once(field: Field) -> None:
    ask(field)
    with pytest.raises(Refused, match="is being written"):
        ask(field)


def test_the_file_goes_after_a_fortnight_and_the_record_stays(field: Field) -> None:
    ask(field)
    house = field.cast.house
    write_next(evaluator(house))
    address = f"/calls/{field.call.key}/archives/{latest(field).id}.zip"
    field.cast.clock.advance(timedelta(days=13, hours=23))
    assert tidy_archives(house) == 0
    assert field.cast.browser(field.cast.admin()).get(address).status_code == 200
    field.cast.clock.advance(timedelta(hours=1))
    assert (tidy_archives(house), tidy_archives(house)) == (1, 0)
    assert (latest(field).sha256, latest(field).manifest_sha256 != "") == ("", True)
    answer = field.cast.browser(field.cast.admin()).get(address)
    assert (answer.status_code, "is not kept any more" in answer.get_data(as_text=True)) == (403, True)


class FullStore(FileStore):
    """A store whose disk is full."""

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Refuse, as the system does."""
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_tried_three_times_and_then_said(field: Field) -> None:
    ask(field)
    house = field.cast.house
    full = replace(house, files=FullStore(house.files.folder))
    hands = replace(evaluator(house), house=full)
    for state in (ArchiveState.WAITING, ArchiveState.WAITING, ArchiveState.ENDED):
        assert write_next(hands)
        archive = latest(field)
        assert (archive.state, archive.explanation) == (state, "The disk refused it: No space left on device.")
    assert not write_next(hands)
    assert list(hands.executor.folder.glob("archive-*")) == []


def test_a_worker_that_leaves_hands_it_back(field: Field) -> None:
    ask(field)
    hands = evaluator(field.cast.house)
    asked = iter([False, *[True] * 1000])
    leaving = replace(hands, is_leaving=lambda: next(asked))
    assert write_next(leaving)
    archive = latest(field)
    assert (archive.state, archive.attempts, archive.token) == (ArchiveState.WAITING, 0, None)
    assert list(hands.executor.folder.glob("archive-*")) == []
    assert write_next(hands)
    assert latest(field).state is ArchiveState.ENDED


def test_a_worker_that_dies_loses_its_lease_and_after_three_it_is_given_up(field: Field) -> None:
    ask(field)
    house, lease = field.cast.house, timedelta(seconds=5)
    for _ in range(3):
        with house.database.transaction() as session:
            claim = operations.claim_archive(session, worker="mortal", lease=lease, now=field.cast.now)
        assert claim is not None
        assert tidy_archives(house) == 0
        field.cast.clock.advance(lease)
        assert tidy_archives(house) == 1
        with house.database.transaction() as session:
            assert not operations.hand_back_archive(session, claim=claim), "it holds the archive no more"
    assert (latest(field).state, latest(field).explanation) == (ArchiveState.ENDED, operations.GIVEN_UP)
    assert not write_next(evaluator(house))


def test_what_is_done_about_archives_is_in_the_log_and_in_no_archive(field: Field, tmp_path: Path) -> None:
    house = field.cast.house
    first = write(house, tmp_path / "first.zip", Wish(People.NAMES), field.call.key)
    ask(field)
    write_next(evaluator(house))
    with house.database.transaction() as session:
        operations.note_written(session, call=field.call, manifest=first, now=field.cast.now)
    with house.database.reading() as session:
        verbs = session.scalars(select(AuditLine.verb).where(AuditLine.verb.endswith("_archive"))).all()
        assert first_break(session) is None
    assert verbs == ["ask_archive", "end_archive", "write_archive"]
    field.cast.person("Somebody else")
    assert write(house, tmp_path / "again.zip", Wish(People.NAMES), field.call.key) == first


def test_a_file_that_the_store_lost_is_named_as_absent(field: Field, tmp_path: Path) -> None:
    house = field.cast.house
    standing = field.standing()
    house.files.path(standing.scores_sha256).unlink()
    manifest = write(house, tmp_path / "archive.zip", Wish(People.NAMES), field.call.key)
    assert [file.sha256 for file in manifest.absent] == [standing.scores_sha256]
    with empty_site(tmp_path / "second", postgresql=False) as second:
        bring(second, tmp_path / "archive.zip")
        assert write(second, tmp_path / "second.zip", Wish(People.NAMES), field.call.key) == manifest
    ask(field)
    write_next(evaluator(house))
    assert latest(field).explanation.startswith("The store has lost 1 of the files")


def test_what_progress_raises_breaks_the_writing_off(field: Field, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        heard.append((done, total))
        if len(heard) == 3:
            raise InterruptedError

    house = field.cast.house
    with pytest.raises(InterruptedError):
        write_archive(
            house.database, house.files, call_id=field.call.id, wish=Wish(People.NAMES), signer=house.signer,
            target=tmp_path / "archive.zip", progress=stop,
        )  # fmt: skip
    assert heard == sorted(heard)
    assert len({total for _, total in heard}) == 1
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Archive)) == 0
