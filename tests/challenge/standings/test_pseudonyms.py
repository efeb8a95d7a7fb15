"""Pseudonyms are different, stable, and say nothing about who came first."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from challenge.standings.pseudonyms import pseudonym, spoken, veil_key, veiled
from challenge.standings.ranking import Ranking, Unranked
from tests.challenge.standings.test_sorting import entry

SECRETS = st.text("0123456789abcdef", min_size=8, max_size=32)


@given(SECRETS, st.integers(1, 300))
def test_no_two_entries_share_a_pseudonym_however_many_come(secret: str, largest: int) -> None:
    key = veil_key(secret, largest=largest)
    names = [pseudonym(f"trial-{number:04d}", key) for number in range(1, 12 * largest // 10 + 120)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("largest", "digits"), [(0, 2), (1, 2), (33, 2), (34, 3), (333, 3), (1_000, 4), (100_000, 6)])
def test_there_are_three_times_as_many_as_submissions(largest: int, digits: int) -> None:
    name = pseudonym("trial-0001", veil_key("secret", largest=largest))
    assert len(name.removeprefix("entry-")) == digits


def test_their_order_is_not_that_of_the_submissions() -> None:
    correlations = [
        spearmanr(
            range(200), [pseudonym(f"trial-{number:04d}", veil_key(str(seed), largest=200)) for number in range(200)]
        ).statistic
        for seed in range(60)
    ]
    assert abs(sum(correlations) / 60) < 0.05, "each is within chance, and so is their mean"
    assert max(map(abs, correlations)) < 0.35
    neighbours = [int(pseudonym(f"trial-{number:04d}", veil_key("a", largest=200))[6:]) for number in range(200)]
    assert sum(abs(one - then) == 1 for one, then in pairwise(neighbours)) < 8


def test_boards_have_pseudonyms_of_their_own() -> None:
    one, other = ([pseudonym(f"trial-{n:04d}", veil_key(key, largest=99)) for n in range(99)] for key in ("a", "b"))
    assert sum(left == right for left, right in zip(one, other, strict=True)) < 8


def test_ties_are_in_the_order_of_pseudonyms_and_neighbours_go_with_them() -> None:
    key = veil_key("secret", largest=40)
    names = tuple(f"trial-{number:04d}" for number in range(1, 41))
    entries = tuple(
        entry(1, 50, None).__class__(
            **{
                **vars(entry(number, 50, None)),
                "rank": 1 + 10 * ((number - 1) // 10),
                "order": names,
                "near": "1-5",
            }
        )
        for number in range(1, 41)
    )
    found = veiled(Ranking(entries, (Unranked("trial-0099", "why"),), "p", "s", {}), key)
    for one, then in pairwise(found.entries):
        assert (one.rank, one.entrant) < (then.rank, then.entrant)
    hidden = {pseudonym(name, key) for name in names[:5]}
    assert all(set(one.inseparable_from) == hidden for one in found.entries)
    assert (found.scores_digest, found.unranked[0].entrant) == ("", pseudonym("trial-0099", key))


def test_a_pseudonym_is_spoken_as_a_name() -> None:
    assert spoken("entry-07") == "Entry 07"
