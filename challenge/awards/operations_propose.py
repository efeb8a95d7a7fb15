"""Finds the winners: computed outside any transaction, bundled for everybody to recompute, then proposed."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

import leaderboards
from challenge.awards import queries, queries_ground, rules
from challenge.awards.candidates import Contestant, Deliberation
from challenge.awards.document import DecisionDocument, Excluded, Outcome, Prizewinner
from challenge.awards.ground import Ground
from challenge.awards.records import Decision
from challenge.awards.states import DecisionState
from challenge.calls import queries as calls
from challenge.calls.document import Rules
from challenge.calls.records import Call
from challenge.foundation.audit import write_line
from challenge.foundation.canonical import canonical, digest
from challenge.foundation.database import Database
from challenge.foundation.files import FileStore
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.judging import operations_outlook as outlook
from challenge.judging.operations_outlook import HOURS, MONEY
from challenge.teams.prose import why_not_text

BEGINNING = "0" * 64
LARGEST_BUNDLE = 1 << 30

Shares = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Proposal:
    """A decision as computed, with the fingerprint of all it was computed from; its bundle lies in the store."""

    document: DecisionDocument
    fingerprint: str


def prepare(
    database: Database, files: FileStore, *, actor: Actor, call_id: int, deliberation: Deliberation | None = None
) -> Proposal:
    """Choose winners, split money and hours, and put the bundle into the store; no transaction is open meanwhile.

    `deliberation` holds the panel's votes on ties and the awards it does not recommend. Raises Refused by rule,
    Invalid where the panel's word names nobody or the board cannot be recomputed.
    """
    with database.reading() as session:
        call = calls.call(session, call_id)
        demand(rules.why_not_propose(actor, queries_ground.stand_of(session, call, actor)))
        ground = queries_ground.ground_of(session, call)
    deliberation = deliberation or Deliberation()
    _check(deliberation, ground)
    try:
        document = _decide(ground, deliberation, files)
    except leaderboards.Refusal as refusal:
        raise Invalid(f"No decision can be computed: {refusal}") from None
    return Proposal(document, ground.fingerprint)


def propose(session: Session, *, actor: Actor, call: Call, proposal: Proposal, now: datetime) -> Decision:
    """Propose what `prepare` computed, as the call's next decision; another admin signs it.

    Raises Refused by rule, Invalid where anything the proposal rests on has changed since it was computed.
    """
    demand(rules.why_not_propose(actor, queries_ground.stand_of(session, call, actor)))
    if queries_ground.ground_of(session, call).fingerprint != proposal.fingerprint:
        raise Invalid("Something that the decision rests on has changed just now; propose again.")
    before = queries.latest_decision(session, call.id)
    number = before.number + 1 if before else 1
    last = before.digest if before else BEGINNING
    plain = proposal.document.plain(number=number, before=last)
    decision = Decision(
        call_id=call.id,
        number=number,
        state=DecisionState.PROPOSED,
        document=canonical(plain).decode(),
        digest=digest(plain),
        bundle_sha256=proposal.document.bundle_sha256,
        before=last,
        proposed_at=now,
        proposed_by=actor.account_id,
    )
    session.add(decision)
    session.flush()
    write_line(
        session,
        actor=actor,
        verb="propose",
        subject=f"decision {decision.id}",
        now=now,
        particulars={"call": call.key, "number": number, "digest": decision.digest},
    )
    return decision


def _check(deliberation: Deliberation, ground: Ground) -> None:
    judged = {entry.reference for entry in ground.finalists}
    for vote in deliberation.votes:
        if vote.reference not in judged:
            raise Invalid(f"{vote.reference} is no finalist, so the panel has no vote on it.")
        if vote.votes < 0 or why_not_text(vote.reason, least=rules.LEAST_REASON, most=2000):
            raise Invalid(f"Say why the panel votes as it does on {vote.reference}, in at least 10 characters.")
    for withheld in deliberation.withheld:
        if withheld.reference not in judged:
            raise Invalid(f"{withheld.reference} is no finalist; only finalists can be recommended.")
        if why_not_text(withheld.reason, least=rules.LEAST_WITHHOLDING, most=2000):
            raise Invalid(f"Say why the panel does not recommend {withheld.reference}, in at least 20 characters.")


def _decide(ground: Ground, deliberation: Deliberation, files: FileStore) -> DecisionDocument:
    contestants = ground.contestants(deliberation)
    policy = leaderboards.Policy.from_dict(json.loads(ground.policy))
    scores = leaderboards.read_scores(files.path(ground.board.scores_sha256))
    status = [leaderboards.Unranked(*one) for one in ground.unranked if one[0] not in scores.entrants]
    scores = scores.with_status(status)
    ranking = leaderboards.rank(scores, policy)
    if ranking.digest() != ground.board.ranking_digest:
        raise Invalid("The private board cannot be recomputed from its kept scores; rebuild it before deciding.")
    candidates = [_candidate(one) for one in contestants]
    chooser = selection_rules(ground.rules, deliberation)
    selection = leaderboards.choose_winners(candidates, chooser)
    requests = {one.reference: one.requests for one in contestants}
    splits = outlook.splits(ground.rules, requests, selection.winners)
    shares = {split.name: split.shares() for split in splits}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.json"
        leaderboards.write_bundle(
            path,
            policy=policy,
            scores=scores,
            ranking=ranking,
            rules=chooser,
            candidates=candidates,
            selection=selection,
            splits=splits,
            shares=shares,
        )
        with path.open("rb") as stream:
            bundle = files.put(stream, limit=LARGEST_BUNDLE)
    return DecisionDocument(
        call=ground.call_key,
        call_version=ground.call_version,
        rules_digest=ground.rules_digest,
        board=ground.board,
        judged=ground.judged,
        deliberation=deliberation,
        bundle_sha256=bundle.sha256,
        outcome=_outcome(ground.rules, contestants, selection, shares),
    )


def _candidate(one: Contestant) -> leaderboards.Candidate:
    return leaderboards.Candidate(
        entrant=one.reference,
        gates=tuple(leaderboards.Gate(gate.name, gate.passed, gate.evidence) for gate in one.gates),
        points=one.points,
        rank_low=one.rank_low,
        rank_high=one.rank_high,
        criteria=tuple(leaderboards.CriterionScore(name, halves) for name, halves in one.halves.items()),
        country=one.country,
    )


def selection_rules(call_rules: Rules, deliberation: Deliberation) -> leaderboards.SelectionRules:
    """Return a call's rules for choosing winners as the instrument takes them, with the panel's votes."""
    return outlook.selection_rules(call_rules, {vote.reference: vote.votes for vote in deliberation.votes})


def _outcome(
    call_rules: Rules, contestants: Sequence[Contestant], selection: leaderboards.Selection, shares: Shares
) -> Outcome:
    by_reference = {one.reference: one for one in contestants}

    def prizewinner(place: leaderboards.Place) -> Prizewinner:
        one = by_reference[place.entrant]
        return Prizewinner(
            position=place.position,
            reference=one.reference,
            submission_id=one.submission_id,
            team_id=one.team_id,
            team=one.team,
            country=one.country,
            money_cents=shares.get(MONEY, {}).get(one.reference, 0),
            hours={
                pot.machine: shares.get(f"{HOURS}{pot.machine}", {}).get(one.reference, 0) for pot in call_rules.hours
            },
        )

    given = {pot.machine: sum(shares.get(f"{HOURS}{pot.machine}", {}).values()) for pot in call_rules.hours}
    return Outcome(
        winners=tuple(prizewinner(place) for place in selection.places if place.outcome == "winner"),
        reserve=tuple(prizewinner(place) for place in selection.places if place.outcome == "reserve"),
        undecided=selection.undecided,
        out=tuple(Excluded(one.entrant, one.reasons) for one in selection.out),
        effective_weights=selection.effective_weights,
        unassigned_hours={pot.machine: pot.hours - given[pot.machine] for pot in call_rules.hours},
        log=selection.log,
    )
