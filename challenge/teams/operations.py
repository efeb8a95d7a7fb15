"""What changes a team: found, change its facts, declare on honour, rule on its eligibility.

The verbs of the roster stand in a file of their own and are offered here too, so that the room has one counter.
"""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.foundation.audit import write_line
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.people.names import skeleton
from challenge.teams import queries, rules
from challenge.teams.eligibility import examine, is_eligible
from challenge.teams.operations_roster import hand_over, invite, join, leave, remove_member, withdraw_invitation
from challenge.teams.organisation import OrganisationFacts, what_is_wrong
from challenge.teams.prose import tidy_text, why_not_text
from challenge.teams.records import EligibilityRuling, Membership, Team

__all__ = [
    "change_team",
    "declare_honour",
    "found_team",
    "hand_over",
    "invite",
    "join",
    "leave",
    "override_eligibility",
    "remove_member",
    "withdraw_invitation",
]

NAME_TAKEN = "This looks like the name of another team of the call. Choose one that reads differently."
FOUND_BY_ANOTHER = "A team of this name, or you yourself in another one, entered at this very moment. Look again."


def found_team(session: Session, *, actor: Actor, call: Call, facts: OrganisationFacts, now: datetime) -> Team:
    """Enter an organisation into a call, with the actor as its captain, and test whether it is eligible.

    Raises Refused where the actor may not found one, Invalid where a fact cannot be true or the name looks taken.
    """
    own = queries.team_of(session, call_id=call.id, account_id=actor.account_id)
    moment = queries.moment_of(session, call, now)
    demand(rules.why_not_found(actor, moment, own_team=own.name if own else None))
    facts = _true_facts(session, facts, call_id=call.id, now=now)
    team = Team(call_id=call.id, skeleton=skeleton(facts.name), created_at=now, **asdict(facts))
    try:
        with session.begin_nested():
            session.add(team)
            session.flush()
            session.add(
                Membership(
                    team_id=team.id, account_id=actor.account_id or 0, call_id=call.id, is_captain=True, joined_at=now
                )
            )
    except IntegrityError:
        raise Invalid(FOUND_BY_ANOTHER, "name") from None
    ruling = _test(session, call, team, now)
    _note(session, actor, "found_team", team, now, {"team": team.name, "call": call.key, "eligible": ruling.eligible})
    return team


def change_team(session: Session, *, actor: Actor, team: Team, facts: OrganisationFacts, now: datetime) -> Team:
    """Change what a team says about itself and test it again; the old declaration on honour lapses with the old facts.

    Raises Refused and Invalid like `found_team`; changes nothing where nothing differs.
    """
    team = queries.held(session, team)
    call = calls.call(session, team.call_id)
    captain = queries.is_captain(session, team.id, actor.account_id)
    demand(rules.why_not_change_facts(queries.moment_of(session, call, now), is_captain=captain))
    facts = _true_facts(session, facts, call_id=call.id, now=now, except_id=team.id)
    before, after = asdict(queries.facts_of(team)), asdict(facts)
    changed = sorted(name for name in after if after[name] != before[name])
    if not changed:
        return team
    try:
        with session.begin_nested():
            for name in changed:
                setattr(team, name, after[name])
            team.skeleton = skeleton(facts.name)
            team.honour_declared_at = team.honour_declared_by = None
    except IntegrityError:
        raise Invalid(FOUND_BY_ANOTHER, "name") from None
    ruling = _test(session, call, team, now)
    _note(session, actor, "change_team", team, now, {"changed": changed, "eligible": ruling.eligible})
    return team


def declare_honour(session: Session, *, actor: Actor, team: Team, now: datetime) -> EligibilityRuling:
    """Declare on honour that the team's facts are true, and test it again; raise Refused."""
    team = queries.held(session, team)
    call = calls.call(session, team.call_id)
    captain = queries.is_captain(session, team.id, actor.account_id)
    demand(rules.why_not_change_facts(queries.moment_of(session, call, now), is_captain=captain))
    team.honour_declared_at, team.honour_declared_by = now, actor.account_id
    ruling = _test(session, call, team, now)
    _note(session, actor, "declare_honour", team, now, {"eligible": ruling.eligible})
    return ruling


def override_eligibility(
    session: Session, *, actor: Actor, team: Team, eligible: bool, reason: str, now: datetime
) -> EligibilityRuling:
    """Rule on a team's eligibility whatever the test says; stands until the next such ruling.

    Raises Refused where the actor is no admin or is of a team in the call, Invalid where the reason is no reason.
    """
    demand(rules.why_not_override(actor, queries.stake_in(session, actor.account_id, team)))
    reason = tidy_text(reason)
    sentence = why_not_text(reason, least=rules.LEAST_REASON, most=2_000)
    if sentence:
        raise Invalid(sentence, "reason")
    tested = queries.test_of(session, team.id)
    ruling = EligibilityRuling(
        team_id=team.id,
        eligible=eligible,
        findings=tested.findings if tested else [],
        made_at=now,
        made_by=actor.account_id,
        reason=reason,
    )
    session.add(ruling)
    session.flush()
    ruled = "eligible" if eligible else "not eligible"
    body = f"The organiser ruled that team {team.name} is {ruled}.\n\nReason: {reason}"
    for _, account in queries.members_of(session, team.id):
        write_letter(session, account_id=account.id, subject=f"{team.name} is {ruled}", body=body, now=now)
    _note(session, actor, "override_eligibility", team, now, {"eligible": eligible, "reason": reason})
    return ruling


def _true_facts(
    session: Session, facts: OrganisationFacts, *, call_id: int, now: datetime, except_id: int | None = None
) -> OrganisationFacts:
    """Return tidy facts; raise Invalid on the first that cannot be true, or on a name that looks taken."""
    tidy = facts.tidy()
    for field, sentence in what_is_wrong(tidy, year=now.year):
        raise Invalid(sentence, field)
    if queries.look_alike(session, call_id=call_id, skeleton=skeleton(tidy.name), except_id=except_id):
        raise Invalid(NAME_TAKEN, "name")
    return tidy


def _test(session: Session, call: Call, team: Team, now: datetime) -> EligibilityRuling:
    """Add the platform's own ruling on a team as it stands now."""
    rules_ = calls.rules_of(session, call).eligibility
    findings = examine(queries.facts_of(team), rules_, honour_declared=team.honour_declared_at is not None)
    ruling = EligibilityRuling(
        team_id=team.id,
        eligible=is_eligible(findings),
        findings=[finding.plain() for finding in findings],
        made_at=now,
    )
    session.add(ruling)
    session.flush()
    return ruling


def _note(session: Session, actor: Actor, verb: str, team: Team, now: datetime, particulars: dict[str, object]) -> None:
    write_line(session, actor=actor, verb=verb, subject=f"team {team.id}", now=now, particulars=particulars)
