"""Pages of the whole panel: scores side by side, and what the panel agreed on."""

from flask import flash, redirect, render_template, url_for

from challenge.foundation.permits import Invalid, Role, demand
from challenge.judging import operations, pages_panel, pages_review, queries, queries_entry, rules
from challenge.judging.forms import consensus_form
from challenge.judging.pages import Page, judging
from challenge.judging.table import row
from challenge.web.access import open_to
from challenge.web.house import actor, now, reading, transaction

__all__ = ["agree", "judging", "pages_panel", "pages_review", "table"]


@judging.get("/judging/<key>/table")
@open_to(Role.JUDGE, Role.ADMIN, Role.AUDITOR)
def table(key: str) -> Page:
    """Show the panel's scores side by side, less the entries from which the reader stands back."""
    with reading() as session:
        call, call_rules, docket = queries.panel_for(session, actor(), key)
        demand(rules.why_not_table(docket, actor()))
        seen = docket.seen_by(actor().account_id or 0)
        measured = queries_entry.board_entries(session, call.id, [one.reference for one in seen])
    rows = [
        row(
            docket,
            listed,
            call_rules,
            is_open=rules.why_not_see_others(docket, actor(), listed.submission_id) is None,
        )
        for listed in seen
    ]
    why_not_agree = {
        one.reference: rules.why_not_agree(docket, actor(), one.submission_id, rules=call_rules, now=now())
        for one in seen
    }
    return render_template(
        "judging/table.html",
        call=call,
        rules=call_rules,
        rows=rows,
        measured=measured,
        why_not_agree=why_not_agree,
        seat=docket.seat(actor().account_id),
    )


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
