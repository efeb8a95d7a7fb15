"""Pages of a judge: the list of finalists, and declarations of conflict."""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from challenge.calls.document import PhaseKind
from challenge.foundation.permits import Invalid, Role, demand
from challenge.judging import operations, queries, rules
from challenge.judging.forms import DeclareForm
from challenge.web.access import open_to
from challenge.web.house import actor, now, reading, transaction

judging = Blueprint("judging", __name__, template_folder="templates")
Page = str | Response | tuple[str, int]


@judging.get("/judging/<key>")
@open_to(Role.JUDGE, Role.ADMIN, Role.AUDITOR)
def docket(key: str) -> Page:
    """List the finalists for a judge: names to declare on, then the entries that are open to them."""
    return _list_page(key, {})


@judging.post("/judging/<key>/<reference>/declare")
@open_to(Role.JUDGE)
def declare(key: str, reference: str) -> Page:
    """Declare whether there is a conflict of interest with a finalist."""
    with reading() as session:
        call, _, panel = queries.panel_for(session, actor(), key)
        listing = queries.listing(session, call.id, reference)
        # whoever may not even declare a conflict may declare nothing, whatever the form says
        demand(rules.why_not_declare(panel, actor(), listing.submission.id, conflict=True))
    form = DeclareForm(prefix=reference)
    if form.validate_on_submit():
        conflict = form.text("conflict") == "yes"
        try:
            with transaction() as session:
                listing = queries.listing(session, call.id, reference)
                operations.declare(
                    session,
                    actor=actor(),
                    submission=listing.submission,
                    conflict=conflict,
                    statement=form.text("statement"),
                    now=now(),
                )
            flash(
                "Declared. You stand back from this entry." if conflict else "Declared. The entry is open.", "success"
            )
            return redirect(url_for("judging.docket", key=key), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return make_response(_list_page(key, {reference: form}), 422)


def _list_page(key: str, refused: dict[str, DeclareForm]) -> str | Response:
    with reading() as session:
        call, call_rules, panel = queries.panel_for(session, actor(), key)
    seat = panel.seat(actor().account_id)
    if seat is None:
        return redirect(url_for("judging.panel", key=key), 303)
    cards = [
        (
            listed,
            panel.duty(seat.account_id, listed.submission_id),
            refused.get(listed.reference) or DeclareForm(formdata=None, prefix=listed.reference),
        )
        for listed in panel.finalists
    ]
    return render_template(
        "judging/docket.html",
        call=call,
        rules=call_rules,
        phase=call_rules.phase(PhaseKind.JUDGING),
        why_not_now=rules.why_not_now(call_rules, now=now()),
        why_not_table=rules.why_not_table(panel, actor()),
        cards=cards,
        panel=panel,
        seat=seat,
    )
