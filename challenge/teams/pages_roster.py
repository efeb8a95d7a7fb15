"""Pages where people are invited into a team, join it, and leave it; added to the blueprint, which is offered on."""

from flask import flash, redirect, render_template, url_for
from flask import session as cookie

from challenge.calls import queries as calls
from challenge.foundation.permits import NotFound
from challenge.people import queries as people
from challenge.teams import operations, queries, rules
from challenge.teams.pages import INVITATION, Page
from challenge.teams.pages import teams as teams
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.house import actor, now, reading, transaction


@teams.post("/teams/<int:team_id>/invitations")
@open_to(SIGNED_IN)
def invite(team_id: int) -> Page:
    """Make an invitation; its link is shown on the next page, once."""
    with transaction() as session:
        team = queries.team_for(session, actor(), team_id)
        _, token = operations.invite(session, actor=actor(), team=team, now=now())
    cookie[INVITATION] = url_for("teams.join", token=token, _external=True)
    return redirect(url_for("teams.show", team_id=team_id, _anchor="members"), 303)


@teams.post("/teams/<int:team_id>/invitations/<int:invitation_id>/withdraw")
@open_to(SIGNED_IN)
def withdraw_invitation(team_id: int, invitation_id: int) -> Page:
    """Make an invitation worthless."""
    with transaction() as session:
        queries.team_for(session, actor(), team_id)
        found = [each for each in queries.invitations_of(session, team_id) if each.id == invitation_id]
        if not found:
            raise NotFound
        operations.withdraw_invitation(session, actor=actor(), invitation=found[0], now=now())
    flash("The invitation is withdrawn; its link is worth nothing now.", "success")
    return redirect(url_for("teams.show", team_id=team_id, _anchor="members"), 303)


@teams.post("/teams/<int:team_id>/members/<int:account_id>/<any(remove, captain):deed>")
@open_to(SIGNED_IN)
def change_member(team_id: int, account_id: int, deed: str) -> Page:
    """Remove a member, or hand the team over to one."""
    operation = operations.remove_member if deed == "remove" else operations.hand_over
    with transaction() as session:
        team = queries.team_for(session, actor(), team_id)
        operation(session, actor=actor(), team=team, account_id=account_id, now=now())
    flash("The member is removed." if deed == "remove" else "The team is handed over.", "success")
    return redirect(url_for("teams.show", team_id=team_id, _anchor="members"), 303)


@teams.post("/teams/<int:team_id>/leave")
@open_to(SIGNED_IN)
def leave(team_id: int) -> Page:
    """Give up one's own place."""
    with transaction() as session:
        team = queries.team_for(session, actor(), team_id)
        operations.leave(session, actor=actor(), team=team, now=now())
    flash(f"You left team {team.name}.", "success")
    return redirect(url_for("dashboards.desk"), 303)


@teams.get("/join/<token>")
@open_to(SIGNED_IN)
def join(token: str) -> Page:
    """Show which team an invitation leads to."""
    with reading() as session:
        invitation = queries.invitation_by_token(session, token)
        team = queries.team(session, invitation.team_id)
        call = calls.call(session, team.call_id)
        own = queries.team_of(session, call_id=call.id, account_id=actor().account_id)
        moment = queries.moment_of(session, call, now())
        host = people.account(session, invitation.made_by)
        why_not = rules.why_not_join(
            moment,
            actor(),
            withdrawn=invitation.withdrawn_at is not None,
            used=invitation.used_at is not None,
            ends_at=invitation.ends_at,
            own_team=own.name if own else None,
            members=len(queries.members_of(session, team.id)),
        )
    return render_template(
        "teams/join.html",
        token=token,
        invitation=invitation,
        team=team,
        call=call,
        own=own,
        host=host,
        zone=moment.zone,
        why_not=why_not,
    )


@teams.post("/join/<token>")
@open_to(SIGNED_IN)
def follow(token: str) -> Page:
    """Take the place that an invitation offers."""
    with transaction() as session:
        team = operations.join(session, actor=actor(), token=token, now=now())
    flash(f"You are a member of team {team.name} now.", "success")
    return redirect(url_for("teams.show", team_id=team.id), 303)
