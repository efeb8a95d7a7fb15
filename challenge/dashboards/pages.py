"""The front page, and the desk of whoever is signed in."""

from flask import Blueprint, render_template

from challenge.dashboards import queries, queries_office
from challenge.foundation.audit import audit_head
from challenge.foundation.permits import Role
from challenge.web.access import EVERYONE, SIGNED_IN, open_to
from challenge.web.house import actor, house, now, reading

dashboards = Blueprint("dashboards", __name__, template_folder="templates")


@dashboards.get("/")
@open_to(EVERYONE)
def front() -> str:
    """Show what is called for, and who won."""
    with reading() as session:
        cards = queries.call_cards(session, now=now())
    return render_template("dashboards/front.html", cards=cards, now=now())


@dashboards.get("/desk")
@open_to(SIGNED_IN)
def desk() -> str:
    """Show what waits for the reader, one part for each role the reader has."""
    reader = actor()
    account_id = reader.account_id or 0
    with reading() as session:
        teams = queries.team_cards(session, account_id, now=now())
        panels = queries_office.panels_of(session, account_id) if reader.has(Role.JUDGE) else []
        judge = queries_office.judge_tasks(session, account_id, now=now()) if panels else []
        hub = house().settings.hub
        admin = queries_office.admin_tasks(session, account_id, now=now(), hub=hub) if reader.has(Role.ADMIN) else []
        office = reader.has(Role.ADMIN, Role.AUDITOR)
        cards = queries.call_cards(session, now=now())
        return render_template(
            "dashboards/desk.html",
            teams=teams,
            panels=panels,
            judge_tasks=judge,
            admin_tasks=admin,
            machinery=queries_office.machinery(session) if office else None,
            head=audit_head(session) if office else None,
            cards=cards,
            now=now(),
        )
