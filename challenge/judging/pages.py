"""Pages of a judge: the list of finalists, declarations of conflict, one entry with its review."""

from decimal import Decimal

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from challenge.calls.document import PhaseKind
from challenge.foundation.permits import Invalid, Role, demand
from challenge.judging import operations, queries, queries_entry, rules
from challenge.judging.forms import DeclareForm, MarksForm, review_form
from challenge.judging.records import Review
from challenge.people import queries as people
from challenge.standings.ranking import Entry
from challenge.web.access import open_to
from challenge.web.charts import Bar, interval
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


@judging.get("/judging/<key>/<reference>")
@judging.post("/judging/<key>/<reference>")
@open_to(Role.JUDGE, Role.ADMIN, Role.AUDITOR)
def entry(key: str, reference: str) -> Page:
    """Show a finalist to those who may judge or oversee it, and take a judge's review."""
    with reading() as session:
        call, call_rules, panel = queries.panel_for(session, actor(), key)
        listing = queries.listing(session, call.id, reference)
        demand(rules.why_not_read(panel, actor(), listing.submission.id))
        if request.method == "POST":
            demand(rules.why_not_review(panel, actor(), listing.submission.id, rules=call_rules, now=now()))
        own = queries.own_review(session, actor().account_id or 0, listing.submission.id)
    form = review_form(call_rules.criteria)(data=_as_typed(own))
    if form.validate_on_submit():
        try:
            return _keep(key, reference, form)
        except Invalid as invalid:
            form.refuse(invalid)
    return _entry_page(key, reference, form), 422 if form.errors or form.form_errors else 200


def _keep(key: str, reference: str, form: MarksForm) -> Page:
    whole = request.form.get("deed") == "submit"
    operation = operations.submit_review if whole else operations.save_review
    with transaction() as session:
        call, _, _ = queries.panel_for(session, actor(), key)
        listing = queries.listing(session, call.id, reference)
        operation(
            session,
            actor=actor(),
            submission=listing.submission,
            halves=form.halves,
            comments=form.comments,
            now=now(),
        )
    flash("Your review is submitted." if whole else "Your draft is kept; only you see it.", "success")
    return redirect(url_for("judging.entry", key=key, reference=reference), 303)


def _as_typed(review: Review | None) -> dict[str, str]:
    """Return a kept review as the form's fields."""
    if review is None:
        return {}
    marks = {f"halves_{name}": str(value) for name, value in review.halves.items()}
    return {**marks, **{f"comments_{name}": text for name, text in review.comments.items()}}


def _drawn(found: Entry) -> Markup:
    low, middle, high = (Decimal(text) for text in (found.low, found.points, found.high))
    label = f"Points between {low:.2f} and {high:.2f} of 100"
    return interval(Bar(low, middle, high), least=Decimal(0), most=Decimal(100), label=label)


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


def _entry_page(key: str, reference: str, form: MarksForm) -> str:
    with reading() as session:
        call, call_rules, panel = queries.panel_for(session, actor(), key)
        listing = queries.listing(session, call.id, reference)
        submission = listing.submission
        visible = {one.reference for one in panel.seen_by(actor().account_id or 0)}
        hidden = {one.reference for one in panel.finalists} - visible
        measured = queries_entry.measured(session, submission, hidden=hidden)
        verdict = queries_entry.verdict(session, submission)
        why_not_others = rules.why_not_see_others(panel, actor(), submission.id)
        versions = [] if why_not_others else queries.versions_of(session, submission.id)
        consensus = [] if why_not_others else queries.consensus_versions(session, submission.id)
        names = people.names_of(session, [one.account_id for one in versions] + [c.recorded_by for c in consensus])
        own = queries.own_review(session, actor().account_id or 0, submission.id)
    return render_template(
        "judging/entry.html",
        call=call,
        rules=call_rules,
        phase=call_rules.phase(PhaseKind.JUDGING),
        listing=listing,
        submission=submission,
        verdict=verdict,
        measured=measured,
        drawn=_drawn(measured.entry) if measured else "",
        seat=panel.seat(actor().account_id),
        own=own,
        form=form,
        declare=DeclareForm(formdata=None, prefix=reference),
        why_not_review=rules.why_not_review(panel, actor(), submission.id, rules=call_rules, now=now()),
        why_not_step_back=rules.why_not_declare(panel, actor(), submission.id, conflict=True),
        why_not_others=why_not_others,
        versions=versions,
        consensus=consensus,
        names=names,
    )
