"""An admin who is a member of a team does not do for that team what admins do for teams."""

import pytest

from challenge.foundation.permits import Actor, Refused, Role
from challenge.submissions import operations as submissions
from challenge.teams import operations, queries
from challenge.teams.records import Team
from tests.cast import Cast
from tests.stage import stage_call, stage_team

RULE = "You are in this team; another admin has to rule."
GRANT = "You are in this team; another admin has to grant."


@pytest.fixture
def petra(cast: Cast) -> Actor:
    """An admin."""
    return cast.person("Petra", Role.ADMIN)


@pytest.fixture
def own(cast: Cast, petra: Actor) -> Team:
    """The team that she is the captain of."""
    return stage_team(cast, stage_call(cast), "Alpha", petra, eligible=False)


def test_no_admin_rules_on_the_own_team(cast: Cast, petra: Actor, own: Team) -> None:
    def rule(actor: Actor) -> None:
        with cast.house.database.transaction() as session:
            operations.override_eligibility(
                session, actor=actor, team=own, eligible=True, reason="Shown by its papers.", now=cast.now
            )

    with pytest.raises(Refused, match=RULE):
        rule(petra)
    with cast.house.database.reading() as session:
        ruling = queries.ruling_of(session, own.id)
    assert ruling is not None
    assert not ruling.eligible
    rule(cast.admin())


def test_no_admin_grants_submissions_to_the_own_team(cast: Cast, petra: Actor, own: Team) -> None:
    def grant(actor: Actor) -> None:
        with cast.house.database.transaction() as session:
            submissions.grant_quota(
                session, actor=actor, team=own, phase="entry", amount=5, reason="After the outage.", now=cast.now
            )

    with pytest.raises(Refused, match=GRANT):
        grant(petra)
    grant(cast.admin())


@pytest.mark.parametrize(
    ("deed", "page", "sentence"),
    [("ruling", "", RULE), ("quota", "/submissions", GRANT)],
)
def test_the_page_says_so_instead_of_showing_the_form(
    cast: Cast, petra: Actor, own: Team, deed: str, page: str, sentence: str
) -> None:
    form = f'action="/teams/{own.id}/{deed}"'
    mine = cast.browser(petra).get(f"/teams/{own.id}{page}").get_data(as_text=True)
    others = cast.browser(cast.admin()).get(f"/teams/{own.id}{page}").get_data(as_text=True)
    assert sentence in mine
    assert form not in mine
    assert form in others
    answer = cast.browser(petra).post(f"/teams/{own.id}/{deed}")
    assert answer.status_code == 403, "the rule comes before the form"
    assert sentence in answer.get_data(as_text=True)
