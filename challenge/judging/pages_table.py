"""Pages of the whole panel: scores side by side and on one scale, as a page and as files."""

from dataclasses import dataclass
from decimal import Decimal

from flask import make_response, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response

from challenge.calls.document import Rules
from challenge.calls.records import Call
from challenge.foundation.permits import Role, demand
from challenge.judging import exports, pages_assignment, pages_consensus, pages_outlook, queries, queries_entry, rules
from challenge.judging.calibration import MarkGiven, PanelStatistics, discussion_order, marks_of
from challenge.judging.docket import Docket
from challenge.judging.operations_calibration import panel_statistics
from challenge.judging.pages import Page, judging
from challenge.judging.table import Row, row
from challenge.standings.policy import percent
from challenge.standings.ranking import Entry
from challenge.web.access import open_to
from challenge.web.charts import Bar, interval
from challenge.web.house import actor, now, reading

__all__ = ["judging", "pages_assignment", "pages_consensus", "pages_outlook", "table"]
KINDS = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


@dataclass(frozen=True)
class Seen:
    """The panel's table as far as one reader may see it."""

    call: Call
    rules: Rules
    docket: Docket
    rows: tuple[Row, ...]
    board: dict[str, Entry]
    statistics: PanelStatistics


@judging.get("/judging/<key>/table")
@open_to(Role.JUDGE, Role.ADMIN, Role.AUDITOR)
def table(key: str) -> Page:
    """Show the panel's scores side by side, less the entries from which the reader stands back."""
    seen = _seen(key)
    docket, statistics = seen.docket, seen.statistics
    listed = {one.listed.reference: one.listed for one in seen.rows}
    return render_template(
        "judging/table.html",
        call=seen.call,
        rules=seen.rules,
        rows=seen.rows,
        measured=seen.board,
        statistics=statistics,
        shifts=_shift_bars(statistics),
        sure=percent(seen.rules.ranking.confidence),
        titles={criterion.key: criterion.title for criterion in seen.rules.criteria},
        discussion=[(listed[entry], disputed) for entry, disputed in discussion_order(statistics)],
        why_not_agree={
            one.reference: rules.why_not_agree(docket, actor(), one.submission_id, rules=seen.rules, now=now())
            for one in listed.values()
        },
        seat=docket.seat(actor().account_id),
    )


@judging.get("/judging/<key>/table.<any(csv, parquet):kind>")
@open_to(Role.JUDGE, Role.ADMIN, Role.AUDITOR)
def table_file(key: str, kind: str) -> Page:
    """Hand out the table, a line an entry."""
    seen = _seen(key)
    rows = exports.table_rows(seen.rows, seen.rules, seen.statistics, seen.board)
    return _file(exports.sheet(exports.table_header(seen.rules), rows, kind), f"panel-{key}", kind)


@judging.get("/judging/<key>/scores.<any(csv, parquet):kind>")
@open_to(Role.JUDGE, Role.ADMIN, Role.AUDITOR)
def scores_file(key: str, kind: str) -> Page:
    """Hand out the scores, a line a mark, as the instrument reads them."""
    seen = _seen(key)
    rows = exports.score_rows(_marks(seen.docket))
    return _file(exports.sheet(exports.SCORES, rows, kind), f"scores-{key}", kind)


def _seen(key: str) -> Seen:
    with reading() as session:
        call, call_rules, docket = queries.panel_for(session, actor(), key)
        demand(rules.why_not_table(docket, actor()))
        listed = docket.seen_by(actor().account_id or 0)
        board = queries_entry.board_entries(session, call.id, [one.reference for one in listed])
    open_ones, ranking = rules.open_entries(docket, actor()), call_rules.ranking
    rows = tuple(row(docket, one, call_rules, is_open=one.submission_id in open_ones) for one in listed)
    statistics = panel_statistics(_marks(docket), seed=ranking.seed, confidence=ranking.confidence)
    return Seen(call, call_rules, docket, rows, board, statistics)


def _marks(docket: Docket) -> tuple[MarkGiven, ...]:
    return marks_of(docket, rules.open_entries(docket, actor()))


def _shift_bars(statistics: PanelStatistics) -> dict[str, Markup]:
    """Draw every judge's shift around 0, all on one axis as wide as the widest of them needs."""
    known = [one for one in statistics.shifts.values() if one.shift.low is not None and one.shift.high is not None]
    reach = max([Decimal("0.5"), *(abs(bound) for one in known for bound in (one.shift.low, one.shift.high) if bound)])
    bars = {}
    for one in known:
        low, middle, high = (value or Decimal(0) for value in (one.shift.low, one.shift.value, one.shift.high))
        label = f"{one.judge}: {middle:+.2f}, between {low:+.2f} and {high:+.2f}"
        bars[one.judge] = interval(Bar(low, middle, high), least=-reach, most=reach, label=label)
    return bars


def _file(content: bytes, name: str, kind: str) -> Response:
    response = make_response(content)
    response.mimetype = KINDS[kind]
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return response
