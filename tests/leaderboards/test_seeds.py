"""A seed follows from two public texts and from nothing else."""

import hashlib

import pytest

from leaderboards import PolicyError, seed_from

FROZEN = hashlib.sha256(b"manifest").hexdigest()


def test_anybody_can_redo_a_seed() -> None:
    digits = hashlib.sha256(f"{FROZEN}\n4031337".encode()).hexdigest()
    assert seed_from(FROZEN, "4031337") == int(digits, 16) >> 203
    assert 0 <= seed_from(FROZEN, "x") < 2**53
    assert seed_from(FROZEN, "4031338") != seed_from(FROZEN, "4031337")


@pytest.mark.parametrize(
    ("frozen", "value", "what"), [("abc", "1", "64 hexadecimal digits"), (FROZEN, " ", "is empty")]
)
def test_what_makes_no_seed_is_refused(frozen: str, value: str, what: str) -> None:
    with pytest.raises(PolicyError, match=what):
        seed_from(frozen, value)
