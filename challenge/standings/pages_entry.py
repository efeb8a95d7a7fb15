"""The page of one entry on a board: how sure its place is, task by task, and through the versions."""

from decimal import Decimal

from flask import render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from challenge.foundation.permits import NotFound
from challenge.standings import operations_choices, policy, queries
from challenge.standings.heat import cell
from challenge.standings.history import Moment, reach
from challenge.standings.lines import axis_of
from challenge.standings.operations_items import ItemsDamaged
from challenge.standings.pages import Page, standings
from challenge.standings.pages_sheet import lines
from challenge.standings.queries_history import NEWEST, Backstage, backstage, history_of_entry
from challenge.standings.queries_page import BoardView, board_view
from challenge.standings.ranking import Entry
from challenge.web.access import EVERYONE, open_to
from challenge.web.charts import Bar, interval, series
from challenge.web.fragments import answer, fragments, is_plain_visit
from challenge.web.house import actor, house, reading


@standings.get("/boards/<int:board_id>/versions/<int:number>/entries/<reference>")
@open_to(EVERYONE)
def entry(board_id: int, number: int, reference: str) -> Page:
    """Show one entry on a board, ranked or not, and which others it cannot be told apart from."""
    with reading() as session:
        seen = queries.glance_for(session, actor(), board_id)

    def make() -> str:
        with reading() as session:
            view = board_view(session, seen, number)
            # under pseudonyms nothing is found by its reference: that would say who is who
            known = view.standing.references.get(reference)
            if known is None:
                raise NotFound
            moments = history_of_entry(session, seen, reference=known, upto=number)
            aside = view.standing.aside(reference)
            behind = backstage(session, actor(), known, run_ids=(aside.run_id, aside.later_run_id))
        return _render(view, reference, moments, behind)  # nothing is computed while the database waits

    if is_plain_visit():
        return answer(fragments().get(("entry page", seen, number, reference), make))
    return Response(make(), mimetype="text/html")


def _render(view: BoardView, entrant: str, moments: list[Moment], behind: Backstage | None) -> str:
    said = view.standing
    found = said.ranking.entry(entrant)
    base = url_for("standings.version", board_id=view.seen.board_id, number=view.version)
    return render_template(
        "standings/entry.html",
        call=view.call,
        title=view.title,
        zone=view.rules.zone,
        version=view.version,
        base=base,
        entrant=entrant,
        board_id=view.seen.board_id,
        team=said.names.get(entrant, entrant),
        reason=said.reason(entrant),
        aside=said.aside(entrant),
        behind=behind,
        count=len(said.ranking.entries),
        sure=policy.percent(view.rules.ranking.confidence),
        moments=moments,
        newest=NEWEST,
        charts=_charts(moments),
        **(_ranked(view, found) if found else {}),
    )


def _ranked(view: BoardView, found: Entry) -> dict[str, object]:
    """Return what is said of a ranked entry alone."""
    ranking, tasks = view.standing.ranking, {task.name: task for task in view.tasks}
    axis, near = axis_of(ranking.entries), set(found.inseparable_from)
    line = lines(view, [found])[0]
    ranks = Bar(Decimal(found.rank_low), Decimal(found.rank), Decimal(found.rank_high))
    points = Bar(Decimal(found.low), Decimal(found.points), Decimal(found.high))
    most = Decimal(max(len(ranking.entries), 2))
    return {
        "line": line,
        "axis": axis,
        "rank_chart": interval(ranks, least=Decimal(1), most=most, label=f"Rank {line.ranks}"),
        "points_chart": interval(
            points, least=Decimal(axis.least), most=Decimal(axis.most), label=f"Points {line.interval}"
        ),
        "tasks": [(tasks[one.task], one, cell(one, tasks[one.task])) for one in found.tasks],
        "near": lines(view, [one for one in ranking.entries if one.entrant in near]),
        "winners": view.rules.selection.winners,
        "rules_for": _rules_for(view, found.entrant),
    }


def _rules_for(view: BoardView, entrant: str) -> tuple[int, int] | None:
    """Return under how many rules an entry is among the best, and how many there are; None where that says nothing.

    Where all are among the best, they are under every rule; and a page does not fail where the item scores are damaged.
    """
    said, winners = view.standing, view.rules.selection.winners
    if len(said.ranking.entries) <= winners:
        return None
    standing = said.standing
    try:
        found = operations_choices.choices(house().files, standing.scores_sha256, standing.policy, winners)
    except ItemsDamaged:
        return None
    return found.rules_for(said.references[entrant]), len(found.of("rule"))


def _charts(moments: list[Moment]) -> list[tuple[str, Markup]]:
    """Draw points and ranks through the versions; a single version needs no chart."""
    if len(moments) < 2:
        return []
    least, most = reach(moments)
    worst = max(max(moment.entries for moment in moments), 2)
    points = [_bar(one.low, one.points, one.high) if one.rank is not None else None for one in moments]
    ranks = [_bar(one.rank_low, one.rank, one.rank_high) if one.rank is not None else None for one in moments]
    versions = f"versions {moments[0].version} to {moments[-1].version}"
    return [
        ("Points", series(points, least=least, most=most, label=f"Points with their intervals, {versions}")),
        (
            "Rank",
            series(
                ranks,
                least=Decimal(1),
                most=Decimal(worst),
                label=f"Ranks with their intervals, {versions}",
                falling=True,
            ),
        ),
    ]


def _bar(low: str | int, middle: str | int, high: str | int) -> Bar:
    return Bar(Decimal(low), Decimal(middle), Decimal(high))
