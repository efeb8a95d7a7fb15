"""Pages where a team is founded, looked at, changed and ruled on."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from challenge.calls import queries as calls
from challenge.calls.states import CallState
from challenge.foundation.permits import Invalid, NotFound, Role, demand
from challenge.people import queries as people
from challenge.teams import operations, queries, rules
from challenge.teams.countries import country_name
from challenge.teams.forms import OrganisationForm, RulingForm, typed
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.house import actor, now, reading, transaction

teams = Blueprint("teams", __name__, template_folder="templates")
teams.add_app_template_filter(country_name, "country")
Page = str | Response | tuple[str, int]
INVITATION = "invitation"
"""Where the link of a new invitation waits for the next page, which shows it once."""


@teams.get("/calls/<key>/enter")
@teams.post("/calls/<key>/enter")
@open_to(SIGNED_IN)
def found(key: str) -> Page:
    """Enter an organisation into a call."""
    form = OrganisationForm()
    with reading() as session:
        call = calls.call_by_key(session, key)
        if call.state is CallState.DRAFT:
            raise NotFound
        own = queries.team_of(session, call_id=call.id, account_id=actor().account_id)
        call_rules = calls.rules_of(session, call)
        why_not = rules.why_not_found(actor(), queries.moment_of(session, call, now()), own_team=None)
    if own is not None:
        return redirect(url_for("teams.show", team_id=own.id), 303)
    demand(why_not)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                call = calls.call_by_key(session, key)
                team = operations.found_team(session, actor=actor(), call=call, facts=form.facts(), now=now())
            flash("Your team is entered. Look at what eligibility still needs.", "success")
            return redirect(url_for("teams.show", team_id=team.id), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return render_template("teams/found.html", form=form, call=call, rules=call_rules), _code(form)


@teams.get("/teams/<int:team_id>")
@open_to(SIGNED_IN)
def show(team_id: int) -> Page:
    """Show a team to its members, admins and auditors."""
    return _team_page(team_id, RulingForm(formdata=None))


@teams.get("/teams/<int:team_id>/facts")
@teams.post("/teams/<int:team_id>/facts")
@open_to(SIGNED_IN)
def change(team_id: int) -> Page:
    """Change what a team says about itself."""
    with reading() as session:
        team = queries.team_for(session, actor(), team_id)
        call = calls.call(session, team.call_id)
        call_rules = calls.rules_of(session, call)
        captain = queries.is_captain(session, team.id, actor().account_id)
        demand(rules.why_not_change_facts(queries.moment_of(session, call, now()), is_captain=captain))
    form = OrganisationForm(data=typed(queries.facts_of(team)))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                team = queries.team_for(session, actor(), team_id)
                operations.change_team(session, actor=actor(), team=team, facts=form.facts(), now=now())
            flash("The facts are saved and eligibility is tested again.", "success")
            return redirect(url_for("teams.show", team_id=team_id), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return render_template("teams/change.html", form=form, team=team, call=call, rules=call_rules), _code(form)


@teams.post("/teams/<int:team_id>/honour")
@open_to(SIGNED_IN)
def declare(team_id: int) -> Page:
    """Declare on honour that the facts are true."""
    with transaction() as session:
        team = queries.team_for(session, actor(), team_id)
        ruling = operations.declare_honour(session, actor=actor(), team=team, now=now())
    flash("Declared. " + ("Your team is eligible." if ruling.eligible else "Other reasons remain."), "success")
    return redirect(url_for("teams.show", team_id=team_id), 303)


@teams.post("/teams/<int:team_id>/ruling")
@open_to(Role.ADMIN)
def rule(team_id: int) -> Page:
    """Rule on a team's eligibility, with a reason, on record."""
    with reading() as session:
        stake = queries.stake_in(session, actor().account_id, queries.team_for(session, actor(), team_id))
        demand(rules.why_not_override(actor(), stake))
    form = RulingForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                team = queries.team_for(session, actor(), team_id)
                operations.override_eligibility(
                    session,
                    actor=actor(),
                    team=team,
                    eligible=form.text("eligible") == "yes",
                    reason=form.text("reason"),
                    now=now(),
                )
            flash("The ruling is on record and the members are told.", "success")
            return redirect(url_for("teams.show", team_id=team_id), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return _team_page(team_id, form)


@teams.get("/calls/<key>/teams")
@open_to(Role.ADMIN, Role.AUDITOR)
def of_call(key: str) -> Page:
    """List the teams of a call."""
    with reading() as session:
        call = calls.call_by_key(session, key)
        demand(rules.why_not_list(competes=queries.is_competitor(session, actor().account_id, call.id)))
        lines = queries.lines_of_call(session, call.id)
        zone = calls.rules_of(session, call).zone
    return render_template("teams/of_call.html", call=call, lines=lines, zone=zone)


def _team_page(team_id: int, ruling_form: RulingForm) -> Page:
    with reading() as session:
        team = queries.team_for(session, actor(), team_id)
        call = calls.call(session, team.call_id)
        moment = queries.moment_of(session, call, now())
        members = queries.members_of(session, team.id)
        invitations = queries.invitations_of(session, team.id)
        ruling, tested = queries.ruling_of(session, team.id), queries.test_of(session, team.id)
        history = queries.history_of(session, team.id)
        own = queries.membership_of(session, team.id, actor().account_id)
        stake = queries.stake_in(session, actor().account_id, team)
        named = [each.used_by for each in invitations] + [ruling.made_by if ruling else None, team.honour_declared_by]
        names = people.names_of(session, named)
        asked = calls.rules_of(session, call).eligibility
    is_captain = own is not None and own.is_captain
    page = render_template(
        "teams/show.html",
        team=team,
        call=call,
        moment=moment,
        members=members,
        invitations=invitations,
        ruling=ruling,
        tested=tested,
        history=history,
        own=own,
        names=names,
        asked=asked,
        form=ruling_form,
        link=cookie.pop(INVITATION, None) if is_captain else None,
        why_not_rule=rules.why_not_override(actor(), stake),
        why_not_change=rules.why_not_change_facts(moment, is_captain=is_captain),
        why_not_invite=rules.why_not_invite(moment, is_captain=is_captain, members=len(members)),
        why_not_remove=rules.why_not_remove(moment, is_captain=is_captain, oneself=False),
        why_not_leave=rules.why_not_leave(
            moment, is_member=own is not None, is_captain=is_captain, others=len(members) - 1
        ),
    )
    return page, _code(ruling_form)


def _code(form: OrganisationForm | RulingForm) -> int:
    return 422 if form.errors or form.form_errors else 200
