"""Who is in a team: invitations, joining, leaving, handing over."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Actor, NotFound, Refused
from challenge.teams import operations, queries
from challenge.teams.records import Team
from tests.cast import TODAY, Cast
from tests.stage import stage_call, stage_team

DEADLINE = TODAY + timedelta(days=20)


def invitation(cast: Cast, team: Team, captain: Actor) -> str:
    """Make an invitation and return its token."""
    with cast.house.database.transaction() as session:
        return operations.invite(session, actor=captain, team=team, now=cast.now)[1]


def join(cast: Cast, who: Actor, token: str) -> Team:
    """Follow an invitation."""
    with cast.house.database.transaction() as session:
        return operations.join(session, actor=who, token=token, now=cast.now)


@pytest.fixture
def team(cast: Cast) -> Team:
    """A team whose captain is Ada."""
    return stage_team(cast, stage_call(cast), "Alder Models", cast.person("Ada"))


def test_a_link_is_shown_once_and_lets_one_person_in(cast: Cast, team: Team) -> None:
    captain = cast.browser(cast.person("Ada"))
    assert captain.post(f"/teams/{team.id}/invitations").status_code == 303
    page = captain.get(f"/teams/{team.id}").get_data(as_text=True)
    link = re.search(r"<code>http://localhost(/join/[^<]+)</code>", page)
    assert link is not None
    assert "/join/" not in captain.get(f"/teams/{team.id}").get_data(as_text=True)
    ben = cast.browser(cast.person("Ben"))
    assert "Ada invites you into team Alder Models" in ben.get(link[1]).get_data(as_text=True)
    assert ben.post(link[1]).headers["Location"] == f"/teams/{team.id}"
    assert ben.get(f"/teams/{team.id}").status_code == 200
    late = cast.browser(cast.person("Cleo")).post(link[1])
    assert late.status_code == 403
    assert "This invitation was used already; each serves one person." in late.get_data(as_text=True)
    with cast.house.database.reading() as session:
        letters = letters_of(session, cast.person("Ada").account_id or 0)
    assert [letter.subject for letter in letters] == ["Ben joined your team"]


def test_the_teams_name_is_shown_only_after_sign_in(cast: Cast, team: Team) -> None:
    token = invitation(cast, team, cast.person("Ada"))
    answer = cast.browser().get(f"/join/{token}")
    assert answer.status_code == 303
    assert "Alder" not in answer.get_data(as_text=True) + answer.headers["Location"]
    assert "/sign-in" in answer.headers["Location"]


def test_a_token_is_kept_only_as_a_hash(cast: Cast, team: Team) -> None:
    token = invitation(cast, team, cast.person("Ada"))
    with cast.house.database.reading() as session:
        kept = queries.invitations_of(session, team.id)[0]
        assert token not in (kept.token_hash, *(line.particulars for line in queries.history_of(session, team.id)))


def test_an_invitation_ends_after_seven_days_to_the_microsecond(cast: Cast, team: Team) -> None:
    token = invitation(cast, team, cast.person("Ada"))
    cast.clock.advance(timedelta(days=7))
    with pytest.raises(Refused) as refused:
        join(cast, cast.person("Ben"), token)
    assert refused.value.sentence.startswith("This invitation ended on 9 March 2026, 10:00:00 CET (09:00:00 UTC).")
    cast.clock.advance(-timedelta(microseconds=1))
    assert join(cast, cast.person("Ben"), token).id == team.id


def test_a_withdrawn_invitation_lets_nobody_in(cast: Cast, team: Team) -> None:
    token = invitation(cast, team, cast.person("Ada"))
    with cast.house.database.reading() as session:
        number = queries.invitations_of(session, team.id)[0].id
    path = f"/teams/{team.id}/invitations/{number}/withdraw"
    assert cast.browser(cast.person("Ada")).post(path).status_code == 303
    with pytest.raises(Refused, match="The captain has withdrawn this invitation"):
        join(cast, cast.person("Ben"), token)
    assert cast.browser(cast.person("Ada")).post(path).status_code == 403


@pytest.mark.usefixtures("team")
def test_a_link_that_was_never_given_out_leads_nowhere(cast: Cast) -> None:
    assert cast.browser(cast.person("Ben")).get("/join/never-given-out").status_code == 404
    with pytest.raises(NotFound):
        join(cast, cast.person("Ben"), "\ud800")


def test_a_person_has_one_team_a_call(cast: Cast, team: Team) -> None:
    with cast.house.database.reading() as session:
        call_id = queries.team(session, team.id).call_id
    other = stage_team(cast, _call(cast, call_id), "Birch Models", cast.person("Ben"))
    token = invitation(cast, team, cast.person("Ada"))
    with pytest.raises(Refused, match="You are in team Birch Models of this call already"):
        join(cast, cast.person("Ben"), token)
    with pytest.raises(Refused, match="You are in team Alder Models of this call already"):
        join(cast, cast.person("Ada"), invitation(cast, other, cast.person("Ben")))


def test_judges_do_not_join_teams(cast: Cast, team: Team) -> None:
    token = invitation(cast, team, cast.person("Ada"))
    with pytest.raises(Refused, match="Admins, judges and auditors do not enter calls"):
        join(cast, cast.judge(), token)


def test_of_eight_who_follow_one_link_at_once_one_comes_in(cast: Cast, team: Team) -> None:
    token = invitation(cast, team, cast.person("Ada"))
    people = [cast.person(f"Guest {number}") for number in range(8)]

    def attempt(who: Actor) -> bool:
        try:
            join(cast, who, token)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, people)) == 1
    with cast.house.database.reading() as session:
        assert len(queries.members_of(session, team.id)) == 2


def test_one_person_with_many_links_joins_one_team(cast: Cast, team: Team) -> None:
    call = _call(cast, team.call_id)
    tokens = [invitation(cast, team, cast.person("Ada"))]
    for number in range(5):
        captain = cast.person(f"Captain {number}")
        tokens.append(invitation(cast, stage_team(cast, call, f"Team {number} Oak", captain), captain))

    def attempt(token: str) -> bool:
        try:
            join(cast, cast.person("Ben"), token)
        except Refused:
            return False
        return True

    cast.person("Ben")
    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, tokens)) == 1


def test_a_captain_hands_over_before_leaving(cast: Cast, team: Team) -> None:
    ada, ben = cast.person("Ada"), cast.person("Ben")
    join(cast, ben, invitation(cast, team, ada))
    captain = cast.browser(ada)
    refused = captain.post(f"/teams/{team.id}/leave")
    assert refused.status_code == 403
    assert "You are the captain. Hand the team over to another member first, then leave." in refused.get_data(True)
    assert captain.post(f"/teams/{team.id}/members/{ben.account_id}/captain").status_code == 303
    assert captain.post(f"/teams/{team.id}/leave").status_code == 303
    assert captain.get(f"/teams/{team.id}").status_code == 404
    with cast.house.database.reading() as session:
        assert [account.name for place, account in queries.members_of(session, team.id) if place.is_captain] == ["Ben"]
        history = [(line.actor_name, line.verb) for line in queries.history_of(session, team.id)]
    assert history[:3] == [("Ada", "leave"), ("Ada", "hand_over"), ("Ben", "join")]


def test_who_left_may_join_another_team(cast: Cast, team: Team) -> None:
    ada, ben = cast.person("Ada"), cast.person("Ben")
    join(cast, ben, invitation(cast, team, ada))
    with cast.house.database.transaction() as session:
        operations.leave(session, actor=ben, team=team, now=cast.now)
    other = stage_team(cast, _call(cast, team.call_id), "Birch Models", cast.person("Cleo"))
    assert join(cast, ben, invitation(cast, other, cast.person("Cleo"))).id == other.id


def test_a_team_without_members_has_withdrawn_and_cannot_win(cast: Cast, team: Team) -> None:
    with cast.house.database.reading() as session:
        assert queries.eligible_team_ids(session, team.call_id) == {team.id}
    cast.browser(cast.person("Ada")).post(f"/teams/{team.id}/leave")
    with cast.house.database.reading() as session:
        assert queries.eligible_team_ids(session, team.call_id) == set()
    assert "withdrawn" in cast.browser(cast.admin()).get("/calls/trial/teams").get_data(as_text=True)


def test_a_removed_member_is_told_and_out_at_once(cast: Cast, team: Team) -> None:
    ada, ben = cast.person("Ada"), cast.person("Ben")
    join(cast, ben, invitation(cast, team, ada))
    browser = cast.browser(ben)
    assert browser.post(f"/teams/{team.id}/members/{ada.account_id}/remove").status_code == 403
    assert cast.browser(ada).post(f"/teams/{team.id}/members/{ben.account_id}/remove").status_code == 303
    assert browser.get(f"/teams/{team.id}").status_code == 404
    with cast.house.database.reading() as session:
        assert letters_of(session, ben.account_id or 0)[0].subject == "You are no longer in Alder Models"


def test_only_the_captain_speaks_for_the_team(cast: Cast, team: Team) -> None:
    ada, ben = cast.person("Ada"), cast.person("Ben")
    join(cast, ben, invitation(cast, team, ada))
    browser = cast.browser(ben)
    for path in ("/invitations", "/honour", f"/members/{ada.account_id}/captain"):
        answer = browser.post(f"/teams/{team.id}{path}")
        assert answer.status_code == 403
        assert "Only the captain of the team may do this." in answer.get_data(as_text=True)
    assert browser.get(f"/teams/{team.id}/facts").status_code == 403


def test_after_the_last_deadline_the_roster_stands_but_may_be_handed_over(cast: Cast, team: Team) -> None:
    ada, ben, cleo = cast.person("Ada"), cast.person("Ben"), cast.person("Cleo")
    join(cast, ben, invitation(cast, team, ada))
    cast.clock.instant = DEADLINE - timedelta(microseconds=1)
    token = invitation(cast, team, ada)
    cast.clock.instant = DEADLINE
    sentence = "The members of a team stand as they are: the last deadline passed on"
    for attempt in (
        lambda session: operations.invite(session, actor=ada, team=team, now=cast.now),
        lambda session: operations.join(session, actor=cleo, token=token, now=cast.now),
        lambda session: operations.leave(session, actor=ben, team=team, now=cast.now),
        lambda session: operations.remove_member(
            session, actor=ada, team=team, account_id=ben.account_id or 0, now=cast.now
        ),
    ):
        with pytest.raises(Refused, match=sentence), cast.house.database.transaction() as session:
            attempt(session)
    with cast.house.database.transaction() as session:
        operations.hand_over(session, actor=ada, team=team, account_id=ben.account_id or 0, now=cast.now)
        assert queries.is_captain(session, team.id, ben.account_id)


def test_two_hand_overs_at_once_leave_one_captain(cast: Cast, team: Team) -> None:
    ada = cast.person("Ada")
    heirs = [cast.person(name) for name in ("Ben", "Cleo", "Dora", "Emil")]
    for heir in heirs:
        join(cast, heir, invitation(cast, team, ada))

    def attempt(heir: Actor) -> bool:
        try:
            with cast.house.database.transaction() as session:
                operations.hand_over(session, actor=ada, team=team, account_id=heir.account_id or 0, now=cast.now)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, heirs)) == 1
    with cast.house.database.reading() as session:
        assert sum(place.is_captain for place, _ in queries.members_of(session, team.id)) == 1


def _call(cast: Cast, call_id: int) -> Call:
    with cast.house.database.reading() as session:
        return calls.call(session, call_id)
