"""The front page, the desks and the auditor's page show what they should, to whom they should."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from challenge.calls.states import CallState
from challenge.compliance.records import Examination
from challenge.compliance.states import ExaminationState, LicenceVerdict
from challenge.runs.records import Run
from challenge.runs.states import Outcome, RunState
from tests.cast import Cast
from tests.stage import stage_call, stage_submission, stage_team


def test_without_a_call_the_front_page_says_so(cast: Cast) -> None:
    assert "No call is open or has been held here yet." in cast.browser().get("/").get_data(as_text=True)


def test_a_draft_is_on_no_front_page(cast: Cast) -> None:
    stage_call(cast, state=CallState.DRAFT)
    assert "Trial Challenge" not in cast.browser().get("/").get_data(as_text=True)


def test_how_many_entered_is_said_only_after_freezing(cast: Cast) -> None:
    call = stage_call(cast)
    ada = cast.person("Ada")
    stage_submission(cast, stage_team(cast, call, "Alpha", ada), ada, 1)
    assert "handed in" not in cast.browser().get("/").get_data(as_text=True)
    with cast.house.database.transaction() as session:
        session.execute(text("UPDATE calls SET state = 'frozen', frozen_at = opened_at"))
    assert "1 team handed in." in cast.browser().get("/").get_data(as_text=True)


def test_a_teams_desk_says_what_to_do_next(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    team = stage_team(cast, call, "Alpha", ada)
    desk = cast.browser(ada).get("/desk").get_data(as_text=True)
    assert "Hand in your first submission." in desk
    submission = stage_submission(cast, team, ada, 1)
    with cast.house.database.transaction() as session:
        session.add(
            Run(
                submission_id=submission.id, suite_id=1, suite_digest="5" * 64, state=RunState.ENDED,
                outcome=Outcome.UNREADABLE, asked_at=cast.now, ended_at=cast.now,
            )
        )  # fmt: skip
        session.add(
            Examination(
                submission_id=submission.id, state=ExaminationState.ENDED, verdict=LicenceVerdict.NON_COMPLIANT,
                reasons=[], asked_at=cast.now, ended_at=cast.now,
            )
        )  # fmt: skip
    desk = cast.browser(ada).get("/desk").get_data(as_text=True)
    assert "trial-0001 could not be read; see which rows, and hand in again." in desk
    assert "The licence of your final entry trial-0001 does not pass yet; see why." in desk
    assert "trial-0001" not in cast.browser(cast.person("Bo")).get("/desk").get_data(as_text=True)


def test_an_admin_is_told_to_freeze_what_is_over(cast: Cast) -> None:
    stage_call(cast)
    admin = cast.browser(cast.admin())
    assert "Nothing waits for you." in admin.get("/desk").get_data(as_text=True)
    cast.clock.advance(timedelta(days=20, minutes=59))
    assert "Nothing waits for you." in cast.browser(cast.admin()).get("/desk").get_data(as_text=True)
    cast.clock.advance(timedelta(minutes=1))
    desk = cast.browser(cast.admin()).get("/desk").get_data(as_text=True)
    assert "The last deadline of “Trial Challenge” is over; freeze the call." in desk


@pytest.mark.parametrize(
    ("who", "status"), [("visitor", 303), ("team", 403), ("judge", 403), ("admin", 200), ("auditor", 200)]
)
def test_the_log_is_for_auditors_and_admins(cast: Cast, who: str, status: int) -> None:
    people = {
        "visitor": None,
        "team": cast.person("Ada"),
        "judge": cast.judge(),
        "admin": cast.admin(),
        "auditor": cast.auditor(),
    }
    for path in ("/audit", "/audit.jsonl"):
        assert cast.browser(people[who]).get(path).status_code == status


def test_an_auditor_filters_checks_and_downloads_the_log(cast: Cast) -> None:
    for number in range(60):
        cast.person(f"Person {number}")
    browser = cast.browser(cast.auditor())
    page = browser.get("/audit?verb=grant_role").get_data(as_text=True)
    assert "grant role" in page
    assert browser.get("/audit?subject=nothing").get_data(as_text=True).count("No line fits.") == 1
    browser.get("/audit/check")
    assert "The log holds: every one of its" in browser.get("/audit").get_data(as_text=True)
    with cast.house.database.transaction() as session:
        session.execute(text("UPDATE audit_lines SET actor_name = 'nobody' WHERE number = 1"))
    browser.get("/audit/check")
    assert "The log does not hold. Line 1 was changed after it was written." in browser.get("/audit").get_data(
        as_text=True
    )
    lines = browser.get("/audit.jsonl").get_data(as_text=True).splitlines()
    assert len(lines) >= 2
    assert '"number": 1,' in lines[0]
