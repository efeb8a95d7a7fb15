"""Pages where boards are read, version by version."""

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from challenge.calls import queries as calls
from challenge.standings import queries
from challenge.standings.lines import Line
from challenge.standings.pages_sheet import asked, lines, sheet
from challenge.standings.paging import Asked, page_with
from challenge.standings.queries_page import BoardView, ReadersView, board_view, readers_view
from challenge.standings.rules_veil import IN_WORDS
from challenge.web.access import EVERYONE, open_to
from challenge.web.fragments import answer, fragments, is_plain_visit
from challenge.web.house import actor, reading

standings = Blueprint("standings", __name__, template_folder="templates")
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class OwnEntry:
    """A reader's own entry: where it stands, or why it does not."""

    reference: str
    shown_as: str
    """The pseudonym under which others may see it, empty where they read its name."""
    link: str
    """Where its line stands."""
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


def _shown(board_id: int, number: int | None) -> Response:
    """Answer with a board's page; for visitors it is the same, so it is made once for all of them."""
    with reading() as session:
        seen, wanted = queries.glance_for(session, actor(), board_id), asked()

        def make() -> str:
            view = board_view(session, seen, number)
            return _render(view, readers_view(session, view), wanted)

        if is_plain_visit():
            return answer(fragments().get(("board page", seen, number, wanted), make))
        return Response(make(), mimetype="text/html")


def _render(view: BoardView, reader: ReadersView, wanted: Asked) -> str:
    base = url_for("standings.version", board_id=view.seen.board_id, number=view.version)
    return render_template(
        "standings/board.html",
        view=view,
        seen=view.seen,
        standing=view.shown,
        zone=view.rules.zone,
        reader=reader,
        veil_words=IN_WORDS[view.seen.stand.veil],
        own_entries=_own_entries(view, reader, base),
        sheet=sheet(view, wanted),
        base=base,
    )


def _own_entries(view: BoardView, reader: ReadersView, base: str) -> list[OwnEntry]:
    """Say where a reader's own entries stand, whoever else reads them under which name."""
    if not reader.own or view.shown is None:
        return []
    said = view.shown
    mine = {entrant: reference for entrant, reference in said.references.items() if reference in reader.own}
    ranked = [entry for entry in said.ranking.entries if entry.entrant in mine]
    return [
        *(
            OwnEntry(
                reference=mine[line.entrant],
                shown_as=said.names[line.entrant] if said.veiled else "",
                link=_link_to(base, page_with(said.ranking.entries, line.entrant), line.entrant),
                line=line,
            )
            for line in lines(view, ranked)
        ),
        *(
            OwnEntry(
                mine[one.entrant], said.names[one.entrant] if said.veiled else "", f"#{one.entrant}", None, one.reason
            )
            for one in said.ranking.unranked
            if one.entrant in mine
        ),
    ]


def _link_to(base: str, after: str, entrant: str) -> str:
    """Return where a line stands: on this page, or among the lines after another entry."""
    return f"{base}?after={after}#{entrant}" if after else f"{base}#{entrant}"
