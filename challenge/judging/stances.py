"""Who judges an entry and who stands back from it, with the reason as far as the reader may know it."""

from dataclasses import dataclass

from challenge.judging.docket import Docket, Duty, Seat


@dataclass(frozen=True)
class Stance:
    """One panellist before one entry; `why` says why they stand back, and is empty for those who judge."""

    seat: Seat
    duty: Duty
    is_reader: bool
    why: tuple[str, ...]


def stances(docket: Docket, submission_id: int, *, reader: int | None, in_office: bool) -> tuple[Stance, ...]:
    """Return every panellist's stance to an entry, the chair first, then by name.

    What the platform found is a fact and is told to the whole panel. What a judge wrote of a conflict may be private:
    admins, auditors and the judge read it, fellow judges only that there is one.
    """
    return tuple(
        Stance(
            seat=seat,
            duty=docket.duty(seat.account_id, submission_id),
            is_reader=seat.account_id == reader,
            why=reasons(docket, seat.account_id, submission_id, in_full=in_office or seat.account_id == reader),
        )
        for seat in docket.seats
    )


def reasons(docket: Docket, account_id: int, submission_id: int, *, in_full: bool) -> tuple[str, ...]:
    """Say why somebody stands back from an entry: what the platform found, then what they declared themselves."""
    found = [f"The platform found: {sentence}" for sentence in docket.links.get((account_id, submission_id), ())]
    word = docket.words.get((account_id, submission_id))
    if word is not None and word.conflict:
        found.append(f"Declared: {word.statement}" if in_full else "Declared a conflict of interest.")
    return tuple(found)
