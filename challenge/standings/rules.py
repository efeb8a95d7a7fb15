"""Who may see which board, and when it may be frozen, published or hidden.

Whoever is a member of a team in the call stands before these rules without an office, as the public does.
"""

from dataclasses import dataclass

from challenge.calls.states import CallState
from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.standings.states import Part, Veil, Visibility
from challenge.teams.stakes import why_not_outside


@dataclass(frozen=True)
class BoardStand:
    """All about a board on which the rules depend."""

    part: Part
    visibility: Visibility
    call_state: CallState
    frozen: bool
    version: int
    """0 until the board was built for the first time."""
    veil: Veil = Veil.NOBODY


@dataclass(frozen=True)
class Work:
    """What keeps a board from standing still."""

    unfinished: int
    """Runs of its entries that have not ended."""
    due: bool
    """Whether something has changed since it was last built."""
    unofficial: bool = False
    """Whether it decides, and the version by which it decides is not there yet."""


UNOFFICIAL = (
    "The official version of this board is not there yet; the worker computes it, with at least 100,000 draws, within "
    "minutes of the call's freezing."
)


def is_official(part: Part, call_state: CallState) -> bool:
    """Tell whether a board decides: the private part does, once no entry can come in any more."""
    return part is Part.PRIVATE and call_state is CallState.FROZEN


def is_insider(actor: Actor) -> bool:
    """Tell whether the actor sees every board whatever its visibility."""
    return actor.has(Role.ADMIN, Role.AUDITOR)


def may_know(actor: Actor, stand: BoardStand) -> bool:
    """Tell whether the actor may know of a board; to anybody else it does not exist."""
    if is_insider(actor):
        return True
    if stand.call_state is CallState.DRAFT:
        return False
    if stand.visibility is Visibility.PUBLISHED:
        return True
    return actor.has(Role.JUDGE) and stand.call_state is CallState.FROZEN


def why_not_items(actor: Actor, stand: BoardStand) -> WhyNot:
    """Item scores tell which answers were right, so they stay closed while anybody could still use that."""
    if is_insider(actor) or (stand.frozen and stand.visibility is Visibility.PUBLISHED):
        return None
    return (
        "Scores item by item would tell which answers were right. They are published once this board is frozen and "
        "public; then anybody can recompute it."
    )


def why_not_steer(*, competes: bool) -> WhyNot:
    """Whoever is a member of a team in the call moves none of its boards."""
    return why_not_outside("another admin has to do this", competes=competes)


def why_not_publish(actor: Actor, stand: BoardStand, work: Work) -> WhyNot:
    """Admins publish; the private part only after the last entry is in, and in its official version."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may publish a board."
    if stand.visibility is Visibility.PUBLISHED:
        return "This board is public already."
    if stand.part is Part.PRIVATE and stand.call_state is not CallState.FROZEN:
        return "The private part can be published only after the call is frozen; until then it would steer entries."
    if stand.version == 0:
        return "This board has not been built yet; the worker builds it within a moment."
    return UNOFFICIAL if work.unofficial else None


def why_not_hide(actor: Actor, stand: BoardStand) -> WhyNot:
    """Admins hide, but not what was promised a permanent address."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may hide a board."
    if stand.visibility is Visibility.HIDDEN:
        return "This board is hidden already."
    if stand.frozen:
        return "A frozen board that was published stays public: its address is permanent, and decisions refer to it."
    return None


def why_not_freeze(actor: Actor, stand: BoardStand, work: Work) -> WhyNot:
    """Admins freeze a board once nothing can move it any more."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may freeze a board."
    if stand.frozen:
        return "This board is frozen already."
    if stand.call_state is not CallState.FROZEN:
        return "Freeze the call first: while entries are taken, the board must follow them."
    if work.unfinished:
        runs = "1 run is" if work.unfinished == 1 else f"{work.unfinished:,} runs are"
        return f"{runs} still under way on this board; wait until every entry has its result."
    if work.unofficial:
        return UNOFFICIAL
    if work.due or stand.version == 0:
        return "Results have come in since this board was built; the worker rebuilds it within a moment."
    return None
