"""The table of a standing as a finished piece: the same for all who read the same names, kept by its version."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import render_template, request, url_for
from markupsafe import Markup

from challenge.foundation.permits import NotFound
from challenge.standings import policy, rules_veil
from challenge.standings.heat import SIGNS
from challenge.standings.lines import Line, Manner, axis_of, lines_of
from challenge.standings.paging import Asked, Piece, piece_of
from challenge.standings.queries_page import BoardView
from challenge.standings.queries_shown import Shown
from challenge.standings.ranking import Entry
from challenge.standings.sorting import BY_RANK, TASK, Sorting
from challenge.web.fragments import fragments


@dataclass(frozen=True)
class Column:
    """The head of a column by which the table can be put in order."""

    title: str
    link: str
    said: str
    """What `aria-sort` says; empty where the table is in another order."""


def asked() -> Asked:
    """Read from the address which lines are wanted, and in which order."""
    sorting, after = Sorting.read(request.args.get("sort", "")), request.args.get("after", "")
    return Asked(sorting, after, request.args.get("show") == "all")


def sheet(view: BoardView, wanted: Asked) -> Markup:
    """Return the table of a standing; raise NotFound for an order or a beginning that it does not have."""
    if view.shown is None:
        return Markup("")
    # names and pseudonyms never share a piece: the key says under which of them it was made
    key = ("board sheet", view.seen.board_id, view.version, view.seen.stand.veil, view.shown.veil_key, wanted)
    kept = fragments().get(key, lambda: _render(view, view.standing, wanted))
    return Markup(kept.body.decode())  # noqa: S704  # written by a template, which escapes every name


def manner_of(view: BoardView) -> Manner:
    """Return how the lines of a board are written."""
    return Manner(view.rules.ranking.decimals, view.rules.selection.winners, view.tasks)


def lines(view: BoardView, entries: list[Entry] | None = None) -> tuple[Line, ...]:
    """Write entries of a standing as lines, all of them unless some are named."""
    said = view.standing
    return lines_of(said.ranking, said.names, manner_of(view), entries=entries, asides=said.asides)


def orders(view: BoardView, said: Shown) -> dict[str, str]:
    """Return by which keys a standing can be put in order, with the title of each."""
    ranked = [said.aside(entry.entrant) for entry in said.ranking.entries]
    keys = {"rank": "Rank", "team": "Team", "low": "Best rank", "high": "Worst rank", "points": "Points"}
    keys |= {TASK + task.name: task.title for task in view.tasks}
    if any(aside.joules is not None for aside in ranked):
        keys["energy"] = "Energy"
    if any(aside.micros is not None for aside in ranked):
        keys["cost"] = "Cost"
    return keys


def _render(view: BoardView, said: Shown, wanted: Asked) -> str:
    keys, sorting = orders(view, said), wanted.sorting
    if sorting.key not in keys:
        raise NotFound
    ranking, base = said.ranking, url_for("standings.version", board_id=view.seen.board_id, number=view.version)
    try:
        piece = piece_of(sorting.of(ranking.entries, said.names, said.asides), wanted)
    except LookupError:
        raise NotFound from None
    winners = view.rules.selection.winners
    return render_template(
        "standings/sheet.html",
        lines=lines(view, list(piece.entries)),
        piece=piece,
        links=_links(base, piece, sorting),
        columns={key: _column(base, key, title, sorting) for key, title in keys.items()},
        sorting=sorting,
        sorted_by=keys[sorting.key],
        count=len(ranking.entries),
        sharing=_sharing(ranking.entries),
        unranked=[(one.entrant, said.names.get(one.entrant, one.entrant), one.reason) for one in ranking.unranked],
        winners=winners,
        top=len(ranking.could_be_top(winners)),
        axis=axis_of(ranking.entries),
        part=view.seen.stand.part,
        tasks=view.tasks,
        task_key=TASK,
        signs=SIGNS,
        sure=policy.percent(view.rules.ranking.confidence),
        words=[*policy.in_words(said.policy), *([rules_veil.IN_WORDS[view.seen.stand.veil]] if said.veiled else [])],
        versions=sorted(ranking.versions.items()),
        base=base,
    )


def _column(base: str, key: str, title: str, sorting: Sorting) -> Column:
    order = sorting.asked(key)
    return Column(title, f"{base}{_query(order)}#ranking", sorting.said(key))


def _links(base: str, piece: Piece[Entry], sorting: Sorting) -> dict[str, str]:
    """Return where the neighbouring lines stand, and where all of them do."""
    found = {}
    if piece.before is not None:
        found["before"] = f"{base}{_query(sorting, after=piece.before)}#ranking"
    if piece.then is not None:
        found["then"] = f"{base}{_query(sorting, after=piece.then)}#ranking"
    if not piece.whole:
        found["all"] = f"{base}{_query(sorting, show='all')}#ranking"
    return found


def _query(sorting: Sorting, **more: str) -> str:
    wanted = {"sort": sorting.text if sorting != BY_RANK else "", **more}
    said = {key: text for key, text in wanted.items() if text}
    return f"?{urlencode(said, safe=':')}" if said else ""


def _sharing(entries: tuple[Entry, ...]) -> int:
    """Count the entries that share their rank with another."""
    return sum(count for count in Counter(entry.rank for entry in entries).values() if count > 1)
