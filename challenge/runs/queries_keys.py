"""Reads which keys of endpoints are kept, and which are kept too long."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.foundation.permits import Actor, WhyNot
from challenge.runs.keys import kept_until
from challenge.runs.queries import runs_of_submission
from challenge.runs.records import Run
from challenge.runs.rules_keys import why_not_delete_key
from challenge.runs.states import RunState
from challenge.submissions.queries import keeps_key
from challenge.submissions.records import EndpointKey, Submission
from challenge.teams import queries as teams


def is_gone(session: Session, submission: Submission) -> bool:
    """Tell whether a submission is an endpoint whose key was deleted."""
    return submission.endpoint is not None and not keeps_key(session, submission.id)


def why_not_now(session: Session, actor: Actor, submission: Submission) -> WhyNot:
    """Return why the reader may not delete a submission's key as things are."""
    runs = runs_of_submission(session, submission.id)
    return why_not_delete_key(
        actor,
        is_captain=teams.is_captain(session, submission.team_id, actor.account_id),
        has_key=keeps_key(session, submission.id),
        runs=len(runs),
        ended=sum(run.state is RunState.ENDED for run in runs),
    )


def keys_over(session: Session, *, now: datetime, days: int) -> list[int]:
    """Return the submissions whose keys nobody needs any more: their call is over, and so are all their runs."""
    at_work = select(Run.id).where(Run.submission_id == Submission.id, Run.state != RunState.ENDED).exists()
    query = (
        select(Submission.id, Call)
        .join(EndpointKey, EndpointKey.submission_id == Submission.id)
        .join(Call, Call.id == Submission.call_id)
        .where(~at_work)
        .order_by(Submission.id)
    )
    found = session.execute(query).all()
    ends = {call.id: kept_until(calls.rules_of(session, call), days) for call in {call for _, call in found}}
    return [submission_id for submission_id, call in found if now >= ends[call.id]]
