"""Pages where boards are read, version by version and entry by entry."""

from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, render_template, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from challenge.calls import queries as calls
from challenge.calls.document import Rules
from challenge.calls.records import Call, CallSuite
from challenge.foundation.permits import NotFound, WhyNot
from challenge.standings import policy, queries, rules
from challenge.standings.lines import Line, axis_of, lines_of
from challenge.standings.queries_gates import gate_marks
from challenge.standings.ranking import Ranking
from challenge.standings.records import Standing
from challenge.teams.queries import team_of
from challenge.web.access import EVERYONE, open_to
from challenge.web.charts import Bar, interval
from challenge.web.fragments import answer, fragments, is_plain_visit
from challenge.web.house import actor, reading

standings = Blueprint("standings", __name__, template_folder="templates")
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class BoardPage:
    """What the page of one board at one version is made of."""

    seen: queries.Glance
    call: Call
    suite: CallSuite
    rules: Rules
    standing: Standing | None
    """None before the board was built."""

    @property
    def version(self) -> int:
        """The version shown, 0 before the first."""
        return self.standing.version if self.standing else 0

    @property
    def title(self) -> str:
        """What the board is called."""
        return f"{self.suite.title}, {self.seen.stand.part} part"


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
        page = _page(session, queries.glance_for(session, actor(), board_id), number)
    ranking, names = _ranking(page), queries.names_of(page.standing) if page.standing else {}
    found = ranking.entry(reference)
    if found is None:
        raise NotFound
    lines = _lines(page, ranking, names)
    near = set(found.inseparable_from)
    axis, count = axis_of(ranking.entries), len(ranking.entries)
    ranks = Bar(Decimal(found.rank_low), Decimal(found.rank), Decimal(found.rank_high))
    points = Bar(Decimal(found.low), Decimal(found.points), Decimal(found.high))
    tasks = {task.name: task for task in policy.read_tasks(page.suite.summary)}
    line = next(line for line in lines if line.entrant == reference)
    return render_template(
        "standings/entry.html",
        call=page.call,
        title=page.title,
        version=number,
        base=url_for("standings.version", board_id=board_id, number=number),
        reference=reference,
        team=names.get(reference, reference),
        line=line,
        count=count,
        axis=axis,
        sure=policy.percent(page.rules.ranking.confidence),
        rank_chart=interval(ranks, least=Decimal(1), most=Decimal(max(count, 2)), label=f"Rank {line.ranks}"),
        points_chart=interval(
            points, least=Decimal(axis.least), most=Decimal(axis.most), label=f"Points {line.interval}"
        ),
        tasks=[(tasks[score.task], score) for score in found.tasks],
        near=[(one.rank, one.team, one.entrant, one.points) for one in lines if one.entrant in near],
    )


def _shown(board_id: int, number: int | None) -> Response:
    """Answer with a board's page; a visitor's page is the same for all visitors, so it is made once."""
    with reading() as session:
        seen = queries.glance_for(session, actor(), board_id)
        if is_plain_visit():
            key = ("board page", seen, number)
            return answer(fragments().get(key, lambda: _render(session, seen, number)))
        return Response(_render(session, seen, number), mimetype="text/html")


def _render(session: Session, seen: queries.Glance, number: int | None) -> str:
    page = _page(session, seen, number)
    insider = rules.is_insider(actor())
    names = queries.names_of(page.standing) if page.standing else {}
    first = queries.first_version_for(session, actor(), seen)
    return render_template(
        "standings/board.html",
        seen=seen,
        call=page.call,
        suite=page.suite,
        zone=page.rules.zone,
        title=page.title,
        standing=page.standing,
        version=page.version,
        insider=insider,
        why_not=_why_not(session, seen),
        gates=gate_marks(session, page.call.id, names) if insider else [],
        own_entries=_own_entries(session, page),
        sheet=_sheet(page),
        base=url_for("standings.version", board_id=seen.board_id, number=page.version),
        history=queries.history_of(session, seen, first=first),
    )


def _page(session: Session, seen: queries.Glance, number: int | None) -> BoardPage:
    call = calls.call(session, seen.call_id)
    wanted = seen.stand.version if number is None else number
    return BoardPage(
        seen=seen,
        call=call,
        suite=calls.suite(session, seen.suite_id),
        rules=calls.rules_of(session, call),
        standing=queries.standing_for(session, actor(), seen, wanted) if wanted or number == 0 else None,
    )


def _sheet(page: BoardPage) -> Markup:
    """Return the table of a standing, made once for all readers: it knows the version and nobody who reads."""
    if page.standing is None:
        return Markup("")

    def make() -> str:
        assert page.standing is not None  # noqa: S101  # told apart above; a closure forgets it
        ranking, names = _ranking(page), queries.names_of(page.standing)
        lines = _lines(page, ranking, names)
        part = page.seen.stand.part
        return render_template(
            "standings/sheet.html",
            lines=lines,
            unranked=[(one.entrant, names.get(one.entrant, one.entrant), one.reason) for one in ranking.unranked],
            winners=page.rules.selection.winners,
            top=sum(line.top for line in lines),
            axis=axis_of(ranking.entries),
            part=part,
            tasks=policy.tasks_of(policy.read_tasks(page.suite.summary), part),
            sure=policy.percent(page.rules.ranking.confidence),
            words=policy.in_words(queries.policy_of(page.standing)),
            versions=sorted(ranking.versions.items()),
            base=url_for("standings.version", board_id=page.seen.board_id, number=page.version),
        )

    kept = fragments().get(("board sheet", page.seen.board_id, page.version), make)
    return Markup(kept.body.decode())  # noqa: S704  # written by the template above, which escapes every name


def _own_entries(session: Session, page: BoardPage) -> list[OwnEntry]:
    if page.standing is None or not actor().signed_in:
        return []
    team = team_of(session, call_id=page.call.id, account_id=actor().account_id)
    if team is None:
        return []
    own, ranking = queries.own_references(session, team_id=team.id), _ranking(page)
    lines = _lines(page, ranking, {}) if any(one.entrant in own for one in ranking.entries) else ()
    return [OwnEntry(line.entrant, line) for line in lines if line.entrant in own] + [
        OwnEntry(one.entrant, None, one.reason) for one in ranking.unranked if one.entrant in own
    ]


def _why_not(session: Session, seen: queries.Glance) -> dict[str, WhyNot]:
    """Say of every deed on a board why it may not be done; what is only asked of insiders is only reckoned for them."""
    answers = {"items": rules.why_not_items(actor(), seen.stand)}
    if rules.is_insider(actor()):
        work = queries.work_on(session, queries.board(session, seen.board_id))
        answers["publish"] = rules.why_not_publish(actor(), seen.stand)
        answers["hide"] = rules.why_not_hide(actor(), seen.stand)
        answers["freeze"] = rules.why_not_freeze(actor(), seen.stand, work)
    return answers


def _ranking(page: BoardPage) -> Ranking:
    if page.standing is None:
        raise NotFound
    return queries.ranking_of(page.standing)


def _lines(page: BoardPage, ranking: Ranking, names: dict[str, str]) -> tuple[Line, ...]:
    places, winners = page.rules.ranking.decimals, page.rules.selection.winners
    return lines_of(ranking, names, places=places, winners=winners)
