"""The page of one finalist: what was measured and found, the reader's own review, and the panel's after it."""

from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from challenge.calls.document import PhaseKind
from challenge.foundation.permits import Invalid, Role, demand
from challenge.judging import operations, queries, queries_entry, queries_evidence, rules
from challenge.judging.forms import DeclareForm, MarksForm, review_form
from challenge.judging.measures import TaskMeasure, top_sentence
from challenge.judging.pages import Page, judging
from challenge.judging.queries_entry import Measured
from challenge.judging.records import Review
from challenge.judging.rules_deeds import deeds
from challenge.judging.stances import stances
from challenge.people import queries as people
from challenge.runs.queries_papers import model_words
from challenge.web.access import open_to
from challenge.web.charts import Bar, interval
from challenge.web.charts_marked import between_anchors
from challenge.web.house import actor, house, now, reading, transaction


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
    return entry_page(key, reference, form), 422 if form.errors or form.form_errors else 200


def _keep(key: str, reference: str, form: MarksForm) -> Response:
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


def entry_page(key: str, reference: str, form: MarksForm) -> str:
    """Return the page of a finalist with the form of the reader's review."""
    with reading() as session:
        call, call_rules, panel = queries.panel_for(session, actor(), key)
        listing = queries.listing(session, call.id, reference)
        submission = listing.submission
        visible = {one.reference for one in panel.seen_by(actor().account_id or 0)}
        hidden = {one.reference for one in panel.finalists} - visible
        found = queries_entry.on_board(session, submission, hidden=hidden)
        evidence = queries_evidence.evidence_of(session, submission, found.suite, unranked=found.unranked)
        verdict = queries_entry.verdict(session, submission)
        why_not_others = rules.why_not_see_others(panel, actor(), submission.id)
        versions = [] if why_not_others else queries.versions_of(session, submission.id)
        consensus = [] if why_not_others else queries.consensus_versions(session, submission.id)
        names = people.names_of(session, [one.account_id for one in versions] + [c.recorded_by for c in consensus])
        own = queries.own_review(session, actor().account_id or 0, submission.id)
    in_office = actor().has(Role.ADMIN, Role.AUDITOR)
    model = evidence.model_sha256
    return render_template(
        "judging/entry.html",
        call=call,
        rules=call_rules,
        phase=call_rules.phase(PhaseKind.JUDGING),
        listing=listing,
        submission=submission,
        verdict=verdict,
        unranked=found.unranked,
        measured=found.measured,
        drawn=_drawn(found.measured, call_rules.selection.winners) if found.measured else None,
        evidence=evidence,
        model=model_words(house().files.open(model)) if model else "",
        deeds=deeds(panel, actor(), submission.id, call_rules=call_rules, now=now()),
        stances=stances(panel, submission.id, reader=actor().account_id, in_office=in_office),
        in_office=in_office,
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


def _drawn(measured: Measured, winners: int) -> dict[str, object]:
    """Draw an entry's bars, each with the words that stand for it."""
    found = measured.entry
    low, middle, high = (Decimal(text) for text in (found.low, found.points, found.high))
    ranks = Bar(Decimal(found.rank_low), Decimal(found.rank), Decimal(found.rank_high))
    span = f"{found.rank_low} to {found.rank_high}"
    return {
        "points": interval(
            Bar(low, middle, high), least=Decimal(0), most=Decimal(100),
            label=f"Points between {low:.2f} and {high:.2f} of 100",
        ),
        "ranks": interval(
            ranks, least=Decimal(1), most=Decimal(max(measured.entries, 2)),
            label=f"Rank {span} of {measured.entries}",
        ),
        "tasks": {task.name: _between(task) for task in measured.tasks},
        "top": top_sentence(found, winners=winners, sure=measured.sure),
    }  # fmt: skip


def _between(task: TaskMeasure) -> Markup:
    if task.way is None:
        return Markup("")
    label = (
        f"{task.title}: {task.way.middle:.3f} of the way from floor to ceiling, "
        f"between {task.way.low:.3f} and {task.way.high:.3f}"
    )
    return between_anchors(Bar(task.way.low, task.way.middle, task.way.high), label=label)
