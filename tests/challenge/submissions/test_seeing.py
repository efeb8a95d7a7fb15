"""Who sees a submission and its files; who chooses the final one."""

from datetime import timedelta

import pytest

from challenge.foundation.permits import Actor, Refused
from challenge.submissions import operations, queries
from challenge.submissions.records import Submission
from challenge.teams import operations as team_operations
from challenge.teams.records import Team
from tests.cast import TODAY, Cast
from tests.stage import stage_call, stage_submission, stage_team

CLOSES = TODAY + timedelta(days=20)
SECRET = b"task,item,prediction\ntopic,a,secret\n"
PATHS = ("", "/receipt", "/receipt.json", "/files/predictions", "/files/package")


@pytest.fixture
def team(cast: Cast) -> Team:
    """Ada's team."""
    return stage_team(cast, stage_call(cast), "Alder Models", cast.person("Ada"))


@pytest.fixture
def submission(cast: Cast, team: Team) -> Submission:
    """A submission of Ada's, with both files."""
    return stage_submission(cast, team, cast.person("Ada"), 1, predictions=SECRET, package=b"PK\x03\x04", title="Quiet")


def strangers(cast: Cast, team: Team) -> list[Actor]:
    """Return everybody signed in who may not know of Ada's submission."""
    ben, former = cast.person("Ben"), cast.person("Former")
    other = stage_call(cast, key="second")
    stage_team(cast, other, "Birch Models", ben)
    with cast.house.database.transaction() as session:
        _, token = team_operations.invite(session, actor=cast.person("Ada"), team=team, now=cast.now)
        team_operations.join(session, actor=former, token=token, now=cast.now)
        team_operations.leave(session, actor=former, team=team, now=cast.now)
    return [ben, former, cast.judge(), cast.person("Nobody")]


@pytest.mark.usefixtures("submission")
def test_another_teams_submission_is_not_there_for_anybody_who_may_not_know_of_it(cast: Cast, team: Team) -> None:
    for who in strangers(cast, team):
        browser = cast.browser(who)
        for path in PATHS:
            answer = browser.get(f"/submissions/trial-0001{path}")
            assert answer.status_code == 404, (who, path)
            assert not {"Alder", "Quiet", "secret"} & set(answer.get_data(as_text=True).split())
        assert browser.post("/submissions/trial-0001/final").status_code == 404
        assert browser.get(f"/teams/{team.id}/submissions").status_code == 404
        pages = []
        for reference in ("trial-9999", "trial-0001"):
            page = browser.get(f"/submissions/{reference}").get_data(as_text=True)
            pages.append(page.replace(browser.token, ""))  # it tells the second in which it was made
        assert pages[0] == pages[1]
        assert browser.get("/calls/trial/submissions").status_code == 403


@pytest.mark.usefixtures("submission")
def test_a_visitor_is_sent_to_sign_in(cast: Cast) -> None:
    for path in PATHS:
        answer = cast.browser().get(f"/submissions/trial-0001{path}")
        assert answer.status_code == 303
        assert "/sign-in" in answer.headers["Location"]


@pytest.mark.usefixtures("submission")
def test_members_admins_and_auditors_take_the_files_away_as_they_came(cast: Cast) -> None:
    for who in (cast.person("Ada"), cast.admin(), cast.auditor()):
        browser = cast.browser(who)
        assert browser.get("/submissions/trial-0001").status_code == 200
        answer = browser.get("/submissions/trial-0001/files/predictions")
        assert answer.get_data() == SECRET
        assert answer.headers["Content-Disposition"] == "attachment; filename=predictions.csv"
        assert answer.mimetype == "application/octet-stream"
        assert answer.headers["Cache-Control"] == "no-store"
        assert browser.get("/submissions/trial-0001/files/package").get_data() == b"PK\x03\x04"


def test_a_package_that_is_not_there_is_not_found(cast: Cast, team: Team) -> None:
    stage_submission(cast, team, cast.person("Ada"), 7)
    assert cast.browser(cast.person("Ada")).get("/submissions/trial-0007/files/package").status_code == 404


def test_a_reference_that_no_database_would_take_is_not_found(cast: Cast) -> None:
    assert cast.browser(cast.admin()).get("/submissions/%00trial").status_code == 404


def test_auditors_read_everything_and_change_nothing(cast: Cast, team: Team, submission: Submission) -> None:
    browser = cast.browser(cast.auditor())
    assert "Quiet" in browser.get("/calls/trial/submissions").get_data(as_text=True)
    assert "Grant" not in browser.get(f"/teams/{team.id}/submissions").get_data(as_text=True)
    assert browser.post("/submissions/trial-0001/final").status_code == 403
    with cast.house.database.reading() as session:
        assert queries.final_of(session, team.id) == (queries.submission(session, submission.id), False)


def test_the_latest_counts_until_the_captain_chooses(cast: Cast, team: Team) -> None:
    ada = cast.person("Ada")
    first, second = (stage_submission(cast, team, ada, number, title=f"Entry no. {number}") for number in (1, 2))
    with cast.house.database.reading() as session:
        assert queries.final_submissions(session, team.call_id)[team.id].id == second.id
    browser = cast.browser(ada)
    assert "trial-0002 counts as final" in browser.get(f"/teams/{team.id}/submissions").get_data(as_text=True)
    assert browser.post("/submissions/trial-0001/final").status_code == 303
    assert "trial-0001 is the final submission" in browser.get(f"/teams/{team.id}/submissions").get_data(as_text=True)
    third = stage_submission(cast, team, ada, 3)
    with cast.house.database.reading() as session:
        assert queries.final_submissions(session, team.call_id)[team.id].id == first.id
    browser.post("/submissions/trial-0003/final")
    with cast.house.database.reading() as session:
        assert queries.final_of(session, team.id)[0].id == third.id  # type: ignore[union-attr]


def test_finals_are_one_for_each_team_that_handed_in(cast: Cast) -> None:
    call, captains = stage_call(cast), [cast.person(name) for name in ("Ada", "Ben", "Cleo")]
    ada, ben, _cleo = (stage_team(cast, call, f"{who.name} and Sons", who) for who in captains)
    for number, (team, who) in enumerate([(ada, captains[0]), (ben, captains[1]), (ada, captains[0])], start=1):
        last = stage_submission(cast, team, who, number)
    with cast.house.database.transaction() as session:
        operations.choose_final(session, actor=captains[0], submission=last, now=cast.now)
        finals = queries.final_submissions(session, call.id)
    assert {team_id: each.number for team_id, each in finals.items()} == {ada.id: 3, ben.id: 2}


@pytest.mark.usefixtures("submission")
def test_only_the_captain_chooses_and_only_until_the_last_deadline(
    cast: Cast, team: Team, submission: Submission
) -> None:
    ada, ben = cast.person("Ada"), cast.person("Ben")
    with cast.house.database.transaction() as session:
        _, token = team_operations.invite(session, actor=ada, team=team, now=cast.now)
        team_operations.join(session, actor=ben, token=token, now=cast.now)
    answer = cast.browser(ben).post("/submissions/trial-0001/final")
    assert (answer.status_code, "Only the captain chooses" in answer.get_data(as_text=True)) == (403, True)
    assert "Only the captain chooses the final submission." in cast.browser(ben).get(
        "/submissions/trial-0001"
    ).get_data(as_text=True)
    cast.clock.instant = CLOSES - timedelta(microseconds=1)
    with cast.house.database.transaction() as session:
        operations.choose_final(session, actor=ada, submission=submission, now=cast.now)
    cast.clock.instant = CLOSES
    stands = "The final submission stands as it is: the last deadline passed on"
    with pytest.raises(Refused, match=stands), cast.house.database.transaction() as session:
        operations.choose_final(session, actor=ada, submission=submission, now=cast.now)
