"""Pages where boards are read, version by version and entry by entry."""

from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from challenge.calls import queries as calls
from challenge.foundation.permits import NotFound
from challenge.standings import policy, queries
from challenge.standings.lines import Line, axis_of, lines_of
from challenge.standings.queries_page import BoardView, ReadersView, board_view, readers_view
from challenge.standings.ranking import Ranking
from challenge.web.access import EVERYONE, open_to
from challenge.web.charts import Bar, interval
from challenge.web.fragments import answer, fragments, is_plain_visit
from challenge.web.house import actor, reading

standings = Blueprint("standings", __name__, template_folder="templates")
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class OwnEntry:
    """A reader's own entry: where it stands, or why it does not."""

    reference: str
    line: Line | None
    reason: str = ""


@standings.get("/calls/<key>/boards")
@open_to(EVERYONE)
def boards(key: str) -> Page:
    """List the boards of a call that this reader may know of."""
    with reading() as session:
        call = calls.known_call(session, actor(), key)
        titles = queries.suite_titles(session, call.id)
        cards = [
            {"board": board, "title": titles[board.suite_id], "standing": queries.standing_of(session, board)}
            for board in queries.boards_for(session, actor(), call)
        ]
        zone = calls.rules_of(session, call).zone
    return render_template("standings/boards.html", call=call, cards=cards, zone=zone)


@standings.get("/boards/<int:board_id>")
@open_to(EVERYONE)
def board(board_id: int) -> Page:
    """Show a board as it stands."""
    return _shown(board_id, None)


@standings.get("/boards/<int:board_id>/versions/<int:number>")
@open_to(EVERYONE)
def version(board_id: int, number: int) -> Page:
    """Show one version of a board at its permanent address."""
    return _shown(board_id, number)


@standings.get("/boards/<int:board_id>/versions/<int:number>/entries/<reference>")
@open_to(EVERYONE)
def entry(board_id: int, number: int, reference: str) -> Page:
    """Show one entry on a board, and which others it cannot be told apart from."""
    with reading() as session:
        view = board_view(session, actor(), queries.glance_for(session, actor(), board_id), number)
    ranking, names = view.ranking, view.names
    found = ranking.entry(reference)
    if found is None:
        raise NotFound
    lines = _lines(view, ranking, names)
    line = next(line for line in lines if line.entrant == reference)
    axis, count, near = axis_of(ranking.entries), len(ranking.entries), set(found.inseparable_from)
    ranks = Bar(Decimal(found.rank_low), Decimal(found.rank), Decimal(found.rank_high))
    points = Bar(Decimal(found.low), Decimal(found.points), Decimal(found.high))
    tasks = {task.name: task for task in view.tasks}
    return render_template(
        "standings/entry.html",
        call=view.call,
        title=view.title,
        version=number,
        base=url_for("standings.version", board_id=board_id, number=number),
        reference=reference,
        line=line,
        count=count,
        axis=axis,
        sure=policy.percent(view.rules.ranking.confidence),
        rank_chart=interval(ranks, least=Decimal(1), most=Decimal(max(count, 2)), label=f"Rank {line.ranks}"),
        points_chart=interval(
            points, least=Decimal(axis.least), most=Decimal(axis.most), label=f"Points {line.interval}"
        ),
        tasks=[(tasks[score.task], score) for score in found.tasks],
        near=[one for one in lines if one.entrant in near],
    )


def _shown(board_id: int, number: int | None) -> Response:
    """Answer with a board's page; for visitors it is the same, so it is made once for all of them."""
    with reading() as session:
        seen = queries.glance_for(session, actor(), board_id)

        def make() -> str:
            view = board_view(session, actor(), seen, number)
            return _render(view, readers_view(session, actor(), view))

        if is_plain_visit():
            return answer(fragments().get(("board page", seen, number), make))
        return Response(make(), mimetype="text/html")


def _render(view: BoardView, reader: ReadersView) -> str:
    return render_template(
        "standings/board.html",
        view=view,
        seen=view.seen,
        standing=view.standing,
        zone=view.rules.zone,
        reader=reader,
        own_entries=_own_entries(view, reader),
        sheet=_sheet(view),
        base=url_for("standings.version", board_id=view.seen.board_id, number=view.version),
    )


def _sheet(view: BoardView) -> Markup:
    """Return the table of a standing, made once for all readers: it knows the version and nobody who reads."""
    if view.standing is None:
        return Markup("")
    kept = fragments().get(("board sheet", view.seen.board_id, view.version), lambda: _render_sheet(view))
    return Markup(kept.body.decode())  # noqa: S704  # written by a template, which escapes every name


def _render_sheet(view: BoardView) -> str:
    ranking, names = view.ranking, view.names
    lines = _lines(view, ranking, names)
    return render_template(
        "standings/sheet.html",
        lines=lines,
        unranked=[(one.entrant, names.get(one.entrant, one.entrant), one.reason) for one in ranking.unranked],
        winners=view.rules.selection.winners,
        top=sum(line.top for line in lines),
        axis=axis_of(ranking.entries),
        part=view.seen.stand.part,
        tasks=view.tasks,
        sure=policy.percent(view.rules.ranking.confidence),
        words=policy.in_words(queries.policy_of(view.standing)) if view.standing else [],
        versions=sorted(ranking.versions.items()),
        base=url_for("standings.version", board_id=view.seen.board_id, number=view.version),
    )


def _own_entries(view: BoardView, reader: ReadersView) -> list[OwnEntry]:
    if not reader.own or view.standing is None:
        return []
    ranking = view.ranking
    mine = any(one.entrant in reader.own for one in ranking.entries)
    lines = [line for line in _lines(view, ranking, {}) if line.entrant in reader.own] if mine else []
    apart = [one for one in ranking.unranked if one.entrant in reader.own]
    return [
        *(OwnEntry(line.entrant, line) for line in lines),
        *(OwnEntry(one.entrant, None, one.reason) for one in apart),
    ]


def _lines(view: BoardView, ranking: Ranking, names: dict[str, str]) -> tuple[Line, ...]:
    places, winners = view.rules.ranking.decimals, view.rules.selection.winners
    return lines_of(ranking, names, places=places, winners=winners)
