"""The page that says whether a board's best n would be others had the call been written otherwise."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from challenge.standings import operations_choices, policy, queries
from challenge.standings.choices import Choice, Choices
from challenge.standings.pages import Page, standings
from challenge.standings.queries_page import BoardView, board_view
from challenge.web.access import EVERYONE, open_to
from challenge.web.charts import progress
from challenge.web.fragments import answer, fragments, is_plain_visit
from challenge.web.house import actor, house, reading


@standings.get("/boards/<int:board_id>/versions/<int:number>/sensitivity")
@open_to(EVERYONE)
def sensitivity(board_id: int, number: int) -> Page:
    """Show who the best n would be under other rules, tasks and weights."""
    with reading() as session:
        seen = queries.glance_for(session, actor(), board_id)

    def make() -> str:
        with reading() as session:
            view = board_view(session, seen, number)
        return _render(view)  # nothing is computed while the database waits

    if is_plain_visit():
        return answer(fragments().get(("sensitivity", seen, number), make))
    return Response(make(), mimetype="text/html")


def _render(view: BoardView) -> str:
    said, winners = view.standing, view.rules.selection.winners
    found = None
    if said.ranking.entries:
        by_reference = operations_choices.choices(
            house().files, said.standing.scores_sha256, said.standing.policy, winners
        )
        found = by_reference.called(said.entrant)
    return render_template(
        "standings/sensitivity.html",
        call=view.call,
        title=view.title,
        version=view.version,
        base=url_for("standings.version", board_id=view.seen.board_id, number=view.version),
        winners=winners,
        names=said.names,
        sure=policy.percent(view.rules.ranking.confidence),
        found=found,
        **(_parts(view, found) if found else {}),
    )


def _parts(view: BoardView, found: Choices) -> dict[str, object]:
    titles = {task.name: task.title for task in view.tasks}
    rules = found.of("rule")
    return {
        "rules": rules,
        "same": sum(not one.changes for one in rules),
        "heads": {one.rule: one.title for one in found.columns},
        "otherwise": [(_said(one, titles), one) for one in (*found.of("task"), *found.of("weight"))],
        "bars": [
            (name, count, progress(count, found.draws, label=_share(count, found))) for name, count in found.among_best
        ],
    }


def _said(one: Choice, titles: dict[str, str]) -> str:
    if one.kind == "task":
        return f"without {titles.get(one.name, one.name)}"
    task, _, word = one.name.rpartition(", ")
    return f"{titles.get(task, task)} with {word} its weight"


def _share(count: int, found: Choices) -> str:
    return f"{100 * count / found.draws:.1f}% of the sets of weights"
