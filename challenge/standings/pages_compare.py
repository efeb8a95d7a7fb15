"""The page on which any two entries of a standing are put side by side."""

from decimal import Decimal

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from challenge.foundation.permits import NotFound
from challenge.standings import operations_compare, policy, queries
from challenge.standings.comparison import Comparison
from challenge.standings.heat import STEPS
from challenge.standings.pages import Page, standings
from challenge.standings.queries_page import BoardView, board_view
from challenge.standings.queries_shown import Shown
from challenge.web.access import EVERYONE, open_to
from challenge.web.fragments import answer, fragments, is_plain_visit
from challenge.web.house import actor, house, reading


@standings.get("/boards/<int:board_id>/versions/<int:number>/compare")
@open_to(EVERYONE)
def compare(board_id: int, number: int) -> Page:
    """Compare two entries of a standing, or ask which."""
    first, second = (request.args.get(name, "") for name in ("a", "b"))
    with reading() as session:
        seen = queries.glance_for(session, actor(), board_id)

    def make() -> str:
        with reading() as session:
            view = board_view(session, seen, number)
        return _render(view, first, second)  # nothing is computed while the database waits

    if is_plain_visit():
        return answer(fragments().get(("comparison", seen, number, first, second), make))
    return Response(make(), mimetype="text/html")


def _render(view: BoardView, first: str, second: str) -> str:
    said = view.standing
    chosen = [one for one in (first, second) if one]
    if any(said.ranking.entry(one) is None for one in chosen):
        raise NotFound
    complete = len(chosen) == 2 and first != second
    return render_template(
        "standings/compare.html",
        call=view.call,
        title=view.title,
        version=view.version,
        base=url_for("standings.version", board_id=view.seen.board_id, number=view.version),
        choices=[(one.entrant, said.names.get(one.entrant, one.entrant)) for one in said.ranking.entries],
        a=first,
        b=second,
        twice=bool(first) and first == second,
        sure=policy.percent(view.rules.ranking.confidence),
        **(_found(view, said, first, second) if complete else {}),
    )


def _found(view: BoardView, said: Shown, first: str, second: str) -> dict[str, object]:
    one, other = said.ranking.entry(first), said.ranking.entry(second)
    if one is None or other is None:
        raise NotFound
    references = said.references[first], said.references[second]
    found: Comparison = operations_compare.compare(
        house().files, said.standing.scores_sha256, said.standing.policy, *references
    )
    titles = {task.name: task.title for task in view.tasks}
    return {
        "found": found,
        "pair": (one, other),
        "names": (said.names[first], said.names[second]),
        "apart": second not in one.inseparable_from,
        "tasks": [(titles.get(task.task, task.task), task) for task in found.tasks],
        "shades": {task.task: (_shade(task.first), _shade(task.second)) for task in found.tasks},
    }


def _shade(points: Decimal) -> int:
    return round(points * STEPS / 100)
