"""A call that was brought goes on living: its numbers count on, its people come back, and further sites take it up."""

import json
import zipfile
from pathlib import Path

from sqlalchemy import select

from challenge.app import create_app
from challenge.archives.contents import People, Wish
from challenge.calls.queries import call_by_key
from challenge.foundation.clock import SetClock
from challenge.foundation.earlier import earlier_logs
from challenge.runs.records import Run
from challenge.runs.states import Outcome, RunState
from challenge.standings import operations as standings
from challenge.standings.queries import boards_of_call
from challenge.submissions.operations import choose_final
from challenge.web.house import House
from tests.cast import Cast
from tests.challenge.archives.sites import KINDS, bring, empty_site, on_record, write
from tests.challenge.standings.harvest import stage_field, stage_waiting

WISH = Wish(People.NAMES)


def run_states(house: House) -> list[tuple[RunState, str | None, str]]:
    """Return where the runs of a site are."""
    with house.database.reading() as session:
        return [(run.state, run.token, run.doing) for run in session.scalars(select(Run).order_by(Run.id))]


def test_what_a_worker_is_at_waits_on_the_other_site(cast: Cast, tmp_path: Path) -> None:
    field = on_record(stage_field(cast, {"Alder": 3}))
    run = stage_waiting(cast, field.entries["Alder"], round_=2)
    with cast.house.database.transaction() as session:
        held = session.get_one(Run, run.id)
        held.state, held.token, held.lease_until = RunState.RUNNING, "a" * 32, cast.now
        held.done, held.total, held.doing, held.attempts = 3, 6, "topic", 3
    write(cast.house, tmp_path / "archive.zip", WISH, field.call.key)
    with empty_site(tmp_path / "second", postgresql=True in KINDS) as second:
        bring(second, tmp_path / "archive.zip")
        assert run_states(second)[-1] == (RunState.WAITING, None, "")
        with second.database.reading() as session:
            assert session.get_one(Run, run.id).attempts == 2, "the attempt that was broken off does not count"
        write(second, tmp_path / "again.zip", WISH, field.call.key)
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "archive.zip").read_bytes()
    assert run_states(cast.house)[-1] == (RunState.RUNNING, "a" * 32, "topic"), "here it goes on"


def test_what_is_asked_to_stop_is_stopped_on_the_other_site(cast: Cast, tmp_path: Path) -> None:
    field = on_record(stage_field(cast, {"Alder": 3}))
    run, admin = stage_waiting(cast, field.entries["Alder"], round_=2), cast.admin()
    with cast.house.database.transaction() as session:
        held = session.get_one(Run, run.id)
        held.state, held.token, held.lease_until = RunState.RUNNING, "a" * 32, cast.now
        held.attempts, held.cancel_asked_at, held.cancel_asked_by = 1, cast.now, admin.account_id
    write(cast.house, tmp_path / "archive.zip", WISH, field.call.key)
    with empty_site(tmp_path / "second", postgresql=True in KINDS) as second:
        bring(second, tmp_path / "archive.zip")
        with second.database.reading() as session:
            found = session.get_one(Run, run.id)
        assert (found.state, found.outcome, found.ended_at) == (RunState.ENDED, Outcome.CANCELLED, cast.now)
        write(second, tmp_path / "again.zip", WISH, field.call.key)
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "archive.zip").read_bytes()


def test_whoever_reads_a_board_changes_no_archive(cast: Cast, tmp_path: Path) -> None:
    field = on_record(stage_field(cast, {"Alder": 3, "Birch": 5}))
    field.freeze_call()
    field.freeze()
    field.publish()
    first = write(cast.house, tmp_path / "first.zip", WISH, field.call.key)
    assert cast.browser().get(f"/boards/{field.board().id}/bundle.json").status_code == 200
    assert write(cast.house, tmp_path / "second.zip", WISH, field.call.key) == first


def test_deeds_on_the_second_site_make_a_second_log_and_both_are_proved_on_a_third(cast: Cast, tmp_path: Path) -> None:
    field = on_record(stage_field(cast, {"Alder": 3, "Birch": 5}))
    field.rebuild()
    first = write(cast.house, tmp_path / "first.zip", WISH, field.call.key)
    with empty_site(tmp_path / "second", postgresql=True in KINDS) as second:
        bring(second, tmp_path / "first.zip")
        there = Cast(second, create_app(second))
        admin = there.admin("Nora")
        with second.database.transaction() as session:
            call = call_by_key(session, field.call.key)
            board = boards_of_call(session, call.id)[0]
            standings.publish_board(session, actor=admin, board=board, now=second.clock.now())
        changed = write(second, tmp_path / "second.zip", WISH, field.call.key)
        key = second.signer.public_key
        with empty_site(tmp_path / "third", postgresql=False) as third:
            brought = bring(third, tmp_path / "second.zip")
            with third.database.reading() as session:
                logs = earlier_logs(session, f"call {field.call.key}")
            write(third, tmp_path / "third.zip", WISH, field.call.key)
    assert changed.logs[0] == first.logs[0]
    assert [log.public_key for log in logs] == [cast.house.signer.public_key, key]
    assert [proof.what for proof in brought.proofs][-2:] == ["lines of log 1", "lines of log 2"]
    with zipfile.ZipFile(tmp_path / "second.zip") as archive:
        deeds = [json.loads(line)["verb"] for line in archive.read("logs/2.jsonl").splitlines()]
        signed = json.loads(archive.read("signature.json"))
    assert deeds == ["publish_board"]
    assert signed["public_key"] == key, "what was changed there is signed there"
    assert (tmp_path / "third.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


def test_numbers_count_on_and_teams_go_on(cast: Cast, tmp_path: Path) -> None:
    field = on_record(stage_field(cast, {"Alder": 3, "Birch": 5}))
    write(cast.house, tmp_path / "archive.zip", WISH, field.call.key)
    with empty_site(tmp_path / "second", postgresql=True in KINDS) as second:
        bring(second, tmp_path / "archive.zip")
        assert isinstance(second.clock, SetClock)
        there = Cast(second, create_app(second))
        there.app.testing = True
        newcomer = there.person("Nils")
        assert newcomer.account_id is not None
        assert newcomer.account_id > max(one.account_id or 0 for one in field.captains.values())
        entry = field.entries["Alder"]
        with second.database.transaction() as session:
            choose_final(
                session,
                actor=field.captains["Alder"],
                submission=session.merge(entry, load=True),
                now=second.clock.now(),
            )
        browser = there.browser(field.captains["Alder"])
        page = browser.get(f"/teams/{field.teams['Alder'].id}").get_data(as_text=True)
    assert "Alder" in page


def test_nobody_signs_in_by_what_an_archive_holds(cast: Cast, tmp_path: Path) -> None:
    field = on_record(stage_field(cast, {"Alder": 3}))
    write(cast.house, tmp_path / "archive.zip", WISH, field.call.key)
    with zipfile.ZipFile(tmp_path / "archive.zip") as archive:
        assert b"password" not in archive.read("tables/accounts.jsonl")
    with empty_site(tmp_path / "second", postgresql=False) as second:
        bring(second, tmp_path / "archive.zip")
        there = Cast(second, create_app(second))
        answer = there.browser().post(
            "/sign-in", {"email": "alder@people.example", "password": "none: brought in an archive"}
        )
        assert "Address and password do not fit together." in answer.get_data(as_text=True)
