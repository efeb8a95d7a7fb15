"""The hash tree is that of RFC 6962, and a proof holds for its own line alone."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.foundation.merkle import HashTree, root_from


def by_the_book(entries: list[bytes]) -> bytes:
    """The tree head as section 2.1 of RFC 6962 defines it, by splitting at the largest power of two."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return hashlib.sha256(b"\x01" + by_the_book(entries[:split]) + by_the_book(entries[split:])).digest()


@pytest.mark.parametrize("size", range(40))
def test_root_and_proofs_of_every_small_tree(size: int) -> None:
    entries = [bytes([number]) * 3 for number in range(size)]
    tree = HashTree(entries)
    assert (tree.size, tree.root) == (size, by_the_book(entries))
    for index, entry in enumerate(entries):
        assert root_from(entry, index=index, size=size, proof=tree.proof(index)) == tree.root


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_a_proof_holds_for_its_own_entry_place_and_size_alone(entries: list[bytes], data: st.DataObject) -> None:
    tree, index = HashTree(entries), data.draw(st.integers(0, len(entries) - 1))
    proof = tree.proof(index)
    other = data.draw(st.integers(0, len(entries) - 1))
    if other != index:
        assert root_from(entries[index], index=other, size=len(entries), proof=proof) != tree.root or (
            entries[other] == entries[index]
        )
    assert root_from(entries[index] + b"!", index=index, size=len(entries), proof=proof) != tree.root
    assert root_from(entries[index], index=index, size=len(entries), proof=[*proof, b"\x00" * 32]) is None
    if proof:
        assert root_from(entries[index], index=index, size=len(entries), proof=proof[:-1]) != tree.root
        bent = [bytes([proof[0][0] ^ 1]) + proof[0][1:], *proof[1:]]
        assert root_from(entries[index], index=index, size=len(entries), proof=bent) != tree.root


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_proof_of_an_entry_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        HashTree([b"a", b"b", b"c"]).proof(index)
    assert root_from(b"a", index=index, size=3, proof=[]) is None
