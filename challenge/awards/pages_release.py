"""Pages of the duty to release: proved, accepted or reopened, extended, and noted on when something changed later."""

from flask import flash, redirect, url_for

from challenge.awards import operations, operations_checks, queries, queries_checks
from challenge.awards.forms import AcceptForm, ExtensionForm, NoteForm, ProofForm, ReasonForm
from challenge.awards.pages import Page, awards
from challenge.awards.pages_award import Typed, award_page
from challenge.foundation.permits import Invalid, Role, demand
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.house import actor, house, now, reading, transaction

__all__ = ["awards"]


@awards.post("/awards/<int:award_id>/release")
@open_to(SIGNED_IN)
def prove(award_id: int) -> Page:
    """Hand in where the release lies."""
    with reading() as session:
        demand(queries.why_not_prove(session, actor(), queries.award_for(session, actor(), award_id)))
    form = ProofForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                operations.prove_release(
                    session,
                    actor=actor(),
                    award=queries.award_for(session, actor(), award_id),
                    url=form.text("url"),
                    sha256=form.text("sha256"),
                    doi=form.text("doi"),
                    model=form.text("model"),
                    hub=house().settings.hub,
                    now=now(),
                )
            flash("The proof is handed in; the platform looks at the release, and then an admin.", "success")
            return redirect(url_for("awards.show", award_id=award_id), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return award_page(award_id, Typed(proof=form)), 422


@awards.post("/awards/<int:award_id>/release/accept")
@open_to(Role.ADMIN)
def accept(award_id: int) -> Page:
    """Accept the proof of a release, with a reason where the platform found something."""
    with reading() as session:
        demand(queries.why_not_judge_proof(session, actor(), queries.award(session, award_id)))
    form = AcceptForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                award, reason = queries.award(session, award_id), form.text("accept_reason")
                operations.accept_proof(session, actor=actor(), award=award, reason=reason, now=now())
            flash("The release is accepted and stands on the public page.", "success")
            return redirect(url_for("awards.show", award_id=award_id), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return award_page(award_id, Typed(accept=form)), 422


@awards.post("/awards/<int:award_id>/release/reopen")
@open_to(Role.ADMIN)
def reopen(award_id: int) -> Page:
    """Turn a proof down."""
    with reading() as session:
        demand(queries.why_not_judge_proof(session, actor(), queries.award(session, award_id)))
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                award = queries.award(session, award_id)
                operations.reopen_obligation(session, actor=actor(), award=award, reason=form.text("reason"), now=now())
            flash("The duty is open again and the winner has been told why.", "success")
            return redirect(url_for("awards.show", award_id=award_id), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return award_page(award_id, Typed(reason=form)), 422


@awards.post("/awards/<int:award_id>/release/extend")
@open_to(Role.ADMIN)
def extend(award_id: int) -> Page:
    """Put the due date of a release off."""
    with reading() as session:
        demand(queries.why_not_extend(session, actor(), queries.award(session, award_id)))
    form = ExtensionForm()
    if form.validate_on_submit() and (day := form.day.data):
        try:
            with transaction() as session:
                award, reason = queries.award(session, award_id), form.text("extension_reason")
                operations.extend_obligation(session, actor=actor(), award=award, day=day, reason=reason, now=now())
            flash("The release is due later, and the winner has been told why.", "success")
            return redirect(url_for("awards.show", award_id=award_id), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return award_page(award_id, Typed(extension=form)), 422


@awards.post("/awards/<int:award_id>/release/note")
@open_to(Role.ADMIN)
def note(award_id: int) -> Page:
    """Note what came of a finding after the release was accepted."""
    with reading() as session:
        demand(queries_checks.why_not_note(session, actor(), queries.award(session, award_id)))
    form = NoteForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                operations_checks.note_check(
                    session,
                    actor=actor(),
                    award=queries.award(session, award_id),
                    check_id=form.check_id,
                    words=form.text("note"),
                    now=now(),
                )
            flash("It is on record, and no longer on the desk.", "success")
            return redirect(url_for("awards.show", award_id=award_id), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return award_page(award_id, Typed(note=form)), 422
