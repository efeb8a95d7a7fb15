"""Pages of the queue: all runs for the office, one run for its team, live while it is evaluated."""

from dataclasses import asdict
from datetime import timedelta

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from challenge.calls import queries as calls
from challenge.calls.states import EntryKind
from challenge.calls.suites import read_summary
from challenge.foundation.permits import Role, WhyNot
from challenge.runs import failures, operations, queries, queries_papers, queries_queue, queries_trials, rules, usage
from challenge.runs.counting import TaskCount, task_counts
from challenge.runs.forms import OUTCOMES, STATES, ReasonForm
from challenge.runs.queries import RunView
from challenge.runs.states import RunState
from challenge.submissions import queries as submissions
from challenge.teams import stakes
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.charts import progress
from challenge.web.headers import CONTENT_SECURITY
from challenge.web.house import actor, house, now, reading, transaction
from challenge.web.words import instant

runs = Blueprint("runs", __name__, template_folder="templates")
Page = str | Response | tuple[str, int]
FACTS = "model.json"
HEARD_WITHIN = timedelta(hours=1)
SILENT_AFTER = timedelta(minutes=2)


@runs.get("/runs")
@open_to(Role.ADMIN, Role.AUDITOR)
def queue() -> Page:
    """Show the queue, who works on it, and how runs ended."""
    state, outcome = STATES.get(request.args.get("state", "")), OUTCOMES.get(request.args.get("outcome", ""))
    with reading() as session:
        lines = queries_queue.queue(session, actor().account_id, now=now(), state=state, outcome=outcome)
        workers = queries_queue.workers(session, since=now() - HEARD_WITHIN)
        waiting = queries_queue.waiting_count(session)
        oldest = queries_queue.oldest_waiting(session)
        counts = queries_queue.outcome_counts(session, actor().account_id)
        trials = queries_trials.waiting_trials(session)
        runs_models = queries_queue.runs_models(session)
        trouble = queries_queue.why_no_model_runs(session, since=now() - SILENT_AFTER)
    return render_template(
        "runs/queue.html",
        lines=lines,
        workers=workers,
        awake=[worker for worker in workers if now() - worker.seen_at <= SILENT_AFTER],
        waiting=waiting,
        oldest=oldest,
        counts=counts,
        trials=trials,
        runs_models=runs_models,
        trouble=trouble,
        state=state,
        outcome=outcome,
        classes=failures.CLASSES,
        now=now(),
        words=usage,
        why_not_rejudge=rules.why_not_rejudge(actor(), drafting=False, competes=False),
    )


@runs.get("/runs/<int:run_id>")
@open_to(SIGNED_IN)
def run(run_id: int) -> Page:
    """Show where a run is, or how it ended, whose affair that is, and what to do."""
    return run_page(run_id, ReasonForm(formdata=None))


def run_page(run_id: int, form: ReasonForm) -> Page:
    """Return the page of a run, with the form that has it evaluated again where the reader may."""
    with reading() as session:
        view = queries.run_for(session, actor(), run_id)
        result = queries.result_of(session, run_id)
        position = queries.position_of(session, view.run, now=now())
        zone = calls.rules_of(session, view.call).zone
        events = queries_papers.events_of(session, run_id)
        took = queries_papers.usage_of(session, run_id)
        papers = queries_papers.papers_of(session, run_id)
    in_office = stakes.in_office(actor(), view.stake)
    kind = failures.class_of(view.run.outcome) if view.run.outcome else None
    text = render_template(
        "runs/run.html",
        view=view,
        run=view.run,
        kind=kind,
        remedy=kind.remedy_for(is_model=view.submission.entry is EntryKind.MODEL) if kind else "",
        effect=_effect(view),
        problems=view.run.problems if in_office or (kind and kind.owner is failures.Owner.TEAM) else [],
        scores=queries.task_scores(result, private=in_office) if result else [],
        notes=queries.notes_of(result, private=in_office) if result else [],
        result=result if in_office else None,
        in_office=in_office,
        zone=zone,
        bar=progress(view.run.done, view.run.total, label=_said(view)),
        said=_said(view),
        position=position,
        tasks=_task_counts(view),
        events=events,
        took=took,
        words=usage,
        has_outputs=bool(papers),
        model=queries_papers.model_words(house().files.open(papers[FACTS].sha256)) if FACTS in papers else "",
        form=form,
        why_not_retry=why_not_retry(view) if actor().has(Role.ADMIN) and kind else None,
        may_retry=kind is not None and kind.owner is not failures.Owner.TEAM and actor().has(Role.ADMIN),
        now=now(),
        why_not_cancel=rules.why_not_cancel(
            actor(),
            view.stake,
            state=view.run.state,
            round_=view.run.round,
            asked=view.run.cancel_asked_at is not None,
        ),
    )
    response = make_response(text, 422 if form.errors or form.form_errors else 200)
    # the one page whose script asks this site for news
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY}; connect-src 'self'"
    return response


@runs.get("/runs/of/<reference>")
@open_to(SIGNED_IN)
def of_submission(reference: str) -> Page:
    """Lead to the newest run of a submission."""
    with reading() as session:
        submission = submissions.submission_for(session, actor(), reference)
        opened = queries.runs_of_submission(session, submission.id)
    if opened:
        return redirect(url_for("runs.run", run_id=opened[-1].id), 303)
    said = "A worker puts the submission into the queue within seconds; look again then."
    flash("It is evaluated once its model has been fetched from the hub." if submission.hub else said, "notice")
    return redirect(url_for("submissions.show", reference=reference), 303)


@runs.get("/runs/<int:run_id>/progress.json")
@open_to(SIGNED_IN)
def run_progress(run_id: int) -> Response:
    """Answer how far a run is; the page asks for it while the run goes on."""
    with reading() as session:
        view = queries.run_for(session, actor(), run_id)
        zone = calls.rules_of(session, view.call).zone
        events = queries_papers.events_of(session, run_id)
    answer = jsonify(
        state=view.run.state.value,
        done=view.run.done,
        total=view.run.total,
        said=_said(view),
        ended=view.run.state is RunState.ENDED,
        tasks=[asdict(count) for count in _task_counts(view)],
        events=[{"at": instant(event.at, zone).striptags(), "sentence": event.sentence} for event in events],
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@runs.post("/runs/<int:run_id>/cancel")
@open_to(SIGNED_IN)
def cancel(run_id: int) -> Page:
    """Cancel a run."""
    with transaction() as session:
        view = queries.run_for(session, actor(), run_id)
        operations.cancel(session, actor=actor(), run=view.run, now=now())
    flash("The run is cancelled, or will be within seconds if a worker has it in hand.", "success")
    return redirect(url_for("runs.run", run_id=run_id), 303)


def _said(view: RunView) -> str:
    """Say in words how far a run is."""
    run_ = view.run
    if run_.state is RunState.WAITING:
        return "It waits for a worker."
    if run_.state is RunState.ENDED:
        return "It has ended."
    if run_.total == 0:
        return "A worker has it in hand and prepares the files."
    return f"{run_.done:,} of {run_.total:,} items are done" + (f"; task {run_.doing}." if run_.doing else ".")


def _task_counts(view: RunView) -> list[TaskCount]:
    """Say how far each task of a run at work is; a run that waits or has ended is not counted."""
    if view.run.state is not RunState.RUNNING or view.run.total == 0:
        return []
    is_model = view.submission.entry is not EntryKind.PREDICTIONS
    return task_counts(read_summary(view.suite.summary).tasks, view.run.done, is_model=is_model)


def _effect(view: RunView) -> str:
    """Say what a run does, or did, to the team's quota."""
    run_ = view.run
    if run_.round > 1:
        return failures.LATER_ROUND
    if run_.outcome is None:
        return "Its place in the quota is taken; whether it stays taken depends on how the run ends."
    return run_.quota_note


def why_not_retry(view: RunView) -> WhyNot:
    """Return why the reader may not have this run evaluated again."""
    outcome = view.run.outcome
    return rules.why_not_retry(
        actor(),
        view.stake,
        outcome=outcome,
        newest=view.rounds[-1].id == view.run.id,
        owner_is_team=outcome is None or failures.class_of(outcome).owner is failures.Owner.TEAM,
        key_gone=view.key_gone,
    )
