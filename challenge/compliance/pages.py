"""Pages of the licence desk: what was found in each package, and the officer's decision about it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from challenge.compliance import operations, queries, rules
from challenge.compliance.evidence import AI_ACT, by_file
from challenge.compliance.forms import DecisionForm
from challenge.compliance.states import ExaminationState, LicenceVerdict
from challenge.foundation.permits import Invalid, NotFound, Role, WhyNot, demand
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.house import actor, now, reading, transaction

compliance = Blueprint("compliance", __name__, template_folder="templates")
Page = str | Response | tuple[str, int]


@compliance.get("/compliance")
@open_to(Role.ADMIN, Role.AUDITOR)
def desk() -> Page:
    """List the examinations, first those that wait for a person."""
    with reading() as session:
        lines = queries.desk(session, limit=queries.MOST_ON_DESK)
    in_doubt = [line for line in lines if line.verdict is LicenceVerdict.NEEDS_REVIEW]
    others = [line for line in lines if line.verdict is not LicenceVerdict.NEEDS_REVIEW]
    return render_template(
        "compliance/desk.html", in_doubt=in_doubt, others=others, cut=len(lines) == queries.MOST_ON_DESK
    )


@compliance.get("/compliance/<reference>")
@open_to(SIGNED_IN)
def examination(reference: str) -> Page:
    """Show what was found in one package."""
    return _page(reference, DecisionForm(formdata=None))


@compliance.post("/compliance/<reference>")
@open_to(Role.ADMIN)
def decide(reference: str) -> Page:
    """Decide about one package."""
    with reading() as session:
        view = queries.examination_for(session, actor(), reference)
    demand(_why_not_decide(view))
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                view = queries.examination_for(session, actor(), reference)
                if view.examination is None:
                    raise NotFound
                operations.decide(
                    session,
                    actor=actor(),
                    examination=view.examination,
                    verdict=LicenceVerdict(form.text("verdict")),
                    reason=form.text("reason"),
                    now=now(),
                )
            flash("Your decision is in force, and the team has been told.", "success")
            return redirect(url_for("compliance.examination", reference=reference), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return _page(reference, form), 422


def _page(reference: str, form: DecisionForm) -> str:
    with reading() as session:
        view = queries.examination_for(session, actor(), reference)
    found = view.examination
    return render_template(
        "compliance/examination.html",
        view=view,
        found=found if found and found.state is ExaminationState.ENDED else None,
        evidence=by_file(found.reasons) if found else [],
        ai_act=AI_ACT[found.ai_act_exempt] if found else "",
        why_not_decide=_why_not_decide(view),
        form=form,
    )


def _why_not_decide(view: queries.ExaminationView) -> WhyNot:
    state = view.examination.state if view.examination else ExaminationState.WAITING
    return rules.why_not_decide(actor(), state=state, is_member=view.is_member, competes=view.competes)
