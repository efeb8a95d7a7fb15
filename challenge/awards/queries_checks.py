"""Reads the platform's looks at releases, and what of them an officer has to hear after a release was accepted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, null, select
from sqlalchemy.orm import Session

from challenge.awards import queries, rules
from challenge.awards.records import Award, Obligation
from challenge.awards.records_checks import ReleaseCheck
from challenge.awards.states import CheckOutcome, CheckState, ObligationState
from challenge.awards.watch import DAYS_OF_SILENCE, Look, Proved, Watch, next_look
from challenge.calls import queries as calls
from challenge.compliance.actions import Action, actions_of
from challenge.compliance.states import PASSING
from challenge.foundation.permits import Actor, WhyNot

MISSING = "NOT_YET_RELEASED"


@dataclass(frozen=True)
class Concern:
    """What an officer has to hear of an accepted release: the look that told it, and its sentences."""

    check: ReleaseCheck
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """What the platform found at a release, as the page shows it."""

    looks: list[ReleaseCheck]
    """All looks at the proof, newest first."""
    whole: ReleaseCheck | None
    findings: list[Action]
    reasons: list[Action]
    concern: Concern | None
    following: datetime | None
    """When the release is looked at again at the earliest; None where it is not, or is being looked at."""

    @property
    def under_way(self) -> ReleaseCheck | None:
        """The look that has not ended."""
        return next((one for one in self.looks[:1] if one.outcome is None), None)


def checked_of(session: Session, duty: Obligation, *, watch: Watch) -> Checked:
    """Return what the platform found at a release so far."""
    looks = checks_of(session, duty)
    whole = whole_of(looks)
    return Checked(
        looks=looks,
        whole=whole,
        findings=actions_of(whole.findings) if whole else [],
        reasons=actions_of(whole.reasons) if whole else [],
        concern=concern_of(session, duty),
        following=following_of(session, duty, looks[0], watch=watch) if looks else None,
    )


def checks_of(session: Session, duty: Obligation) -> list[ReleaseCheck]:
    """Return the looks at the proof that is handed in, newest first; those at an earlier proof are not among them."""
    if duty.proved_at is None:
        return []
    query = select(ReleaseCheck).where(ReleaseCheck.obligation_id == duty.id, ReleaseCheck.asked_at >= duty.proved_at)
    return list(session.scalars(query.order_by(ReleaseCheck.id.desc())))


def whole_of(checks: Iterable[ReleaseCheck]) -> ReleaseCheck | None:
    """Return the newest look at all that is released that found something out, else the newest at all of it."""
    ended = [one for one in checks if one.state is CheckState.ENDED and one.is_whole]
    seen = [one for one in ended if one.outcome is not CheckOutcome.UNKNOWN]
    return next(iter(seen or ended), None)


def has_findings(check: ReleaseCheck | None) -> bool:
    """Tell whether a look ended and found something."""
    return check is not None and check.outcome is CheckOutcome.FINDINGS


def due(now: datetime, *, hubs: bool) -> Select[int]:
    """Return the looks that may be taken now, the longest waiting first; without `hubs` those that ask none."""
    query = select(ReleaseCheck.id).where(ReleaseCheck.state == CheckState.WAITING, ReleaseCheck.not_before <= now)
    if not hubs:
        query = query.where(ReleaseCheck.hub.is_(null()))
    return query.order_by(ReleaseCheck.not_before, ReleaseCheck.id)


def to_be_looked_at(session: Session, *, watch: Watch, now: datetime) -> list[int]:
    """Return the duties whose release is to be looked at again by now, and is not being looked at."""
    proved = select(Obligation).where(Obligation.state != ObligationState.OPEN).order_by(Obligation.id)
    return [duty.id for duty in session.scalars(proved) if is_due(session, duty, watch=watch, now=now)]


def is_due(session: Session, duty: Obligation, *, watch: Watch, now: datetime) -> bool:
    """Tell whether a release is to be looked at again by now, and is not being looked at."""
    latest = next(iter(checks_of(session, duty)), None)
    if latest is None:
        return duty.state is ObligationState.PROVED
    following = following_of(session, duty, latest, watch=watch)
    return following is not None and following <= now


def following_of(session: Session, duty: Obligation, latest: ReleaseCheck, *, watch: Watch) -> datetime | None:
    """Return when a release is to be looked at again after its latest look; None where it is not, or that goes on."""
    if latest.outcome is None or latest.ended_at is None:
        return None
    award = queries.award(session, duty.award_id)
    proved = Proved(
        due_at=duty.due_at,
        accepted_at=duty.accepted_at,
        has_hub=duty.proof_hub is not None,
        zone=calls.rules_of(session, queries.call_of(session, award)).zone,
    )
    is_missing = any(finding["code"] == MISSING for finding in latest.findings)
    return next_look(proved, Look(latest.ended_at, latest.outcome is CheckOutcome.UNKNOWN, is_missing), watch)


def why_not_note(session: Session, actor: Actor, award: Award) -> WhyNot:
    """Say why `actor` may not note anything about a finding; raise NotFound for an award without a duty."""
    concern = concern_of(session, queries.duty_of(session, award))
    return rules.why_not_note(
        actor, queries.stake_in(session, actor.account_id, award), has_concern=concern is not None
    )


def concern_of(session: Session, duty: Obligation) -> Concern | None:
    """Return what an officer has to hear of an accepted release; None where there is nothing new.

    What was known when it was accepted, and what an officer has noted, is not told again. What the newest look found
    that was answered is told of even if nobody answered since; silence once it lasted several different days.
    """
    if duty.state is not ObligationState.ACCEPTED or duty.accepted_at is None:
        return None
    ended = [one for one in checks_of(session, duty) if one.ended_at is not None]
    later = [one for one in ended if one.ended_at is not None and one.ended_at > duty.accepted_at]
    heard = [one for one in ended if one not in later or one.noted_at]
    known = {_key(told) for one in heard for told in (*one.findings, *doubts(one.reasons))}
    answered = next((one for one in later if one.outcome is not CheckOutcome.UNKNOWN), None)
    if answered is not None and answered.outcome is CheckOutcome.FINDINGS and answered.noted_at is None:
        fresh = tuple(str(told["sentence"]) for told in _told(answered) if _key(told) not in known)
        if fresh:
            return Concern(answered, fresh)
    silent = []
    for one in later:
        if one.outcome is not CheckOutcome.UNKNOWN or one.noted_at is not None:
            break
        silent.append(one)
    days = {one.ended_at.date() for one in silent if one.ended_at is not None}
    if len(days) < DAYS_OF_SILENCE:
        return None
    return Concern(silent[0], (f"On {len(days)} different days it could not be looked at. {silent[0].explanation}",))


def concerns(session: Session) -> list[tuple[Award, Concern]]:
    """Return what officers have to hear of accepted releases, oldest award first."""
    query = (
        select(Award, Obligation)
        .join(Obligation, Obligation.award_id == Award.id)
        .where(Obligation.state == ObligationState.ACCEPTED)
        .order_by(Award.id)
    )
    found = [(award, concern_of(session, duty)) for award, duty in session.execute(query)]
    return [(award, concern) for award, concern in found if concern is not None]


def doubts(reasons: Iterable[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Return the kept reasons of a verdict that keep a licence from being accepted."""
    return [reason for reason in reasons if reason.get("outcome") not in PASSING]


def _told(check: ReleaseCheck) -> list[Mapping[str, object]]:
    """Return what a look found: how the release differs, else what is doubtful about its licence."""
    return list(check.findings) or (doubts(check.reasons) if has_findings(check) else [])


def _key(finding: Mapping[str, object]) -> tuple[str, str, str]:
    return str(finding["code"]), str(finding.get("file", "")), str(finding["sentence"])
