"""Reads what the gates would say about the entries on a board, for admins and auditors."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.compliance.queries import verdicts_in_force
from challenge.compliance.states import PASSING
from challenge.standings.gates import GateMark, gate_sentence
from challenge.submissions.records import Submission
from challenge.teams.queries import eligible_team_ids


def gate_marks(session: Session, call_id: int, names: Mapping[str, str]) -> list[GateMark]:
    """Return the entries among `names` (team by reference) that a gate would stop today, by reference."""
    eligible, verdicts = eligible_team_ids(session, call_id), verdicts_in_force(session, call_id)
    found = session.execute(
        select(Submission.id, Submission.reference, Submission.team_id)
        .where(Submission.reference.in_(list(names)))
        .order_by(Submission.number)
    )
    marks = []
    for row in found:
        verdict = verdicts.get(row.id)
        sentence = gate_sentence(eligible=row.team_id in eligible, verdict=verdict, passes=verdict in PASSING)
        if sentence:
            marks.append(GateMark(row.reference, names[row.reference], sentence))
    return marks
