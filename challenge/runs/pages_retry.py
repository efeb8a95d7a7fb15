"""The button with which an admin has one run evaluated again that ended by no fault of its team."""

from flask import flash, redirect, url_for

from challenge.foundation.permits import Invalid, Role, demand
from challenge.runs import operations, queries
from challenge.runs.forms import ReasonForm
from challenge.runs.pages import Page, run_page, runs, why_not_retry
from challenge.web.access import open_to
from challenge.web.house import actor, now, reading, transaction


@runs.post("/runs/<int:run_id>/retry")
@open_to(Role.ADMIN)
def retry(run_id: int) -> Page:
    """Open a further round of one run, with a reason, on record."""
    with reading() as session:
        demand(why_not_retry(queries.run_for(session, actor(), run_id)))
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                run = queries.run(session, run_id)
                opened = operations.retry(session, actor=actor(), run=run, reason=form.text("reason"), now=now())
            flash(f"Round {opened.round} waits for a worker. Nobody's quota moves.", "success")
            return redirect(url_for("runs.run", run_id=opened.id), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return run_page(run_id, form)
