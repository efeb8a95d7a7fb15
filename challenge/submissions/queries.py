"""Reads submissions, receipts, quotas with their ledger, and which submission is a team's final one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.calls.document import Phase, PhaseKind, Rules
from challenge.calls.records import Call
from challenge.foundation.permits import Actor, NotFound
from challenge.submissions.records import EndpointKey, FinalChoice, Quota, QuotaEntry, Receipt, Submission
from challenge.submissions.rules import Situation
from challenge.teams import queries as teams
from challenge.teams.records import Team
from challenge.teams.stakes import Stake, demand_open


@dataclass(frozen=True)
class QuotaLine:
    """What a team may hand in during a phase, also before it handed in anything."""

    phase: Phase
    allowed: int
    used: int
    failures_allowed: int
    failed: int

    @property
    def left(self) -> int:
        """How many submissions are left."""
        return self.allowed - self.used


def submission(session: Session, submission_id: int) -> Submission:
    """Return a submission; raise NotFound if there is none."""
    found = session.get(Submission, submission_id)
    if found is None:
        raise NotFound
    return found


def submission_by_reference(session: Session, reference: str) -> Submission:
    """Return the submission of that reference; raise NotFound if there is none."""
    if not reference.isprintable():  # PostgreSQL refuses to be asked for a name with a NUL in it
        raise NotFound
    found = session.scalar(select(Submission).where(Submission.reference == reference))
    if found is None:
        raise NotFound
    return found


def submission_for(session: Session, actor: Actor, reference: str) -> Submission:
    """Return a submission that `actor` may see; raise NotFound or, for an officer of a rival, Refused."""
    found = submission_by_reference(session, reference)
    demand_open(actor, stake_in(session, actor.account_id, found))
    return found


def stake_in(session: Session, account_id: int | None, submission: Submission) -> Stake:
    """Return how a person stands to the team of a submission; `account_id` is None for a visitor."""
    return teams.stake_of(session, account_id, team_id=submission.team_id, call_id=submission.call_id)


def keeps_key(session: Session, submission_id: int) -> bool:
    """Tell whether the key of a submission's endpoint is kept, sealed."""
    return session.get(EndpointKey, submission_id) is not None


def submission_of_key(session: Session, team_id: int, idempotency_key: str) -> Submission | None:
    """Return what a team handed in with the form of that key."""
    return session.scalar(
        select(Submission).where(Submission.team_id == team_id, Submission.idempotency_key == idempotency_key)
    )


def submissions_of_team(session: Session, team_id: int) -> list[Submission]:
    """Return a team's submissions, newest first."""
    return list(
        session.scalars(select(Submission).where(Submission.team_id == team_id).order_by(Submission.number.desc()))
    )


def submissions_of_call(session: Session, call_id: int) -> list[Submission]:
    """Return a call's submissions in the order they were accepted."""
    return list(session.scalars(select(Submission).where(Submission.call_id == call_id).order_by(Submission.number)))


def final_submissions(session: Session, call_id: int) -> dict[int, Submission]:
    """Return the final submission of every team of a call: the one it chose, else its latest."""
    finals = {each.team_id: each for each in submissions_of_call(session, call_id)}
    chosen = session.scalars(
        select(Submission)
        .join(FinalChoice, FinalChoice.submission_id == Submission.id)
        .where(Submission.call_id == call_id)
    )
    return {**finals, **{each.team_id: each for each in chosen}}


def final_of(session: Session, team_id: int) -> tuple[Submission | None, bool]:
    """Return a team's final submission, and whether it was chosen; without a choice the latest counts."""
    choice = session.get(FinalChoice, team_id)
    if choice is not None:
        return submission(session, choice.submission_id), True
    own = submissions_of_team(session, team_id)
    return (own[0] if own else None), False


def receipt_of(session: Session, submission_id: int) -> Receipt:
    """Return the receipt of a submission as it was given out; raise NotFound if there is none."""
    found = session.get(Receipt, submission_id)
    if found is None:
        raise NotFound
    return found


def is_on_record(session: Session, signature: str) -> bool:
    """Tell whether a receipt of that signature was given out and is still kept."""
    return session.scalar(select(Receipt.submission_id).where(Receipt.signature == signature)) is not None


def quota_of(session: Session, team_id: int, phase: str) -> Quota | None:
    """Return the quota row of a team in a phase, None before its first submission or grant."""
    return session.get(Quota, (team_id, phase))


def quota_lines(session: Session, team_id: int, rules: Rules) -> list[QuotaLine]:
    """Return a team's quota in every submission phase of the call."""
    return [quota_line(session, team_id, phase) for phase in rules.phases if phase.kind is PhaseKind.SUBMISSION]


def quota_line(session: Session, team_id: int, phase: Phase) -> QuotaLine:
    """Return a team's quota in one phase, as the call gives it where the team has drawn on none yet."""
    kept = quota_of(session, team_id, phase.key)
    if kept is None:
        return QuotaLine(phase, phase.submissions, 0, phase.failures, 0)
    return QuotaLine(phase, kept.allowed, kept.used, kept.failures_allowed, kept.failed)


def ledger_of(session: Session, team_id: int) -> list[QuotaEntry]:
    """Return every line of a team's quota ledger, oldest first."""
    return list(session.scalars(select(QuotaEntry).where(QuotaEntry.team_id == team_id).order_by(QuotaEntry.id)))


def references_of(session: Session, submission_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the references of several submissions by id."""
    wanted = {each for each in submission_ids if each is not None}
    rows = session.execute(select(Submission.id, Submission.reference).where(Submission.id.in_(wanted)))
    return dict(rows.all())


def situation(session: Session, *, actor: Actor, call: Call, rules: Rules, team: Team, now: datetime) -> Situation:
    """Return everything on which it depends whether `actor` may hand in for `team` at `now`."""
    phase = rules.open_phase(now)
    quota = quota_line(session, team.id, phase) if phase else None
    ruling = teams.ruling_of(session, team.id)
    return Situation(
        state=call.state,
        rules=rules,
        now=now,
        is_member=teams.is_member(session, team.id, actor.account_id),
        eligible=ruling is not None and ruling.eligible,
        reasons=_reasons(ruling.findings if ruling else [], ruling.reason if ruling and ruling.made_by else ""),
        used=quota.used if quota else 0,
        allowed=quota.allowed if quota else 0,
    )


def _reasons(findings: list[dict[str, object]], ruled: str) -> tuple[str, ...]:
    if ruled:
        return (f"The organiser ruled so: {ruled}",)
    return tuple(str(finding["sentence"]) for finding in findings if not finding["passed"])
