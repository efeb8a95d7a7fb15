"""Reads all that the page of one submission's licence shows, for whoever may see it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.compliance import queries
from challenge.compliance.records import DecisionProposal, Examination, ExaminationEvidence, OfficerDecision
from challenge.compliance.rules import why_not_read_proposals
from challenge.compliance.states import ExaminationState, LicenceVerdict
from challenge.foundation.permits import Actor, NotFound
from challenge.people.queries import names_of
from challenge.submissions.queries import stake_in, submission_by_reference
from challenge.submissions.queries_fetches import fetch_of
from challenge.submissions.records import Submission
from challenge.submissions.records_fetches import Fetch
from challenge.teams import queries as teams
from challenge.teams.records import Team
from challenge.teams.stakes import Stake, demand_open


@dataclass(frozen=True)
class ExaminationView:
    """A scan with all that its page needs; None where the platform has not begun."""

    examination: Examination | None
    """The scan that is shown: the one in force, unless another was asked for."""
    latest: Examination | None
    """The scan in force."""
    scans: list[Examination]
    waits: Examination | None
    """A scan that is still to be made."""
    evidence: ExaminationEvidence | None
    submission: Submission
    team: Team
    call: Call
    zone: str
    verdict: LicenceVerdict | None
    decisions: list[OfficerDecision]
    proposals: list[DecisionProposal]
    """Newest first; for somebody in a team of the call, at most the open one that they made themselves."""
    names: Mapping[int, str]
    stake: Stake
    """How the reader stands to the team."""
    proposer: Stake
    """How whoever made the open proposal stands to it by now."""
    fetch: Fetch | None = None
    """Of the model, where it comes from a hub."""

    @property
    def proposal(self) -> DecisionProposal | None:
        """The proposal that waits for another officer."""
        return next((one for one in self.proposals if one.ended_at is None), None)

    @property
    def decided_on(self) -> Examination | None:
        """The scan that the decision is about; None where there is no decision."""
        return self._scan(self.decisions[0].examination_id) if self.decisions else None

    @property
    def proposed_on(self) -> Examination | None:
        """The scan that the open proposal is about; None where nothing is proposed."""
        return self._scan(self.proposal.examination_id) if self.proposal else None

    def _scan(self, examination_id: int) -> Examination:
        return next(scan for scan in self.scans if scan.id == examination_id)

    @property
    def found(self) -> Examination | None:
        """The scan that is shown, where it has ended."""
        scan = self.examination
        return scan if scan is not None and scan.state is ExaminationState.ENDED else None

    @property
    def state(self) -> ExaminationState:
        """How far the first examination is."""
        return self.latest.state if self.latest else ExaminationState.WAITING

    def name(self, account_id: int | None) -> str:
        """Name an officer."""
        return self.names.get(account_id or 0, "an admin")


def examination_for(session: Session, actor: Actor, reference: str, *, number: int | None = None) -> ExaminationView:
    """Return a submission's licence, by its scan in force or the one of a number.

    Raises NotFound where there is none that this reader may know of, Refused for an officer of a rival.
    """
    submission = submission_by_reference(session, reference)
    stake = stake_in(session, actor.account_id, submission)
    demand_open(actor, stake)
    latest, scans = queries.examination_of(session, submission.id), queries.scans_of(session, submission.id)
    shown = latest
    if number is not None:
        shown = next((scan for scan in scans if scan.number == number), None)
        if shown is None:
            raise NotFound
    decisions = queries.decisions_of(session, submission.id)
    proposals = _proposals(session, actor, submission, stake)
    proposer = next((one.proposed_by for one in proposals if one.ended_at is None), None)
    call = session.get_one(Call, submission.call_id)
    return ExaminationView(
        examination=shown,
        latest=latest,
        scans=scans,
        waits=next((scan for scan in scans if scan.state is ExaminationState.WAITING), None),
        evidence=queries.evidence_of(session, shown.id) if shown else None,
        submission=submission,
        team=teams.team(session, submission.team_id),
        call=call,
        zone=calls.rules_of(session, call).zone,
        verdict=queries.verdict_in_force(session, submission.id),
        decisions=decisions,
        proposals=proposals,
        names=names_of(
            session,
            [
                *(who for one in decisions for who in (one.officer_id, one.confirmed_by)),
                *(who for one in proposals for who in (one.proposed_by, one.ended_by)),
                *(scan.asked_by for scan in scans),
            ],
        ),
        stake=stake,
        proposer=stake_in(session, proposer, submission),
        fetch=fetch_of(session, submission.id),
    )


def _proposals(session: Session, actor: Actor, submission: Submission, stake: Stake) -> list[DecisionProposal]:
    """Return what was proposed, as far as this reader may know of it."""
    if why_not_read_proposals(actor, stake) is not None:
        return []
    own = DecisionProposal.submission_id == submission.id
    proposals = session.scalars(select(DecisionProposal).where(own).order_by(DecisionProposal.id.desc()))
    return list(proposals)
