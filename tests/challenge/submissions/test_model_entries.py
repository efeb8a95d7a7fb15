"""A call that runs models takes a package and no predictions, and everything that speaks of an entry says so."""

import json
from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from challenge.calls import queries as calls
from challenge.calls.states import EntryKind
from challenge.commands.schema import alembic_config
from challenge.foundation.files import Stored
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Actor, Invalid
from challenge.submissions import operations, queries
from challenge.teams.records import Team
from tests.cast import Cast
from tests.challenge.submissions.test_receipts import ENTRY
from tests.challenge.submissions.wire import ZIP, count, form, open_form
from tests.stage import stage_call, stage_submission, stage_team


@pytest.fixture
def team(cast: Cast, ada: Actor) -> Team:
    """A team in a call that runs models."""
    return stage_team(cast, stage_call(cast, takes=EntryKind.MODEL), "Alder Models", ada)


@pytest.mark.usefixtures("team")
def test_the_page_asks_for_the_model_and_says_what_is_refused(cast: Cast, ada: Actor) -> None:
    page = cast.browser(ada).get("/calls/trial/submit").get_data(as_text=True)
    assert 'name="predictions"' not in page
    for word in ("config.json", "safetensors", "pickles", "code of your own", "You hand in no predictions"):
        assert word in page


@pytest.mark.usefixtures("team")
def test_a_model_is_accepted_with_its_package_alone(cast: Cast, ada: Actor) -> None:
    browser = cast.browser(ada)
    answer = browser.post(open_form(browser), form(predictions=None))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/submissions/trial-0001/receipt")
    with cast.house.database.reading() as session:
        submission = queries.submission_by_reference(session, "trial-0001")
        receipt = json.loads(queries.receipt_of(session, submission.id).document)
        [letter] = letters_of(session, ada.account_id or 0)
    assert (submission.entry, submission.predictions_sha256) == (EntryKind.MODEL, None)
    assert (submission.evaluated_sha256, submission.evaluated_size) == (submission.package_sha256, len(ZIP))
    assert receipt["predictions"] is None
    assert receipt["package"]["sha256"] == submission.package_sha256
    assert f"SHA-256 of the model's package: {submission.package_sha256}" in letter.body
    shown = browser.get("/submissions/trial-0001").get_data(as_text=True)
    assert "package with the model" in shown
    assert "files/predictions" not in shown
    assert browser.get("/submissions/trial-0001/files/predictions").status_code == 404
    paper = browser.get("/submissions/trial-0001/receipt").get_data(as_text=True)
    assert "Package with the model" in paper
    whole = browser.get("/submissions/trial-0001/receipt.json").get_data(as_text=True)
    browser.get("/receipts/check")
    checked = browser.post("/receipts/check", {"receipt": whole}).get_data(as_text=True)
    assert "this platform signed it" in checked or "gave this receipt out" in checked


@pytest.mark.usefixtures("team")
def test_without_its_package_a_model_is_no_entry(cast: Cast, ada: Actor) -> None:
    browser = cast.browser(ada)
    answer = browser.post(open_form(browser), form(predictions=None, package=None))
    assert answer.status_code == 422
    assert "Choose the zip that holds your model." in answer.get_data(as_text=True)
    assert count(cast) == 0


def test_the_operation_itself_refuses_predictions_and_asks_for_the_model(cast: Cast, ada: Actor, team: Team) -> None:
    model = replace(ENTRY, predictions=None, predictions_name="", package=Stored("2" * 64, 30), package_name="m.zip")
    wrong = {
        "leave the predictions out": replace(model, predictions=Stored("1" * 64, 21)),
        "Choose the zip that holds your model": replace(model, package=None),
    }
    for sentence, entry in wrong.items():
        with cast.house.database.transaction() as session, pytest.raises(Invalid, match=sentence):
            call = calls.call(session, team.call_id)
            operations.accept(
                session, actor=ada, call=call, rules=calls.rules_of(session, call), team=team, entry=entry,
                signer=cast.house.signer, now=cast.now,
            )  # fmt: skip
    assert count(cast) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"entry": EntryKind.MODEL},
        {"entry": EntryKind.MODEL, "predictions_sha256": None, "predictions_size": 0, "predictions_name": ""},
        {"predictions_sha256": None},
        {"predictions_sha256": None, "predictions_size": 0, "predictions_name": "", "entry": EntryKind.PREDICTIONS},
    ],
)
def test_the_database_keeps_entries_whole(cast: Cast, ada: Actor, team: Team, changes: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        stage_submission(cast, team, ada, 1, **changes)


def test_rows_outlive_the_migration_in_both_directions(cast: Cast, ada: Actor) -> None:
    team = stage_team(cast, stage_call(cast), "Alder Models", ada)
    kept = stage_submission(cast, team, ada, 1)
    config = alembic_config(cast.house.database)
    command.downgrade(config, "0003")
    with cast.house.database.reading() as session:
        assert session.scalar(text("SELECT predictions_sha256 FROM submissions")) == kept.predictions_sha256
    command.upgrade(config, "head")
    with cast.house.database.reading() as session:
        again = queries.submission_by_reference(session, kept.reference)
        assert (again.entry, again.predictions_sha256) == (EntryKind.PREDICTIONS, kept.predictions_sha256)
    with pytest.raises(IntegrityError), cast.house.database.transaction() as session:
        session.execute(text("UPDATE submissions SET team_id = 999"))  # references are heeded again
