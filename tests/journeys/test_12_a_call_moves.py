"""An admin has the call written as one file, and an auditor of the site that takes it up reads where it came from."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from challenge.app import create_app
from challenge.commands.demo.cast import PASSWORD, address
from challenge.foundation.permits import PLATFORM, Role
from challenge.people import queries as people
from challenge.people.operations import grant_role, set_password
from challenge.people.passwords import NewPassword
from challenge.web.house import House
from challenge.worker.archiving import write_next
from challenge.worker.round import evaluator
from tests.cast import Cast
from tests.challenge.archives.sites import bring, empty_site
from tests.journeys.conftest import Walker

pytestmark = pytest.mark.browser


@contextmanager
def served(house: House) -> Iterator[str]:
    """Serve a site and give its address."""
    server = make_server("127.0.0.1", 0, create_app(house), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


def test_a_call_is_written_fetched_and_read_elsewhere(walker: Walker, demonstration: Cast, tmp_path: Path) -> None:
    walker.sign_in("olga")
    walker.go("/calls/lagc-2026/manage")
    walker.press("Archives: the whole call as one file", role="link")
    assert walker.says("None was asked for yet.")
    walker.page.get_by_label("By their names and addresses").check()
    walker.page.get_by_label("Without what teams handed in").check()
    walker.press("Write an archive")
    assert walker.says("A worker writes the archive; this page says when its file is there.")
    assert walker.says("An archive of this call is being written; ask again once it is done.")
    assert write_next(evaluator(demonstration.house))
    walker.go("/calls/lagc-2026/archives")
    assert walker.says("It is whole.")
    with walker.page.expect_download() as fetched:
        walker.page.get_by_role("link", name="Download").click()
    fetched.value.save_as(tmp_path / "call.zip")
    with empty_site(tmp_path / "second", postgresql=False) as second:
        brought = bring(second, tmp_path / "call.zip")
        with second.database.transaction() as session:
            account = people.account_by_email(session, address("agnes"))
            assert account is None, "an auditor who did nothing about the call did not come along"
            olga = people.account_by_email(session, address("olga"))
            assert olga is not None
            now = second.clock.now()
            set_password(session, account_id=olga.id, new=NewPassword.of(PASSWORD), now=now)
            grant_role(session, actor=PLATFORM, account_id=olga.id, role=Role.ADMIN, now=now)
        with served(second) as site:
            there = Walker(walker.page, site)
            there.sign_in("olga")
            there.go("/calls/lagc-2026/archives")
            there.press("What the log of the site before says of it", role="link")
            assert there.says("each carries the proof that it stood in that log")
            there.press("Prove everything again", role="link")
            for proof in brought.proofs:
                assert there.says(f"{proof.count:,} {proof.what}")
            there.press("Older lines", role="link")
            there.go("/receipts/key")
            assert there.says(demonstration.house.signer.public_key)


def test_the_form_is_asked_without_scripts_too(plain_walker: Walker) -> None:
    plain_walker.sign_in("henrik")
    plain_walker.go("/calls/lagc-2026/archives")
    plain_walker.page.get_by_label("Under pseudonyms, such as Person 17").check()
    plain_walker.press("Write an archive")
    assert plain_walker.says("A worker writes the archive")
