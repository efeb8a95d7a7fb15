"""The page that looks ahead: who would win now, at the declared weight or at another that is only shown."""

from flask import render_template, request

from challenge.foundation.permits import Invalid, Role, demand
from challenge.judging import operations_outlook, operations_stability, queries, queries_outlook, rules
from challenge.judging.calibration import marks_of
from challenge.judging.outlook import Outlook, at_weight, weight_of
from challenge.judging.pages import Page, judging
from challenge.judging.stability import OutlookStability, percent_of
from challenge.web.access import open_to
from challenge.web.house import actor, house, reading


@judging.get("/judging/<key>/outlook")
@open_to(Role.JUDGE, Role.ADMIN, Role.AUDITOR)
def outlook(key: str) -> Page:
    """Show who would win if the decision were made now; nothing here can be saved."""
    with reading() as session:
        call, call_rules, docket = queries.panel_for(session, actor(), key)
        demand(rules.why_not_table(docket, actor()))
        open_ones = rules.open_entries(docket, actor())
        finalists = queries_outlook.finalists_open_to(session, call, open_ones)
        board = queries_outlook.deciding_board(session, call)
    stability: OutlookStability | None = None
    seen: Outlook | None = None
    problem, weight = "", call_rules.selection.board_weight
    try:
        weight = weight_of(request.args.get("weight", "").strip(), weight)
        shown = at_weight(call_rules, weight)
        marks = marks_of(docket, open_ones)
        spread = operations_stability.spread_by_interval(house().files, board=board, marks=marks, rules=shown)
        seen = operations_outlook.look_ahead(finalists, shown, spread=spread)
        if board is not None and seen.places:
            stability = operations_stability.winner_stability(
                house().files,
                board=board,
                outlook=seen,
                finalists=finalists,
                marks=marks,
                rules=shown,
            )
    except Invalid as invalid:
        problem = invalid.sentence
    return render_template(
        "judging/outlook.html",
        call=call,
        rules=call_rules,
        outlook=seen,
        stability=stability,
        teams={one.reference: one.team for one in finalists},
        percent_of=percent_of,
        problem=problem,
        weight=weight,
        declared=call_rules.selection.board_weight,
        left_out=len(docket.finalists) - len(open_ones),
        is_whole=len(open_ones) == len(docket.finalists),
        seat=docket.seat(actor().account_id),
    ), 422 if problem else 200
