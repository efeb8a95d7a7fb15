"""The page on which the chair or an admin records what the panel agreed on."""

from flask import flash, redirect, render_template, url_for

from challenge.foundation.permits import Invalid, Role, demand
from challenge.judging import operations, pages_review, queries, rules
from challenge.judging.forms import consensus_form
from challenge.judging.pages import Page, judging
from challenge.judging.table import row
from challenge.web.access import open_to
from challenge.web.house import actor, now, reading, transaction

__all__ = ["agree", "pages_review"]


@judging.get("/judging/<key>/<reference>/consensus")
@judging.post("/judging/<key>/<reference>/consensus")
@open_to(Role.JUDGE, Role.ADMIN)
def agree(key: str, reference: str) -> Page:
    """Record what the panel agreed on for one finalist."""
    with reading() as session:
        call, call_rules, docket = queries.panel_for(session, actor(), key)
        listing = queries.listing(session, call.id, reference)
        demand(rules.why_not_agree(docket, actor(), listing.submission.id, rules=call_rules, now=now()))
        before = queries.consensus_of(session, listing.submission.id)
    listed = docket.listed(reference)
    form = consensus_form(call_rules.criteria)(
        data={f"halves_{name}": str(value) for name, value in before.halves.items()} if before else {}
    )
    if form.validate_on_submit():
        try:
            with transaction() as session:
                operations.record_consensus(
                    session,
                    actor=actor(),
                    submission=queries.listing(session, call.id, reference).submission,
                    halves=form.halves,
                    statement=form.text("statement"),
                    reason=form.text("reason"),
                    now=now(),
                )
            flash("What the panel agreed on is recorded.", "success")
            return redirect(url_for("judging.table", key=key), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    page = render_template(
        "judging/consensus.html",
        call=call,
        rules=call_rules,
        listing=listing,
        row=row(docket, listed, call_rules, is_open=True) if listed else None,
        before=before,
        form=form,
    )
    return page, 422 if form.errors or form.form_errors else 200
