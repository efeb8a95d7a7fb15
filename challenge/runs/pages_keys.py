"""The page where a team has the key of its endpoint deleted, after it has read what that means."""

from flask import flash, redirect, render_template, url_for

from challenge.calls import queries as calls
from challenge.foundation.permits import NotFound, demand
from challenge.runs import keys, operations_keys, queries_keys
from challenge.runs.forms import DeleteKeyForm
from challenge.runs.pages import Page, runs
from challenge.submissions import queries as submissions
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.house import actor, house, now, reading, transaction


@runs.get("/runs/of/<reference>/key")
@open_to(SIGNED_IN)
def key(reference: str) -> Page:
    """Say what deleting the key means, and offer it where the reader may."""
    return _page(reference, DeleteKeyForm(formdata=None))


@runs.post("/runs/of/<reference>/key")
@open_to(SIGNED_IN)
def delete_key(reference: str) -> Page:
    """Delete the key of an endpoint, once that is confirmed."""
    with reading() as session:
        submission = submissions.submission_for(session, actor(), reference)
        if submission.endpoint is None:
            raise NotFound
        demand(queries_keys.why_not_now(session, actor(), submission))
    form = DeleteKeyForm()
    if not form.validate_on_submit():
        return _page(reference, form), 422
    with transaction() as session:
        submission = submissions.submission_for(session, actor(), reference)
        operations_keys.delete_key(session, actor=actor(), submission=submission, now=now())
    flash("The key is deleted. Withdraw it at your endpoint too, if you have not.", "success")
    return redirect(url_for("submissions.show", reference=reference), 303)


def _page(reference: str, form: DeleteKeyForm) -> str:
    with reading() as session:
        submission = submissions.submission_for(session, actor(), reference)
        if submission.endpoint is None:
            raise NotFound
        call = calls.call(session, submission.call_id)
        rules = calls.rules_of(session, call)
        is_gone = queries_keys.is_gone(session, submission)
        why_not = queries_keys.why_not_now(session, actor(), submission)
    return render_template(
        "runs/key.html",
        submission=submission,
        call=call,
        zone=rules.zone,
        until=keys.kept_until(rules, house().settings.endpoint_key_days),
        is_gone=is_gone,
        why_not=why_not,
        form=form,
    )
