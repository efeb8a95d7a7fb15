"""Whatever happens between the page and the operation, or on the wire, is asked again where it is written."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.calls.states import CallState
from challenge.foundation.canonical import digest
from challenge.foundation.files import Stored
from challenge.foundation.permits import Actor, Refused
from challenge.submissions import operations
from challenge.submissions.entry import Entry
from challenge.submissions.records import Quota, QuotaEntry, Receipt, Submission
from challenge.teams import queries as teams
from challenge.teams.records import EligibilityRuling, Membership, Team
from tests.cast import TODAY, Browser, Cast
from tests.challenge.submissions.wire import body_of, form, open_form, send_while

CLOSES = TODAY + timedelta(days=20)
MICROSECOND = timedelta(microseconds=1)


def rows(cast: Cast) -> dict[str, int]:
    """Count what acceptance writes."""
    with cast.house.database.reading() as session:
        counted = {
            kind.__tablename__: session.scalar(select(func.count()).select_from(kind)) or 0
            for kind in (Submission, Receipt, QuotaEntry)
        }
        return {**counted, "used": session.scalar(select(func.sum(Quota.used))) or 0}


NOTHING = {"submissions": 0, "receipts": 0, "quota_entries": 0, "used": 0}


def accept(cast: Cast, team: Team, who: Actor) -> None:
    """Call the operation itself, whatever a page would say."""
    entry = Entry(
        title="Entry", abstract="What it is.", declared_licence="", route="weights", doi="", requests={},
        predictions=Stored(digest("p"), 9), predictions_name="p.csv", package=None, package_name="",
        idempotency_key="key-of-the-entry",
    )  # fmt: skip
    with cast.house.database.transaction() as session:
        call = calls.call(session, team.call_id)
        operations.accept(
            session, actor=who, call=call, rules=calls.rules_of(session, call), team=teams.team(session, team.id),
            entry=entry, signer=cast.house.signer, now=cast.now,
        )  # fmt: skip


def test_the_operation_asks_the_deadline_itself(cast: Cast, team: Team, ada: Actor) -> None:
    cast.clock.instant = CLOSES
    with pytest.raises(Refused, match="Submission closed on 22 March 2026, 10:00:00 CET"):
        accept(cast, team, ada)
    assert rows(cast) == NOTHING
    cast.clock.instant = CLOSES - MICROSECOND
    accept(cast, team, ada)
    assert rows(cast)["submissions"] == 1


def _freeze(cast: Cast, team: Team) -> None:
    with cast.house.database.transaction() as session:
        call = session.get_one(Call, team.call_id)
        call.state, call.frozen_at = CallState.FROZEN, cast.now


def _use_up(cast: Cast, team: Team) -> None:
    with cast.house.database.transaction() as session:
        session.get_one(Quota, (team.id, "entry")).used = 5


def _rule_out(cast: Cast, team: Team) -> None:
    findings = [{"test": "country", "passed": False, "sentence": "Atlantis is not admitted."}]
    with cast.house.database.transaction() as session:
        session.add(EligibilityRuling(team_id=team.id, eligible=False, findings=findings, made_at=cast.now))


def _leave(cast: Cast, team: Team) -> None:
    with cast.house.database.transaction() as session:
        session.delete(session.get_one(Membership, (team.id, cast.person("Ada").account_id)))


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (_freeze, "The organiser has frozen the call; it takes no more submissions."),
        (_use_up, "All 5 places are used in the phase Submission."),
        (_rule_out, "Your team is not eligible yet. Atlantis is not admitted."),
        (_leave, "Only members of the team may hand in for it."),
    ],
)
def test_what_changes_during_an_upload_counts_when_it_is_written(
    cast: Cast, team: Team, ada: Actor, happens: Callable[[Cast, Team], None], sentence: str
) -> None:
    browser = cast.browser(ada)
    code, page = send_while(browser, open_form(browser), lambda: happens(cast, team))
    assert (code, sentence in page) == (403, True)
    assert {**rows(cast), "used": 0} == NOTHING


class TornBody(io.BytesIO):
    """The body of a request whose sender hangs up half-way."""

    def readinto(self, buffer: object) -> int:
        """Break off once half of it is sent."""
        if self.tell() > len(self.getvalue()) // 2:
            raise ConnectionResetError("the sender hung up")
        view = memoryview(buffer)  # type: ignore[arg-type]
        return super().readinto(view[:64])


def send_half(browser: Browser, address: str) -> None:
    """Begin an upload and hang up."""
    torn = TornBody(body_of(browser, predictions=(io.BytesIO(b"task,item,prediction\n" * 5_000), "p.csv")))
    answer = browser.client.post(address, input_stream=torn, content_type="multipart/form-data; boundary=parting")
    assert answer.status_code == 400


def test_an_upload_that_breaks_off_stands_in_nobodys_way(cast: Cast, team: Team, ada: Actor) -> None:
    browser = cast.browser(ada)
    address = open_form(browser)
    for _ in range(7):  # more often than the team has places
        send_half(browser, address)
    assert rows(cast) == NOTHING
    assert list(cast.house.files.folder.rglob("*")) == []
    assert browser.post(address, form()).status_code == 303
    with cast.house.database.reading() as session:
        assert session.get_one(Quota, (team.id, "entry")).used == 1
