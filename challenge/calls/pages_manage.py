"""Pages where an admin brings a call from file to opening and freezing; added to the blueprint, which is offered on."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for

from challenge.calls import operations, queries, rules
from challenge.calls.callfile import parse_call
from challenge.calls.forms import CallFileForm, SuiteForm
from challenge.calls.importing.originals import Original
from challenge.calls.operations_suite import LARGEST_SUITE
from challenge.calls.pages import Page
from challenge.calls.pages import calls as calls
from challenge.calls.problems import CallFileErrors, Problem
from challenge.calls.records import Call
from challenge.calls.suites import read_summary
from challenge.foundation.permits import Invalid, Role, demand
from challenge.web.access import open_to
from challenge.web.house import actor, house, now, reading, transaction
from challenge.web.sizes import LARGEST_FORM, takes_up_to


@calls.get("/calls/new")
@calls.post("/calls/new")
@open_to(Role.ADMIN)
def new() -> Page:
    """Import a new call."""
    form = CallFileForm()
    call, problems = take_call_file(form) if form.validate_on_submit() else (None, ())
    if call is not None:
        flash(f"The rules are in: version {call.version}, a draft. Add the suites next.", "success")
        return redirect(url_for("calls.manage", key=call.key), 303)
    code = 422 if form.errors or form.form_errors or problems else 200
    return render_template("calls/new.html", form=form, problems=problems), code


@calls.get("/calls/<key>/manage")
@open_to(Role.ADMIN, Role.AUDITOR)
def manage(key: str) -> Page:
    """Show where a call stands and what can be done next."""
    return _manage_page(key, CallFileForm(formdata=None), SuiteForm(formdata=None))


@calls.post("/calls/<key>/versions")
@open_to(Role.ADMIN)
def import_version(key: str) -> Page:
    """Import a new version of a draft."""
    with reading() as session:
        demand(rules.why_not_import(actor(), state=queries.call_by_key(session, key).state))
    form = CallFileForm()
    call, problems = take_call_file(form, key) if form.validate_on_submit() else (None, ())
    if call is not None:
        flash(f"Version {call.version} is in force.", "success")
        return redirect(url_for("calls.manage", key=key), 303)
    return _manage_page(key, form, SuiteForm(formdata=None), problems), 422


@calls.post("/calls/<key>/suites")
@open_to(Role.ADMIN)
@takes_up_to(LARGEST_SUITE + LARGEST_FORM)
def add_suite(key: str) -> Page:
    """Check a suite, keep its files, and add it to a draft."""
    form = SuiteForm()
    with reading() as session:
        call = queries.call_by_key(session, key)
        demand(rules.why_not_add_suite(actor(), state=call.state))
        form.offer(queries.rules_of(session, call))
    if form.validate_on_submit():
        try:
            prepared = operations.prepare_upload(form.archive.data.stream)
            file, starter = operations.keep_suite(house().files, prepared)
            with transaction() as session:
                operations.add_suite(
                    session,
                    actor=actor(),
                    call=queries.call_by_key(session, key),
                    key=form.text("suite"),
                    title=prepared.title,
                    digest=prepared.digest,
                    file=file,
                    starter=starter,
                    summary=prepared.summary,
                    takes=prepared.takes,
                    now=now(),
                )
            flash(f"The suite {form.text('suite')} is checked and added.", "success")
            return redirect(url_for("calls.manage", key=key), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return _manage_page(key, CallFileForm(formdata=None), form), 422


@calls.post("/calls/<key>/open")
@open_to(Role.ADMIN)
def open_call(key: str) -> Page:
    """Open a draft."""
    with transaction() as session:
        operations.open_call(session, actor=actor(), call=queries.call_by_key(session, key), now=now())
    flash("The call is open; its rules and suites stand from now on.", "success")
    return redirect(url_for("calls.manage", key=key), 303)


@calls.post("/calls/<key>/freeze")
@open_to(Role.ADMIN)
def freeze_call(key: str) -> Page:
    """Freeze an open call."""
    with transaction() as session:
        operations.freeze_call(session, actor=actor(), call=queries.call_by_key(session, key), now=now())
    flash("The call is frozen; its boards can be frozen and its finalists named.", "success")
    return redirect(url_for("calls.manage", key=key), 303)


def take_call_file(
    form: CallFileForm, key: str | None = None, *, original: Original | None = None
) -> tuple[Call | None, Sequence[Problem]]:
    """Import the form's call file, as a version of the call `key` where one is given.

    `original` is the bundle that it was made from, if it was.

    Returns nothing and what is wrong where it cannot be imported; the form carries what has no line.
    """
    try:
        parsed = parse_call(form.content())
        with transaction() as session:
            call = queries.call_by_key(session, key) if key else None
            imported = operations.import_call(
                session, actor=actor(), parsed=parsed, now=now(), call=call, original=original
            )
            return imported, ()
    except CallFileErrors as error:
        return None, error.problems
    except Invalid as invalid:
        form.refuse(invalid)
        return None, ()


def _manage_page(key: str, file_form: CallFileForm, suite_form: SuiteForm, problems: Sequence[Problem] = ()) -> str:
    with reading() as session:
        call = queries.call_by_key(session, key)
        terms, version = queries.rules_of(session, call), queries.version_of(session, call)
        original = queries.original_of(session, call)
        added = {suite.key: (suite, read_summary(suite.summary)) for suite in queries.suites_of(session, call)}
    takes = {key: suite.takes for key, (suite, _) in added.items()}
    asked = {key: summary.asked for key, (_, summary) in added.items()}
    suite_form.offer(terms)
    return render_template(
        "calls/manage.html",
        call=call,
        rules=terms,
        version=version,
        original=original,
        may_open_original=actor().has(Role.ADMIN),
        added=added,
        file_form=file_form,
        suite_form=suite_form,
        problems=problems,
        why_not_import=rules.why_not_import(actor(), state=call.state),
        why_not_add=rules.why_not_add_suite(actor(), state=call.state),
        why_not_open=rules.why_not_open(actor(), state=call.state, rules=terms, suites=takes, asked=asked, now=now()),
        why_not_freeze=rules.why_not_freeze(actor(), state=call.state, rules=terms, now=now()),
    )
