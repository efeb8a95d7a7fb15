"""The page that says how places moved from the public board of a suite to the private one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from challenge.foundation.permits import NotFound
from challenge.standings import operations_shake_up, policy
from challenge.standings.operations_shake_up import Kept
from challenge.standings.pages import Page, standings
from challenge.standings.paging import Asked, Piece, piece_of
from challenge.standings.queries_page import BoardView, board_view, why_not_items
from challenge.standings.queries_shake_up import Both, both_for
from challenge.standings.queries_shown import Shown
from challenge.standings.shake_up import Move, largest_first, left_out, moves
from challenge.web.access import EVERYONE, open_to
from challenge.web.charts_slope import Slope, slope
from challenge.web.fragments import answer, fragments, is_plain_visit
from challenge.web.house import actor, house, reading

DRAWN = 40
"""How many lines the chart has room for."""
BY_MOVE = "moves"


@dataclass(frozen=True)
class Wanted:
    """Which lines a reader asks for: largest moves first, or by private rank."""

    by_move: bool
    lines: Asked

    def query(self, **more: str) -> str:
        """Return the end of the address of other lines in the same order."""
        said = {name: text for name, text in {"order": BY_MOVE if self.by_move else "", **more}.items() if text}
        return f"?{urlencode(said)}" if said else ""


@standings.get("/boards/<int:board_id>/shake-up")
@open_to(EVERYONE)
def shake_up(board_id: int) -> Page:
    """Show how places moved between the two boards of a suite."""
    wanted = Wanted(
        request.args.get("order") == BY_MOVE,
        Asked(after=request.args.get("after", ""), everything=request.args.get("show") == "all"),
    )
    with reading() as session:
        both = both_for(session, actor(), board_id)

    def make() -> str:
        with reading() as session:
            public, private = (board_view(session, one, None) for one in (both.public, both.private))
        return _render(both, public, private, wanted)  # nothing is computed while the database waits

    if is_plain_visit():
        return answer(fragments().get(("shake-up", both, wanted), make))
    return Response(make(), mimetype="text/html")


def _render(both: Both, public: BoardView, private: BoardView, wanted: Wanted) -> str:
    before, after = public.standing, private.standing
    found = moves(before.ranking, after.ranking)
    ordered = largest_first(found) if wanted.by_move else found
    try:
        piece = piece_of(ordered, wanted.lines)
    except LookupError:
        raise NotFound from None
    measured = operations_shake_up.measured(house().files, _kept(before), _kept(after))
    beyond = [move for move in found if move.beyond_both]
    return render_template(
        "standings/shake_up.html",
        call=private.call,
        suite=private.suite,
        both=both,
        public=public,
        private=private,
        zone=private.rules.zone,
        names={**before.names, **after.names},
        sure=policy.percent(private.rules.ranking.confidence),
        moved=sum(move.down != 0 for move in found),
        beyond=beyond,
        count=len(found),
        measured=measured,
        piece=piece,
        wanted=wanted,
        links=_links(private.seen.board_id, piece, wanted),
        chart=_chart(piece.entries[:DRAWN], after.names),
        drawn=min(DRAWN, len(piece.entries)),
        left_out=left_out(before.ranking, after.ranking),
        items_open=not (why_not_items(both.public) or why_not_items(both.private)),
        optimism=measured.by_reference if measured else {},
    )


def _kept(said: Shown) -> Kept:
    return Kept(said.standing.scores_sha256, said.standing.policy)


def _chart(lines: Sequence[Move], names: Mapping[str, str]) -> Markup:
    drawn = [
        Slope(names.get(one.entrant, one.entrant), one.public.rank, one.private.rank, marked=one.beyond_both)
        for one in lines
    ]
    label = f"Ranks of {len(drawn)} entries on the public board and on the private one; the table says the same"
    return slope(drawn, heads=("Public rank", "Private rank"), label=label)


def _links(board_id: int, piece: Piece[Move], wanted: Wanted) -> dict[str, str]:
    """Return where the neighbouring lines stand, all of them, and each order."""
    base = url_for("standings.shake_up", board_id=board_id)
    found = {"by rank": base, "by move": f"{base}?order={BY_MOVE}"}
    if piece.before is not None:
        found["before"] = base + wanted.query(after=piece.before)
    if piece.then is not None:
        found["then"] = base + wanted.query(after=piece.then)
    if not piece.whole:
        found["all"] = base + wanted.query(show="all")
    return found
