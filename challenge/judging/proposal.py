"""A proposal of who reviews what, for calls with more entries than every judge can read; it binds nobody."""

from dataclasses import dataclass

from challenge.judging.docket import Docket, Duty, Listed, Seat


@dataclass(frozen=True)
class Wish:
    """How many reviews each entry shall have, and how many a judge may be given at most."""

    per_entry: int
    most: int


@dataclass(frozen=True)
class Proposed:
    """One entry with the judges proposed for it, each with whether they have declared on it already."""

    listed: Listed
    judges: tuple[tuple[Seat, bool], ...]


@dataclass(frozen=True)
class Proposal:
    """The whole proposal, how many entries each judge would get, and its digest."""

    entries: tuple[Proposed, ...]
    loads: tuple[tuple[Seat, int], ...]
    digest: str


def default_wish(docket: Docket, entries: tuple[Listed, ...]) -> Wish:
    """Return a wish that spreads the work evenly: three reviews an entry, fewer where there are fewer judges."""
    judges = max(len(docket.seats), 1)
    per_entry = min(3, judges)
    return Wish(per_entry, max(-(-len(entries) * per_entry // judges) + 1, 1))


def conflicts_of(docket: Docket, entries: tuple[Listed, ...]) -> frozenset[tuple[str, int]]:
    """Return the pairs of entry and judge that no proposal may hold: every conflict, found or declared."""
    return frozenset(
        (listed.reference, seat.account_id)
        for listed in entries
        for seat in docket.seats
        if docket.is_recused(seat.account_id, listed.submission_id)
    )


def has_declared(docket: Docket, seat: Seat, listed: Listed) -> bool:
    """Tell whether a judge has said already that nothing stands between them and an entry."""
    return docket.duty(seat.account_id, listed.submission_id) is not Duty.UNDECLARED
