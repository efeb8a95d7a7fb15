"""A team names a commit of a hub: the form and the submission's page can be used by everybody, without scripts too."""

import io
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from challenge.calls.states import EntryKind
from challenge.people import operations, queries
from challenge.submissions import operations_fetches
from challenge.submissions.operations_hub import Brought
from challenge.submissions.states import FetchOutcome
from evaluation.hub import LeftOut
from tests.cast import Cast
from tests.challenge.submissions.hubs import COMMIT, HUB, MODEL, with_hub
from tests.journeys.conftest import WIDTHS, Walker
from tests.stage import stage_call, stage_team

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(cast: Cast) -> Iterator[str]:
    """The address of a house in which a call takes models of a hub, and endpoints."""
    with_hub(cast, endpoint_hosts="models.example")
    stage_team(cast, stage_call(cast, takes=EntryKind.MODEL, endpoints=True), "Alder Models", cast.person("Ada"))
    server = make_server("127.0.0.1", 0, cast.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


def walk(cast: Cast, chromium: Browser, opened: str, *, scripts: bool, who: str = "Ada") -> Walker:
    """Return somebody at the site, signed in."""
    window = chromium.new_context(viewport={"width": WIDTHS[0], "height": 844}, java_script_enabled=scripts)
    with cast.house.database.transaction() as session:
        account = queries.account(session, cast.person(who).account_id or 0)
        token = operations.begin_sitting(session, account, now=cast.now)
    window.add_cookies([{"name": "sitting", "value": token, "url": opened}])
    return Walker(window.new_page(), opened, scripts)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_commit_is_handed_in_and_its_fetching_followed(
    cast: Cast, opened: str, chromium: Browser, scripts: bool
) -> None:
    walker = walk(cast, chromium, opened, scripts=scripts)
    walker.go("/calls/trial/submit")
    walker.write("Title", "Alder, by its commit")
    walker.write("Abstract", "A model that everybody can fetch.")
    walker.page.get_by_label("A model on a hub, by its commit").check()
    walker.write("Model on the hub, with its commit", f"{HUB}/{MODEL}/tree/main")
    walker.write("Licence of what you release", "Apache-2.0")
    walker.page.get_by_label("Release:").check()
    walker.page.get_by_label("What we hand in is our own work").check()
    walker.press("Submit")
    assert walker.says("“main” is no id of a commit. A branch or a tag may be another model tomorrow")
    walker.write("Model on the hub, with its commit", f"{HUB}/{MODEL}/tree/{COMMIT}")
    walker.press("Submit")
    assert walker.says(COMMIT)
    assert walker.says("not yet: how far it is")
    walker.press("To the submission", role="link")
    assert walker.says("It waits for a worker.")
    lease = timedelta(minutes=1)
    with cast.house.database.transaction() as session:
        claim = operations_fetches.claim_fetch(session, worker="w1", lease=lease, now=cast.now)
        assert claim is not None
        operations_fetches.beat_fetch(
            session, claim=claim, done=3 * 10**9, total=8 * 10**9, doing="model-00002-of-00004.safetensors", lease=lease,
            now=cast.now,
        )  # fmt: skip
    walker.go("/submissions/trial-0001")
    assert walker.says("at model-00002-of-00004.safetensors.")
    stored = cast.house.files.put(io.BytesIO(b"PK model"), limit=100)
    left_out = (LeftOut("pytorch_model.bin", "files of this kind may hold pickles."), LeftOut("a.py", "no code."))
    brought = Brought(FetchOutcome.FETCHED, "12 files were fetched.", stored, "tiny-0123456789ab.zip", 12, left_out)
    with cast.house.database.transaction() as session:
        operations_fetches.end_fetch(session, claim=claim, brought=brought, now=cast.now)
    walker.go("/submissions/trial-0001")
    assert walker.says("Left out: 2 files of the commit")
    walker.page.context.close()


def test_an_admin_sees_what_failed_and_has_it_fetched_again(cast: Cast, opened: str, chromium: Browser) -> None:
    ada = walk(cast, chromium, opened, scripts=True)
    ada.go("/calls/trial/submit")
    ada.write("Title", "Alder, by its commit")
    ada.write("Abstract", "A model that everybody can fetch.")
    ada.page.get_by_label("A model on a hub, by its commit").check()
    ada.write("Model on the hub, with its commit", f"{MODEL}@{COMMIT}")
    ada.write("Licence of what you release", "Apache-2.0")
    ada.page.get_by_label("Release:").check()
    ada.page.get_by_label("What we hand in is our own work").check()
    ada.press("Submit")
    with cast.house.database.transaction() as session:
        claim = operations_fetches.claim_fetch(session, worker="w1", lease=timedelta(minutes=1), now=cast.now)
        assert claim is not None
        brought = Brought(FetchOutcome.HUB_UNTRUE, "model.safetensors: its bytes are not those of the commit.")
        operations_fetches.end_fetch(session, claim=claim, brought=brought, now=cast.now)
    ada.go("/submissions/trial-0001")
    cast.admin()
    olga = walk(cast, chromium, opened, scripts=True, who="Olga")
    olga.go("/desk")
    assert olga.says("Models that could not be fetched, by no fault of their teams: 1.")
    olga.go("/fetches")
    olga.press("trial-0001", role="link")
    olga.write("Reason", "The hub is mended now.")
    olga.press("Fetch again")
    assert olga.says("It waits for a worker. Nobody's quota moves.")
    for walker in (ada, olga):
        walker.page.context.close()
