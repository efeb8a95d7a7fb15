"""Puts the rules of a call into the words of its public page."""

from fractions import Fraction

from challenge.calls.document import (
    OFFICIAL_DRAWS,
    EligibilityRules,
    MachineHours,
    Prize,
    RankingRules,
    Rules,
    SelectionRule,
)
from challenge.calls.territories import countries_in_words

ROUTES = {
    "weights": "release the model under an open licence, at least for non-commercial use",
    "publication": "publish what they found in an open-access article",
}
STEPS = {
    "board_group": "the better group on the board, where a group is entries that the board cannot tell apart",
    "new_country": "a country that no winner comes from yet",
    "panel_vote": "a vote of the panel, put on record with its reason",
}
MISSING = {
    "unranked": "An entry with a missing score is listed apart, with the reason, and has no rank.",
    "floor": "A missing task counts as its floor.",
}


def eligibility_words(rules: EligibilityRules) -> list[str]:
    """Say who may enter, one sentence a condition."""
    sentences = [f"The organisation is established in {countries_in_words(rules.countries)}."]
    if set(rules.control) == set(rules.countries):
        sentences.append("Whoever controls it sits in one of these countries too.")
    else:
        sentences.append(f"Whoever controls it sits in {countries_in_words(rules.control)}.")
    if rules.sme:
        sentences.append(
            "It is a small or medium-sized enterprise: fewer than 250 persons, and a turnover of up to EUR 50 million "
            "or a balance sheet of up to EUR 43 million."
        )
    if rules.founded_after is not None:
        sentences.append(f"It was founded after {rules.founded_after}.")
    if rules.experience:
        sentences.append("It gives evidence of its work with large AI models.")
    if rules.honour:
        sentences.append("It declares on honour that all this is true.")
    return sentences


def selection_words(rules: Rules) -> list[str]:
    """Say how winners are found, one sentence a step."""
    selection = rules.selection
    steps = [_step(step, rules) for step in selection.tie_break]
    return [
        f"Every entry whose rank interval reaches place {selection.finalists} or better may go to the panel, so that "
        "nobody is left out by chance.",
        *_most(selection),
        "An entry wins only above every threshold; weights rank, and never lift an entry over a threshold.",
        _composite(selection),
        *_tie(rules),
        f"{'Equal' if selection.tie == 'equal' else 'Tied'} entries are parted, in this order, by {_in_order(steps)}.",
        f"At most {selection.winners} win; the panel may find that fewer do, or none.",
    ]


def ranking_words(ranking: RankingRules) -> list[str]:
    """Say how a board is computed, one sentence a rule."""
    confidence = _percent(Fraction(ranking.confidence))
    official = (
        f"Winners are chosen only from a private board computed with at least {OFFICIAL_DRAWS:,} resamplings and that "
        "seed."
    )
    return [
        "Each task counts between its floor (0 points) and its ceiling (100 points).",
        f"Every score has an interval that holds with {confidence} confidence, from {ranking.draws:,} resamplings "
        f"of the items with the seed {ranking.seed}, fixed before any score existed.",
        f"Points are compared at {ranking.decimals} decimals; equal points share a rank.",
        MISSING[ranking.missing],
        *([official] if ranking.official else []),
    ]


def sharing_words(prize: Prize, hours: tuple[MachineHours, ...]) -> list[str]:
    """Say how money and hours are shared, one sentence a rule."""
    money = "Winners share the prize equally, to the cent."
    if prize.above is not None:
        first = "Each winner gets the least share first; the rest" if prize.minimum_cents else "The prize"
        money = (
            f"{first} is shared to the cent by the points above {prize.above} on the board; where no winner has "
            "more, in equal parts."
        )
    return [money, *(_hours(machine) for machine in hours)]


def _hours(machine: MachineHours) -> str:
    bounds = ["nobody gets more than they asked for"]
    if machine.cap is not None:
        bounds.append(f"nobody more than {machine.cap:,} hours")
    if machine.minimum:
        bounds.append(f"every winner at least {machine.minimum:,}, or all it asked for if that is less")
    left = "What is left then stays unassigned."
    if machine.leftover == "reserve":
        left = (
            "What is left then goes down the reserve list, in its order and by the same bounds; whoever is given hours "
            "so owes the same as a winner."
        )
    return f"Hours on {machine.machine} are shared evenly: {_listing(bounds)}. {left}"


def _listing(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, and {parts[-1]}"


def _most(selection: SelectionRule) -> list[str]:
    if selection.most_finalists is None:
        return []
    return [
        f"The panel takes at most {selection.most_finalists} of them, those with more points first; where points are "
        "equal at its end, an admin decides, with the reason on record."
    ]


def _tie(rules: Rules) -> list[str]:
    if rules.selection.tie == "equal":
        return []
    confidence = _percent(Fraction(rules.ranking.confidence))
    return [
        "Entries are tied for the last places too where the difference of their results lies within its interval, "
        f"over other items and other judges, at {confidence} confidence."
    ]


def release_words(rules: Rules) -> str:
    """Say what winners owe."""
    ways = " or ".join(ROUTES[route] for route in rules.routes)
    months = rules.obligation_months
    return f"Winners {ways}, within {months} month{'s' if months != 1 else ''} of the start of access."


def _composite(selection: SelectionRule) -> str:
    low, high = (_marks(halves) for halves in selection.jury_anchor_halves)
    board = Fraction(selection.board_weight)
    least, most = selection.board_anchor
    return (
        f"The result is {_percent(board)} board and {_percent(1 - board)} panel: the board counts from {least} to "
        f"{most} points, the panel from {low} to {high} marks in total."
    )


def _step(step: str, rules: Rules) -> str:
    if step.startswith("criterion:"):
        key = step.removeprefix("criterion:")
        title = next(criterion.title for criterion in rules.criteria if criterion.key == key)
        return f"the marks for “{title}”"
    return STEPS[step]


def _in_order(steps: list[str]) -> str:
    return "; ".join([*steps[:-1], f"and at last {steps[-1]}"]) if len(steps) > 1 else steps[0]


def _marks(halves: int) -> str:
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):g}%"
