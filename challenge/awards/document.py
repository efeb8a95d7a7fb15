"""The document of a decision: everything it was made from and everything it says, in one canonical form."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from challenge.awards.deliberation import Deliberation, Vote, Withheld
from challenge.judging.shortlist import TieWord
from challenge.judging.stability import Stability, read_stability

FORMAT = "decision 2"
"""Decisions of the format before, which lack what has a default here, are read as they are."""


@dataclass(frozen=True)
class Prizewinner:
    """A winner with its share, or an entry on the reserve list with the hours that winners left to it, if any."""

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
    draws: int = 0
    seed: int = 0
    """Of the rank intervals; both 0 in a decision that did not name them yet."""


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
class Contender:
    """An entry past every gate and threshold: its place, what made it, how near it is to the line, what it asked for.

    board, jury, composite, above, half_width: decimal texts of six places; `above` is None where there is no line,
    and half_width where nothing is known of the spread of the difference.
    """

    position: int
    reference: str
    team: str
    outcome: str
    board: str
    jury: str
    composite: str
    above: str | None
    half_width: str | None
    tied: bool
    apart: bool
    requests: Mapping[str, int]


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
    contenders: tuple[Contender, ...] = ()
    line: str | None = None
    """The entry at which places end; None where there was a place for everybody."""
    listed: tuple[str, ...] = ()
    """Who is on the shortlist."""
    left_out: tuple[Excluded, ...] = ()
    """Who is not, each with its sentence."""
    tie_at_maximum: TieWord | None = None
    """How a tie at the maximum of the shortlist was settled; None where there was none."""
    stability: Stability | None = None
    notes: tuple[str, ...] = ()
    """What else the splits have to say."""

    @property
    def tied(self) -> tuple[str, ...]:
        """Everybody who is tied at the line, the entry on it included; empty where nobody else is."""
        tied = tuple(one.reference for one in self.contenders if one.tied)
        return tied if len(tied) > 1 else ()

    @property
    def trail(self) -> tuple[str, ...]:
        """The sentences of the log that say how ties were found and parted."""
        told = (line for line in self.log if " is out: " not in line)
        return tuple(line for line in told if "tied" in line or line.startswith("Tie of "))


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
    marks_digest: str = ""
    """Of the judges' marks as they stand in the bundle, under letters."""

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
        marks_digest=plain.get("marks_digest", ""),
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
            out=_excluded(outcome["out"]),
            effective_weights=(weights[0], weights[1]) if weights else None,
            unassigned_hours=outcome["unassigned_hours"],
            log=tuple(outcome["log"]),
            contenders=tuple(Contender(**one) for one in outcome.get("contenders", ())),
            line=outcome.get("line"),
            listed=tuple(outcome.get("listed", ())),
            left_out=_excluded(outcome.get("left_out", ())),
            tie_at_maximum=_tie_word(outcome.get("tie_at_maximum")),
            stability=read_stability(outcome["stability"]) if outcome.get("stability") else None,
            notes=tuple(outcome.get("notes", ())),
        ),
    )


def _tie_word(plain: Mapping[str, Any] | None) -> TieWord | None:
    return TieWord(tuple(plain["tied"]), tuple(plain["taken"]), plain["reason"]) if plain else None


def _excluded(plain: Iterable[Mapping[str, Any]]) -> tuple[Excluded, ...]:
    return tuple(Excluded(one["reference"], tuple(one["reasons"])) for one in plain)
