"""The document of a decision: everything it was made from and everything it says, in one canonical form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from challenge.awards.candidates import Deliberation, Vote, Withheld

FORMAT = "decision 1"


@dataclass(frozen=True)
class Prizewinner:
    """A winner with its share, or an entry on the reserve list with none."""

    position: int
    reference: str
    submission_id: int
    team_id: int
    team: str
    country: str
    money_cents: int
    hours: Mapping[str, int]
    """GPU-hours by machine."""


@dataclass(frozen=True)
class BoardUsed:
    """The standing from which points and ranks were taken, by its digests."""

    suite: str
    suite_digest: str
    board_id: int
    version: int
    ranking_digest: str
    scores_sha256: str


@dataclass(frozen=True)
class Judged:
    """What the panel had before it for one finalist: the version it agreed on, and a digest of all reviews."""

    reference: str
    consensus_version: int
    reviews: int
    reviews_digest: str


@dataclass(frozen=True)
class Excluded:
    """An entry that cannot win, with every reason."""

    reference: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What follows from the inputs; the same the instrument finds when it recomputes the bundle."""

    winners: tuple[Prizewinner, ...]
    reserve: tuple[Prizewinner, ...]
    undecided: tuple[str, ...]
    out: tuple[Excluded, ...]
    effective_weights: tuple[str, str] | None
    """Share of the board and of the jury in what sets the contenders apart, as decimal texts."""
    unassigned_hours: Mapping[str, int]
    log: tuple[str, ...]


@dataclass(frozen=True)
class DecisionDocument:
    """One decision."""

    call: str
    call_version: int
    rules_digest: str
    board: BoardUsed
    judged: tuple[Judged, ...]
    deliberation: Deliberation
    bundle_sha256: str
    outcome: Outcome

    def plain(self, *, number: int, before: str) -> dict[str, Any]:
        """Return the document as plain data, with its number and the digest of the decision before it."""
        return {**asdict(self), "format": FORMAT, "number": number, "before": before}


def read_decision(plain: Mapping[str, Any]) -> DecisionDocument:
    """Read what `plain` returned, after it went through canonical JSON."""
    outcome = plain["outcome"]
    weights = outcome["effective_weights"]
    return DecisionDocument(
        call=plain["call"],
        call_version=plain["call_version"],
        rules_digest=plain["rules_digest"],
        board=BoardUsed(**plain["board"]),
        judged=tuple(Judged(**one) for one in plain["judged"]),
        deliberation=Deliberation(
            votes=tuple(Vote(**one) for one in plain["deliberation"]["votes"]),
            withheld=tuple(Withheld(**one) for one in plain["deliberation"]["withheld"]),
        ),
        bundle_sha256=plain["bundle_sha256"],
        outcome=Outcome(
            winners=tuple(Prizewinner(**one) for one in outcome["winners"]),
            reserve=tuple(Prizewinner(**one) for one in outcome["reserve"]),
            undecided=tuple(outcome["undecided"]),
            out=tuple(Excluded(one["reference"], tuple(one["reasons"])) for one in outcome["out"]),
            effective_weights=(weights[0], weights[1]) if weights else None,
            unassigned_hours=outcome["unassigned_hours"],
            log=tuple(outcome["log"]),
        ),
    )
