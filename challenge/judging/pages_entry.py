"""The page of one finalist: what was measured and found, the reader's own review, and the panel's after it."""

from decimal import Decimal

from flask import make_response, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response

from challenge.calls.document import PhaseKind, Rules
from challenge.foundation.permits import Role, demand
from challenge.judging import (
    operations_calibration,
    operations_opinions,
    queries,
    queries_entry,
    queries_evidence,
    rules,
)
from challenge.judging.calibration import JudgeShift, PanelStatistics, marks_of, names_of_judges
from challenge.judging.docket import Docket
from challenge.judging.forms import ReviewForm, as_typed, review_form
from challenge.judging.marks import anchors, marks
from challenge.judging.measures import TaskMeasure, top_sentence
from challenge.judging.opinions import Opinions
from challenge.judging.pages import Page, judging
from challenge.judging.queries_entry import Measured
from challenge.judging.rules_deeds import deeds
from challenge.judging.stances import stances
from challenge.judging.table import Spread, spreads
from challenge.judging.writing import SURE
from challenge.people import queries as people
from challenge.runs.queries_papers import model_words
from challenge.web.access import open_to
from challenge.web.charts import Bar, interval
from challenge.web.charts_marked import between_anchors, marks_spread
from challenge.web.headers import CONTENT_SECURITY
from challenge.web.house import actor, house, now, reading


@judging.get("/judging/<key>/<reference>")
@open_to(Role.JUDGE, Role.ADMIN, Role.AUDITOR)
def entry(key: str, reference: str) -> Page:
    """Show a finalist to those who may judge or oversee it."""
    with reading() as session:
        call, call_rules, panel = queries.panel_for(session, actor(), key)
        listing = queries.listing(session, call.id, reference)
        demand(rules.why_not_read(panel, actor(), listing.submission.id))
        own = queries.own_review(session, actor().account_id or 0, listing.submission.id)
    return entry_page(key, reference, review_form(call_rules.criteria)(formdata=None, data=as_typed(own)))


def entry_page(key: str, reference: str, form: ReviewForm, *, said: str = "") -> Response:
    """Return the page of a finalist with the form of the reader's review, and `said` above the form."""
    with reading() as session:
        call, call_rules, panel = queries.panel_for(session, actor(), key)
        listing = queries.listing(session, call.id, reference)
        submission = listing.submission
        visible = {one.reference for one in panel.seen_by(actor().account_id or 0)}
        hidden = {one.reference for one in panel.finalists} - visible
        found = queries_entry.on_board(session, submission, hidden=hidden)
        evidence = queries_evidence.evidence_of(session, submission, found.suite, unranked=found.unranked)
        verdict = queries_entry.verdict(session, submission)
        why_not_others = rules.why_not_see_others(panel, actor(), submission.id)
        versions = [] if why_not_others else queries.versions_of(session, submission.id)
        consensus = [] if why_not_others else queries.consensus_versions(session, submission.id)
        names = people.names_of(session, [one.account_id for one in versions] + [c.recorded_by for c in consensus])
        own = queries.own_review(session, actor().account_id or 0, submission.id)
    in_office = actor().has(Role.ADMIN, Role.AUDITOR)
    statistics = None if why_not_others else _statistics(panel, call_rules)
    spread = () if why_not_others else spreads(panel, submission.id, call_rules, reader=actor().account_id)
    model = evidence.model_sha256
    form.basis.data = own.written.digest if own else ""
    text = render_template(
        "judging/entry.html",
        call=call,
        rules=call_rules,
        phase=call_rules.phase(PhaseKind.JUDGING),
        listing=listing,
        submission=submission,
        verdict=verdict,
        unranked=found.unranked,
        measured=found.measured,
        drawn=_drawn(found.measured, call_rules.selection.winners) if found.measured else None,
        opinions=_opinions(found.measured, call_rules) if found.measured else None,
        evidence=evidence,
        model=model_words(house().files.open(model)) if model else "",
        deeds=deeds(panel, actor(), submission.id, call_rules=call_rules, now=now()),
        stances=stances(panel, submission.id, reader=actor().account_id, in_office=in_office),
        in_office=in_office,
        seat=panel.seat(actor().account_id),
        own=own,
        form=form,
        said=said,
        anchors={criterion.key: anchors(criterion) for criterion in call_rules.criteria},
        sure=SURE,
        why_not_review=rules.why_not_review(panel, actor(), submission.id, rules=call_rules, now=now()),
        why_not_step_back=rules.why_not_declare(panel, actor(), submission.id, conflict=True),
        why_not_others=why_not_others,
        versions=versions,
        consensus=consensus,
        names=names,
        spread=[(one, _dots(one)) for one in spread],
        statistics=statistics,
        own_shift=_own_shift(panel, statistics) if statistics else None,
    )
    response = make_response(text, 422 if form.errors or form.form_errors else 200)
    # its script keeps the draft while it is being written
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY}; connect-src 'self'"
    return response


def _opinions(measured: Measured, call_rules: Rules) -> Opinions | None:
    """Return what other rules and other tasks say of the entry."""
    winners = call_rules.selection.winners
    found = operations_opinions.second_opinions(measured.ranking, measured.policy, winners=winners)
    return found.get(measured.entry.entrant)


def _drawn(measured: Measured, winners: int) -> dict[str, object]:
    """Draw an entry's bars, each with the words that stand for it."""
    found = measured.entry
    low, middle, high = (Decimal(text) for text in (found.low, found.points, found.high))
    ranks = Bar(Decimal(found.rank_low), Decimal(found.rank), Decimal(found.rank_high))
    span = f"{found.rank_low} to {found.rank_high}"
    return {
        "points": interval(
            Bar(low, middle, high), least=Decimal(0), most=Decimal(100),
            label=f"Points between {low:.2f} and {high:.2f} of 100",
        ),
        "ranks": interval(
            ranks, least=Decimal(1), most=Decimal(max(measured.entries, 2)),
            label=f"Rank {span} of {measured.entries}",
        ),
        "tasks": {task.name: _between(task) for task in measured.tasks},
        "top": top_sentence(found, winners=winners, sure=measured.sure),
    }  # fmt: skip


def _between(task: TaskMeasure) -> Markup:
    if task.way is None:
        return Markup("")
    label = (
        f"{task.title}: {task.way.middle:.3f} of the way from floor to ceiling, "
        f"between {task.way.low:.3f} and {task.way.high:.3f}"
    )
    return between_anchors(Bar(task.way.low, task.way.middle, task.way.high), label=label)


def _statistics(panel: Docket, call_rules: Rules) -> PanelStatistics:
    """Compute what the marks say together, from the entries that are open to the reader and from no other."""
    ranking = call_rules.ranking
    marks = marks_of(panel, rules.open_entries(panel, actor()))
    return operations_calibration.panel_statistics(marks, seed=ranking.seed, confidence=ranking.confidence)


def _own_shift(panel: Docket, statistics: PanelStatistics) -> JudgeShift | None:
    name = names_of_judges(panel).get(actor().account_id or 0)
    return statistics.shifts.get(name) if name else None


def _dots(one: Spread) -> Markup:
    said = ", ".join(f"{name} {marks(value)}" for name, value in one.marks)
    return marks_spread([value for _, value in one.marks], own=one.own, label=f"{one.criterion}: {said}")
