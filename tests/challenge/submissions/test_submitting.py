"""A team hands in: the page, the limits, the deadline, the receipt."""

import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from challenge.calls.records import Call
from challenge.calls.states import CallState
from challenge.foundation.audit import AuditLine
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Actor
from challenge.submissions import queries
from challenge.submissions.records import Quota
from challenge.teams.records import EligibilityRuling, Team
from tests.cast import TODAY, Cast
from tests.challenge.submissions.wire import CSV, ZIP, count, form, open_form, send_slowly
from tests.stage import stage_call

OPENS, CLOSES = TODAY - timedelta(days=10), TODAY + timedelta(days=20)
MICROSECOND = timedelta(microseconds=1)


@pytest.mark.usefixtures("team")
def test_a_submission_is_accepted_whole(cast: Cast, ada: Actor) -> None:
    browser = cast.browser(ada)
    answer = browser.post(open_form(browser), form())
    assert (answer.status_code, answer.headers["Location"]) == (303, "/submissions/trial-0001/receipt")
    with cast.house.database.reading() as session:
        submission = queries.submission_by_reference(session, "trial-0001")
        receipt = json.loads(queries.receipt_of(session, submission.id).document)
        line = session.scalars(select(AuditLine).where(AuditLine.subject == f"submission {submission.id}")).one()
        letters = letters_of(session, ada.account_id or 0)
    assert cast.house.files.open(submission.predictions_sha256).read() == CSV
    assert submission.requests == {"LUMI": 2_000_000, "Leonardo": 0}
    assert receipt["submitted_at"] == "2026-03-02T09:00:00.000000Z"
    assert receipt["predictions"] == {
        "sha256": submission.predictions_sha256,
        "size": len(CSV),
        "name": "predictions.csv",
    }
    assert receipt["audit_before"] == {"length": line.number - 1, "hash": line.before}
    assert line.verb == "accept"
    assert [letter.subject for letter in letters] == ["trial-0001 accepted"]
    page = browser.get("/submissions/trial-0001").get_data(as_text=True)
    assert "Small and sound" in page
    assert submission.predictions_sha256 in page


@pytest.mark.usefixtures("team")
def test_a_form_sent_twice_is_one_submission_even_on_the_last_place(cast: Cast, ada: Actor) -> None:
    with cast.house.database.transaction() as session:
        session.scalars(select(Quota)).one().allowed = 1
    browser = cast.browser(ada)
    address = open_form(browser)
    first, second = browser.post(address, form()), browser.post(address, form())
    assert first.headers["Location"] == second.headers["Location"] == "/submissions/trial-0001/receipt"
    other = browser.post(address, form(predictions=(io.BytesIO(CSV + b"more"), "predictions.csv")))
    assert other.status_code == 422
    assert "This form was sent before with other files, and that submission is accepted." in other.get_data(True)
    assert count(cast) == 1


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    ("instant", "accepted", "sentence"),
    [
        (OPENS - MICROSECOND, False, "Submission opens on 20 February 2026, 10:00:00 CET (09:00:00 UTC)."),
        (OPENS, True, ""),
        (CLOSES - MICROSECOND, True, ""),
        (CLOSES, False, "Submission closed on 22 March 2026, 10:00:00 CET (09:00:00 UTC)."),
        (CLOSES + MICROSECOND, False, "Submission closed on 22 March 2026, 10:00:00 CET (09:00:00 UTC)."),
    ],
)
def test_the_deadline_is_kept_to_the_microsecond(
    cast: Cast, ada: Actor, instant: object, accepted: bool, sentence: str
) -> None:
    browser = cast.browser(ada)
    address = open_form(browser)
    cast.clock.instant = instant  # type: ignore[assignment]
    browser = cast.browser(ada)
    browser.get("/account")
    answer = browser.post(address, form())
    assert answer.status_code == (303 if accepted else 403)
    assert sentence in answer.get_data(as_text=True)
    assert count(cast) == int(accepted)


@pytest.mark.usefixtures("team")
def test_an_upload_that_begins_in_time_may_end_within_the_hour(cast: Cast, ada: Actor) -> None:
    browser = cast.browser(ada)
    address = open_form(browser)
    cast.clock.instant = CLOSES - MICROSECOND
    browser = cast.browser(ada)
    browser.get("/account")
    assert send_slowly(cast, browser, address, timedelta(hours=1))[0] == 303
    with cast.house.database.reading() as session:
        assert queries.submission_by_reference(session, "trial-0001").submitted_at == CLOSES - MICROSECOND


@pytest.mark.usefixtures("team")
def test_an_upload_that_begins_in_time_may_not_take_as_long_as_it_likes(cast: Cast, ada: Actor) -> None:
    browser = cast.browser(ada)
    address = open_form(browser)
    cast.clock.instant = CLOSES - MICROSECOND
    browser = cast.browser(ada)
    browser.get("/account")
    code, page = send_slowly(cast, browser, address, timedelta(hours=1, microseconds=1))
    assert code == 403
    assert "Your upload began in time, but was not complete 60 minutes later" in page
    assert count(cast) == 0


class Unread(io.RawIOBase):
    """The body of a request, `length` bytes that must not be read."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length, self.place = length, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place, so that the length can be measured."""
        self.place = offset if whence == 0 else self.length
        return self.place

    def tell(self) -> int:
        """Return the place."""
        return self.place

    def readinto(self, buffer: object) -> int:
        """Fail: nobody may ask for these bytes."""
        raise AssertionError("the body was read")

    read = readinto  # type: ignore[assignment]


@pytest.mark.parametrize("reason", ["deadline", "quota", "eligibility", "team", "frozen", "length"])
def test_what_is_refused_anyway_is_refused_before_its_body_is_read(
    cast: Cast, call: Call, team: Team, ada: Actor, reason: str
) -> None:
    browser = cast.browser(ada)
    address = open_form(browser)
    with cast.house.database.transaction() as session:
        if reason == "quota":
            session.get_one(Quota, (team.id, "entry")).used = 5
        if reason == "eligibility":
            session.add(
                EligibilityRuling(
                    team_id=team.id,
                    eligible=False,
                    findings=[{"test": "country", "passed": False, "sentence": "Atlantis is not admitted."}],
                    made_at=cast.now,
                )
            )
        if reason == "frozen":
            kept = session.get_one(Call, call.id)
            kept.state, kept.frozen_at = CallState.FROZEN, cast.now
    if reason == "deadline":
        cast.clock.instant = CLOSES
    browser = cast.browser(cast.person("Ben") if reason == "team" else ada)
    body = Unread(10**9 if reason == "length" else 9_000_000)
    answer = browser.client.post(address, input_stream=body, content_type="multipart/form-data; boundary=x")
    sentence = {
        "deadline": "Submission closed on",
        "quota": "All 5 places are used in the phase Submission.",
        "eligibility": "Your team is not eligible yet. Atlantis is not admitted.",
        "team": "Only members of the team may hand in for it.",
        "frozen": "The organiser has frozen the call; it takes no more submissions.",
        "length": "What you sent has 1.0 GB; the call takes at most 5.0 MB of predictions and 5.0 MB of package.",
    }[reason]
    assert answer.status_code == (413 if reason == "length" else 403)
    assert sentence in answer.get_data(as_text=True)
    if reason != "length":
        page = browser.get("/calls/trial/submit").get_data(as_text=True)
        assert sentence in page
        assert '<input type="file"' not in page


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"predictions": None}, "Choose the file with your predictions."),
        ({"predictions": (io.BytesIO(b""), "p.csv")}, "This file is empty. Choose the file again."),
        ({"predictions": (io.BytesIO(b"x" * 5_000_001), "p.csv")}, "This file is larger than the 5.0 MB"),
        ({"predictions": (io.BytesIO(ZIP), "p.csv")}, "This file is a zip archive or a spreadsheet."),
        ({"predictions": (io.BytesIO(b"\x80\x04\x95"), "p.csv")}, "a Python pickle, which is never opened here."),
        ({"predictions": (io.BytesIO(b"a\x00b"), "p.csv")}, "This file is neither UTF-8 text nor Parquet."),
        ({"predictions": (io.BytesIO(b" \n "), "p.csv")}, "This file holds only blanks."),
        ({"package": (io.BytesIO(CSV), "p.zip")}, "This file is no zip archive."),
        ({"package": (io.BytesIO(b"PK\x05\x06" + bytes(18)), "p.zip")}, "This zip archive is empty."),
        ({"package": (io.BytesIO(b"PK\x03\x04" + bytes(5_000_000)), "p.zip")}, "This file is larger than the 5.0 MB"),
        ({"title": "a"}, "Write at least 3 characters."),
        ({"title": "a\x00bc"}, "The text holds control characters"),
        ({"route": "handshake"}, "Not a valid choice"),
        ({"doi": "see our site"}, "This is no DOI."),
        ({"hours_0": "4,000,001"}, "Ask for 0 to 4,000,000 hours on LUMI; that is all there is."),
        ({"hours_0": "many"}, "Write a whole number such as 1,200 or 1200."),
        ({"confirmed": None}, "Confirm this to hand in."),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_is_kept(
    cast: Cast, ada: Actor, changes: dict[str, object], sentence: str
) -> None:
    browser = cast.browser(ada)
    address = open_form(browser)
    for value in changes.values():
        if isinstance(value, tuple):
            value[0].seek(0)
    answer = browser.post(address, form(**{name: _fresh(value) for name, value in changes.items()}))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert "A model that knows what it does not know." in page
    assert address.replace("&", "&amp;") in page
    assert count(cast) == 0
    with cast.house.database.reading() as session:
        assert session.scalars(select(Quota)).one().used == 0


@pytest.mark.usefixtures("team")
def test_parquet_jsonl_and_text_cut_within_a_letter_are_taken(cast: Cast, ada: Actor) -> None:
    browser = cast.browser(ada)
    for content in (b"PAR1....PAR1", b'{"task": "topic"}\n', b"task,item,prediction\n" + "é".encode() * 4000):
        answer = browser.post(open_form(browser), form(predictions=(io.BytesIO(content), "p")))
        assert answer.status_code == 303


@pytest.mark.usefixtures("team")
def test_a_file_name_is_made_safe(cast: Cast, ada: Actor) -> None:
    browser = cast.browser(ada)
    hostile = "..\\..\\etc/pass\u202ewd<b>.csv"
    browser.post(open_form(browser), form(predictions=(io.BytesIO(CSV), hostile), package=None))
    with cast.house.database.reading() as session:
        submission = queries.submission_by_reference(session, "trial-0001")
    assert submission.predictions_name == "pass_wd_b_.csv"
    page = browser.get("/submissions/trial-0001").get_data(as_text=True)
    assert "There is no package." in page


@pytest.mark.usefixtures("team")
def test_a_submission_without_the_forms_token_is_refused(cast: Cast, ada: Actor) -> None:
    browser = cast.browser(ada)
    address = open_form(browser)
    answer = browser.client.post(address, data=form())
    assert answer.status_code == 400
    assert "Form out of date" in answer.get_data(as_text=True)
    assert count(cast) == 0


def test_who_is_in_no_team_is_shown_the_way_to_one(cast: Cast, call: Call) -> None:
    page = cast.browser(cast.person("Ben")).get(f"/calls/{call.key}/submit").get_data(as_text=True)
    assert "You are in no team of this call." in page
    assert f"/calls/{call.key}/enter" in page


def test_a_draft_call_is_not_there_yet(cast: Cast) -> None:
    stage_call(cast, state=CallState.DRAFT)
    assert cast.browser(cast.person("Ben")).get("/calls/trial/submit").status_code == 404


def _fresh(value: object) -> object:
    """Give each request a file of its own, because the client closes it."""
    return (io.BytesIO(value[0].getvalue()), value[1]) if isinstance(value, tuple) else value
