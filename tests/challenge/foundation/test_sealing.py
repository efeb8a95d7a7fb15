"""A sealed secret opens for its own context under a key of the house, and nowhere else."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.foundation.sealing import LONGEST, SealBroken, Sealer
from challenge.foundation.settings import Settings

HERE = "endpoint key of submission 12"
KEY = "sk-0123456789abcdef"
SEALER = Sealer("the secret of this house")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.text("abc 012", min_size=1, max_size=40))
def test_what_was_sealed_opens_again(secret: str, context: str) -> None:
    assert SEALER.open(SEALER.seal(secret, context=context), context=context) == secret


def test_a_sealed_text_tells_nothing_and_is_another_each_time() -> None:
    first, second = (SEALER.seal(KEY, context=HERE) for _ in range(2))
    assert first != second
    assert KEY not in first
    assert KEY.encode() not in urlsafe_b64decode(first.removeprefix("s1."))
    assert first.isascii()
    assert "secret of this house" not in repr(SEALER)


def test_it_cannot_be_moved_to_another_row() -> None:
    with pytest.raises(SealBroken, match="endpoint key of submission 13 cannot be opened"):
        SEALER.open(SEALER.seal(KEY, context=HERE), context="endpoint key of submission 13")


def test_another_secret_does_not_open_it_unless_it_is_a_former_one() -> None:
    sealed = SEALER.seal(KEY, context=HERE)
    with pytest.raises(SealBroken, match="CHALLENGE_FORMER_SECRET_KEYS") as refused:
        Sealer("another").open(sealed, context=HERE)
    assert KEY not in str(refused.value)
    turned = Sealer("another", ["older still", "the secret of this house"])
    assert turned.open(sealed, context=HERE) == KEY
    with pytest.raises(SealBroken):  # what is sealed now is sealed under the present key alone
        SEALER.open(turned.seal(KEY, context=HERE), context=HERE)


@pytest.mark.parametrize("place", [0, 5, 12, 20, -1])
def test_one_changed_bit_is_found_out(place: int) -> None:
    raw = bytearray(urlsafe_b64decode(SEALER.seal(KEY, context=HERE).removeprefix("s1.")))
    raw[place] ^= 1
    with pytest.raises(SealBroken):
        SEALER.open("s1." + urlsafe_b64encode(bytes(raw)).decode(), context=HERE)


@pytest.mark.parametrize("damage", ["", "s1.", "s1.AAAA", "s2.", "s1.\N{SNOWMAN}", "s1.A", KEY])
def test_what_is_no_sealed_text_is_refused_in_words(damage: str) -> None:
    with pytest.raises(SealBroken, match="it is damaged") as refused:
        SEALER.open(damage, context=HERE)
    assert KEY not in str(refused.value)


def test_nothing_is_sealed_without_a_context_a_key_or_in_bulk() -> None:
    with pytest.raises(ValueError, match="what the secret is sealed for"):
        SEALER.seal(KEY, context="")
    with pytest.raises(ValueError, match="at most 4096"):
        SEALER.seal("k" * (LONGEST + 1), context=HERE)
    with pytest.raises(ValueError, match="CHALLENGE_SECRET_KEY"):
        Sealer("")


def test_former_keys_are_read_one_by_one() -> None:
    kept = Settings.from_environment({"CHALLENGE_SECRET_KEY": "new", "CHALLENGE_FORMER_SECRET_KEYS": "a, b ,,"})
    assert kept.former_secrets == ("a", "b")
