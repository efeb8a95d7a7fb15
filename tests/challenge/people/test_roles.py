"""Admins grant and withdraw roles; everything about it is on record, and nobody can lock the last admin out alone."""

import json

import pytest
from sqlalchemy import select

from challenge.foundation.audit import AuditLine
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import Actor, NotFound, Refused, Role
from challenge.people import operations, queries
from tests.cast import Cast


def grant(cast: Cast, actor: Actor, account_id: int, role: Role) -> None:
    """Grant a role."""
    with cast.house.database.transaction() as session:
        operations.grant_role(session, actor=actor, account_id=account_id, role=role, now=cast.now)


def withdraw(cast: Cast, actor: Actor, account_id: int, role: Role) -> None:
    """Withdraw a role."""
    with cast.house.database.transaction() as session:
        operations.withdraw_role(session, actor=actor, account_id=account_id, role=role, now=cast.now)


def roles(cast: Cast, account_id: int) -> frozenset[Role]:
    """Return the roles of an account."""
    with cast.house.database.reading() as session:
        return queries.roles_of(session, account_id)


@pytest.mark.parametrize("role", [Role.JUDGE, Role.TEAM, Role.AUDITOR])
def test_only_admins_change_roles(cast: Cast, role: Role) -> None:
    somebody, ada = cast.person("Somebody", *({role} - {Role.TEAM})), cast.person("Ada")
    for change in (grant, withdraw):
        with pytest.raises(Refused, match="Only an admin may change roles"):
            change(cast, somebody, ada.account_id or 0, Role.JUDGE)


def test_the_role_of_a_team_is_everybodys_and_cannot_be_withdrawn(cast: Cast) -> None:
    ada = cast.person("Ada").account_id or 0
    for change in (grant, withdraw):
        with pytest.raises(Refused, match="Everybody has the role of a team"):
            change(cast, cast.admin(), ada, Role.TEAM)
    assert roles(cast, ada) == {Role.TEAM}


def test_an_admin_changes_another_admins_role_but_not_the_own(cast: Cast) -> None:
    olga, pia = cast.admin(), cast.admin("Pia")
    with pytest.raises(Refused, match="You cannot change your own role as admin"):
        withdraw(cast, olga, olga.account_id or 0, Role.ADMIN)
    withdraw(cast, olga, pia.account_id or 0, Role.ADMIN)
    assert (roles(cast, olga.account_id or 0), roles(cast, pia.account_id or 0)) == (
        {Role.TEAM, Role.ADMIN}, {Role.TEAM},
    )  # fmt: skip


def test_a_role_that_is_there_already_or_not_there_writes_no_line(cast: Cast) -> None:
    olga, ada = cast.admin(), cast.person("Ada").account_id or 0
    withdraw(cast, olga, ada, Role.JUDGE)
    grant(cast, olga, ada, Role.JUDGE)
    grant(cast, olga, ada, Role.JUDGE)
    withdraw(cast, olga, ada, Role.JUDGE)
    with cast.house.database.reading() as session:
        lines = session.scalars(
            select(AuditLine).where(AuditLine.subject == f"account {ada}").order_by(AuditLine.number)
        ).all()
    assert [(line.verb, line.actor_name, json.loads(line.particulars)) for line in lines] == [
        ("grant_role", "Olga", {"role": "judge"}), ("withdraw_role", "Olga", {"role": "judge"}),
    ]  # fmt: skip


def test_nobody_can_be_given_a_role_who_does_not_exist(cast: Cast) -> None:
    with pytest.raises(NotFound):
        grant(cast, cast.admin(), 99, Role.JUDGE)


@pytest.mark.parametrize("sent", [{}, {"role": ""}, {"role": "king"}, {"role": "team"}])
def test_a_role_that_is_none_is_refused_on_the_page(cast: Cast, sent: dict[str, object]) -> None:
    ada = cast.person("Ada").account_id or 0
    answer = cast.browser(cast.admin()).post(f"/people/{ada}/roles/grant", sent)
    assert answer.status_code == 422
    assert "Choose a role from the list; nothing was changed." in answer.get_data(as_text=True)
    assert roles(cast, ada) == {Role.TEAM}


def test_the_list_of_people_shows_everybody_with_their_roles(cast: Cast) -> None:
    cast.judge("Jonas")
    cast.person("<b>Ada</b>")
    page = cast.browser(cast.admin()).get("/people").get_data(as_text=True)
    assert "<td>jonas@people.example</td><td>judge, team</td>" in page
    assert "&lt;b&gt;Ada&lt;/b&gt;" in page
    assert "<b>Ada" not in page


def test_letters_are_read_by_their_addressee_alone(cast: Cast) -> None:
    ada, bo = cast.person("Ada"), cast.person("Bo")
    with cast.house.database.transaction() as session:
        write_letter(
            session,
            account_id=ada.account_id or 0,
            subject="<i>For Ada</i>",
            body="One.\n\nTwo <b>bold</b>.",
            now=cast.now,
        )
    page = cast.browser(ada).get("/account").get_data(as_text=True)
    assert "&lt;i&gt;For Ada&lt;/i&gt;" in page
    assert "<p>One.</p><p>Two &lt;b&gt;bold&lt;/b&gt;.</p>" in page
    assert "For Ada" not in cast.browser(bo).get("/account").get_data(as_text=True)
    assert "For Ada" not in cast.browser(cast.admin()).get("/account").get_data(as_text=True)
