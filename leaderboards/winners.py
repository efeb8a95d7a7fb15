"""Winners are chosen step by step: gates, thresholds, composite, declared tie-breaks, cut; every step is a sentence.

Composite of a contender: C = w·B + (1−w)·J with B = (points − low)/(high − low) on the board's anchors and J the same
for the jury's total in half marks. The anchors belong to the call, never to this year's field, and nothing is
clipped, so a better score always counts.
"""

from collections.abc import Sequence
from fractions import Fraction

from leaderboards.candidates import Candidate, SelectionRules
from leaderboards.decimals import exact, from_exact
from leaderboards.placing import named_by_outcome, place_all
from leaderboards.refusals import SelectionError
from leaderboards.selection import Exclusion, Selection
from leaderboards.spread import Spread
from leaderboards.ties import Contender


def choose_winners(
    candidates: Sequence[Candidate], rules: SelectionRules, *, spread: Spread | None = None
) -> Selection:
    """Propose at most `max_winners` winners, possibly none, and an ordered reserve list.

    A tie at the cut that the declared steps leave open makes nobody of the tied a winner: they are `undecided` until
    the panel has voted. Time of submission and lots play no part. `spread` is needed where the rules declare a tie by
    interval. Raises SelectionError for incomplete input.
    """
    log: list[str] = []
    contenders, out = contend(candidates, rules, log)
    weights = _effective_weights(contenders, rules)
    log.append(_weights_sentence(weights, rules))
    places = place_all(contenders, rules, spread=spread, log=log)
    winners, reserve, undecided = named_by_outcome(places)
    log.append(
        f"Winners, at most {rules.max_winners}: {', '.join(winners) or 'none'}. "
        f"Reserve list: {', '.join(reserve) or 'empty'}. Undecided: {', '.join(undecided) or 'nobody'}."
    )
    return Selection(winners, reserve, undecided, tuple(places), tuple(out), weights, tuple(log))


def contend(
    candidates: Sequence[Candidate], rules: SelectionRules, log: list[str]
) -> tuple[list[Contender], list[Exclusion]]:
    """Tell those past all gates and thresholds from those who are out, by name; raise SelectionError."""
    entrants = sorted(candidates, key=lambda one: one.entrant)
    _check(entrants, rules)
    out: list[Exclusion] = []
    contenders: list[Contender] = []
    for candidate in entrants:
        reasons = _gate_reasons(candidate) or _threshold_reasons(candidate, rules)
        if reasons:
            out.append(Exclusion(candidate.entrant, tuple(reasons)))
            log.append(f"{candidate.entrant} is out: {'; '.join(reasons)}.")
        else:
            contender = _contender(candidate, rules)
            contenders.append(contender)
            log.append(_entry_sentence(contender, rules))
    return contenders, out


def _check(candidates: Sequence[Candidate], rules: SelectionRules) -> None:
    wanted = {one.name for one in rules.criteria}
    gates = {gate.name for one in candidates for gate in one.gates}
    for before, candidate in zip([None, *candidates], candidates, strict=False):
        name = candidate.entrant
        if before is not None and before.entrant == name:
            raise SelectionError(f"{name!r} is a candidate twice; keep one entry.")
        lacking = gates - {gate.name for gate in candidate.gates}
        if lacking or len(candidate.gates) != len(gates):
            what = f"has no result for the gate {min(lacking)!r}" if lacking else "has a gate twice"
            raise SelectionError(f"{name} {what}; every candidate needs one result for every gate.")
        scored = [one.name for one in candidate.criteria]
        if not set(scored) <= wanted or len(set(scored)) != len(scored):
            raise SelectionError(
                f"{name} is scored on {', '.join(scored)}; the call's criteria are "
                f"{', '.join(sorted(wanted))}, each scored once."
            )
        unscored = sorted(wanted - set(scored))
        if unscored and not _gate_reasons(candidate):
            raise SelectionError(
                f"{name} has passed all gates but has no consensus score for {unscored[0]!r}; "
                "complete the consensus before choosing."
            )


def _gate_reasons(candidate: Candidate) -> list[str]:
    return [
        f"gate {gate.name} not passed ({gate.evidence or 'no evidence given'})"
        for gate in candidate.gates
        if not gate.passed
    ]


def _threshold_reasons(candidate: Candidate, rules: SelectionRules) -> list[str]:
    reasons, total = [], 0
    for criterion in rules.criteria:
        halves = candidate.halves(criterion.name) or 0
        total += halves
        if halves < criterion.threshold_halves:
            reasons.append(f"{criterion.name}: {halves} half marks, the threshold is {criterion.threshold_halves}")
    # The plain total: a weight must not lift anybody over a threshold.
    if total < rules.total_threshold_halves:
        reasons.append(f"total: {total} half marks, the threshold is {rules.total_threshold_halves}")
    if candidate.points is None and rules.weight > 0:
        reasons.append("unranked on the board, which counts in the composite")
    return reasons


def _contender(candidate: Candidate, rules: SelectionRules) -> Contender:
    low, high = rules.board_span
    points = exact(candidate.points) if candidate.points is not None else None
    board = (points - low) / (high - low) if points is not None else Fraction(0)
    low, high = rules.jury_span
    jury = (rules.jury_total(candidate) - low) / (high - low)
    return Contender(candidate, board, jury, rules.weight * board + (1 - rules.weight) * jury)


def _entry_sentence(one: Contender, rules: SelectionRules) -> str:
    return (
        f"{one.entrant} passes all gates and thresholds: composite {from_exact(one.composite)} = "
        f"{rules.board_weight}·{from_exact(one.board)} (board) + "
        f"{_short(1 - rules.weight)}·{from_exact(one.jury)} (jury)."
    )


def _short(value: Fraction) -> str:
    return format(from_exact(value).normalize(), "f")


def _effective_weights(contenders: Sequence[Contender], rules: SelectionRules) -> tuple[str, str] | None:
    """Compute w²σ_B²/(w²σ_B² + (1−w)²σ_J²) and its complement: what each part really decides in this field."""
    board = rules.weight**2 * _variance([one.board for one in contenders])
    jury = (1 - rules.weight) ** 2 * _variance([one.jury for one in contenders])
    if board + jury == 0:
        return None
    share = board / (board + jury)
    return format(from_exact(share), "f"), format(from_exact(1 - share), "f")


def _variance(values: Sequence[Fraction]) -> Fraction:
    if not values:
        return Fraction(0)
    mean = sum(values, Fraction(0)) / len(values)
    return sum(((value - mean) ** 2 for value in values), Fraction(0)) / len(values)


def _weights_sentence(weights: tuple[str, str] | None, rules: SelectionRules) -> str:
    if weights is None:
        return "Effective weights cannot be given: the contenders do not differ."
    return (
        f"Declared weight of the board {rules.board_weight}; effective weights: board {weights[0]}, jury {weights[1]}."
    )
