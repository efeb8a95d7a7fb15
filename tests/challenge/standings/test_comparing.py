"""Any two entries of a standing are put side by side, from the very items it was computed from, which stay unnamed."""

import re
from decimal import Decimal

import numpy as np
import pytest
from scipy.stats import ttest_rel

from challenge.runs.states import Outcome
from challenge.standings import operations_compare, queries
from challenge.standings.comparison import Comparison, Items
from challenge.standings.operations_items import ItemsDamaged
from challenge.standings.states import Part
from tests.cast import Cast
from tests.challenge.standings.harvest import PRIVATE, PUBLIC, UNIT, Field, stage_field, stage_result
from tests.challenge.standings.readers import EVERYBODY, OFFICE, browser, page, seen_by

COMPARED = "/versions/1/compare?a=trial-0001&b=trial-0002"
FIRST, SECOND = (UNIT, UNIT, UNIT, UNIT, UNIT, 0), (UNIT, UNIT, 6_000, 7_000, 0, UNIT)


@pytest.fixture
def field(cast: Cast) -> Field:
    """A public board of two who differ on half of the items, and one that could not be read."""
    field = stage_field(cast)
    for number, (name, values) in enumerate((("Alder", FIRST), ("Birch", SECOND)), start=1):
        stage_result(cast, field.enter(name, number), items={"public": values, "private": values})
    stage_result(cast, field.enter("Cedar", 3), outcome=Outcome.UNREADABLE)
    field.rebuild()
    field.publish()
    return field


def compared(field: Field, first: str = "trial-0001", second: str = "trial-0002") -> Comparison:
    """Compare two entries of the public board."""
    standing = field.standing()
    return operations_compare.compare(field.cast.house.files, standing.scores_sha256, standing.policy, first, second)


def test_a_difference_is_that_of_the_points_with_its_paired_interval(field: Field) -> None:
    found = compared(field)
    points = {one.entrant: Decimal(one.points) for one in queries.ranking_of(field.standing()).entries}
    apart = points["trial-0001"] - points["trial-0002"]
    assert abs(found.difference.points - apart) <= Decimal("0.000001"), "each is rounded by itself"
    # floor 0.5, ceiling 1: a hundredth of score is two points; every item is a cluster of its own
    test = ttest_rel(np.array(FIRST) / UNIT * 200, np.array(SECOND) / UNIT * 200)
    low, high = test.confidence_interval(0.95)
    assert found.difference.low is not None
    assert found.difference.high is not None
    assert float(found.difference.low) == pytest.approx(low, abs=1e-5)
    assert float(found.difference.high) == pytest.approx(high, abs=1e-5)


def test_items_are_counted_by_who_answered_them_better(field: Field) -> None:
    found = compared(field)
    assert found.items == found.tasks[0].items == Items(first=3, second=1, equal=2)
    assert found.items.all == 6
    turned = compared(field, "trial-0002", "trial-0001")
    assert turned.items == Items(first=1, second=3, equal=2)
    assert turned.difference.points == -found.difference.points


def test_a_page_answers_whether_two_can_be_told_apart_and_names_no_item(field: Field) -> None:
    said = page(field, "visitor", COMPARED)
    assert "<strong>No.</strong>" in said
    assert f"<strong>+{compared(field).difference.points:.2f} points</strong>" in said
    assert re.search(r'<option value="trial-0001" selected>Alder \(trial-0001\)</option>', said)
    assert not any(f">{item}<" in said or f'"{item}"' in said for item in (*PUBLIC, *PRIVATE))


def test_the_answer_is_that_of_the_standing(cast: Cast) -> None:
    field = stage_field(cast)
    values = {"Alder": [UNIT] * 6, "Birch": [6_000, 6_500, 5_500, 6_000, 6_200, 5_800]}
    for number, (name, items) in enumerate(values.items(), start=1):
        stage_result(cast, field.enter(name, number), items={"public": items, "private": items})
    field.rebuild()
    field.publish()
    ranking = queries.ranking_of(field.standing())
    assert ranking.entries[0].inseparable_from == ()
    said = page(field, "visitor", COMPARED)
    assert "<strong>Yes.</strong>" in said
    assert "Alder is better" in said
    assert "Alder is better" in page(field, "visitor", "/versions/1/compare?a=trial-0002&b=trial-0001")


def test_a_form_asks_which_and_the_same_twice_is_said_to_be_one(field: Field) -> None:
    assert "By how much" not in page(field, "visitor", "/versions/1/compare")
    assert "By how much" not in page(field, "visitor", "/versions/1/compare?a=trial-0001")
    assert "choose two different ones" in page(field, "visitor", "/versions/1/compare?a=trial-0001&b=trial-0001")


@pytest.mark.parametrize("other", ["trial-0003", "trial-0099", "trial-0001'"])
def test_only_ranked_entries_can_be_compared(field: Field, other: str) -> None:
    assert seen_by(field, f"/versions/1/compare?a=trial-0001&b={other}") == set()


def test_whoever_sees_a_board_may_compare_on_it_and_nobody_else(field: Field) -> None:
    assert seen_by(field, COMPARED) == EVERYBODY
    assert seen_by(field, COMPARED, Part.PRIVATE) == OFFICE


def test_a_pair_is_compared_once_a_version(field: Field) -> None:
    first = page(field, "visitor", COMPARED)
    visitor, address = browser(field, "visitor"), f"/boards/{field.board().id}{COMPARED}"
    tag = visitor.get(address).headers["ETag"]
    assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 304
    field.cast.house.files.path(field.standing().scores_sha256).unlink()
    assert page(field, "visitor", COMPARED) == first
    assert "By how much" in page(field, "member", COMPARED), "and not again for those who are signed in"


def test_scores_that_are_gone_are_an_error_and_no_comparison(field: Field) -> None:
    standing = field.standing()
    with pytest.raises(ItemsDamaged):
        operations_compare.compare(field.cast.house.files, "0" * 64, standing.policy, "trial-0001", "trial-0002")
    with pytest.raises(ItemsDamaged):
        compared(field, "trial-0077", "trial-0078")


def test_second_opinions_stand_beside_the_answer(field: Field) -> None:
    said = page(field, "visitor", COMPARED)
    # six clusters, four of which differ: 2^4 exchanges of differences 4,000, 3,000, 10,000 and -10,000, of which 12 reach 7,000
    assert "p = 0.7500." in said
    assert "exchanging their answers on the 4 clusters of items" in said
    assert "Bayesian signed-rank test" in said
