"""Who may do what on a panel, and when."""

from collections.abc import Collection
from datetime import datetime

from challenge.calls.dates import instant_words
from challenge.calls.document import PhaseKind, Rules
from challenge.calls.states import CallState
from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.judging.docket import Docket, Duty
from challenge.teams.stakes import why_not_outside

LEAST_COMMENT, LEAST_REASON = 20, 10

UNDECLARED = "Say first whether you have a conflict of interest with this entry; it opens once you have declared none."
RECUSED = "A conflict of interest keeps you from this entry; nothing of it is shown to you."
THE_PANEL = "what concerns its panel is for others"
NOT_ON_PANEL = "Only the call's own panel may do this."
LATER = "You have submitted your review of this entry, so it is too late to step back; write to the organiser."
STANDS = "You declared a conflict with this entry; that stands. If it was a mistake, write to the organiser."
AGREED = "The panel has agreed on this entry already; reviews of it are closed."


def why_not_keep_panel(actor: Actor, *, competes: bool) -> WhyNot:
    """Admins of no team in the call appoint and dismiss judges, and name finalists."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may change the panel."
    return why_not_outside(THE_PANEL, competes=competes)


def why_not_come(docket: Docket, actor: Actor) -> WhyNot:
    """Whoever came to compete finds nothing of a panel, whatever seat or office they have."""
    return why_not_outside(THE_PANEL, competes=actor.account_id in docket.competitors)


def why_not_look(docket: Docket, actor: Actor) -> WhyNot:
    """Admins and auditors without a seat look at all that a panel does, unless they compete."""
    if not actor.has(Role.ADMIN, Role.AUDITOR):
        return NOT_ON_PANEL
    return why_not_come(docket, actor)


def why_not_appoint(actor: Actor, *, competes: bool, is_judge: bool, is_seated: bool, is_competitor: bool) -> WhyNot:
    """A seat is for a person who holds the role of a judge, is of no team in the call and has no seat yet."""
    if refused := why_not_keep_panel(actor, competes=competes):
        return refused
    if is_competitor:
        return "This person is a member of a team in this call, and nobody judges rivals."
    if not is_judge:
        return "This person does not hold the role of a judge; grant it first."
    return "This person has a seat on the panel already." if is_seated else None


def why_not_dismiss(actor: Actor, docket: Docket) -> WhyNot:
    """Nobody leaves the panel once it has begun to agree: an agreement stands on the reviews it was made from."""
    if refused := why_not_keep_panel(actor, competes=actor.account_id in docket.competitors):
        return refused
    return "The panel has agreed on an entry already, so its members stay." if docket.agreed else None


def why_not_name_finalists(actor: Actor, *, competes: bool, state: CallState, board_stands: bool) -> WhyNot:
    """Finalists are named from a frozen call's private board."""
    if refused := why_not_keep_panel(actor, competes=competes):
        return refused
    if state is not CallState.FROZEN:
        return "Freeze the call first: finalists are named when no submission can be added any more."
    return None if board_stands else "There is no private board yet; finalists are named from it."


def why_not_take(taken: Collection[str], *, tied: Collection[str], places: int) -> WhyNot:
    """Of those tied at the maximum, no more come before the panel than there are places left."""
    if strangers := sorted(set(taken) - set(tied)):
        return f"{strangers[0]} is not among those tied at the maximum."
    if len(taken) > places:
        return f"At most {places} of them can come before the panel, and {len(taken)} are chosen."
    return None


def why_not_now(rules: Rules, *, now: datetime) -> WhyNot:
    """Panels work within the call's judging phase."""
    phase = rules.phase(PhaseKind.JUDGING)
    if phase is None:
        return "This call has no judging phase."
    if now < phase.opens:
        return f"Judging opens on {instant_words(phase.opens, zone=rules.zone)}."
    return None if phase.covers(now) else f"Judging closed on {instant_words(phase.closes, zone=rules.zone)}."


def why_not_declare(docket: Docket, actor: Actor, submission_id: int, *, conflict: bool) -> WhyNot:
    """A panellist declares once; a conflict found out later may be added until the own review is in."""
    if docket.seat(actor.account_id) is None:
        return NOT_ON_PANEL
    pair = (actor.account_id or 0, submission_id)
    if docket.links.get(pair) and not conflict:
        return "The platform found a conflict between you and this team, so you cannot declare that there is none."
    if pair not in docket.words:
        return None
    if docket.words[pair].conflict:
        return STANDS
    if not conflict:
        return "You have declared already that you have no conflict with this entry."
    return LATER if pair in docket.reports else None


def why_not_read(docket: Docket, actor: Actor, submission_id: int) -> WhyNot:
    """An entry opens to panellists who declared no conflict, and to admins and auditors who stand apart from it."""
    account_id = actor.account_id or 0
    if docket.seat(account_id) is not None:
        return {Duty.UNDECLARED: UNDECLARED, Duty.RECUSED: RECUSED}.get(docket.duty(account_id, submission_id))
    return why_not_look(docket, actor)


def why_not_review(docket: Docket, actor: Actor, submission_id: int, *, rules: Rules, now: datetime) -> WhyNot:
    """A panellist without a conflict reviews within the judging phase, until the panel has agreed."""
    if docket.seat(actor.account_id) is None:
        return NOT_ON_PANEL
    if refused := why_not_read(docket, actor, submission_id):
        return refused
    if refused := why_not_now(rules, now=now):
        return refused
    return AGREED if submission_id in docket.agreed else None


def why_not_see_others(docket: Docket, actor: Actor, submission_id: int) -> WhyNot:
    """Others' scores are shown after one's own review only, so that nobody leans on a neighbour."""
    if refused := why_not_read(docket, actor, submission_id):
        return refused
    account_id = actor.account_id or 0
    if docket.seat(account_id) is None or docket.duty(account_id, submission_id) is Duty.SUBMITTED:
        return None
    return "The panel's scores are shown to you once you have submitted your own review."


def open_entries(docket: Docket, actor: Actor) -> frozenset[int]:
    """Return the submissions whose scores the reader may see: on these, and no others, rests all that is computed."""
    seen = docket.seen_by(actor.account_id or 0)
    return frozenset(one.submission_id for one in seen if why_not_see_others(docket, actor, one.submission_id) is None)


def why_not_table(docket: Docket, actor: Actor) -> WhyNot:
    """The panel's table is for its chair, for panellists who have submitted all reviews, for admins and auditors."""
    seat = docket.seat(actor.account_id)
    if seat is None:
        return why_not_look(docket, actor)
    if seat.is_chair or docket.has_done_all(seat.account_id):
        return None
    return "The panel's table opens once you have submitted all your reviews."


def why_not_agree(docket: Docket, actor: Actor, submission_id: int, *, rules: Rules, now: datetime) -> WhyNot:
    """The chair or an admin records what the panel agreed on, once every review of the entry is in."""
    seat = docket.seat(actor.account_id)
    if not (actor.has(Role.ADMIN) or (seat is not None and seat.is_chair)):
        return "The chair of the panel or an admin records what it agreed on."
    if refused := why_not_see_others(docket, actor, submission_id):
        return refused
    if refused := why_not_now(rules, now=now):
        return refused
    if not docket.judges_of(submission_id):
        return "Nobody on the panel is free of conflicts with this entry; appoint a judge who is."
    missing = docket.missing(submission_id)
    if missing:
        names = ", ".join(seat.name for seat in missing)
        return f"The panel agrees once every review of this entry is in; missing: {names}."
    return None
