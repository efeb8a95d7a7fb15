"""A hash tree over the lines of a log: one root stands for all, and a few hashes prove that a line is among them.

The tree is that of RFC 6962, section 2.1 (Certificate Transparency): a leaf is SHA-256(0x00, entry), a node
SHA-256(0x01, left, right), and of an odd row the last goes up as it is. So a log can be shown in part: whoever holds
the root checks a line without seeing any other.
"""

import hashlib
from collections.abc import Iterable, Sequence


class HashTree:
    """The tree over entries in their order; takes about 64 bytes of memory an entry."""

    def __init__(self, entries: Iterable[bytes]) -> None:
        self._rows = [[_leaf(entry) for entry in entries]]
        while len(self._rows[-1]) > 1:
            below = self._rows[-1]
            row = [_node(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
            self._rows.append(row + below[len(row) * 2 :])

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len(self._rows[0])

    @property
    def root(self) -> bytes:
        """The 32 bytes that stand for all entries; of no entries the hash of nothing."""
        return self._rows[-1][0] if self.size else hashlib.sha256().digest()

    def proof(self, index: int) -> list[bytes]:
        """Return the hashes beside the way from entry `index`, counted from 0, up to the root; raise IndexError."""
        if not 0 <= index < self.size:
            raise IndexError(f"no entry {index} among {self.size}")
        beside = []
        for row in self._rows[:-1]:
            if (index ^ 1) < len(row):
                beside.append(row[index ^ 1])
            index >>= 1
        return beside


def root_from(entry: bytes, *, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that `proof` leads to from entry `index` of `size`, None where it has a wrong length.

    The walk is that of RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    reached, at, last = _leaf(entry), index, size - 1
    for beside in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            reached = _node(beside, reached)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            reached = _node(reached, beside)
        at, last = at >> 1, last >> 1
    return reached if last == 0 else None


def _leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
