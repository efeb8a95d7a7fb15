"""Pages where a team tries its entry on the public part, before it uses a place of its quota."""

from dataclasses import dataclass

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind

from challenge.calls import queries as calls
from challenge.calls.document import Rules
from challenge.calls.records import Call, CallSuite
from challenge.calls.states import CallState, EntryKind
from challenge.calls.suites import read_summary
from challenge.foundation.permits import Invalid, NotFound, WhyNot
from challenge.runs import failures, operations_trials, queries, queries_papers, queries_trials, rules_trials
from challenge.runs.counting import TaskCount, task_counts
from challenge.runs.forms import EndpointTrialForm, TrialForm
from challenge.runs.operations_trials import Tried
from challenge.runs.pages import Page, runs
from challenge.runs.pages_outputs import PUBLIC
from challenge.runs.queries_trials import TrialView
from challenge.runs.records_trials import Trial
from challenge.runs.states import Outcome, RunState
from challenge.submissions import queries as submissions
from challenge.submissions.endpoint import EXAMPLE
from challenge.submissions.entry import file_name
from challenge.submissions.pages_submit import keep_upload
from challenge.submissions.rules import NOT_MEMBER
from challenge.teams import queries as teams
from challenge.teams import stakes
from challenge.teams.records import Team
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.charts import progress
from challenge.web.entrance import let_in, reads_for_itself
from challenge.web.house import actor, house, now, reading, transaction
from challenge.web.words import size


@dataclass(frozen=True)
class Gate:
    """What was known of a request before its body was read."""

    call: Call
    rules: Rules
    suites: list[CallSuite]
    takes: EntryKind
    team: Team | None
    left: int
    why_not: WhyNot
    trials: list[Trial]

    @property
    def limit(self) -> int:
        """How many bytes the file may have."""
        limits = self.rules.limits
        return limits.package if self.takes is EntryKind.MODEL else limits.predictions

    @property
    def hosts(self) -> list[str]:
        """The hosts of endpoints that may be tried; none where the call takes no endpoints."""
        return sorted(house().settings.allowed_hosts) if self.rules.endpoints and self.takes is EntryKind.MODEL else []

    @property
    def files_room(self) -> int:
        """The same: only one file is tried at once."""
        return self.limit


@runs.get("/calls/<key>/trial")
@runs.post("/calls/<key>/trial")
@open_to(SIGNED_IN)
@reads_for_itself(runs)
def try_out(key: str) -> Page:
    """Try a file on the public part of a suite, and list the team's trials."""
    return let_in(_look(key), show=_shown, take=_taken, too_long=_too_large)


@runs.get("/trials/<int:trial_id>")
@open_to(SIGNED_IN)
def trial(trial_id: int) -> Page:
    """Show where a trial is, or all that came of it."""
    with reading() as session:
        view = queries_trials.trial_for(session, actor(), trial_id)
        zone = calls.rules_of(session, view.call).zone
    found = view.trial
    kind = failures.class_of(found.outcome) if found.outcome else None
    in_office = stakes.in_office(actor(), view.stake)
    said, total, page = _said(view)
    return render_template(
        "runs/trial.html",
        view=view,
        trial=found,
        kind=kind,
        remedy=kind.remedy_for(is_model=found.entry is EntryKind.MODEL) if kind else "",
        scores=queries.scores_in(found.report, found.intervals, private=False) if found.report else [],
        notes=queries.notes_in(found.report, private=False) if found.report else [],
        # what the engine said of a fault that is not the team's may speak of hidden labels
        problems=found.problems if in_office or (kind and kind.owner is failures.Owner.TEAM) else [],
        bar=progress(found.done, found.total, label=f"{found.done:,} of {found.total:,} items are done."),
        tasks=_counts(view),
        events=queries_trials.events_in(found),
        said=said,
        total=total,
        page=page,
        pages=max(-(-total // queries_papers.A_PAGE), 1),
        zone=zone,
    )


@runs.get("/trials/<int:trial_id>/papers/<name>")
@open_to(SIGNED_IN)
def trial_paper(trial_id: int, name: str) -> Page:
    """Give a file that the engine left; a trial meets no hidden item, so all of it is the team's."""
    with reading() as session:
        view = queries_trials.trial_for(session, actor(), trial_id)
    sha256 = view.trial.papers.get(name)
    if sha256 is None or not house().files.has(sha256):
        raise NotFound
    return send_file(
        house().files.path(sha256),
        mimetype="application/octet-stream",  # what a model says is nothing for a browser to open by itself
        as_attachment=True,
        download_name=f"trial-{trial_id}-{name}",
        etag=sha256,
        max_age=0,
    )


def _look(key: str) -> Gate | None:
    """Look at everything that can be known before the body is read; None where there is no such call."""
    try:
        with reading() as session:
            call = calls.call_by_key(session, key)
            if call.state is CallState.DRAFT:
                return None
            terms, suites = calls.rules_of(session, call), calls.suites_of(session, call)
            takes = calls.takes_of(session, call)
            team = teams.team_of(session, call_id=call.id, account_id=actor().account_id)
            if team is None:
                return Gate(call, terms, suites, takes, None, 0, NOT_MEMBER, [])
            tried = queries_trials.tried(session, team.id, now=now())
            there = submissions.situation(session, actor=actor(), call=call, rules=terms, team=team, now=now())
            why_not = rules_trials.why_not_try(there, tried=tried)
            left = max(rules_trials.TRIALS_A_DAY - tried, 0)
            return Gate(call, terms, suites, takes, team, left, why_not, queries_trials.trials_of(session, team.id))
    except NotFound:
        return None


def _shown(gate: Gate) -> Page:
    return _page(gate, _form(gate))


def _taken(gate: Gate) -> Page:
    form = _form(gate)
    if form.validate_on_submit():
        try:
            return redirect(url_for("runs.trial", trial_id=_asked(gate, form)), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return _page(gate, form), 422


def _too_large(gate: Gate) -> Page:
    sentence = f"What you sent is longer than the {size(gate.limit)} that may be tried. It was not read."
    return render_template("web/error.html", code=413, title="Too large", sentence=sentence), 413


def _form(gate: Gate) -> TrialForm:
    form = EndpointTrialForm() if gate.hosts else TrialForm()
    form.suite.choices = [SelectChoice(suite.key, suite.title) for suite in gate.suites]
    return form


def _asked(gate: Gate, form: TrialForm) -> int:
    """Keep the file, if it is one, let it wait, and return the number of the trial."""
    entry = _tried(gate, form)
    with transaction() as session:
        call = calls.call(session, gate.call.id)
        return operations_trials.ask_trial(
            session,
            actor=actor(),
            call=call,
            rules=gate.rules,
            team=teams.team(session, gate.team.id if gate.team else 0),
            suite=calls.suite_by_key(session, call, form.text("suite")),
            entry=entry,
            now=now(),
        ).id


def _tried(gate: Gate, form: TrialForm) -> Tried:
    endpoint = form.endpoint() if isinstance(form, EndpointTrialForm) else None
    if endpoint is not None:
        return Tried(endpoint=endpoint, sealer=house().sealer, hosts=house().settings.allowed_hosts)
    upload: FileStorage | None = form.file.data
    if not upload:
        raise Invalid("Choose the zip that holds your model.", "file")
    file = keep_upload(upload, "file", gate.limit, is_package=gate.takes is EntryKind.MODEL)
    return Tried(file=file, name=file_name(upload.filename or "", otherwise="entry"))


def _page(gate: Gate, form: TrialForm) -> str:
    return render_template(
        "runs/try.html",
        call=gate.call,
        rules=gate.rules,
        takes=gate.takes,
        limit=gate.limit,
        hosts=gate.hosts,
        example=EXAMPLE,
        budget=(rules_trials.TRIAL_REQUESTS, rules_trials.TRIAL_TOKENS),
        team=gate.team,
        left=gate.left,
        a_day=rules_trials.TRIALS_A_DAY,
        why_not=gate.why_not,
        trials=gate.trials,
        titles={suite.id: suite.title for suite in gate.suites},
        form=form,
    )


def _counts(view: TrialView) -> list[TaskCount]:
    found = view.trial
    if found.state is not RunState.RUNNING or found.total == 0:
        return []
    is_model = found.entry is not EntryKind.PREDICTIONS
    return task_counts(read_summary(view.suite.summary).tasks, found.done, is_model=is_model, only_public=is_model)


def _said(view: TrialView) -> tuple[list[queries_papers.Said], int, int]:
    """Return the page asked for of what the model said, how many items there are, and which page it is."""
    found, asked = view.trial, request.args.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 7 else 1
    if found.outcome is not Outcome.SCORED or PUBLIC not in found.papers:
        return [], 0, 1
    files, tasks = house().files, list(read_summary(view.suite.summary).tasks)
    outputs, items = files.open(found.papers[PUBLIC]), files.open(found.items_sha256)
    said, total = queries_papers.said_page(outputs, items, tasks, page=max(page, 1))
    if not said and page != 1:
        raise NotFound
    return said, total, max(page, 1)
