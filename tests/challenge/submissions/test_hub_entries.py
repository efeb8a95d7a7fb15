"""A call that runs models takes one by its commit on a hub, and says what to write where it is none."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from challenge.calls.records import Call
from challenge.calls.states import EntryKind
from challenge.foundation.audit import AuditLine
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Actor, Invalid
from challenge.submissions import queries
from challenge.submissions.hub import NO_HUB, HubEntry, what_is_wrong_with
from challenge.submissions.states import FetchState
from challenge.teams.records import Team
from evaluation.hub import HubReference
from tests.cast import Browser, Cast
from tests.challenge.submissions.hubs import COMMIT, HUB, MODEL, fetch, handed_in, report, with_hub
from tests.challenge.submissions.wire import ZIP, count, form, open_form
from tests.stage import stage_call, stage_submission, stage_team

REFERENCE = f"{MODEL}@{COMMIT}"


@pytest.fixture
def call(cast: Cast) -> Call:
    """A call that runs models, in a house that fetches them from a hub."""
    with_hub(cast)
    return stage_call(cast, takes=EntryKind.MODEL)


def sent(browser: Browser, **changes: object) -> tuple[int, str]:
    """Send the form of a model on a hub; return the status and the page."""
    filled = {"way": "hub", "hub_model": REFERENCE, "predictions": None, "package": None, **changes}
    answer = browser.post(open_form(browser), form(**filled))
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "written",
    [
        REFERENCE,
        f"  {MODEL} @ {COMMIT} ",
        f"{MODEL}@{COMMIT.upper()}",
        f"{HUB}/{MODEL}/tree/{COMMIT}",
        f"{HUB}/{MODEL}/commit/{COMMIT}",
        f"{HUB}/{MODEL}/blob/{COMMIT}/config.json?x=1#L3",
        f"{HUB}/{MODEL}@{COMMIT}",
        f"HTTPS://HUB.example/{MODEL}/resolve/{COMMIT}/model.safetensors",
    ],
)
def test_a_commit_is_read_as_it_is_written_or_pasted_and_the_instrument_takes_it(written: str) -> None:
    entry = HubEntry.read(written)
    assert list(what_is_wrong_with(entry, HUB)) == []
    assert entry.text == REFERENCE
    assert HubReference.parse(entry.text) == HubReference(MODEL, COMMIT)


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"way": None}, "Choose one of the ways."),
        ({"way": "endpoint"}, "Not a valid choice"),
        ({"way": "package"}, "Choose the zip that holds your model."),
        ({"hub_model": ""}, "Write owner/name, @ and the forty digits"),
        ({"hub_model": MODEL}, "The commit is missing: the hub shows it under Files, History"),
        ({"hub_model": f"{HUB}/{MODEL}"}, "The commit is missing"),
        ({"hub_model": f"{HUB}/{MODEL}/tree/main"}, "“main” is no id of a commit. A branch or a tag"),
        ({"hub_model": f"{MODEL}@main"}, "“main” is no id of a commit. A branch or a tag"),
        ({"hub_model": f"{MODEL}@v1.0"}, "“v1.0” is no id of a commit."),
        ({"hub_model": f"{MODEL}@{COMMIT[:7]}"}, "has 7 digits; the whole id of a commit has forty"),
        ({"hub_model": f"{MODEL}@{COMMIT}0"}, "has 41 digits"),
        ({"hub_model": f"https://elsewhere.example/{MODEL}/tree/{COMMIT}"}, "https://elsewhere.example is another place"),
        ({"hub_model": f"http://hub.example/{MODEL}/tree/{COMMIT}"}, "is another place"),
        ({"hub_model": f"tiny@{COMMIT}"}, "“tiny” is no model of a hub."),
        ({"hub_model": f"../tiny@{COMMIT}"}, "is no model of a hub."),
        ({"hub_model": f"a/b/c@{COMMIT}"}, "is no model of a hub."),
        ({"hub_model": "<script>alert(1)</script>"}, "“&lt;script&gt;alert(1)&lt;/script&gt;” is no model of a hub."),
        ({"hub_model": "x" * 500}, "longer than 400"),
        ({"package": (io.BytesIO(ZIP), "package.zip")}, "leave the package out, or choose it as the way"),
    ],
)  # fmt: skip
def test_what_is_no_commit_is_refused_with_what_to_write(
    cast: Cast, ada: Actor, changes: dict[str, object], sentence: str
) -> None:
    status, page = sent(cast.browser(ada), **changes)
    assert status == 422
    assert sentence in page
    assert count(cast) == 0


def test_whatever_the_form_takes_the_instrument_takes() -> None:
    for model in ("a/b", "A.b/c_d-e.f", "a/b--c", "a/b..c", "-a/b", "a/b.", "é/b", "a", "a/b/c", "a b/c", "a/b\n"):
        for commit in (COMMIT, "f" * 39, "g" * 40, f"{COMMIT}\n", ""):
            wrong = list(what_is_wrong_with(HubEntry(model, commit), HUB))
            try:
                HubReference.parse(f"{model}@{commit}")
            except ValueError:
                assert wrong
            else:
                assert not wrong


@pytest.mark.usefixtures("team")
def test_a_commit_is_accepted_at_once_with_its_receipt_and_waits_to_be_fetched(cast: Cast, ada: Actor) -> None:
    browser = cast.browser(ada)
    page = browser.get("/calls/trial/submit").get_data(as_text=True)
    assert "A model on a hub, by its commit" in page
    assert "endpoint_key" not in page
    assert "<script" not in page.split("<main")[1]
    status, _ = sent(browser, hub_model=f"{HUB}/{MODEL}/tree/{COMMIT.upper()}")
    assert status == 303
    with cast.house.database.reading() as session:
        submission = queries.submission_by_reference(session, "trial-0001")
        receipt = json.loads(queries.receipt_of(session, submission.id).document)
        [letter] = letters_of(session, ada.account_id or 0)
        line = session.scalars(select(AuditLine).where(AuditLine.verb == "accept")).one()
    facts = {"hub": HUB, "model": MODEL, "commit": COMMIT}
    assert (submission.entry, submission.hub, submission.package_sha256) == (EntryKind.MODEL, facts, None)
    assert (receipt["hub"], receipt["package"]) == (facts, None)
    assert json.loads(line.particulars)["hub"] == facts
    assert f"{MODEL} at the commit {COMMIT}, which is fetched from {HUB} now" in letter.body
    waiting = fetch(cast, submission)
    assert (waiting.state, waiting.attempts, waiting.not_before) == (FetchState.WAITING, 0, cast.now)
    shown = browser.get("/submissions/trial-0001").get_data(as_text=True)
    assert "It waits for a worker." in shown
    assert "There is no package" not in shown
    given = browser.get("/submissions/trial-0001/receipt").get_data(as_text=True)
    assert COMMIT in given
    assert "not yet:" in given
    whole = browser.get("/submissions/trial-0001/receipt.json").get_data(as_text=True)
    browser.get("/receipts/check")
    assert COMMIT in browser.post("/receipts/check", {"receipt": whole}).get_data(as_text=True)
    assert browser.get("/submissions/trial-0001/files/package").status_code == 404
    assert "once the model has been fetched" in browser.get("/compliance/trial-0001").get_data(as_text=True)
    assert "once its model has been fetched" in browser.get("/runs/of/trial-0001", follow_redirects=True).get_data(True)
    assert "to be fetched" in browser.get("/desk").get_data(as_text=True)
    office = cast.browser(cast.admin())
    assert "to be fetched" in office.get("/calls/trial/submissions").get_data(as_text=True)
    assert "to be fetched" not in office.get("/desk").get_data(as_text=True)
    assert COMMIT[:12] in office.get("/fetches").get_data(as_text=True)
    assert office.get("/runs").status_code == 200


@pytest.mark.usefixtures("team")
def test_the_form_offers_no_hub_where_nobody_could_fetch_and_the_office_reads_why(cast: Cast, ada: Actor) -> None:
    browser, office = cast.browser(ada), cast.browser(cast.admin())
    trouble = "The engine hub is not installed: bin/engine install hub"
    report(cast, trouble)
    for page in (office.get("/desk"), office.get("/fetches")):
        assert trouble in page.get_data(as_text=True)
    assert "hub_model" not in browser.get("/calls/trial/submit").get_data(as_text=True)
    assert sent(browser)[0] == 422
    report(cast, worker="another")
    assert "hub_model" in browser.get("/calls/trial/submit").get_data(as_text=True)
    assert trouble not in office.get("/desk").get_data(as_text=True)
    cast.clock.advance(timedelta(days=1, seconds=1))
    browser, office = cast.browser(ada), cast.browser(cast.admin())  # who signed in yesterday is signed out
    assert "Not sure that it works?" in browser.get("/calls/trial/submit").get_data(as_text=True)
    assert "hub_model" not in browser.get("/calls/trial/submit").get_data(as_text=True)
    assert "No worker has been heard of for a day" in office.get("/desk").get_data(as_text=True)
    with_hub(cast, "")
    assert "hub_model" not in browser.get("/calls/trial/submit").get_data(as_text=True)
    assert "No hub is set" in office.get("/fetches").get_data(as_text=True)
    assert count(cast) == 0


def test_the_same_form_twice_is_one_submission_and_another_commit_is_refused(
    cast: Cast, ada: Actor, team: Team
) -> None:
    first = handed_in(cast, ada, team)
    assert handed_in(cast, ada, team).id == first.id
    with pytest.raises(Invalid, match="sent before with other files"):
        handed_in(cast, ada, team, model="a-team/other")
    assert count(cast) == 1


def test_the_operation_itself_asks_whether_there_is_a_hub_and_whether_models_are_run(
    cast: Cast, ada: Actor, team: Team
) -> None:
    with_hub(cast, "")
    with pytest.raises(Invalid, match=NO_HUB):
        handed_in(cast, ada, team)
    other = stage_team(cast, stage_call(cast, key="papers"), "Beech Models", ada)
    with pytest.raises(Invalid, match="Choose the file with your predictions"):
        handed_in(cast, ada, other, hub=HUB)
    assert count(cast) == 0


def test_the_database_keeps_a_model_of_a_hub_apart_from_a_package(cast: Cast, ada: Actor, team: Team) -> None:
    nothing = {"predictions_sha256": None, "predictions_size": 0, "predictions_name": ""}
    hub = HubEntry(MODEL, COMMIT).facts(HUB)
    for changes in ({"entry": EntryKind.MODEL, **nothing}, {"hub": hub}):
        with pytest.raises(IntegrityError):
            stage_submission(cast, team, ada, 1, **changes)
    with pytest.raises(IntegrityError):
        stage_submission(cast, team, ada, 1, package=ZIP, entry=EntryKind.MODEL, hub=hub, **nothing)
    stage_submission(cast, team, ada, 1, entry=EntryKind.MODEL, hub=hub, **nothing)


def test_a_form_that_is_sent_again_gets_its_receipt_though_no_worker_is_left(
    cast: Cast, ada: Actor, team: Team
) -> None:
    browser = cast.browser(ada)
    address = open_form(browser)
    filled = {"way": "hub", "hub_model": REFERENCE, "predictions": None, "package": None}
    first = browser.post(address, form(**filled))
    report(cast, "gone")
    again = browser.post(address, form(**filled))
    assert first.headers["Location"] == again.headers["Location"] == "/submissions/trial-0001/receipt"
    assert count(cast) == 1
    assert replace(HubEntry(MODEL, COMMIT), address="x").facts(HUB) == HubEntry(MODEL, COMMIT).facts(HUB)
    assert team.id
