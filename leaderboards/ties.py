"""Equal composites are told apart only by the steps that the call declared, in their order, each step on record."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from leaderboards.candidates import Candidate, SelectionRules


@dataclass(frozen=True)
class Contender:
    """A candidate past all gates and thresholds, with the exact parts of its composite."""

    candidate: Candidate
    board: Fraction
    jury: Fraction
    composite: Fraction

    @property
    def entrant(self) -> str:
        """Name the entrant."""
        return self.candidate.entrant


def narrow(
    tied: Sequence[Contender], rules: SelectionRules, *, won: Collection[str], log: list[str]
) -> tuple[Contender, ...]:
    """Keep those of the tied who come next by the declared steps; more than one where the steps do not decide.

    `won` holds the countries that have a winner already. Every step is written to `log` with the values compared.
    """
    left = tuple(sorted(tied, key=lambda one: one.entrant))
    for step in rules.tie_break:
        if len(left) == 1:
            break
        if step == "panel_vote" and not _all_voted(left, rules, log):
            continue
        value = _comparison(step, rules, won)
        values = {one.entrant: value(one.candidate) for one in left}
        best = max(size for size, _ in values.values())
        ahead = tuple(one for one in left if values[one.entrant][0] == best)
        compared = ", ".join(f"{entrant} {shown}" for entrant, (_, shown) in values.items())
        outcome = "still equal" if len(ahead) == len(left) else f"{listed(ahead)} ahead"
        log.append(f"Tie of {listed(left)} compared on {step}: {compared}; {outcome}.")
        left = ahead
    return left


def listed(contenders: Sequence[Contender]) -> str:
    """List names for a sentence."""
    return ", ".join(one.entrant for one in contenders)


def _comparison(step: str, rules: SelectionRules, won: Collection[str]) -> Callable[[Candidate], tuple[int, str]]:
    """Make the function that gives a candidate's value at a step, larger being better, and how it is shown."""

    def board_group(candidate: Candidate) -> tuple[int, str]:
        if candidate.rank_low is None:
            return -(10**9), "unranked"  # a missing rank never outranks a number
        return -candidate.rank_low, f"best possible rank {candidate.rank_low}"

    def new_country(candidate: Candidate) -> tuple[int, str]:
        new = bool(candidate.country) and candidate.country not in won
        shown = candidate.country or "no country"
        return int(new), f"{shown} ({'no winner yet' if new else 'not new'})"

    def panel_vote(candidate: Candidate) -> tuple[int, str]:
        votes = (rules.panel_votes or {})[candidate.entrant]
        return votes, f"{votes} votes"

    def criterion(candidate: Candidate) -> tuple[int, str]:
        halves = candidate.halves(step.removeprefix("criterion:")) or 0
        return halves, f"{halves} half marks"

    return {"board_group": board_group, "new_country": new_country, "panel_vote": panel_vote}.get(step, criterion)


def _all_voted(left: Sequence[Contender], rules: SelectionRules, log: list[str]) -> bool:
    without = [one for one in left if one.entrant not in (rules.panel_votes or {})]
    if without:
        log.append(
            f"Tie of {listed(left)}: the panel has not voted on {listed(without)}, so panel_vote decides nothing."
        )
    return not without
