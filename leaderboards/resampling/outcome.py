"""What a rule made of every draw, and what may be said from it: who is ahead of whom, who is among the best."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leaderboards.ranks import places

Floats = NDArray[np.float64]
_PART = 1_000  # draws looked at together


@dataclass(frozen=True)
class WinnerSet:
    """Entrants, by name, that were the best n together in a share of the draws; a tie at the cut makes it larger."""

    entrants: tuple[str, ...]
    probability: float


@dataclass(frozen=True, eq=False)
class Resampled:
    """The worths (draws, K) of K entrants under one rule, larger better; the entrants are in order of name."""

    rule: str
    entrants: tuple[str, ...]
    worths: Floats

    @cached_property
    def places(self) -> NDArray[np.int32]:
        """Give everybody's place in each draw, (draws, K), ties sharing the best of theirs."""
        found = np.empty(self.worths.shape, np.int32)
        for first in range(0, len(self.worths), _PART):
            found[first : first + _PART] = places(self.worths[first : first + _PART])
        return found

    def ahead(self) -> Floats:
        """Compute P(i ahead of j), a tie one half: (K, K), the diagonal ½."""
        by_entrant = np.ascontiguousarray(self.places.T)
        doubled = np.empty((len(by_entrant), len(by_entrant)), np.int64)
        for number, mine in enumerate(by_entrant):
            doubled[number] = np.count_nonzero(mine < by_entrant, axis=1)
            doubled[number] += np.count_nonzero(mine <= by_entrant, axis=1)
        return doubled / (2 * max(len(self.worths), 1))

    def top(self, count: int) -> Floats:
        """Compute P(in the top `count`), (K,); whoever is tied at the cut is in."""
        share: Floats = self._among(count).mean(axis=0)
        return share

    def winner_sets(self, count: int) -> tuple[WinnerSet, ...]:
        """List every set that was the top `count` in some draw, the most probable first, then by name."""
        sets, times = np.unique(np.packbits(self._among(count), axis=1), axis=0, return_counts=True)
        inside = np.unpackbits(sets, axis=1, count=len(self.entrants)).astype(bool)
        found = [
            WinnerSet(tuple(np.array(self.entrants, dtype=object)[row].tolist()), number / len(self.worths))
            for row, number in zip(inside, times.tolist(), strict=True)
        ]
        return tuple(sorted(found, key=lambda one: (-one.probability, one.entrants)))

    def digest(self) -> str:
        """Compute the SHA-256 of rule, entrants and all worths, each a little-endian double."""
        head = "\n".join((self.rule, *map(repr, self.entrants), ""))
        return hashlib.sha256(head.encode() + self.worths.astype("<f8").tobytes()).hexdigest()

    def _among(self, count: int) -> NDArray[np.bool_]:
        chosen: NDArray[np.bool_] = (self.places <= count) & ~np.isnan(self.worths)
        return chosen
