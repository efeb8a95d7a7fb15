"""Takes a judge's review: kept while it is written, submitted, or given up for a conflict; and never lost."""

from collections.abc import Callable

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from challenge.foundation.permits import Invalid, Refused, Role, WhyNot, demand
from challenge.judging import operations, queries, rules
from challenge.judging.forms import ReviewForm, as_typed, review_form
from challenge.judging.pages import Page, judging
from challenge.judging.pages_entry import entry_page
from challenge.judging.records import Review
from challenge.web.access import open_to
from challenge.web.errors import STALE
from challenge.web.house import actor, now, reading, transaction

WRITES = frozenset({"judging.review", "judging.abstain", "judging.draft"})
"""Endpoints that take what a judge wrote; whatever refuses it, the words come back."""
TOO_OLD = (
    "The form lay open for more than twelve hours, so it was not taken. What you wrote stands here: send it again."
)
SIGNED_OUT = (
    "You were signed out while you wrote, so nothing was taken. What you wrote stands below. Sign in in another "
    "window, then send it from here."
)
KEPT = "It is not submitted. What you wrote is kept as a draft, so you may leave this page."
NOT_KEPT = "It is not submitted, nor kept as a draft: mend what is named below, or copy your words before you leave."
Deed = Callable[..., Review]
"""Saves, keeps or submits; all three take the same."""


@judging.post("/judging/<key>/<reference>")
@open_to(Role.JUDGE, Role.ADMIN, Role.AUDITOR)
def review(key: str, reference: str) -> Page:
    """Take a judge's review, as a draft or for good."""
    form = _form(key, reference)
    whole = request.form.get("deed") == "submit"
    if form.validate_on_submit():
        try:
            _do(key, reference, form, operations.submit_review if whole else operations.save_review)
            flash("Your review is submitted." if whole else "Your draft is kept; only you see it.", "success")
            return redirect(url_for("judging.entry", key=key, reference=reference), 303)
        except operations.ChangedElsewhere as changed:
            form.refuse(changed)
            return entry_page(key, reference, form)
        except Invalid as invalid:
            form.refuse(invalid)
    return entry_page(key, reference, form, said=_kept_anyway(key, reference, form))


@judging.post("/judging/<key>/<reference>/draft")
@open_to(Role.JUDGE)
def draft(key: str, reference: str) -> Page:
    """Keep what is being written, for the page's script: says whether it is kept, and from what to go on."""
    try:
        form = _form(key, reference)
        form.validate_on_submit()
        kept = _do(key, reference, form, operations.keep_draft)
    except operations.ChangedElsewhere as changed:
        return _told(409, kept=False, stop=True, sentence=changed.sentence)
    except Refused as refused:
        return _told(403, kept=False, stop=True, sentence=refused.sentence)
    except Invalid as invalid:
        return _told(422, kept=False, stop=False, sentence=invalid.sentence)
    return _told(200, kept=True, sentence=f"Draft kept at {now():%H:%M} UTC.", basis=kept.written.digest)


@judging.post("/judging/<key>/<reference>/abstain")
@open_to(Role.JUDGE)
def abstain(key: str, reference: str) -> Page:
    """Give an entry up because of a conflict that came to light while judging it."""
    with reading() as session:
        call, call_rules, panel = queries.panel_for(session, actor(), key)
        submission = queries.listing(session, call.id, reference).submission
        demand(rules.why_not_read(panel, actor(), submission.id))
        demand(rules.why_not_declare(panel, actor(), submission.id, conflict=True))
    form = review_form(call_rules.criteria)()
    try:
        with transaction() as session:
            submission = queries.listing(session, call.id, reference).submission
            operations.declare(
                session,
                actor=actor(),
                submission=submission,
                conflict=True,
                statement=form.text("statement"),
                now=now(),
            )
        flash("Declared. You stand back from this entry.", "success")
        return redirect(url_for("judging.docket", key=key), 303)
    except Invalid as invalid:
        form.refuse(invalid)
    return entry_page(key, reference, form)


@judging.errorhandler(Refused)
def _refused(error: Refused) -> tuple[str, int]:
    """Send a judge's words back with the refusal, so that a closed phase or an ended sitting costs nobody a review."""
    if request.endpoint not in WRITES or not request.form or not _from_here():
        return _plain(403, "Not allowed", error.sentence)
    sentence = error.sentence if actor().signed_in else SIGNED_OUT
    return render_template(
        "judging/sent_back.html", sentence=sentence, words=_words(), again=not actor().signed_in
    ), 403


@judging.errorhandler(CSRFError)
def _stale(_error: CSRFError) -> Page:
    """Put the words back into the form where its token is too old; only where they surely came from this site."""
    if request.endpoint != "judging.review" or not _from_here() or not actor().signed_in:
        return _plain(400, "Form out of date", STALE)
    arguments = request.view_args or {}
    try:
        form = _form(arguments["key"], arguments["reference"])
    except Refused as refused:
        return _refused(refused)
    form.form_errors.append(TOO_OLD)
    return entry_page(arguments["key"], arguments["reference"], form)


def _form(key: str, reference: str) -> ReviewForm:
    """Return the form as it was sent; raise Refused where the reader may not review the entry now."""
    with reading() as session:
        call, call_rules, panel = queries.panel_for(session, actor(), key)
        submission = queries.listing(session, call.id, reference).submission
        demand(rules.why_not_read(panel, actor(), submission.id))
        demand(rules.why_not_review(panel, actor(), submission.id, rules=call_rules, now=now()))
        own = queries.own_review(session, actor().account_id or 0, submission.id)
    return review_form(call_rules.criteria)(data=as_typed(own))


def _do(key: str, reference: str, form: ReviewForm, deed: Deed) -> Review:
    with transaction() as session:
        call, _, _ = queries.panel_for(session, actor(), key)
        submission = queries.listing(session, call.id, reference).submission
        return deed(
            session,
            actor=actor(),
            submission=submission,
            written=form.written,
            now=now(),
            basis=form.text("basis"),
        )


def _kept_anyway(key: str, reference: str, form: ReviewForm) -> str:
    """Keep what is sound of a refused review as a draft, and say whether that went well."""
    try:
        _do(key, reference, form, operations.keep_draft)
    except Invalid:
        return NOT_KEPT
    return KEPT


def _words() -> list[tuple[str, str, str]]:
    """Return every field that was sent, with a label for it, less the token."""
    return [
        (
            name,
            name.replace("halves_", "score, in half marks, for ").replace("comments_", "comment on ").replace("_", " "),
            value,
        )
        for name, value in request.form.items()
        if name != "csrf_token" and value
    ]


def _from_here() -> bool:
    """Tell whether the request surely comes from a page of this site: another's words are never shown as a judge's."""
    site = request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" or (site is None and request.headers.get("Origin") == request.host_url.rstrip("/"))


def _told(code: int, **said: object) -> Response:
    response: Response = jsonify(said)
    response.status_code = code
    return response


def _plain(code: int, title: str, sentence: WhyNot) -> tuple[str, int]:
    return render_template("web/error.html", code=code, title=title, sentence=sentence), code
