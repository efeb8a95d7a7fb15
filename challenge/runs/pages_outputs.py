"""Pages with what a team's model said: the public part at once, what speaks of hidden items once it is released."""

from flask import flash, redirect, render_template, request, send_file, url_for

from challenge.calls import queries as calls
from challenge.calls.suites import read_summary
from challenge.foundation.permits import Invalid, NotFound, Role, demand
from challenge.people import queries as people
from challenge.runs import operations_papers, queries, queries_papers, rules
from challenge.runs.forms import ReasonForm
from challenge.runs.pages import Page, runs
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.house import actor, house, now, reading, transaction

PUBLIC = "outputs.public.jsonl"
WORDS = {
    PUBLIC: "what the model said to the public items",
    "model.json": "what was found in the model: format, parameters, files",
    "usage.json": "what running it took",
    "outputs.private.jsonl": "what the model said to the hidden items",
    "engine.log": "the end of the engine’s own words",
}
"""The papers of a run, in the order in which they are offered."""


@runs.get("/runs/<int:run_id>/outputs")
@open_to(SIGNED_IN)
def outputs(run_id: int) -> Page:
    """Show what a model said to the public items, a page at a time, and offer the files."""
    return _outputs_page(run_id, ReasonForm(formdata=None))


@runs.get("/runs/<int:run_id>/papers/<name>")
@open_to(SIGNED_IN)
def paper(run_id: int, name: str) -> Page:
    """Give a paper of a run as a file."""
    with reading() as session:
        view = queries.run_for(session, actor(), run_id)
        found = queries_papers.papers_of(session, run_id).get(name)
        released = queries_papers.release_of(session, run_id) is not None
    if found is None or not house().files.has(found.sha256):
        raise NotFound
    demand(rules.why_not_read_paper(actor(), view.stake, name, released=released))
    return send_file(
        house().files.path(found.sha256),
        mimetype="application/octet-stream",  # what a model says is nothing for a browser to open by itself
        as_attachment=True,
        download_name=f"run-{run_id}-{name}",
        etag=found.sha256,
        max_age=0,
    )


@runs.post("/runs/<int:run_id>/release")
@open_to(Role.ADMIN)
def release(run_id: int) -> Page:
    """Let the team read what is withheld, with a reason, on record."""
    with reading() as session:
        view = queries.run_for(session, actor(), run_id)
        withheld = bool(rules.WITHHELD & queries_papers.papers_of(session, run_id).keys())
        released = queries_papers.release_of(session, run_id) is not None
    demand(rules.why_not_release(actor(), view.stake, withheld=withheld, released=released))
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                view = queries.run_for(session, actor(), run_id)
                operations_papers.release_papers(
                    session, actor=actor(), run=view.run, reason=form.text("reason"), now=now()
                )
            flash("Released, on record; the team can read it now.", "success")
            return redirect(url_for("runs.outputs", run_id=run_id), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return _outputs_page(run_id, form), 422


def _outputs_page(run_id: int, form: ReasonForm) -> str:
    asked = request.args.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    with reading() as session:
        view = queries.run_for(session, actor(), run_id)
        papers = queries_papers.papers_of(session, run_id)
        result = queries.result_of(session, run_id)
        released = queries_papers.release_of(session, run_id)
        names = people.names_of(session, [released.released_by] if released else [])
        zone = calls.rules_of(session, view.call).zone
    if PUBLIC not in papers or result is None:
        raise NotFound
    said, total = queries_papers.said_page(
        house().files.open(papers[PUBLIC].sha256),
        house().files.open(result.items_sha256),
        list(read_summary(view.suite.summary).tasks),
        page=max(page, 1),
    )
    pages = max(-(-total // queries_papers.A_PAGE), 1)
    if not 1 <= page <= pages:
        raise NotFound
    return render_template(
        "runs/outputs.html",
        view=view,
        run=view.run,
        said=said,
        total=total,
        page=page,
        pages=pages,
        first=(page - 1) * queries_papers.A_PAGE + 1,
        papers=[
            (
                papers[name],
                words,
                rules.why_not_read_paper(actor(), view.stake, name, released=released is not None),
            )
            for name, words in WORDS.items()
            if name in papers
        ],
        released=released,
        names=names,
        zone=zone,
        form=form,
        why_not_release=rules.why_not_release(
            actor(),
            view.stake,
            withheld=bool(rules.WITHHELD & papers.keys()),
            released=released is not None,
        ),
    )
