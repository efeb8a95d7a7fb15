"""Writes the log of a run: what happened to it, in sentences for its team."""

from datetime import datetime

from sqlalchemy.orm import Session

from challenge.runs.records_papers import RunEvent

LONGEST = 300


def note(session: Session, run_id: int, sentence: str, now: datetime) -> None:
    """Add a line to a run's log, in the transaction that does what the line says."""
    session.add(RunEvent(run_id=run_id, at=now, sentence=sentence[:LONGEST]))
