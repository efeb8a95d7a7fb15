"""Whether the best n would be others under other rules, tasks and weights, for whoever may see the board."""

import re

import pytest

from challenge.standings import operations_choices
from challenge.standings.choices import Choice, Choices, Column
from challenge.standings.operations_items import ItemsDamaged
from challenge.standings.states import Part
from leaderboards.aggregates import RULES
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, stage_field
from tests.challenge.standings.readers import EVERYBODY, OFFICE, page, seen_by

LEAF = "/versions/1/sensitivity"


@pytest.fixture
def field(cast: Cast) -> Field:
    """A public board of three on one task."""
    field = stage_field(cast, {"Alder": 6, "Birch": 5, "Cedar": 4})
    field.rebuild()
    field.publish()
    return field


def found(field: Field, winners: int) -> Choices:
    """Compute the choices of the public board."""
    standing = field.standing()
    return operations_choices.choices(field.cast.house.files, standing.scores_sha256, standing.policy, winners)


def test_every_rule_gives_each_entry_a_place_and_the_best_are_who_have_the_first(field: Field) -> None:
    said = found(field, 2)
    assert [one.rule for one in said.columns] == list(RULES)
    assert all(one.places == (1, 2, 3) for one in said.columns), "on one task no rule can turn an order round"
    assert said.best == ("trial-0001", "trial-0002")
    assert said.rules_for("trial-0002") == len(RULES)
    assert said.rules_for("trial-0003") == 0
    assert said.among_best == (("trial-0001", said.draws), ("trial-0002", said.draws))
    assert said.over_tasks[0].low is None, "one task says nothing of others"


def test_the_page_says_it_in_sentences_and_that_it_decides_nothing(field: Field) -> None:
    said = page(field, "visitor", LEAF)
    assert "None of this decides anything" in said
    assert f"the same under {len(RULES)} of {len(RULES)} rules" in said
    assert len(re.findall(r"<tr><th scope=\"row\"><a href=", said)) == 3
    assert "not known: one task only" in said
    assert f"{LEAF}" in page(field, "visitor"), "the board leads there"


def test_an_entry_says_under_how_many_rules_it_is_among_the_best(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 3, "Birch": 4, "Cedar": 5, "Dogwood": 6, "Elder": 6})
    field.rebuild()
    field.publish()
    said = page(field, "visitor", "/versions/1/entries/trial-0005")
    assert f"In the best 4 under {len(RULES)} of {len(RULES)} rules" in said
    assert f'/boards/{field.board().id}/versions/1/sensitivity"' in said
    assert f"In the best 4 under 0 of {len(RULES)} rules" in page(field, "visitor", "/versions/1/entries/trial-0001")
    field.cast.house.files.path(field.standing().scores_sha256).unlink()
    operations_choices.choices.cache_clear()
    assert "In the best 4" not in page(field, "member", "/versions/1/entries/trial-0005"), "the rest is still said"


def test_where_all_are_among_the_best_that_is_not_said(field: Field) -> None:
    assert "In the best" not in page(field, "visitor", "/versions/1/entries/trial-0001")


def test_whoever_sees_a_board_may_read_it_and_nobody_else(field: Field) -> None:
    assert seen_by(field, LEAF) == EVERYBODY
    assert seen_by(field, LEAF, Part.PRIVATE) == OFFICE
    assert seen_by(field, "/versions/7/sensitivity") == set()


def test_it_is_computed_once_a_version_and_gone_scores_are_an_error(field: Field) -> None:
    first = page(field, "visitor", LEAF)
    field.cast.house.files.path(field.standing().scores_sha256).unlink()
    assert page(field, "visitor", LEAF) == first
    assert "None of this decides" in page(field, "member", LEAF)
    with pytest.raises(ItemsDamaged):
        operations_choices.choices(field.cast.house.files, "0" * 64, field.standing().policy, 1)


def test_a_board_without_ranked_entries_has_a_page_too(cast: Cast) -> None:
    field = stage_field(cast)
    field.enter("Alder", 1)
    field.rebuild()
    field.publish()
    assert "No entry is ranked yet." in page(field, "visitor", LEAF)


def test_under_other_names_no_order_tells_the_old_ones() -> None:
    plain = Choices(
        places=2,
        best=("a", "b"),
        entrants=("c", "a", "b"),
        columns=(Column("own", "own", "", (1, 2, 2)), Column("other", "other", "", (3, 1, 2))),
        varied=(Choice("rule", "other", ("a", "b"), ("a", "b"), ()),),
        draws=10,
        among_best=(("a", 7), ("b", 7)),
        over_tasks=(),
    )
    said = plain.called({"a": "z", "b": "y", "c": "x"}.__getitem__)
    assert said.best == ("y", "z")
    assert said.entrants == ("x", "y", "z"), "who shares a place stands in the order of the new names"
    assert [one.places for one in said.columns] == [(1, 2, 2), (3, 2, 1)]
    assert said.varied[0].joined == ("y", "z")
    assert said.among_best == (("y", 7), ("z", 7))
