"""The page where an admin has everything on a suite evaluated again."""

from flask import flash, redirect, render_template, url_for
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind

from challenge.calls import queries as calls
from challenge.foundation.permits import Invalid, Role
from challenge.runs import operations, queries_queue
from challenge.runs.forms import RejudgeForm
from challenge.runs.pages import Page, runs
from challenge.web.access import open_to
from challenge.web.house import actor, now, reading, transaction


@runs.get("/runs/rejudge")
@runs.post("/runs/rejudge")
@open_to(Role.ADMIN)
def rejudge() -> Page:
    """Open a further round for every submission on a suite."""
    with reading() as session:
        suites = queries_queue.rejudge_lines(session, actor().account_id)
    form = RejudgeForm()
    form.suite.choices = [SelectChoice(str(line.suite.id), f"{line.call.title}: {line.suite.title}") for line in suites]
    if form.validate_on_submit():
        try:
            with transaction() as session:
                suite = calls.suite(session, int(form.text("suite")))
                opened = operations.rejudge(
                    session,
                    actor=actor(),
                    call=calls.call(session, suite.call_id),
                    suite=suite,
                    reason=form.text("reason"),
                    now=now(),
                )
            flash(f"Further rounds are opened: {opened:,}. Boards follow as they end.", "success")
            return redirect(url_for("runs.queue"), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    refused = bool(form.errors or form.form_errors)
    return render_template("runs/rejudge.html", form=form, suites=suites), 422 if refused else 200
