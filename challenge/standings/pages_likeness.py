"""The page, for admins, auditors and judges alone, that points at entries whose answers are too alike."""

from flask import flash, redirect, render_template, request, url_for

from challenge.calls import queries as calls
from challenge.foundation.permits import Role
from challenge.standings import operations_likeness, queries, rules_likeness
from challenge.standings.forms_likeness import NoteForm
from challenge.standings.pages import Page, standings
from challenge.standings.queries_likeness import subjects_for
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.house import actor, house, now, reading, transaction


@standings.get("/boards/<int:board_id>/likeness")
@open_to(SIGNED_IN)
def likeness(board_id: int) -> Page:
    """List the pairs of entries that share too many mistakes."""
    return _page(board_id, NoteForm(formdata=None))


@standings.post("/boards/<int:board_id>/likeness")
@open_to(Role.ADMIN)
def note_likeness(board_id: int) -> Page:
    """Note what came of a pair."""
    form = NoteForm()
    with reading() as session:
        seen = queries.glance_for(session, actor(), board_id)
    why_not = rules_likeness.why_not_note(seen.reader, form.text("note"))
    if not form.validate_on_submit() or why_not:
        if why_not and not form.note.errors:
            form.note.errors = [why_not]
        return _page(board_id, form), 422
    with transaction() as session:
        operations_likeness.note_outcome(
            session, actor=actor(), seen=seen, first=form.text("first"), second=form.text("second"),
            note=form.text("note"), now=now(),
        )  # fmt: skip
    flash("Noted, on record.", "success")
    return redirect(url_for("standings.likeness", board_id=board_id), 303)


def _page(board_id: int, form: NoteForm) -> str:
    with reading() as session:
        found = subjects_for(session, actor(), board_id)
        call = calls.call(session, found.seen.call_id)
        zone = calls.rules_of(session, call).zone
    why_not = rules_likeness.why_not_compare_answers(found.suite.takes, built=found.version > 0)
    alike = None
    if why_not is None:
        alike = operations_likeness.alike(house().files, found.suite.file_sha256, found.entrants)
    pair = (request.values.get("first", ""), request.values.get("second", ""))
    return render_template(
        "standings/likeness.html",
        call=call,
        zone=zone,
        found=found,
        why_not=why_not,
        alike=alike,
        form=form,
        pair=pair,
        noting=actor().has(Role.ADMIN) and all(pair),
        may_note=actor().has(Role.ADMIN),
    )
