"""Pages of the decision: who won, by what steps, and the bundle from which anybody recomputes it."""

from functools import partial

from flask import Blueprint, Response, render_template, send_file
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from challenge.awards import operations_stand, queries, queries_ground, queries_releases, rules
from challenge.awards.document import Outcome
from challenge.awards.forms import ReasonForm
from challenge.awards.naming import with_names
from challenge.awards.records import Decision
from challenge.awards.states import DecisionState
from challenge.calls import queries as calls
from challenge.foundation.permits import NotFound
from challenge.people import queries as people
from challenge.teams.queries import is_competitor
from challenge.web.access import EVERYONE, open_to
from challenge.web.charts import progress
from challenge.web.house import actor, house, now, reading

awards = Blueprint("awards", __name__, template_folder="templates")
Page = str | AnyResponse | tuple[str, int]


@awards.get("/calls/<key>/awards")
@open_to(EVERYONE)
def of_call(key: str) -> Page:
    """Show the signed decision to everybody; before it is signed, the way there to admins and auditors.

    Others read that nothing is signed, whether or not something is proposed.
    """
    with reading() as session:
        call = calls.known_call(session, actor(), key)
        signed = queries.decision_of(session, call.id)
        insider = queries.reads_unsigned(session, actor(), call.id)
    if signed is not None:
        return decision_page(signed.id, ReasonForm(formdata=None))
    with reading() as session:
        return render_template(
            "awards/of_call.html",
            call=call,
            rules=calls.rules_of(session, call),
            insider=insider,
            decisions=queries.decisions_of(session, call.id) if insider else [],
            why_not_propose=rules.why_not_propose(actor(), operations_stand.stand_of(session, call, actor()))
            if insider
            else None,
        )


@awards.get("/decisions/<int:decision_id>")
@open_to(EVERYONE)
def decision(decision_id: int) -> Page:
    """Show one decision: a signed one to everybody, others to admins and auditors."""
    return decision_page(decision_id, ReasonForm(formdata=None))


@awards.get("/decisions/<int:decision_id>/bundle.json")
@open_to(EVERYONE)
def bundle(decision_id: int) -> Page:
    """Give out the bundle of a decision."""
    found, name = _named(decision_id)
    if not house().files.has(found.bundle_sha256):
        raise NotFound
    path = house().files.path(found.bundle_sha256)
    return send_file(path, "application/json", as_attachment=True, download_name=f"{name}-bundle.json")


@awards.get("/decisions/<int:decision_id>/document.json")
@open_to(EVERYONE)
def document(decision_id: int) -> Page:
    """Give out the document of a decision, byte for byte what its digest was taken of."""
    found, name = _named(decision_id)
    response = Response(found.document, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def decision_page(decision_id: int, form: ReasonForm) -> str:
    """Render one decision for a reader who may know of it."""
    with reading() as session:
        found = queries.decision_for(session, actor(), decision_id)
        call = calls.call(session, found.call_id)
        said = queries.document_of(found)
        competes = is_competitor(session, actor().account_id, call.id)
        people_named = people.names_of(session, [found.proposed_by, found.signed_by])
        teams_named = queries.names_for(session, actor(), said)
        return render_template(
            "awards/decision.html",
            call=call,
            rules=calls.rules_of(session, call),
            decision=found,
            outcome=said.outcome,
            document=said,
            form=form,
            awards={award.submission_id: award for award in queries.awards_of(session, found.id)},
            releases=queries_releases.releases_of(session, found.id),
            insider=queries.reads_unsigned(session, actor(), call.id),
            names=people_named,
            teams=teams_named,
            bars=_bars(said.outcome),
            # once it is signed nobody reads here who gave which marks
            judges=queries_ground.judges_known(session, actor(), found.call_id, said)
            if found.state is DecisionState.PROPOSED
            else {},
            named=partial(with_names, names=teams_named),
            now=now(),
            why_not_sign=rules.why_not_sign(
                actor(),
                state=found.state,
                proposed_by=found.proposed_by,
                undecided=said.outcome.undecided,
                competes=competes,
            ),
            why_not_withdraw=rules.why_not_withdraw(actor(), state=found.state, competes=competes),
        )


def _bars(outcome: Outcome) -> dict[str, Markup]:
    """Draw in how many of all draws each contender wins; the table beside says the same."""
    found = outcome.stability
    if found is None:
        return {}
    return {
        one.reference: progress(
            found.selected.get(one.reference, 0),
            found.draws,
            label=f"wins in {found.selected.get(one.reference, 0):,} of {found.draws:,} draws",
        )
        for one in outcome.contenders
    }


def _named(decision_id: int) -> tuple[Decision, str]:
    with reading() as session:
        found = queries.decision_for(session, actor(), decision_id)
        return found, f"{calls.call(session, found.call_id).key}-decision-{found.number}"
