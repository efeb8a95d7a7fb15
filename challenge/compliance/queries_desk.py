"""Reads what waits on the licence officers' desk, and for whom."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from challenge.compliance.queries import in_force
from challenge.compliance.records import DecisionProposal, Examination, OfficerDecision
from challenge.compliance.states import LicenceVerdict, ProposalState
from challenge.people.queries import names_of
from challenge.submissions.records import Submission
from challenge.teams.queries import competes
from challenge.teams.records import Team

MOST_ON_DESK = 500


@dataclass(frozen=True)
class DeskLine:
    """A submission on the officers' desk, by the scan in force, with the verdict that counts."""

    examination: Examination
    submission: Submission
    team: str
    verdict: LicenceVerdict | None
    decided: bool
    proposal: DecisionProposal | None
    """The open one, if any."""
    proposer: str
    is_own: bool
    """Whether the reader proposed what is open."""

    @property
    def is_in_doubt(self) -> bool:
        """Whether somebody has to propose a decision."""
        return self.verdict is LicenceVerdict.NEEDS_REVIEW and self.proposal is None

    @property
    def differs(self) -> bool:
        """Whether the officers decided, and the scan in force says something else than their decision."""
        return self.decided and self.examination.verdict is not self.verdict


@dataclass(frozen=True)
class Office:
    """How many licences wait for one officer, who has no stake in any of them."""

    in_doubt: int
    """That need a decision which nobody has proposed."""
    to_confirm: int
    """That another officer has proposed a decision for."""
    with_others: int
    """That this officer has proposed a decision for."""


def desk(session: Session, account_id: int | None, *, limit: int) -> list[DeskLine]:
    """Return the licences for an officer: those with an open proposal, then those in doubt, then the newest.

    Those of calls in which the officer, an account's number, is a member of a team are left out.
    """
    decided = _decided().scalar_subquery()
    rank = case((DecisionProposal.id.is_not(None), 0), (_in_doubt(), 1), else_=2)
    query = (
        select(Examination, Submission, Team.name, DecisionProposal, decided.label("decided"))
        .join(Submission, Submission.id == Examination.submission_id)
        .join(Team, Team.id == Submission.team_id)
        .outerjoin(DecisionProposal, _is_open())
        .where(Examination.id.in_(in_force()), ~competes(account_id, Submission.call_id))
        .order_by(rank, Examination.id.desc())
        .limit(limit)
    )
    rows = list(session.execute(query))
    names = names_of(session, [proposal.proposed_by for _, _, _, proposal, _ in rows if proposal])
    return [
        DeskLine(
            examination=examination,
            submission=submission,
            team=team,
            verdict=verdict or examination.verdict,
            decided=verdict is not None,
            proposal=proposal,
            proposer=names.get(proposal.proposed_by, "an admin") if proposal else "",
            is_own=proposal is not None and proposal.proposed_by == account_id,
        )
        for examination, submission, team, proposal, verdict in rows
    ]


def office_of(session: Session, account_id: int) -> Office:
    """Count what waits for an officer; calls in which they are a member of a team are left out."""
    own = case((DecisionProposal.proposed_by == account_id, 1), else_=0)
    query = (
        select(DecisionProposal.id.is_not(None), own, func.count())
        .select_from(Examination)
        .join(Submission, Submission.id == Examination.submission_id)
        .outerjoin(DecisionProposal, _is_open())
        .where(Examination.id.in_(in_force()), ~competes(account_id, Submission.call_id))
        .where(DecisionProposal.id.is_not(None) | _in_doubt())
        .group_by(DecisionProposal.id.is_not(None), own)
    )
    counted = {(bool(proposed), bool(mine)): number for proposed, mine, number in session.execute(query)}
    return Office(
        in_doubt=counted.get((False, False), 0),
        to_confirm=counted.get((True, False), 0),
        with_others=counted.get((True, True), 0),
    )


def _is_open() -> ColumnElement[bool]:
    return and_(
        DecisionProposal.submission_id == Examination.submission_id, DecisionProposal.state == ProposalState.OPEN
    )


def _in_doubt() -> ColumnElement[bool]:
    return and_(Examination.verdict == LicenceVerdict.NEEDS_REVIEW, ~_decided().exists())


def _decided() -> Select[LicenceVerdict]:
    """Return the decision in force on the examination of the query around it."""
    scan = aliased(Examination)
    return (
        select(OfficerDecision.verdict)
        .join(scan, scan.id == OfficerDecision.examination_id)
        .where(scan.submission_id == Examination.submission_id)
        .order_by(OfficerDecision.id.desc())
        .limit(1)
        .correlate(Examination)
    )
