"""A call may take an endpoint in place of a model; its key is sealed, and in nothing that anybody can read."""

import json
import logging
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.calls.states import EntryKind
from challenge.commands.schema import metadata
from challenge.foundation.audit import AuditLine
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Actor, Invalid
from challenge.foundation.sealing import SealBroken
from challenge.submissions import operations, queries
from challenge.submissions.endpoint import NO_HOSTS, EndpointEntry, key_context, what_is_wrong_with
from challenge.submissions.records import EndpointKey
from challenge.teams.records import Team
from tests.cast import Browser, Cast
from tests.challenge.submissions.test_receipts import ENTRY
from tests.challenge.submissions.wire import count, form, open_form
from tests.stage import stage_call, stage_submission, stage_team

KEY = "sk-team-0123456789"
HOSTS = frozenset({"models.example", "other.example"})
ENDPOINT = EndpointEntry("https://models.example/v1", "alder-7b", "chat", KEY)


@pytest.fixture
def call(cast: Cast) -> Call:
    """A call that runs models and takes endpoints, in a house that may ask two hosts."""
    settings = replace(cast.house.settings, endpoint_hosts="models.example, Other.Example")
    cast.app.extensions["house"] = cast.house = replace(cast.house, settings=settings)
    return stage_call(cast, takes=EntryKind.MODEL, endpoints=True)


WAYS = ("A package", "An endpoint")


def filled(**changes: object) -> dict[str, object]:
    """Return the form of an endpoint."""
    endpoint = {
        "way": "endpoint", "endpoint_url": " https://models.example/v1/ ", "endpoint_model": "alder-7b",
        "endpoint_route": "chat", "endpoint_key": KEY, "predictions": None, "package": None,
    }  # fmt: skip
    return form(**{**endpoint, **changes})


def sent(browser: Browser, **changes: object) -> tuple[int, str]:
    """Send the form; return the status and the page."""
    answer = browser.post(open_form(browser), filled(**changes))
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.usefixtures("team")
def test_the_page_offers_both_ways(cast: Cast, ada: Actor) -> None:
    page = cast.browser(ada).get("/calls/trial/submit").get_data(as_text=True)
    for name in ("way", "endpoint_url", "endpoint_model", "endpoint_route", "endpoint_key", "package"):
        assert f'name="{name}"' in page
    assert 'type="password"' in page
    assert "models.example, other.example" in page
    package, endpoint = (page.partition(f"<legend>{name}</legend>")[2].partition("</fieldset>")[0] for name in WAYS)
    assert "The model in it is run here, shut off from the network." in package
    assert "With an endpoint the package is optional" in package
    assert "It is asked over the network, by https," in endpoint
    assert "nothing of yours is run here" in endpoint
    assert page.count("shut off from the network") == 1, "an endpoint is not"
    assert "<script" not in page.split("<main")[1]
    assert "an OpenAI-compatible endpoint" in cast.browser().get("/calls/trial").get_data(as_text=True)


def test_without_a_host_that_may_be_asked_the_page_says_so(cast: Cast, ada: Actor) -> None:
    stage_team(cast, stage_call(cast, takes=EntryKind.MODEL, endpoints=True), "Alder Models", ada)
    browser = cast.browser(ada)
    page = browser.get("/calls/trial/submit").get_data(as_text=True)
    assert NO_HOSTS in page
    assert "endpoint_key" not in page
    status, page = sent(browser)
    assert status == 422
    assert count(cast) == 0


def test_a_call_without_endpoints_offers_none_and_takes_none(cast: Cast, ada: Actor) -> None:
    settings = replace(cast.house.settings, endpoint_hosts="models.example")
    cast.app.extensions["house"] = replace(cast.house, settings=settings)
    team = stage_team(cast, stage_call(cast, takes=EntryKind.MODEL), "Alder Models", ada)
    page = cast.browser(ada).get("/calls/trial/submit").get_data(as_text=True)
    assert "endpoint_key" not in page
    assert "The model in it is run here, shut off from the network. You hand in no predictions." in page
    assert "asked over the network" not in page
    with pytest.raises(Invalid, match="This call takes no endpoints"):
        accepted(cast, ada, team)


def accepted(cast: Cast, ada: Actor, team: Team, endpoint: EndpointEntry = ENDPOINT) -> int:
    """Hand in by the operation itself; return the submission's number in the database."""
    entry = replace(ENTRY, predictions=None, predictions_name="", package=None, package_name="", endpoint=endpoint)
    with cast.house.database.transaction() as session:
        call = session.get_one(Call, team.call_id)
        rules = calls.rules_of(session, call)
        return operations.accept(
            session, actor=ada, call=call, rules=rules, team=team, entry=entry, signer=cast.house.signer, now=cast.now,
            sealer=cast.house.sealer, hosts=HOSTS,
        ).id  # fmt: skip


def test_an_endpoint_is_accepted_and_its_key_is_nowhere_to_be_read(
    cast: Cast, ada: Actor, team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser, admin = cast.browser(ada), cast.browser(cast.admin())
    answer = browser.post(open_form(browser), filled())
    assert (answer.status_code, answer.headers["Location"]) == (303, "/submissions/trial-0001/receipt")
    with cast.house.database.reading() as session:
        submission = queries.submission_by_reference(session, "trial-0001")
        receipt = json.loads(queries.receipt_of(session, submission.id).document)
        key = session.get_one(EndpointKey, submission.id)
        [letter] = letters_of(session, ada.account_id or 0)
        line = session.scalars(select(AuditLine).where(AuditLine.verb == "accept")).one()
        database = str([session.execute(select(table)).all() for table in metadata().sorted_tables])
    facts = {"url": "https://models.example/v1", "model": "alder-7b", "route": "chat"}
    assert (submission.entry, submission.endpoint, submission.evaluated_sha256) == (EntryKind.ENDPOINT, facts, "")
    assert receipt["endpoint"] == {**facts, "key": "kept sealed; no part of this receipt"}
    assert json.loads(line.particulars)["endpoint"] == facts
    assert "alder-7b at https://models.example/v1; its key is kept sealed" in letter.body
    assert cast.house.sealer.open(key.sealed, context=key_context(submission.id)) == KEY
    with pytest.raises(SealBroken):
        cast.house.sealer.open(key.sealed, context=key_context(submission.id + 1))
    read = [database, caplog.text, letter.body, repr(ENDPOINT), repr(submission), repr(key), str(vars(submission))]
    pages = ("", "/receipt", "/receipt.json")
    read += [b.get(f"/submissions/trial-0001{p}").get_data(as_text=True) for p in pages for b in (browser, admin)]
    read += [admin.get(p).get_data(as_text=True) for p in ("/audit.jsonl", "/calls/trial/submissions", "/compliance")]
    assert [place for place in read if KEY in place] == []
    shown = browser.get("/submissions/trial-0001").get_data(as_text=True)
    assert "https://models.example/v1" in shown
    assert "kept sealed, and never shown" in shown
    whole = browser.get("/submissions/trial-0001/receipt.json").get_data(as_text=True)
    browser.get("/receipts/check")
    checked = browser.post("/receipts/check", {"receipt": whole}).get_data(as_text=True)
    assert "alder-7b at https://models.example/v1" in checked
    assert browser.get("/submissions/trial-0001/files/package").status_code == 404
    assert team.id == submission.team_id


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"way": None}, "Choose one of the ways."),
        ({"way": "package"}, "Choose the zip that holds your model."),
        ({"endpoint_url": "http://models.example/v1"}, "must begin with https://"),
        ({"endpoint_url": "https://evil.example/v1"}, "The host evil.example is not on the list"),
        ({"endpoint_url": "https://models.example.evil.example/v1"}, "is not on the list"),
        ({"endpoint_url": "https://models.example@evil.example/v1"}, "holds a name or a password"),
        ({"endpoint_url": f"https://{KEY}:x@models.example/v1"}, "holds a name or a password"),
        ({"endpoint_url": "https://models.example/v1?key=1"}, "must end with its path"),
        ({"endpoint_url": "https://models.example\\@evil.example"}, "holds a name or a password"),
        ({"endpoint_url": "https://127.0.0.1/v1"}, "is not on the list"),
        ({"endpoint_url": "https://[::1]/v1"}, "This is no address."),
        ({"endpoint_url": "https://models.example:99999999/v1"}, "This is no address."),
        ({"endpoint_url": ""}, "Write the address of the endpoint"),
        ({"endpoint_url": "https://models.example/" + "v" * 300}, "longer than 300"),
        ({"endpoint_model": ""}, "Write the model&#39;s name"),
        ({"endpoint_model": "m" * 201}, "longer than 200"),
        ({"endpoint_route": "messages"}, "Not a valid choice"),
        ({"endpoint_key": ""}, "A key has 8 to 4,096 characters"),
        ({"endpoint_key": "two words of it"}, "A key has 8 to 4,096 characters"),
        ({"declared_licence": ""}, "Name the licence of the model behind the endpoint."),
    ],
    ids=str,
)
def test_what_will_not_do_is_refused_and_the_key_not_given_back(
    cast: Cast, ada: Actor, changes: dict[str, object], sentence: str
) -> None:
    status, page = sent(cast.browser(ada), **changes)
    assert status == 422
    assert sentence in page
    assert KEY not in page.replace(str(changes.get("endpoint_url", "")), "")
    assert count(cast) == 0


@pytest.mark.parametrize("changes", [{"url": "https://models.example/\nv1"}, {"route": "x"}, {"key": "short"}], ids=str)
def test_the_operation_itself_looks_at_an_endpoint(cast: Cast, ada: Actor, team: Team, changes: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        accepted(cast, ada, team, replace(ENDPOINT, **changes))
    assert refused.value.field_name == f"endpoint_{next(iter(changes))}"
    assert count(cast) == 0


def test_the_same_form_twice_is_one_submission_and_another_endpoint_is_refused(
    cast: Cast, ada: Actor, team: Team
) -> None:
    first = accepted(cast, ada, team)
    assert accepted(cast, ada, team) == first
    with pytest.raises(Invalid, match="sent before with other files"):
        accepted(cast, ada, team, replace(ENDPOINT, model="another"))
    assert count(cast) == 1


def test_hosts_are_compared_whole_and_without_regard_to_case() -> None:
    def fields(url: str) -> list[str]:
        return [name for name, _ in what_is_wrong_with(replace(ENDPOINT, url=url), HOSTS)]

    assert fields("https://MODELS.example:8443/v1/x-y_z") == []
    assert fields("https://models.example") == []
    assert fields("https://sub.models.example/v1") == ["endpoint_url"]
    assert fields("https://models.example/v1/../admin") == ["endpoint_url"]


def test_the_database_keeps_endpoints_whole(cast: Cast, ada: Actor, team: Team) -> None:
    nothing = {"predictions_sha256": None, "predictions_size": 0, "predictions_name": ""}
    for changes in (
        {"entry": EntryKind.ENDPOINT, **nothing},
        {"endpoint": ENDPOINT.facts},
        {"entry": EntryKind.ENDPOINT, "endpoint": ENDPOINT.facts},
    ):
        with pytest.raises(IntegrityError):
            stage_submission(cast, team, ada, 1, **changes)
    stage_submission(cast, team, ada, 1, entry=EntryKind.ENDPOINT, endpoint=ENDPOINT.facts, **nothing)
    with pytest.raises(IntegrityError), cast.house.database.transaction() as session:
        session.execute(text("UPDATE call_suites SET takes = 'endpoint'"))
