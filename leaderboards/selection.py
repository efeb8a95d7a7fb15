"""A choice of winners as it is shown and kept: who won, who waits, who is out, and every step that led there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from leaderboards.canonical import digest
from leaderboards.fields import Fields
from leaderboards.refusals import BundleError


@dataclass(frozen=True)
class Place:
    """A contender's place in the final order, shared where the rules do not decide; parts as decimals of six places."""

    position: int
    entrant: str
    outcome: str  # winner, reserve or undecided
    board: str
    jury: str
    composite: str


@dataclass(frozen=True)
class Exclusion:
    """A candidate that cannot win, with every reason."""

    entrant: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Selection:
    """The proposal to the jury: winners and reserve in order, the undecided tie at the cut, and the log in sentences.

    effective_weights: the board's and the jury's share in the variance of the composites, None without any spread.
    """

    winners: tuple[str, ...]
    reserve: tuple[str, ...]
    undecided: tuple[str, ...]
    places: tuple[Place, ...]
    out: tuple[Exclusion, ...]
    effective_weights: tuple[str, str] | None
    log: tuple[str, ...]

    def digest(self) -> str:
        """Compute the SHA-256 of the canonical JSON of the selection."""
        return digest(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types in which every real number is a decimal string."""
        return {
            "winners": list(self.winners),
            "reserve": list(self.reserve),
            "undecided": list(self.undecided),
            "places": [
                {
                    "position": place.position,
                    "entrant": place.entrant,
                    "outcome": place.outcome,
                    "board": place.board,
                    "jury": place.jury,
                    "composite": place.composite,
                }
                for place in self.places
            ],
            "out": [{"entrant": one.entrant, "reasons": list(one.reasons)} for one in self.out],
            "effective_weights": None if self.effective_weights is None else list(self.effective_weights),
            "log": list(self.log),
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned; raise BundleError with the path of whatever is wrong."""
        fields = Fields(given, path="", error=BundleError)
        places, out = [], []
        for one in fields.records("places"):
            parts = (one.text(key) for key in ("entrant", "outcome", "board", "jury", "composite"))
            places.append(Place(one.integer("position", low=1), *parts))
            one.close()
        for one in fields.records("out"):
            out.append(Exclusion(one.text("entrant"), one.texts("reasons")))
            one.close()
        weights: tuple[str, str] | None = None
        if not fields.skip_null("effective_weights"):
            pair = fields.texts("effective_weights")
            if len(pair) != 2:
                raise BundleError("effective_weights must be null or two decimal strings.")
            weights = (pair[0], pair[1])
        names = (fields.texts("winners"), fields.texts("reserve"), fields.texts("undecided"))
        log = fields.texts("log")
        fields.close()
        return cls(*names, tuple(places), tuple(out), weights, log)
