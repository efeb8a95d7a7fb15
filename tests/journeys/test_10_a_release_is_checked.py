"""A winner names the commit it released; the platform compares it; an admin decides, and hears when it changes."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import numpy as np
import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from challenge.foundation.permits import Actor
from challenge.people import operations, queries
from challenge.submissions.operations_hub import why_not_fetched
from challenge.worker.checking import ask_for_looks
from tests.cast import Cast
from tests.challenge.awards.releasing import CARD, FILES, REFERENCE, WEIGHTS, award, look, won
from tests.challenge.submissions.hubs import COMMIT, with_hub
from tests.evaluation.hub.serving import served
from tests.evaluation.models.making import safetensors
from tests.journeys.conftest import WIDTHS, Walker

pytestmark = pytest.mark.browser
Walk = Callable[[Actor | None], Walker]
RELEASED = {
    **FILES,
    WEIGHTS: safetensors({"w": np.arange(2_500, dtype="<f4") + 1, "v": np.arange(9, dtype="<f4")}),
    "LICENSE": FILES["LICENSE"].replace(b"free of charge", b"for a fee"),
    "USE_POLICY.md": b"Not on Mondays.",
    "model-2.safetensors": safetensors({"u": np.arange(9, dtype="<f4")}),
    "model-3.safetensors": safetensors({"t": np.arange(9, dtype="<f4")}),
    "README.md": CARD.replace(b"license: mit", b"license: apache-2.0\nextra_gated_fields:\n  Name: text"),
    "pytorch_model.bin": b"x",
}


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def walk(cast: Cast, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Walk]:
    """Let somebody walk through the house of the test with a real browser."""
    server = make_server("127.0.0.1", 0, cast.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site, opened = f"http://127.0.0.1:{server.server_port}", []

    def begin(who: Actor | None) -> Walker:
        context = chromium.new_context(viewport={"width": WIDTHS[0], "height": 844}, java_script_enabled=request.param)
        opened.append(context)
        if who is not None:
            with cast.house.database.transaction() as session:
                account = queries.account(session, who.account_id or 0)
                token = operations.begin_sitting(session, account, now=cast.now)
            context.add_cookies([{"name": "sitting", "value": token, "url": site}])
        return Walker(context.new_page(), site, request.param)

    yield begin
    for context in opened:
        context.close()
    server.shutdown()
    thread.join(5)


def test_a_release_is_named_compared_decided_and_watched(cast: Cast, walk: Walk) -> None:
    if why_not := why_not_fetched():
        pytest.skip(why_not)
    bench = won(cast)
    address = f"/awards/{award(bench).id}"
    with served(dict(RELEASED), large=frozenset({WEIGHTS})) as hub:
        with_hub(cast, hub.hub.endpoint)
        captain = walk(bench.field.captains["Alder"])
        captain.go(address)
        captain.write("Model on the hub, with its commit", "a-team/tiny@main")
        captain.press("Hand in the proof")
        assert captain.says("A branch or a tag may be another model tomorrow")
        captain.write("Model on the hub, with its commit", REFERENCE)
        captain.press("Hand in the proof")
        assert captain.says("A look at the release waits for a worker.")
        assert look(bench)

        admin = walk(bench.admin)
        admin.go("/desk")
        admin.press("Alder says its release is done; look at the proof.", role="link")
        assert admin.says("added: for a fee,")
        assert admin.says("The release declares apache-2.0; the evaluated package declared mit.")
        assert admin.says("Tensors of this file that differ from those that were evaluated: 1, namely w.")
        admin.press("Accept the proof")
        assert admin.says("This cannot be accepted yet.")
        admin.write("Why it is accepted all the same", "The team mended one tensor, and told us why.")
        admin.press("Accept the proof")
        assert admin.says("The release is accepted and stands on the public page.")

        visitor = walk(None)
        visitor.go("/calls/trial/releases")
        visitor.page.get_by_text("Whole hashes").click()
        visitor.look()
        assert visitor.says(COMMIT)
        assert not visitor.says("told us why")

        hub.files["LICENSE"] = FILES["LICENSE"].replace(b"free of charge", b"for a fine")
        cast.clock.advance(timedelta(days=7))
        assert ask_for_looks(cast.house) == 1
        assert look(bench)
        admin = walk(bench.admin)
        admin.go("/desk")
        admin.press("The release of Alder is no longer as it was accepted; look at it.", role="link")
        admin.write("What you found out, and what was done", "The team puts the accepted text back.")
        admin.press("Take note")
        assert admin.says("It is on record, and no longer on the desk.")
        admin.page.get_by_text("All looks at this release (2)").click()
        admin.look()
        assert admin.says("The team puts the accepted text back.")
