"""Reads the two boards of a suite together, for whoever may follow an entry from one to the other."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from challenge.foundation.permits import Actor, NotFound, WhyNot, demand
from challenge.standings import queries
from challenge.standings.rules_shake_up import why_not_shake_up
from challenge.standings.states import Part, Veil, Visibility


@dataclass(frozen=True)
class Both:
    """The public and the private board of one suite, as one reader sees them."""

    public: queries.Glance
    private: queries.Glance

    @property
    def open_to_all(self) -> bool:
        """Whether everybody may see both, with names."""
        boards = (self.public.stand, self.private.stand)
        return all(one.visibility is Visibility.PUBLISHED and one.veil is Veil.NOBODY for one in boards)


def both_for(session: Session, actor: Actor, board_id: int) -> Both:
    """Return both boards by either; raise NotFound for one that is not known, Refused where they may not be compared.

    A board whose suite has no other part is compared with nothing, so that there is no such page.
    """
    seen = queries.glance_for(session, actor, board_id)
    if seen.opposite is None:
        raise NotFound
    other = _opposite(session, seen)
    demand(_why_not(seen, other))
    if other is None:
        raise NotFound
    return Both(seen, other) if seen.stand.part is Part.PUBLIC else Both(other, seen)


def why_not_compare_parts(session: Session, seen: queries.Glance) -> WhyNot:
    """Say why a reader of one board may not see how places moved; None where the page is there."""
    if seen.opposite is None:
        return "This suite has one part only."
    return _why_not(seen, _opposite(session, seen))


def _why_not(seen: queries.Glance, other: queries.Glance | None) -> WhyNot:
    return why_not_shake_up(
        known=other is not None,
        veiled=seen.veiled or (other is not None and other.veiled),
        built=seen.stand.version > 0 and other is not None and other.stand.version > 0,
    )


def _opposite(session: Session, seen: queries.Glance) -> queries.Glance | None:
    if seen.opposite is None:
        return None
    try:
        return queries.glance_for(session, seen.reader, seen.opposite.board_id)
    except NotFound:
        return None
