"""Asks the instrument who would win now, and how the pots would be split; computes only, and changes nothing."""

from collections.abc import Mapping, Sequence

import leaderboards
from challenge.calls.document import Rules
from challenge.foundation.canonical import digest
from challenge.foundation.permits import Invalid
from challenge.judging.contestants import Contestant
from challenge.judging.operations_pots import HOURS, MONEY, pots
from challenge.judging.outlook import Outlook, OutlookPlace, Seatless


def look_ahead(finalists: Sequence[Contestant], rules: Rules, *, spread: leaderboards.Spread | None = None) -> Outlook:
    """Choose winners among the finalists the panel has agreed on, and split money and hours among them.

    Without votes: a tie that the declared steps leave open stays undecided. `spread` is needed where the call declares
    ties by interval. Raises Invalid where it cannot be computed.
    """
    agreed = [one for one in finalists if one.halves]
    chooser = selection_rules(rules)
    teams = {one.reference: one.team for one in finalists}
    try:
        selection = leaderboards.choose_winners([candidate(one) for one in agreed], chooser, spread=spread)
        shared = pots(rules, {one.reference: one for one in agreed}, selection)
    except leaderboards.Refusal as refusal:
        raise Invalid(f"Nothing can be computed: {refusal}") from None
    shares = shared.shares
    machines = [pot.machine for pot in rules.hours]
    given = {machine: sum(shares.get(f"{HOURS}{machine}", {}).values()) for machine in machines}
    return Outlook(
        weight=rules.selection.board_weight,
        places=tuple(
            OutlookPlace(
                place.position,
                place.entrant,
                teams[place.entrant],
                place.outcome,
                place.board,
                place.jury,
                place.composite,
                shares.get(MONEY, {}).get(place.entrant, 0),
                {machine: shares.get(f"{HOURS}{machine}", {}).get(place.entrant, 0) for machine in machines},
            )
            for place in selection.places
        ),
        out=(
            *(Seatless(one.entrant, teams[one.entrant], one.reasons) for one in selection.out),
            *(
                Seatless(one.reference, one.team, ("the panel has not agreed on it yet",))
                for one in finalists
                if not one.halves
            ),
        ),
        effective_weights=selection.effective_weights,
        left_over={pot.machine: pot.hours - given[pot.machine] for pot in rules.hours},
        log=(*selection.log, *shared.notes),
        input_digest=digest([[candidate(one).to_dict() for one in agreed], chooser.to_dict()]),
        result_digest=selection.digest(),
    )


def candidate(one: Contestant) -> leaderboards.Candidate:
    """Return a contestant as the instrument takes it."""
    return leaderboards.Candidate(
        entrant=one.reference,
        gates=tuple(leaderboards.Gate(gate.name, gate.passed, gate.evidence) for gate in one.gates),
        points=one.points,
        rank_low=one.rank_low,
        rank_high=one.rank_high,
        criteria=tuple(leaderboards.CriterionScore(name, halves) for name, halves in one.halves.items()),
        country=one.country,
    )


def selection_rules(rules: Rules, votes: Mapping[str, int] | None = None) -> leaderboards.SelectionRules:
    """Return a call's rules for choosing winners as the instrument takes them, with the panel's votes by entry."""
    chosen = rules.selection
    return leaderboards.SelectionRules(
        criteria=tuple(
            leaderboards.Criterion(one.key, one.threshold_halves, str(one.weight)) for one in rules.criteria
        ),
        total_threshold_halves=rules.total_threshold_halves,
        max_winners=chosen.winners,
        board_weight=chosen.board_weight,
        board_anchor=chosen.board_anchor,
        jury_anchor=chosen.jury_anchor_halves,
        tie_break=chosen.tie_break,
        panel_votes=dict(votes) if votes else None,
        tie=chosen.tie,
        tie_confidence=rules.ranking.confidence,
    )
