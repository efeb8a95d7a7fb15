"""The page that proposes who reviews what in a large call, for the office."""

from flask import render_template, request

from challenge.foundation.permits import Invalid, Role
from challenge.judging import pages_panel, queries
from challenge.judging.operations_assignment import propose_assignment
from challenge.judging.pages import Page, judging
from challenge.judging.proposal import Proposal, Wish, default_wish
from challenge.web.access import open_to
from challenge.web.house import actor, reading

__all__ = ["assignment", "pages_panel"]
MOST = 1_000


@judging.get("/calls/<key>/panel/assignment")
@open_to(Role.ADMIN, Role.AUDITOR)
def assignment(key: str) -> Page:
    """Propose reviewers for every finalist; computed when asked, and kept nowhere."""
    with reading() as session:
        call, call_rules, docket = queries.panel_for(session, actor(), key)
    entries = docket.seen_by(actor().account_id or 0)
    wish, problem = default_wish(docket, entries), ""
    proposal: Proposal | None = None
    try:
        wish = Wish(_asked("per_entry", wish.per_entry), _asked("most", wish.most))
        if entries and docket.seats:
            proposal = propose_assignment(docket, entries, wish, seed=call_rules.ranking.seed)
    except Invalid as invalid:
        problem = invalid.sentence
    return render_template(
        "judging/assignment.html",
        call=call,
        wish=wish,
        proposal=proposal,
        problem=problem,
        seed=call_rules.ranking.seed,
    ), 422 if problem else 200


def _asked(name: str, otherwise: int) -> int:
    typed = request.args.get(name, "").strip()
    if not typed:
        return otherwise
    if not typed.isdecimal() or not 1 <= int(typed[:6]) <= MOST:
        raise Invalid(f"Write whole numbers from 1 to {MOST:,}.", name)
    return int(typed)
