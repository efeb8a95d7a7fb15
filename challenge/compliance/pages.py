"""Pages of the licence desk: what was found in each package, its earlier scans, and their documents."""

from dataclasses import dataclass

from flask import Blueprint, render_template, send_file
from werkzeug.wrappers import Response

from challenge.compliance import evidence, rules
from challenge.compliance.actions import actions_of, grouped
from challenge.compliance.forms import DecisionForm, ExamineAgainForm, TurnDownForm
from challenge.compliance.lineage import made_from, picture_of
from challenge.compliance.openness import openness_of
from challenge.compliance.queries_desk import MOST_ON_DESK, desk
from challenge.compliance.queries_page import ExaminationView, examination_for
from challenge.compliance.records import Examination
from challenge.compliance.texts import marked_files
from challenge.foundation.permits import NotFound, Role, WhyNot
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.house import actor, house, now, reading

compliance = Blueprint("compliance", __name__, template_folder="templates")
Page = str | Response | tuple[str, int]

DOCUMENTS = {
    "verdict.json": ("Verdict with all of its evidence, as JSON", "application/json"),
    "spdx-2.3.json": ("Bill of materials, SPDX 2.3", "application/spdx+json"),
    "spdx-3.json": ("Bill of materials, SPDX 3.0.1", "application/spdx+json"),
    "cyclonedx-1.6.json": ("Bill of materials, CycloneDX 1.6", "application/vnd.cyclonedx+json"),
}


@compliance.get("/compliance", endpoint="desk")
@open_to(Role.ADMIN, Role.AUDITOR)
def officers_desk() -> Page:
    """List the licences, first those that wait for a person."""
    with reading() as session:
        lines = desk(session, actor().account_id, limit=MOST_ON_DESK)
    return render_template(
        "compliance/desk.html",
        proposed=[line for line in lines if line.proposal is not None],
        in_doubt=[line for line in lines if line.is_in_doubt],
        others=[line for line in lines if line.proposal is None and not line.is_in_doubt],
        cut=len(lines) == MOST_ON_DESK,
        shown=len(lines),
    )


@compliance.get("/compliance/<reference>")
@open_to(SIGNED_IN)
def examination(reference: str) -> Page:
    """Show what was found in one package, by the scan in force."""
    return licence_page(reference)


@compliance.get("/compliance/<reference>/scans/<int:number>")
@open_to(SIGNED_IN)
def scan(reference: str, number: int) -> Page:
    """Show one scan of a package, also an earlier one."""
    return licence_page(reference, number=number)


@compliance.get("/compliance/<reference>/scans/<int:number>/<any({}):document>".format(", ".join(map(repr, DOCUMENTS))))
@open_to(SIGNED_IN)
def document(reference: str, number: int, document: str) -> Page:
    """Give a document that was written of a scan as a file, the same bytes each time."""
    with reading() as session:
        view = examination_for(session, actor(), reference, number=number)
    kept = view.evidence.documents.get(document) if view.evidence else None
    if kept is None or not house().files.has(str(kept["sha256"])):
        raise NotFound
    return send_file(
        house().files.path(str(kept["sha256"])),
        mimetype=DOCUMENTS[document][1],
        as_attachment=True,
        download_name=f"{view.submission.reference}-scan-{number}-{document}",
        etag=str(kept["sha256"]),
        max_age=0,
    )


@dataclass(frozen=True)
class Refusals:
    """Why this reader may not do what an officer may; None where they may."""

    decide: WhyNot
    confirm: WhyNot
    """Why they may answer what is proposed neither way."""
    stand: WhyNot
    """Why nobody may confirm it, though it may be turned down."""
    withdraw: WhyNot
    again: WhyNot


def refusals(view: ExaminationView) -> Refusals:
    """Ask the rules what this reader may do."""
    proposed_by = view.proposal.proposed_by if view.proposal else None
    waits = view.waits is not None and (view.waits.not_before is None or view.waits.not_before <= now())
    return Refusals(
        decide=rules.why_not_decide(actor(), view.stake, state=view.state, proposed=proposed_by is not None),
        confirm=rules.why_not_confirm(actor(), view.stake, proposed_by=proposed_by),
        stand=rules.why_not_stand(view.proposer),
        withdraw=rules.why_not_withdraw(actor(), view.stake, proposed_by=proposed_by),
        again=rules.why_not_examine_again(
            actor(), view.stake, state=view.latest.state if view.latest else None, waits=waits
        ),
    )


def licence_page(
    reference: str,
    *,
    number: int | None = None,
    form: DecisionForm | None = None,
    turn_down: TurnDownForm | None = None,
    again: ExamineAgainForm | None = None,
) -> str:
    """Write the page of a submission's licence, with the forms as they were filled in."""
    with reading() as session:
        view = examination_for(session, actor(), reference, number=number)
    return render_template(
        "compliance/examination.html",
        view=view,
        found=view.found,
        shown=_shown(view, view.found) if view.found else None,
        is_current=view.examination is view.latest,
        why_not=refusals(view),
        disagree_words=evidence.DISAGREE,
        match_words=evidence.MATCHES,
        form=form or DecisionForm(formdata=None),
        turn_down=turn_down or TurnDownForm(formdata=None),
        again=again or ExamineAgainForm(formdata=None),
    )


def _shown(view: ExaminationView, found: Examination) -> dict[str, object]:
    """Prepare what the page says of a scan; of the one in force, with what the officers decided."""
    kept = dict(view.evidence.found) if view.evidence else {}
    decision = view.decisions[0] if view.decisions and view.examination is view.latest else None
    verdict = str(decision.verdict if decision else found.verdict)
    actions, lineage = actions_of(found.reasons), made_from(kept)
    aia = kept.get("aia_53_2")
    return {
        "verdict": verdict,
        "decision": decision,
        "headline": evidence.headline(verdict, actions, by_officers=decision is not None),
        "groups": grouped(actions),
        "challenge": evidence.challenge_flag(
            verdict, concluded=found.concluded, actions=actions, decision=decision.reason if decision else ""
        ),
        "ai_act": evidence.ai_act_flag(
            found.ai_act_exempt, paragraph=str(aia["paragraph"]) if isinstance(aia, dict) else ""
        ),
        "disagree": evidence.DISAGREE if evidence.do_disagree(verdict, found.ai_act_exempt) else "",
        "texts": marked_files(kept),
        "lineage": lineage,
        "picture": picture_of(lineage, name=str(kept.get("name") or ""), licence=found.concluded),
        "openness": openness_of(kept),
        "kept": kept,
        "documents": [
            (name, words, int(str(view.evidence.documents[name]["size"])))
            for name, (words, _) in DOCUMENTS.items()
            if view.evidence and name in view.evidence.documents
        ],
    }
