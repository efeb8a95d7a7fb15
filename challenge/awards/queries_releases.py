"""Reads what winners owe and have released, as everybody may know it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from challenge.awards import queries
from challenge.awards.queries_checks import checks_of, whole_of
from challenge.awards.records import Award, Obligation
from challenge.awards.records_checks import ReleaseCheck
from challenge.awards.states import CheckOutcome, ObligationState
from challenge.compliance import queries as compliance


@dataclass(frozen=True)
class Release:
    """What a winner owes and has released, as the public sees it."""

    team: str
    obligation: Obligation
    due_first: datetime
    """When it was due before any extension."""
    licence: str = ""
    """What was concluded for the release, else for the entry's package; empty before it is accepted."""
    weights: tuple[tuple[str, str], ...] = ()
    """Names and SHA-256 of the released weights, where the platform fetched them; empty before it is accepted."""
    checked_at: datetime | None = None
    """When the platform last looked at it and was answered; None before it is accepted."""

    @property
    def is_accepted(self) -> bool:
        """Whether an admin has accepted the proof; before that, nobody reads where it lies."""
        return self.obligation.state is ObligationState.ACCEPTED


def releases_of(session: Session, decision_id: int) -> list[Release]:
    """Return what winners owe and have released, in the order of the awards."""
    return [
        _release(session, award, team.name, duty) for award, team, duty in queries.obligations_of(session, decision_id)
    ]


def _release(session: Session, award: Award, team: str, duty: Obligation) -> Release:
    due_first = next((one.due_before for one in queries.extensions_of(session, duty.id)), duty.due_at)
    if duty.state is not ObligationState.ACCEPTED:
        return Release(team, duty, due_first)
    checks = checks_of(session, duty)
    whole = whole_of(checks)
    is_model = bool(duty.proof_hub or duty.proof_url)
    return Release(
        team,
        duty,
        due_first,
        licence=_licence(session, award, whole) if is_model else "",
        weights=tuple((str(file["name"]), str(file["sha256"])) for file in whole.weights) if whole else (),
        checked_at=next((one.ended_at for one in checks if _was_answered(one)), None),
    )


_ANSWERED = {CheckOutcome.CLEAR, CheckOutcome.FINDINGS}


def _was_answered(check: ReleaseCheck) -> bool:
    """Tell whether a look saw anything: where only a DOI is named and no registry is asked, it saw nothing."""
    return check.outcome in _ANSWERED and bool(check.hub or check.sha256 or check.publication)


def _licence(session: Session, award: Award, whole: ReleaseCheck | None) -> str:
    if whole is not None and whole.concluded:
        return whole.concluded
    examination = compliance.examination_of(session, award.submission_id)
    return examination.concluded if examination else ""
