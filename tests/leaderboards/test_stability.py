"""A choice of winners says how far it hangs on the weight, on one judge, and on chance; and is recomputed from its bundle."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, stdtrit

from leaderboards import (
    BundleError,
    Candidate,
    Criterion,
    CriterionScore,
    Gate,
    Policy,
    Ranking,
    ScoreTable,
    SelectionError,
    SelectionRules,
    ShortlistRules,
    StabilityPlan,
    TaskPolicy,
    choose_winners,
    composite_spread,
    rank,
    shortlist,
    stability,
    verify_bundle,
    write_bundle,
)
from leaderboards.canonical import canonical_bytes
from leaderboards.jury import Mark, Reviews
from leaderboards.ranking import spread_of
from leaderboards.spread import _between_judges, totals_of

ENTRANTS = [f"E{n}" for n in range(6)]
JUDGES = ["Ada", "Ben", "Cyd", "Dan"]
POLICY = Policy((TaskPolicy("qa", 0, 1),), draws=300)
RULES = SelectionRules((Criterion("impact", 0),), 0, 2, "0.5", ("40", "80"), (0, 10), ("board_group",))
PLAN = StabilityPlan(("0.3", "0.5", "0.7"), 400, 5)


def field(
    seed: int = 1, *, items: int = 60, noise: float = 1.0
) -> tuple[ScoreTable, Ranking, list[Candidate], Reviews]:
    rng = np.random.default_rng(seed)
    chance = np.linspace(0.7, 0.5, len(ENTRANTS))
    rows = [
        (name, "qa", f"i{n:03}", int(10_000 * (rng.random() < p)))
        for name, p in zip(ENTRANTS, chance, strict=True)
        for n in range(items)
    ]
    scores = ScoreTable.from_frame(pd.DataFrame(rows, columns=["entrant", "task", "item", "value"]))
    ranking = rank(scores, POLICY)
    marks, candidates = [], []
    for place, name in enumerate(ENTRANTS):
        halves = [int(np.clip(round(4 + place * 0.6 + rng.normal(0, noise)), 0, 10)) for _ in JUDGES]
        marks += [Mark(name, judge, "impact", value) for judge, value in zip(JUDGES, halves, strict=True)]
        entry = ranking.entry(name)
        assert entry is not None
        candidates.append(
            Candidate(name, (Gate("licence", True, "p. 3"),), str(entry.points), entry.rank_low, entry.rank_high,
                      (CriterionScore("impact", round(sum(halves) / len(halves))),), "FI")
        )  # fmt: skip
    return scores, ranking, candidates, Reviews.of(marks)


def test_the_sweep_is_the_choice_at_each_weight() -> None:
    scores, _, candidates, reviews = field()
    found = stability(candidates, RULES, scores=scores, policy=POLICY, reviews=reviews, plan=PLAN)
    for variation in found.weights:
        chosen = choose_winners(candidates, replace(RULES, board_weight=variation.changed))
        assert (variation.winners, variation.undecided) == (chosen.winners, chosen.undecided)
    assert [one.changed for one in found.weights] == ["0.3", "0.5", "0.7"]
    assert len({one.winners for one in found.weights}) > 1  # the field is made so that board and jury disagree


def test_a_judge_who_made_a_winner_is_seen() -> None:
    scores, _, candidates, _ = field()
    flat = [replace(one, points="60", criteria=(CriterionScore("impact", 5),)) for one in candidates]
    marks = [Mark(name, judge, "impact", 5) for name in ENTRANTS for judge in JUDGES if (name, judge) != ("E3", "Ada")]
    # Without Ada, who gave 9, the mean of E3 falls from 6 to 5; its consensus of 6 moves down by as much.
    flat[3] = replace(flat[3], criteria=(CriterionScore("impact", 6),))
    rules = replace(RULES, max_winners=1, tie_break=())
    found = stability(
        flat,
        rules,
        scores=scores,
        policy=POLICY,
        reviews=Reviews.of([*marks, Mark("E3", "Ada", "impact", 9)]),
        plan=PLAN,
    )
    without = {one.changed: (one.winners, one.undecided) for one in found.judges}
    assert without["Ada"] == ((), tuple(ENTRANTS))
    # Any other judge's leaving raises it.
    assert {without[judge] for judge in JUDGES[1:]} == {(("E3",), ())}


def test_draws_are_counted_and_follow_the_seed() -> None:
    scores, _, candidates, reviews = field()
    found = stability(candidates, RULES, scores=scores, policy=POLICY, reviews=reviews, plan=PLAN)
    assert sum(times for *_, times in found.sets) == PLAN.draws
    assert sum(times for _, times in found.selected) == sum(len(winners) * times for winners, _, times in found.sets)
    again = stability(candidates[::-1], RULES, scores=scores, policy=POLICY, reviews=reviews, plan=PLAN)
    assert again.digest() == found.digest()
    other = stability(candidates, RULES, scores=scores, policy=POLICY, reviews=reviews, plan=replace(PLAN, seed=6))
    assert other.digest() != found.digest()
    assert any("won in" in sentence and f"of {PLAN.draws} draws" in sentence for sentence in found.sentences())
    assert found.sentences()[0].startswith("3 weights of the board give ")


def test_without_doubt_every_draw_agrees_and_with_equal_contenders_none_does() -> None:
    scores, _, candidates, _ = field()
    same = Reviews.of(Mark(name, judge, "impact", 5) for name in ENTRANTS for judge in JUDGES)
    jury_only = replace(RULES, board_weight="0", tie_break=())
    clear = [replace(one, criteria=(CriterionScore("impact", 9 - n),)) for n, one in enumerate(candidates)]
    sure = stability(clear, jury_only, scores=scores, policy=POLICY, reviews=same, plan=PLAN)
    assert sure.sets == ((("E0", "E1"), (), PLAN.draws),)
    equal = [replace(one, criteria=(CriterionScore("impact", 5),)) for one in candidates]
    tied = stability(equal, jury_only, scores=scores, policy=POLICY, reviews=same, plan=replace(PLAN, draws=20))
    assert tied.sets == (((), tuple(ENTRANTS), 20),)
    assert "Nobody won in 20 of 20 draws, with E0, E1" in tied.sentences()[-1]


def test_the_drawn_spread_is_that_of_the_formula() -> None:
    # Two contenders: the share of draws in which the worse one leads is the normal tail of lead/sd.
    scores, _, candidates, reviews = field(3, items=400, noise=1.5)
    pair = candidates[:2]
    spread = composite_spread(scores, POLICY, reviews.of_entries({"E0", "E1"}), RULES)
    half = spread.half_width("E0", "E1")
    assert half is not None
    plan = StabilityPlan((), 20_000, 1)
    rules = replace(RULES, max_winners=1)
    found = stability(pair, rules, scores=scores, policy=POLICY, reviews=reviews, plan=plan)
    share = dict(found.selected)["E0"] / plan.draws
    selection = choose_winners(pair, rules)
    composite = {place.entrant: float(place.composite) for place in selection.places}
    # Four judges drawn with replacement spread by 3/4 of the variance that the formula gives them.
    totals = totals_of(reviews, RULES)
    jury = _between_judges([totals["E0"], totals["E1"]], JUDGES)[0, 1] * (0.5 / 10) ** 2 * 3 / 4
    names, uncertainty = spread_of(scores, POLICY)
    board = uncertainty.variance[names.index("E0"), names.index("E1")] * (0.5 / 40) ** 2
    expected = ndtr((composite["E0"] - composite["E1"]) / np.sqrt(board + jury))
    assert share == pytest.approx(expected, abs=0.03)
    assert float(half) > 1.9 * np.sqrt(board + jury)
    assert float(half) < stdtrit(3, 0.975) * np.sqrt(board + jury * 4 / 3) + 1e-5


def whole(folder: Path, rules: SelectionRules = RULES) -> Path:
    scores, ranking, candidates, reviews = field()
    spread = composite_spread(scores, POLICY, reviews, rules)
    write_bundle(
        folder / "b.json",
        policy=POLICY,
        scores=scores,
        ranking=ranking,
        rules=rules,
        candidates=candidates,
        selection=choose_winners(candidates, rules, spread=spread),
        shortlist_rules=ShortlistRules(3, 5),
        shortlist=shortlist(candidates, ShortlistRules(3, 5)),
        reviews=reviews,
        stability_plan=PLAN,
        stability=stability(candidates, rules, scores=scores, policy=POLICY, reviews=reviews, plan=PLAN),
    )
    return folder / "b.json"


@pytest.mark.parametrize("rules", [RULES, replace(RULES, tie="interval")])
def test_a_bundle_holds_shortlist_marks_and_stability(tmp_path: Path, rules: SelectionRules) -> None:
    verdict = verify_bundle(whole(tmp_path, rules))
    assert verdict.ok, verdict.first_difference


Damage = Callable[[dict[str, Any]], None]


def _first_set(found: dict[str, Any]) -> None:
    found["results"]["stability"]["sets"][0][2] += 1


def _listed(found: dict[str, Any]) -> None:
    found["results"]["shortlist"]["listed"].pop()


def _mark(found: dict[str, Any]) -> None:
    found["inputs"]["reviews"]["marks"][0][3] = 0


def _plan(found: dict[str, Any]) -> None:
    found["inputs"]["stability_plan"]["seed"] = 99


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        (_first_set, "results.stability.sets[0][2]"),
        (_listed, "results.shortlist.listed["),
        (_mark, "results.stability"),
        (_plan, "results.stability"),
    ],
)
def test_one_changed_number_is_found(tmp_path: Path, damage: Damage, where: str) -> None:
    path = whole(tmp_path)
    found = json.loads(path.read_bytes())
    damage(found)
    path.write_bytes(canonical_bytes(found))
    verdict = verify_bundle(path)
    assert verdict.first_difference is not None
    assert verdict.first_difference.startswith(where)


def test_parts_that_belong_together_are_asked_for(tmp_path: Path) -> None:
    path = whole(tmp_path, replace(RULES, tie="interval"))
    found = json.loads(path.read_bytes())
    del found["inputs"]["reviews"]
    path.write_bytes(canonical_bytes(found))
    with pytest.raises(BundleError, match=r"inputs\.stability_plan needs"):
        verify_bundle(path)
    scores, ranking, candidates, _ = field()
    common: dict[str, Any] = {"policy": POLICY, "scores": scores, "ranking": ranking}
    with pytest.raises(BundleError, match="shortlist_rules and shortlist belong together"):
        write_bundle(path, **common, shortlist_rules=ShortlistRules())
    with pytest.raises(SelectionError, match="tie by interval; give the spread"):
        choose_winners(candidates, replace(RULES, tie="interval"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"weights": ("1.5",)}, 'from "0" to "1", not \'1.5\''),
        ({"draws": -1}, "draws run from 0"),
        ({"seed": -1}, "the seed from 0"),
    ],
)
def test_a_plan_that_cannot_be_tried_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SelectionError, match=sentence):
        replace(PLAN, **change)
