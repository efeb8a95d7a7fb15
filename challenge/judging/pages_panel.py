"""Pages of an admin: who sits on the panel, what each owes, and who the finalists are."""

from flask import flash, redirect, render_template, url_for

from challenge.calls import queries as calls
from challenge.calls.document import PhaseKind
from challenge.foundation.permits import Invalid, Role, demand
from challenge.judging import operations, queries, rules
from challenge.judging.forms import AppointForm, DismissForm, TieForm, tie_form
from challenge.judging.operations_shortlist import shortlist_of
from challenge.judging.pages import Page, judging
from challenge.people import queries as people
from challenge.teams.queries import competitors_of
from challenge.web.access import open_to
from challenge.web.house import actor, now, reading, transaction


@judging.get("/calls/<key>/panel")
@open_to(Role.ADMIN, Role.AUDITOR)
def panel(key: str) -> Page:
    """Show a call's panel and its finalists."""
    return _panel_page(key, AppointForm(formdata=None), {})


@judging.post("/calls/<key>/panel")
@open_to(Role.ADMIN)
def appoint(key: str) -> Page:
    """Give a judge a seat."""
    form = AppointForm()
    with reading() as session:
        competitors = competitors_of(session, calls.call_by_key(session, key).id)
        form.offer([one for one in people.holders(session, Role.JUDGE) if one.id not in competitors])
    if form.validate_on_submit():
        try:
            with transaction() as session:
                operations.appoint(
                    session,
                    actor=actor(),
                    call=calls.call_by_key(session, key),
                    account_id=int(form.text("account_id")),
                    affiliation=form.text("affiliation"),
                    is_chair=bool(form.is_chair.data),
                    now=now(),
                )
            flash("The judge has a seat and has been told.", "success")
            return redirect(url_for("judging.panel", key=key), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return _panel_page(key, form, {}), 422


@judging.post("/calls/<key>/panel/<int:account_id>/dismiss")
@open_to(Role.ADMIN)
def dismiss(key: str, account_id: int) -> Page:
    """Take a judge's seat, with a reason."""
    with reading() as session:
        call = calls.call_by_key(session, key)
        demand(rules.why_not_dismiss(actor(), queries.docket_of(session, call.id)))
    form = DismissForm(prefix=f"seat{account_id}")
    if form.validate_on_submit():
        try:
            with transaction() as session:
                call = calls.call_by_key(session, key)
                operations.dismiss(
                    session, actor=actor(), call=call, account_id=account_id, reason=form.text("reason"), now=now()
                )
            flash("The judge has left the panel.", "success")
            return redirect(url_for("judging.panel", key=key), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return _panel_page(key, AppointForm(formdata=None), {account_id: form}), 422


@judging.post("/calls/<key>/finalists")
@open_to(Role.ADMIN)
def name_finalists(key: str) -> Page:
    """Name the entries that the panel judges; where some are tied at the maximum, with the word on them."""
    with reading() as session:
        tied = shortlist_of(session, calls.call_by_key(session, key)).tied
    form = tie_form([(one.entry.reference, one.entry.team) for one in tied])()
    if tied and not form.validate_on_submit():
        return _panel_page(key, AppointForm(formdata=None), {}, tie=form), 422
    try:
        with transaction() as session:
            call = calls.call_by_key(session, key)
            if tied:
                operations.settle_tie(
                    session, actor=actor(), call=call, taken=form.taken, reason=form.text("reason"), now=now()
                )
            chosen = operations.name_finalists(session, actor=actor(), call=call, now=now())
    except Invalid as invalid:
        form.refuse(invalid)
        return _panel_page(key, AppointForm(formdata=None), {}, tie=form), 422
    flash(f"Finalists named: {len(chosen.named)}. The panel has been told.", "success")
    return redirect(url_for("judging.panel", key=key), 303)


def _panel_page(key: str, form: AppointForm, refused: dict[int, DismissForm], *, tie: TieForm | None = None) -> str:
    with reading() as session:
        call = calls.call_by_key(session, key)
        call_rules = calls.rules_of(session, call)
        docket = queries.docket_of(session, call.id)
        demand(rules.why_not_look(docket, actor()))
        stands = queries.deciding_standing(session, call.id) is not None
        chosen = shortlist_of(session, call)
        judges = people.holders(session, Role.JUDGE)
    form.offer([one for one in judges if docket.seat(one.id) is None and one.id not in docket.competitors])
    named = {one.reference for one in docket.finalists}
    return render_template(
        "judging/panel.html",
        call=call,
        rules=call_rules,
        phase=call_rules.phase(PhaseKind.JUDGING),
        docket=docket,
        seats=[
            (seat, refused.get(seat.account_id) or DismissForm(formdata=None, prefix=f"seat{seat.account_id}"))
            for seat in docket.seats
        ],
        visible=docket.seen_by(actor().account_id or 0),
        qualifying=[one for one in chosen.named if one.entry.reference not in named],
        left_out=[one for one in chosen.left_out if one.entry.reference not in named] if stands else [],
        chosen=chosen,
        tie=tie or tie_form([(one.entry.reference, one.entry.team) for one in chosen.tied])(formdata=None),
        form=form,
        why_not_keep=rules.why_not_keep_panel(actor(), competes=False),
        why_not_dismiss=rules.why_not_dismiss(actor(), docket),
        why_not_name=rules.why_not_name_finalists(actor(), competes=False, state=call.state, board_stands=stands),
        why_not_table=rules.why_not_table(docket, actor()),
    )
