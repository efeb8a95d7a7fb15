"""What officers send from the page of a licence: a proposal, its answer, and the wish to examine again."""

from flask import flash, redirect, url_for

from challenge.compliance import operations, operations_decide
from challenge.compliance.forms import DecisionForm, ExamineAgainForm, ProposalForm, TurnDownForm
from challenge.compliance.pages import Page, Refusals, compliance, licence_page, refusals
from challenge.compliance.queries_page import examination_for
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.permits import Invalid, Role, demand
from challenge.submissions.records import Submission
from challenge.web.access import open_to
from challenge.web.house import actor, now, reading, transaction


@compliance.post("/compliance/<reference>")
@open_to(Role.ADMIN)
def propose(reference: str) -> Page:
    """Propose a decision."""
    submission, why_not = _looked_up(reference)
    demand(why_not.decide)
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                operations_decide.propose(
                    session,
                    actor=actor(),
                    submission=submission,
                    verdict=LicenceVerdict(form.text("verdict")),
                    reason=form.text("reason"),
                    now=now(),
                )
            return _back(reference, "Your proposal is on record. It takes effect when another admin confirms it.")
        except Invalid as invalid:
            form.refuse(invalid)
    return licence_page(reference, form=form), 422


@compliance.post("/compliance/<reference>/confirm")
@open_to(Role.ADMIN)
def confirm(reference: str) -> Page:
    """Confirm what another officer proposed."""
    submission, why_not = _looked_up(reference)
    demand(why_not.confirm)
    read = ProposalForm().read_id
    with transaction() as session:
        operations_decide.confirm(session, actor=actor(), submission=submission, proposal_id=read, now=now())
    return _back(reference, "The decision is in force, and the team has been told.")


@compliance.post("/compliance/<reference>/turn-down")
@open_to(Role.ADMIN)
def turn_down(reference: str) -> Page:
    """Turn down what another officer proposed."""
    submission, why_not = _looked_up(reference)
    demand(why_not.confirm)
    form = TurnDownForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                operations_decide.turn_down(
                    session, actor=actor(), submission=submission, proposal_id=form.read_id,
                    reason=form.text("why_not"), now=now(),
                )  # fmt: skip
            return _back(reference, "The proposal is turned down, on record; what was in force stays so.")
        except Invalid as invalid:
            form.refuse(invalid)
    return licence_page(reference, turn_down=form), 422


@compliance.post("/compliance/<reference>/withdraw")
@open_to(Role.ADMIN)
def withdraw(reference: str) -> Page:
    """Withdraw one's own proposal."""
    submission, why_not = _looked_up(reference)
    demand(why_not.withdraw)
    with transaction() as session:
        operations_decide.withdraw(session, actor=actor(), submission=submission, now=now())
    return _back(reference, "Your proposal is withdrawn.")


@compliance.post("/compliance/<reference>/again")
@open_to(Role.ADMIN)
def examine_again(reference: str) -> Page:
    """Have the package examined once more."""
    submission, why_not = _looked_up(reference)
    demand(why_not.again)
    form = ExamineAgainForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                operations.examine_again(
                    session, actor=actor(), submission=submission, reason=form.text("why_again"), now=now()
                )
            return _back(reference, "The package is examined again; this usually takes seconds.")
        except Invalid as invalid:
            form.refuse(invalid)
    return licence_page(reference, again=form), 422


def _looked_up(reference: str) -> tuple[Submission, Refusals]:
    with reading() as session:
        view = examination_for(session, actor(), reference)
    return view.submission, refusals(view)


def _back(reference: str, sentence: str) -> Page:
    flash(sentence, "success")
    return redirect(url_for("compliance.examination", reference=reference), 303)
