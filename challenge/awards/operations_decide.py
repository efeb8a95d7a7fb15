"""Computes a decision from its ground with the instrument, and keeps the bundle that anybody recomputes."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import leaderboards
from challenge.awards.deliberation import Deliberation
from challenge.awards.document import Contender, DecisionDocument, Excluded, Outcome, Prizewinner
from challenge.awards.ground import Ground
from challenge.foundation.files import FileStore
from challenge.foundation.permits import Invalid
from challenge.judging.contestants import Contestant
from challenge.judging.operations_outlook import candidate, selection_rules
from challenge.judging.operations_pots import HOURS, MONEY, Pots, pots
from challenge.judging.operations_shortlist import in_words, listing_rules
from challenge.judging.operations_stability import stability_of

LARGEST_BUNDLE = 1 << 30


@dataclass(frozen=True)
class _Found:
    """What the instrument answers."""

    selection: leaderboards.Selection
    shortlist: leaderboards.Shortlist
    plan: leaderboards.StabilityPlan
    stability: leaderboards.Stability
    cut: leaderboards.Cut | None
    pots: Pots


def decide(ground: Ground, deliberation: Deliberation, files: FileStore) -> DecisionDocument:
    """Choose winners, split the pots, vary what can be varied, and keep the bundle.

    Raises Invalid where the board cannot be recomputed, and the instrument's Refusal where nothing can be chosen.
    """
    contestants = ground.contestants(deliberation)
    policy = leaderboards.Policy.from_dict(json.loads(ground.policy))
    scores = leaderboards.read_scores(files.path(ground.board.scores_sha256))
    status = [leaderboards.Unranked(*one) for one in ground.unranked if one[0] not in scores.entrants]
    scores = scores.with_status(status)
    ranking = leaderboards.rank(scores, policy)
    if ranking.digest() != ground.board.ranking_digest:
        raise Invalid("The private board cannot be recomputed from its kept scores; rebuild it before deciding.")
    candidates = [candidate(one) for one in contestants]
    chooser = selection_rules(ground.rules, {vote.reference: vote.votes for vote in deliberation.votes})
    reviews = leaderboards.Reviews.of(
        leaderboards.Mark(one.reference, one.judge, one.criterion, one.halves) for one in ground.marks
    )
    spread = leaderboards.composite_spread(scores, policy, reviews, chooser)
    selection = leaderboards.choose_winners(candidates, chooser, spread=spread)
    listing = listing_rules(ground.rules)
    plan = leaderboards.StabilityPlan(seed=ground.rules.ranking.seed)
    found = _Found(
        selection=selection,
        shortlist=leaderboards.shortlist(candidates, listing),
        plan=plan,
        stability=leaderboards.stability(candidates, chooser, scores=scores, policy=policy, reviews=reviews, plan=plan),
        cut=leaderboards.cut(candidates, chooser, selection, spread=spread),
        pots=pots(ground.rules, {one.reference: one for one in contestants}, selection),
    )
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
            splits=found.pots.splits,
            shares=found.pots.shares,
            shortlist_rules=listing,
            shortlist=found.shortlist,
            reviews=reviews,
            stability_plan=plan,
            stability=found.stability,
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
        outcome=_outcome(ground, contestants, found),
        marks_digest=ground.marks_digest,
    )


def _outcome(ground: Ground, contestants: Sequence[Contestant], found: _Found) -> Outcome:
    call_rules = ground.rules
    listed = in_words(found.shortlist, contestants, call_rules).settled(ground.tie_word)
    by_reference = {one.reference: one for one in contestants}
    shares, selection = found.pots.shares, found.selection
    given = {one.machine: sum(shares.get(f"{HOURS}{one.machine}", {}).values()) for one in call_rules.hours}
    machines = [one.machine for one in call_rules.hours]
    won, waiting = (
        tuple(
            _prizewinner(place, by_reference[place.entrant], shares, machines)
            for place in selection.places
            if place.outcome == outcome
        )
        for outcome in ("winner", "reserve")
    )
    return Outcome(
        winners=won,
        reserve=waiting,
        undecided=selection.undecided,
        out=tuple(Excluded(one.entrant, one.reasons) for one in selection.out),
        effective_weights=selection.effective_weights,
        unassigned_hours={one.machine: one.hours - given[one.machine] for one in call_rules.hours},
        log=selection.log,
        contenders=_contenders(by_reference, found),
        line=found.cut.at if found.cut else None,
        listed=tuple(one.entry.reference for one in listed.named),
        left_out=tuple(Excluded(one.entry.reference, (one.reason,)) for one in (*listed.left_out, *listed.tied)),
        tie_at_maximum=listed.word,
        stability=stability_of(found.stability, found.plan),
        notes=found.pots.notes,
    )


def _prizewinner(
    place: leaderboards.Place, one: Contestant, shares: Mapping[str, Mapping[str, int]], machines: Sequence[str]
) -> Prizewinner:
    return Prizewinner(
        position=place.position,
        reference=one.reference,
        submission_id=one.submission_id,
        team_id=one.team_id,
        team=one.team,
        country=one.country,
        money_cents=shares.get(MONEY, {}).get(one.reference, 0),
        hours={machine: shares.get(f"{HOURS}{machine}", {}).get(one.reference, 0) for machine in machines},
    )


def _contenders(by_reference: Mapping[str, Contestant], found: _Found) -> tuple[Contender, ...]:
    distances = {one.entrant: one for one in found.cut.distances} if found.cut else {}
    contenders = []
    for place in found.selection.places:
        one, distance = by_reference[place.entrant], distances.get(place.entrant)
        contenders.append(
            Contender(
                position=place.position,
                reference=place.entrant,
                team=one.team,
                outcome=place.outcome,
                board=place.board,
                jury=place.jury,
                composite=place.composite,
                above=distance.above if distance else None,
                half_width=distance.half_width if distance else None,
                tied=distance.tied if distance else False,
                apart=distance.apart if distance else False,
                requests=one.requests,
            )
        )
    return tuple(contenders)
