"""Brings a judged call to its decision."""

from collections.abc import Mapping
from typing import Any

from challenge.awards import operations, queries
from challenge.awards.deliberation import Deliberation
from challenge.awards.document import Outcome
from challenge.awards.records import Award, Decision
from challenge.calls import queries as calls
from challenge.foundation.permits import Actor
from tests.cast import Cast
from tests.challenge.judging.bench import Bench, stage_bench

FIELD = {"Alder": 6, "Birch": 5, "Cedar": 4}
GOOD = (8, 8, 8)


def judged(
    cast: Cast,
    marks: Mapping[str, tuple[int, int, int]] | None = None,
    *,
    right: Mapping[str, int] = FIELD,
    **changes: Any,
) -> Bench:
    """Return a bench at which one judge has seen every finalist and everything is agreed; GOOD unless `marks` say so."""
    bench = stage_bench(cast, right, judges=("Jonas",), **changes)
    bench.judge_all({team: (marks or {}).get(team, GOOD) for team in right})
    return bench


def judged_apart(cast: Cast, *, right: Mapping[str, int] = FIELD, **changes: Any) -> Bench:
    """Return a bench at which three judges of different severity have seen every finalist."""
    bench = stage_bench(cast, right, judges=("Jonas", "Mara", "Amin"), **changes)
    for place, team in enumerate(right):
        for lean, judge in enumerate(bench.judges):
            bench.declare(judge, team)
            bench.review(judge, team, 8, 7 + (place + lean) % 3, 9 - lean)
        bench.agree(team, 8, 8, 8)
    return bench


def propose(bench: Bench, deliberation: Deliberation | None = None, *, actor: Actor | None = None) -> Decision:
    """Compute and propose a decision."""
    house, proposer = bench.cast.house, actor or bench.admin
    computed = operations.prepare(
        house.database, house.files, actor=proposer, call_id=bench.field.call.id, deliberation=deliberation
    )
    with bench.writing() as session:
        call = calls.call(session, bench.field.call.id)
        return operations.propose(session, actor=proposer, call=call, proposal=computed, now=bench.cast.now)


def sign(bench: Bench, decision: Decision, *, actor: Actor | None = None) -> list[Award]:
    """Sign a decision as a second admin."""
    signer = actor or bench.cast.admin("Pia")
    with bench.writing() as session:
        attached = queries.decision(session, decision.id)
        return operations.sign(session, actor=signer, decision=attached, now=bench.cast.now)


def withdraw(bench: Bench, decision: Decision, reason: str = "The panel has to vote first.") -> None:
    """Withdraw a proposal."""
    with bench.writing() as session:
        attached = queries.decision(session, decision.id)
        operations.withdraw(session, actor=bench.admin, decision=attached, reason=reason, now=bench.cast.now)


def outcome(decision: Decision) -> Outcome:
    """Return what a decision says."""
    return queries.document_of(decision).outcome


def winners(decision: Decision) -> list[str]:
    """Return the teams that win, in order."""
    return [one.team for one in outcome(decision).winners]
