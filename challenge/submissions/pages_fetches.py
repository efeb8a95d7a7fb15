"""Pages of the models that are fetched from hubs: all of them for the office, and one fetched again at its word."""

from flask import flash, redirect, render_template, url_for

from challenge.foundation.permits import Invalid, Role, demand
from challenge.submissions import operations_fetches, queries, queries_fetches, rules
from challenge.submissions.fetch_endings import ENDINGS, MOST_ATTEMPTS
from challenge.submissions.forms import FetchAgainForm
from challenge.submissions.pages import Page, show_page, submissions
from challenge.web.access import open_to
from challenge.web.house import actor, house, now, reading, transaction

MOST_SHOWN = 200


@submissions.get("/fetches")
@open_to(Role.ADMIN, Role.AUDITOR)
def fetches() -> Page:
    """List the models that are fetched from hubs, those that wait or failed by our fault first."""
    with reading() as session:
        lines = queries_fetches.lines(session, actor().account_id, limit=MOST_SHOWN)
        workers = queries_fetches.fetchers(session, since=now() - queries_fetches.COUNTED_ON)
        trouble = queries_fetches.why_nobody_fetches(session, now=now())
    return render_template(
        "submissions/fetches.html",
        lines=lines,
        cut=len(lines) == MOST_SHOWN,
        workers=workers,
        trouble=trouble,
        hub=house().settings.hub,
        endings=ENDINGS,
        most_attempts=MOST_ATTEMPTS,
        now=now(),
    )


@submissions.post("/submissions/<reference>/fetch")
@open_to(Role.ADMIN)
def fetch_again(reference: str) -> Page:
    """Have the model of a submission fetched again, on record."""
    with reading() as session:
        submission = queries.submission_for(session, actor(), reference)
        found = queries_fetches.fetch(session, submission.id)
        stake = queries.stake_in(session, actor().account_id, submission)
        demand(rules.why_not_retry_fetch(actor(), stake, outcome=found.outcome))
    form = FetchAgainForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                operations_fetches.retry_fetch(
                    session,
                    actor=actor(),
                    submission=queries.submission_for(session, actor(), reference),
                    reason=form.text("reason"),
                    now=now(),
                )
            flash("It waits for a worker. Nobody's quota moves.", "success")
            return redirect(url_for("submissions.show", reference=reference, _anchor="fetch"), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return show_page(reference, form)
