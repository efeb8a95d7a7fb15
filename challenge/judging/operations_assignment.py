"""Asks the instrument who might review what; nothing is written, and nobody is bound by it."""

from challenge.foundation.permits import Invalid
from challenge.judging.docket import Docket, Listed
from challenge.judging.proposal import Proposal, Proposed, Wish, conflicts_of, has_declared
from leaderboards import Refusal, jury

ALIKE = 1_000
"""Thousandths of affinity between any judge and any entry: the platform keeps no judge's fields."""


def propose_assignment(docket: Docket, entries: tuple[Listed, ...], wish: Wish, *, seed: int) -> Proposal:
    """Propose reviewers for entries: conflicts are never among them, loads are bounded and even, the seed breaks ties.

    Raises Invalid with the sentence that says which entry or judge cannot be served, and why.
    """
    seats = {f"{seat.name} ({seat.account_id})": seat for seat in docket.seats}
    names = {seat.account_id: name for name, seat in seats.items()}
    try:
        found = jury.assign(
            jury.Affinities.of({(listed.reference, name): ALIKE for listed in entries for name in seats}),
            jury.Demand(per_entry=wish.per_entry, most=wish.most, seed=seed, even=True),
            conflicts={(reference, names[account_id]) for reference, account_id in conflicts_of(docket, entries)},
        )
    except Refusal as refusal:
        raise Invalid(f"No assignment can be made: {refusal}") from None
    return Proposal(
        entries=tuple(
            Proposed(
                listed,
                tuple(
                    (seats[name], has_declared(docket, seats[name], listed))
                    for name in found.judges_of(listed.reference)
                ),
            )
            for listed in entries
        ),
        loads=tuple((seat, len(found.entries_of(name))) for name, seat in seats.items()),
        digest=found.digest(),
    )
