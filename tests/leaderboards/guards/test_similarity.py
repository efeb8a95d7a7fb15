"""Common mistakes are counted as written down, unrelated pairs stay below the limit, and copying does not."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboards.canonical import canonical_bytes
from leaderboards.guards import Answers, Lineage, likeness, similarity
from leaderboards.refusals import GuardError


@st.composite
def small(draw: st.DrawFn) -> Answers:
    size, items = draw(st.integers(2, 6)), draw(st.integers(1, 8))
    cells = draw(st.lists(st.integers(-1, 4), min_size=size * items, max_size=size * items))
    options = np.array(cells, np.int32).reshape(size, items)
    return Answers(tuple(f"e{n}" for n in range(size)), options, np.zeros(items, np.int32))


def word_for_word(answers: Answers, one: int, other: int) -> tuple[int, float, float, int]:
    """Count O, E, the variance and the items of one pair, item by item."""
    same, expected, variance, both = 0, 0.0, 0.0, 0
    for item, right in enumerate(answers.key):
        wrong = [option for option in answers.options[:, item].tolist() if option not in (right, -1)]
        first, second = answers.options[one, item], answers.options[other, item]
        if first in (right, -1) or second in (right, -1):
            continue
        chance = sum(wrong.count(o) * (wrong.count(o) - 1) for o in set(wrong)) / (len(wrong) * (len(wrong) - 1))
        same += int(first == second)
        expected += chance
        variance += chance * (1 - chance)
        both += 1
    return same, expected, variance, both


@given(small())
def test_every_pair_is_counted_as_written_down(answers: Answers) -> None:
    found = likeness(answers)
    for one, other in combinations(range(len(answers.entrants)), 2):
        same, expected, variance, both = word_for_word(answers, one, other)
        assert (found.same[one, other], found.both_wrong[one, other]) == (same, both)
        assert found.expected[one, other] == pytest.approx(expected, abs=1e-7)
        assert found.variance[one, other] == pytest.approx(variance, abs=1e-7)


@given(small(), st.integers(1, 6), st.randoms(use_true_random=False))
def test_names_of_options_and_orders_do_not_matter(answers: Answers, shift: int, rng) -> None:
    items = list(range(len(answers.key)))
    rng.shuffle(items)
    renamed = np.where(answers.options < 0, -1, answers.options * 7 + shift).astype(np.int32)
    turned = Answers(answers.entrants, renamed[:, items], (answers.key * 7 + shift)[items].astype(np.int32))
    for one, other in zip(
        (likeness(answers).same, likeness(answers).expected, likeness(answers).variance),
        (likeness(turned).same, likeness(turned).expected, likeness(turned).variance),
        strict=True,
    ):
        assert (one == other).all()


def field(*, entrants: int, items: int, seed: int, copies: tuple[tuple[int, int, float], ...] = ()) -> Answers:
    """Draw four-option answers of unrelated entrants; then some copy a share of another's answers."""
    rng = np.random.default_rng(seed)
    ability, hardness = rng.normal(0, 0.7, (entrants, 1)), rng.normal(-0.3, 1.0, items)
    right = rng.random((entrants, items)) < 1 / (1 + np.exp(hardness - ability))
    lure = np.cumsum(rng.dirichlet([2.0] * 3, items), axis=1)[:, :2]
    wrong = 1 + (rng.random((entrants, items))[..., None] > lure).sum(axis=-1)
    options = np.where(right, 0, wrong).astype(np.int32)
    for source, copier, share in copies:
        taken = rng.random(items) < share
        options[copier, taken] = options[source, taken]
    return Answers(tuple(f"m{n:02}" for n in range(entrants)), options, np.zeros(items, np.int32))


def test_copying_stands_out_of_94_models_on_20_000_items() -> None:
    """About 7, 15 and 59 for 5, 15 and 50 % copied, depending on how often both are wrong; unrelated pairs about 1."""
    copies = ((0, 1, 0.05), (2, 3, 0.15), (4, 5, 0.5))
    answers = field(entrants=94, items=20_000, seed=1, copies=copies)
    z = likeness(answers).z()
    assert 5 < z[0, 1] < 10
    assert 12 < z[2, 3] < 22
    assert 45 < z[4, 5] < 75
    unrelated = [z[pair] for pair in combinations(range(94), 2) if pair not in {(0, 1), (2, 3), (4, 5)}]
    assert np.std(unrelated) == pytest.approx(1, abs=0.05)
    assert abs(np.mean(unrelated)) < 0.5
    report = similarity(answers)
    assert str(report.limit)[:4] == "4.58"
    assert [(flag.first, flag.second) for flag in report.flags] == [("m04", "m05"), ("m02", "m03"), ("m00", "m01")]


def test_a_field_without_copies_has_no_flags() -> None:
    assert similarity(field(entrants=30, items=3_000, seed=2)).flags == ()


def test_blocks_of_items_add_up() -> None:
    answers = field(entrants=5, items=9_000, seed=3)
    found = likeness(answers)
    same, expected, variance, both = word_for_word(answers, 1, 4)
    assert (found.same[1, 4], found.both_wrong[1, 4]) == (same, both)
    assert (found.expected[1, 4], found.variance[1, 4]) == pytest.approx((expected, variance), abs=1e-4)


def test_lineage_stands_beside_a_flag() -> None:
    answers = field(entrants=12, items=4_000, seed=4, copies=((0, 1, 0.5), (2, 3, 0.5), (4, 5, 0.5)))
    lineage = {
        "m00": frozenset({"Llama", "Qwen"}), "m01": frozenset({"Llama"}), "m02": frozenset({"Llama"}),
        "m03": frozenset({"Mistral"}), "m04": frozenset({"Qwen"}),
    }  # fmt: skip
    report = similarity(answers, lineage=lineage)
    beside = {(flag.first, flag.second): (flag.lineage, flag.families) for flag in report.flags}
    assert beside == {
        ("m00", "m01"): (Lineage.SHARED, ("Llama",)),
        ("m02", "m03"): (Lineage.DIFFERENT, ()),
        ("m04", "m05"): (Lineage.NOT_DECLARED, ()),
    }
    assert [(one.family, one.entrants) for one in report.families] == [
        ("Llama", ("m00", "m01", "m02")), ("Qwen", ("m00", "m04")),
    ]  # fmt: skip
    assert report.families[0].largest_z == max(flag.z for flag in report.flags if flag.first == "m00")
    assert b'"lineage":"shared"' in canonical_bytes(report.to_dict())
    with pytest.raises(GuardError, match="the lineage names 'x', who has no answers; mend the name"):
        similarity(answers, lineage={"x": frozenset({"Llama"})})


def test_one_entrant_is_like_nobody() -> None:
    report = similarity(field(entrants=1, items=5, seed=0))
    assert (report.pairs, report.flags) == (0, ())
