"""Two people decide: one proposes, another signs, and only then awards, hours and duties come to be."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from challenge.awards import operations, queries
from challenge.awards.records import Award, Decision
from challenge.awards.states import AwardKind, DecisionState, ObligationState
from challenge.foundation.audit import AuditLine
from challenge.foundation.outbox import Letter, letters_of
from challenge.foundation.permits import Actor, Invalid, Refused, Role
from challenge.teams.records import Membership
from tests.cast import TODAY, Cast
from tests.challenge.awards.prize import judged, outcome, propose, sign, withdraw
from tests.challenge.judging.bench import Bench
from tests.stage import DOCUMENT

TWO_WINNERS = {**DOCUMENT["selection"], "winners": 2}
ACCESS = DOCUMENT["phases"][2]


def signed(cast: Cast) -> tuple[Bench, Decision]:
    """Return a bench whose decision is signed: two winners, and one team on the reserve list."""
    bench = judged(cast, selection=TWO_WINNERS)
    decision = propose(bench)
    sign(bench, decision)
    with cast.house.database.reading() as session:
        return bench, queries.decision(session, decision.id)


def awards(cast: Cast, decision: Decision) -> list[Award]:
    """Return the awards of a decision in order."""
    with cast.house.database.reading() as session:
        return queries.awards_of(session, decision.id)


def competing_admin(bench: Bench) -> Actor:
    """Return an admin who has become a member of a team in the call."""
    admin = bench.cast.person("Petra", Role.ADMIN)
    team = bench.field.teams["Cedar"]
    with bench.writing() as session:
        session.add(
            Membership(team_id=team.id, account_id=admin.account_id, call_id=team.call_id, is_captain=False, joined_at=TODAY)
        )  # fmt: skip
    return admin


def test_a_second_admin_signs(cast: Cast) -> None:
    _, decision = signed(cast)
    assert decision.state is DecisionState.SIGNED
    assert (decision.signed_at, decision.signed_by) == (cast.now, cast.admin("Pia").account_id)


def test_the_proposer_does_not_sign(cast: Cast) -> None:
    bench = judged(cast)
    decision = propose(bench)
    with pytest.raises(Refused, match="You proposed this decision; another admin signs it"):
        sign(bench, decision, actor=bench.admin)
    assert awards(cast, decision) == []


def test_the_database_too_wants_two_people(cast: Cast) -> None:
    decision = propose(judged(cast))
    with pytest.raises(IntegrityError), cast.house.database.transaction() as session:
        session.execute(text("UPDATE decisions SET state = 'signed', signed_at = proposed_at, signed_by = proposed_by"))
    with cast.house.database.reading() as session:
        assert queries.decision(session, decision.id).state is DecisionState.PROPOSED


@pytest.mark.parametrize("role", [Role.JUDGE, Role.AUDITOR, Role.TEAM])
def test_only_admins_sign_and_withdraw(cast: Cast, role: Role) -> None:
    bench = judged(cast)
    decision, somebody = propose(bench), cast.person("Somebody", *({role} - {Role.TEAM}))
    with pytest.raises(Refused, match="Only an admin may decide on awards"):
        sign(bench, decision, actor=somebody)
    with pytest.raises(Refused, match="Only an admin may decide on awards"), bench.writing() as session:
        operations.withdraw(
            session, actor=somebody, decision=queries.decision(session, decision.id), reason="x" * 20, now=cast.now
        )


def test_an_admin_who_competes_decides_nothing(cast: Cast) -> None:
    bench = judged(cast)
    admin = competing_admin(bench)
    with pytest.raises(Refused, match="You are a member of a team in this call; another admin decides"):
        propose(bench, actor=admin)
    decision = propose(bench)
    with pytest.raises(Refused, match="You are a member of a team in this call; another admin decides"):
        sign(bench, decision, actor=admin)


def test_what_is_undecided_cannot_be_signed(cast: Cast) -> None:
    bench = judged(cast, right={"Alder": 5, "Birch": 5}, selection={**DOCUMENT["selection"], "winners": 1})
    decision = propose(bench)
    with pytest.raises(Refused, match="trial-0001 and trial-0002 are tied for a place"):
        sign(bench, decision)


def test_signing_grants_what_the_decision_says(cast: Cast) -> None:
    _, decision = signed(cast)
    granted = awards(cast, decision)
    said = outcome(decision)
    assert [(one.kind, one.position, one.submission_id, one.money_cents) for one in granted] == [
        *((AwardKind.WINNER, one.position, one.submission_id, one.money_cents) for one in said.winners),
        *((AwardKind.RESERVE, one.position, one.submission_id, 0) for one in said.reserve),
    ]
    with cast.house.database.reading() as session:
        hours = [
            {allocation.machine: allocation.hours for allocation in queries.allocations_of(session, award.id)}
            for award in granted
        ]
    assert hours == [*(one.hours for one in said.winners), {}]


def test_hours_may_be_used_in_the_access_phase_and_the_duty_is_counted_from_its_beginning(cast: Cast) -> None:
    _, decision = signed(cast)
    first, _, reserve = awards(cast, decision)
    with cast.house.database.reading() as session:
        allocations, duty = queries.allocations_of(session, first.id), queries.obligation_of(session, first.id)
        assert queries.obligation_of(session, reserve.id) is None
    assert {(one.access_starts, one.access_ends) for one in allocations} == {(ACCESS["opens"], ACCESS["closes"])}
    assert duty is not None
    assert duty.state is ObligationState.OPEN
    assert duty.due_at == ACCESS["opens"] + timedelta(days=365)


def test_every_team_hears_its_own_lot_and_no_other(cast: Cast) -> None:
    bench = judged(cast, selection=TWO_WINNERS, right={"Alder": 6, "Birch": 5, "Cedar": 4, "Dogwood": 0},
                   marks={"Dogwood": (2, 2, 2)})  # fmt: skip
    decision = propose(bench)
    before = _last_letter(cast)
    sign(bench, decision)
    heard = {name: _letter_since(cast, captain, before) for name, captain in bench.field.captains.items()}
    assert {name: letter.subject for name, letter in heard.items()} == {
        "Alder": "Your entry is a winner of Trial Challenge",
        "Birch": "Your entry is a winner of Trial Challenge",
        "Cedar": "Your entry is on the reserve list of Trial Challenge",
        "Dogwood": "The decision on Trial Challenge",
    }
    for name, letter in heard.items():
        assert bench.entry(name).reference in letter.body
        others = [other for other in bench.field.teams if other != name]
        assert not any(other in letter.body or bench.entry(other).reference in letter.body for other in others)
        assert "/calls/trial/awards" in letter.body
    assert f"/awards/{awards(cast, decision)[0].id}" in heard["Alder"].body
    with cast.house.database.reading() as session:
        told = set(session.scalars(select(Letter.account_id).where(Letter.id > before)))
    assert told == {captain.account_id for captain in bench.field.captains.values()}


def _last_letter(cast: Cast) -> int:
    with cast.house.database.reading() as session:
        return session.scalars(select(Letter.id).order_by(Letter.id.desc()).limit(1)).one_or_none() or 0


def _letter_since(cast: Cast, who: Actor, before: int) -> Letter:
    with cast.house.database.reading() as session:
        [letter] = [one for one in letters_of(session, who.account_id or 0) if one.id > before]
        return letter


def test_a_decision_is_signed_once_and_stands(cast: Cast) -> None:
    bench, decision = signed(cast)
    with pytest.raises(Refused, match="This decision is signed; only a proposal can be signed"):
        sign(bench, decision)
    with pytest.raises(Refused, match="This decision is signed; only a proposal can be withdrawn"):
        withdraw(bench, decision)
    with pytest.raises(Refused, match="The decision on this call is signed; it stands"):
        propose(bench)
    assert len(awards(cast, decision)) == 3


def test_a_withdrawn_proposal_stays_on_record_and_makes_room_for_another(cast: Cast) -> None:
    bench = judged(cast)
    first = propose(bench)
    with pytest.raises(Refused, match="There is a proposal already"):
        propose(bench)
    withdraw(bench, first, "A mark was copied wrongly.")
    with pytest.raises(Refused, match="This decision is withdrawn"):
        sign(bench, first)
    second = propose(bench)
    assert (second.number, second.before) == (2, first.digest)
    with cast.house.database.reading() as session:
        kept = queries.decision(session, first.id)
    assert (kept.state, kept.withdrawn_reason, kept.document) == (
        DecisionState.WITHDRAWN, "A mark was copied wrongly.", first.document,
    )  # fmt: skip


@pytest.mark.parametrize("reason", ["", "   ", "no", "\u200b" * 12])
def test_withdrawing_needs_a_reason(cast: Cast, reason: str) -> None:
    bench = judged(cast)
    decision = propose(bench)
    with pytest.raises(Invalid) as refused:
        withdraw(bench, decision, reason)
    assert refused.value.field_name == "reason"


def test_every_step_is_one_line_in_the_log(cast: Cast) -> None:
    bench = judged(cast)
    first = propose(bench)
    withdraw(bench, first)
    second = propose(bench)
    sign(bench, second)
    with cast.house.database.reading() as session:
        lines = session.scalars(
            select(AuditLine).where(AuditLine.subject.like("decision %")).order_by(AuditLine.number)
        ).all()
    assert [(line.verb, line.subject, line.actor_name) for line in lines] == [
        ("propose", f"decision {first.id}", "Olga"), ("withdraw", f"decision {first.id}", "Olga"),
        ("propose", f"decision {second.id}", "Olga"), ("sign", f"decision {second.id}", "Pia"),
    ]  # fmt: skip
    assert second.digest in lines[-1].particulars
