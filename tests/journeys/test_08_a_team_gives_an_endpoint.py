"""A team hands in the address of its model: the page can be used by everybody, without scripts too."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from challenge.calls.states import EntryKind
from challenge.people import operations, queries
from challenge.runs.states import Outcome
from challenge.submissions.queries import submission_by_reference
from tests.cast import Cast
from tests.challenge.runs.test_keys import end_run, open_run
from tests.journeys.conftest import WIDTHS, Walker
from tests.stage import stage_call, stage_team

pytestmark = pytest.mark.browser
KEY = "sk-journey-0123456789"


@pytest.fixture
def opened(cast: Cast) -> Iterator[str]:
    """The address of a house in which a call takes endpoints of one host."""
    settings = replace(cast.house.settings, endpoint_hosts="models.example")
    cast.app.extensions["house"] = replace(cast.house, settings=settings)
    stage_team(cast, stage_call(cast, takes=EntryKind.MODEL, endpoints=True), "Alder Models", cast.person("Ada"))
    server = make_server("127.0.0.1", 0, cast.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_endpoint_is_handed_in(cast: Cast, opened: str, chromium: Browser, scripts: bool) -> None:
    window = chromium.new_context(viewport={"width": WIDTHS[0], "height": 844}, java_script_enabled=scripts)
    with cast.house.database.transaction() as session:
        account = queries.account(session, cast.person("Ada").account_id or 0)
        token = operations.begin_sitting(session, account, now=cast.now)
    window.add_cookies([{"name": "sitting", "value": token, "url": opened}])
    walker = Walker(window.new_page(), opened, scripts)
    walker.go("/calls/trial/submit")
    walker.write("Title", "Alder, asked")
    walker.write("Abstract", "A model that answers over the network.")
    walker.page.get_by_label("An endpoint of ours; the platform asks it").check()
    walker.write("Address of the endpoint", "https://elsewhere.example/v1")
    walker.write("Name of the model there", "alder-7b")
    walker.write("Key of the endpoint", KEY)
    walker.write("Licence of what you release", "Apache-2.0")
    walker.page.get_by_label("Release:").check()
    walker.page.get_by_label("What we hand in is our own work").check()
    walker.press("Submit")
    assert walker.says("The host elsewhere.example is not on the list of this platform")
    assert walker.page.get_by_label("Key of the endpoint").input_value() == ""
    walker.write("Address of the endpoint", "https://models.example/v1")
    walker.write("Key of the endpoint", KEY)
    walker.press("Submit")
    assert walker.says("alder-7b at https://models.example/v1, by chat; its key is kept sealed")
    assert KEY not in walker.page.content()
    walker.press("To the submission", role="link")
    assert walker.says("kept sealed, and never shown")
    assert walker.says("Nobody here can look at the model behind an endpoint.")
    walker.go("/calls/trial/trial")
    walker.page.get_by_label("An endpoint of ours; the platform asks it").check()
    walker.write("Address of the endpoint", "https://models.example/v1")
    walker.write("Name of the model there", "alder-7b")
    walker.write("Key of the endpoint", "short")
    walker.press("Try it")
    assert walker.says("A key has 8 to 4,096 characters")
    walker.write("Key of the endpoint", KEY)
    walker.press("Try it")
    assert walker.says("alder-7b at https://models.example/v1, on the public part of Small suite.")
    walker.go("/submissions/trial-0001")
    walker.press("delete it …", role="link")
    assert walker.says("It has not been evaluated yet.")
    with cast.house.database.reading() as session:
        submission = submission_by_reference(session, "trial-0001")
    end_run(cast, open_run(cast, submission), Outcome.SCORED)
    walker.go("/runs/of/trial-0001/key")
    walker.press("Delete the key")
    assert walker.says("Confirm this to delete it.")
    walker.page.get_by_label("No run of this submission can be repeated then").check()
    walker.press("Delete the key")
    assert walker.says("The key is deleted. Withdraw it at your endpoint too")
    assert walker.says("deleted: the endpoint cannot be asked again")
    window.close()
