"""Pages of admins on the way to a decision: propose, sign, withdraw."""

from flask import flash, redirect, render_template, url_for

from challenge.awards import operations, operations_stand, queries, queries_ground, rules
from challenge.awards.forms import ReasonForm, deliberation_form
from challenge.awards.pages import Page, awards, decision_page
from challenge.calls import queries as calls
from challenge.foundation.permits import Invalid, Role, demand
from challenge.teams.queries import is_competitor
from challenge.web.access import open_to
from challenge.web.house import actor, house, now, reading, transaction


@awards.get("/calls/<key>/awards/propose")
@awards.post("/calls/<key>/awards/propose")
@open_to(Role.ADMIN)
def propose(key: str) -> Page:
    """Compute a decision and propose it, with the panel's votes and the awards it does not recommend."""
    with reading() as session:
        call = calls.call_by_key(session, key)
        demand(rules.why_not_propose(actor(), operations_stand.stand_of(session, call, actor())))
        ground = queries_ground.ground_of(session, call)
        latest = queries.latest_decision(session, call.id)
        # whom the panel must vote on is known from the proposal that was withdrawn because of the tie
        tied = queries.document_of(latest).outcome.undecided if latest else ()
    finalists = [(entry.reference, entry.team) for entry in ground.finalists]
    form = deliberation_form(finalists, tied)()
    if form.validate_on_submit():
        try:
            said = form.deliberation(reference for reference, _ in finalists)
            computed = operations.prepare(
                house().database, house().files, actor=actor(), call_id=call.id, deliberation=said
            )
            with transaction() as session:
                call = calls.call_by_key(session, key)
                decision = operations.propose(session, actor=actor(), call=call, proposal=computed, now=now())
            flash("The decision is proposed; another admin signs it.", "success")
            return redirect(url_for("awards.decision", decision_id=decision.id), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    page = render_template(
        "awards/propose.html", call=call, rules=ground.rules, ground=ground, finalists=finalists, tied=tied, form=form
    )
    return page, 422 if form.errors or form.form_errors else 200


@awards.post("/decisions/<int:decision_id>/sign")
@open_to(Role.ADMIN)
def sign(decision_id: int) -> Page:
    """Sign another admin's proposal."""
    with transaction() as session:
        operations.sign(session, actor=actor(), decision=queries.decision(session, decision_id), now=now())
    flash("The decision is signed and public; every team has been told.", "success")
    return redirect(url_for("awards.decision", decision_id=decision_id), 303)


@awards.post("/decisions/<int:decision_id>/withdraw")
@open_to(Role.ADMIN)
def withdraw(decision_id: int) -> Page:
    """Withdraw a proposal."""
    with reading() as session:
        found = queries.decision(session, decision_id)
        competes = is_competitor(session, actor().account_id, found.call_id)
        demand(rules.why_not_withdraw(actor(), state=found.state, competes=competes))
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                found = queries.decision(session, decision_id)
                operations.withdraw(session, actor=actor(), decision=found, reason=form.text("reason"), now=now())
                key = calls.call(session, found.call_id).key
            flash("The proposal is withdrawn; it stays on record.", "success")
            return redirect(url_for("awards.of_call", key=key), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return decision_page(decision_id, form), 422
