"""What the choice of winners is made from: candidates with gates, board points and consensus scores, and the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from leaderboards.decimals import exact
from leaderboards.fields import Fields
from leaderboards.refusals import SelectionError

MOST_HALVES = 10  # consensus scores run from 0 to 5 in half marks
EQUAL, BY_INTERVAL = "equal", "interval"
_PLAIN_STEPS = ("board_group", "new_country", "panel_vote")


@dataclass(frozen=True)
class Gate:
    """A yes or no with its evidence; no score makes up for a no."""

    name: str
    passed: bool
    evidence: str


@dataclass(frozen=True)
class CriterionScore:
    """A consensus score on one criterion in half marks, from 0 to 10."""

    name: str
    halves: int

    def __post_init__(self) -> None:
        """Refuse a score off the scale; raise SelectionError."""
        if not isinstance(self.halves, int) or isinstance(self.halves, bool) or not 0 <= self.halves <= MOST_HALVES:
            raise SelectionError(
                f"the consensus score for {self.name!r} must be from 0 to {MOST_HALVES} half marks, "
                f"not {self.halves!r}."
            )


@dataclass(frozen=True)
class Candidate:
    """One entrant before the choice; points as a decimal string from the board, None if it is unranked."""

    entrant: str
    gates: tuple[Gate, ...]
    points: str | None
    rank_low: int | None
    rank_high: int | None
    criteria: tuple[CriterionScore, ...]
    country: str

    def __post_init__(self) -> None:
        """Refuse points that are not exact; raise SelectionError."""
        if self.points is not None:
            _exact(self.points, f"{self.entrant}: points")

    def halves(self, criterion: str) -> int | None:
        """Find the consensus score on a criterion, None where there is none."""
        return next((one.halves for one in self.criteria if one.name == criterion), None)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "entrant": self.entrant,
            "gates": [{"name": g.name, "passed": g.passed, "evidence": g.evidence} for g in self.gates],
            "points": self.points,
            "rank_low": self.rank_low,
            "rank_high": self.rank_high,
            "criteria": [{"name": one.name, "halves": one.halves} for one in self.criteria],
            "country": self.country,
        }

    @classmethod
    def from_fields(cls, fields: Fields) -> Self:
        """Read what `to_dict` returned; raise the error of the fields, or SelectionError."""
        gates, criteria = [], []
        for one in fields.records("gates"):
            gates.append(Gate(one.text("name"), one.truth("passed"), str(one.any("evidence"))))
            one.close()
        for one in fields.records("criteria"):
            criteria.append(CriterionScore(one.text("name"), one.integer("halves", low=0, high=MOST_HALVES)))
            one.close()
        candidate = cls(
            entrant=fields.text("entrant"),
            gates=tuple(gates),
            points=None if fields.skip_null("points") else fields.text("points"),
            rank_low=None if fields.skip_null("rank_low") else fields.integer("rank_low", low=1),
            rank_high=None if fields.skip_null("rank_high") else fields.integer("rank_high", low=1),
            criteria=tuple(criteria),
            country=str(fields.any("country")),
        )
        fields.close()
        return candidate


@dataclass(frozen=True)
class Criterion:
    """A criterion of the call: its threshold in half marks, and its weight in the jury's total as exact text."""

    name: str
    threshold_halves: int = 0
    weight: str = "1"


@dataclass(frozen=True)
class SelectionRules:
    """The call's rules for choosing winners, fixed before the scores exist.

    board_anchor: points that count 0 and 1; jury_anchor: half marks in total that count 0 and 1; board_weight: w in
    w·board + (1−w)·jury; tie_break: steps in order, from board_group, criterion:NAME, new_country, panel_vote.
    tie: what counts as a tie at the cut, `equal` composites only, or also any whose difference lies inside its
    `interval` over items and judges, at tie_confidence.
    """

    criteria: tuple[Criterion, ...]
    total_threshold_halves: int
    max_winners: int
    board_weight: str
    board_anchor: tuple[str, str]
    jury_anchor: tuple[int, int]
    tie_break: tuple[str, ...] = ()
    panel_votes: Mapping[str, int] | None = None
    tie: str = EQUAL
    tie_confidence: str = "0.95"

    def __post_init__(self) -> None:
        """Refuse rules that cannot decide; raise SelectionError naming the field."""
        names = [one.name for one in self.criteria]
        if not names or len(set(names)) != len(names):
            raise SelectionError("criteria must name at least one criterion, and each once.")
        if any(_exact(one.weight, f"criteria {one.name}: weight") <= 0 for one in self.criteria):
            raise SelectionError("the weight of every criterion must be above 0.")
        if self.max_winners < 1:
            raise SelectionError(f"max_winners must be at least 1, not {self.max_winners}.")
        if not 0 <= self.weight <= 1:
            raise SelectionError(f"board_weight must be from 0 to 1, not {self.board_weight}.")
        for name, (low, high) in (("board_anchor", self.board_span), ("jury_anchor", self.jury_span)):
            if not low < high:
                raise SelectionError(f"{name}: the first number must be below the second.")
        if self.tie not in (EQUAL, BY_INTERVAL):
            raise SelectionError(f"tie must be 'equal' or 'interval', not {self.tie!r}.")
        if not Fraction(1, 2) <= _exact(self.tie_confidence, "tie_confidence") < 1:
            raise SelectionError(f"tie_confidence must be at least 0.5 and below 1, not {self.tie_confidence}.")
        for place, step in enumerate(self.tie_break):
            if step not in _PLAIN_STEPS and step not in [f"criterion:{name}" for name in names]:
                raise SelectionError(
                    f"tie_break[{place}] {step!r} is not known; the steps are "
                    f"{', '.join(_PLAIN_STEPS)} and criterion:NAME for a criterion of the call."
                )
            if step in self.tie_break[:place]:
                raise SelectionError(f"tie_break[{place}] {step!r} occurs twice; keep the first.")

    @property
    def weight(self) -> Fraction:
        """Read the board's weight exactly."""
        return _exact(self.board_weight, "board_weight")

    @property
    def board_span(self) -> tuple[Fraction, Fraction]:
        """Read the board's anchors exactly."""
        return _exact(self.board_anchor[0], "board_anchor[0]"), _exact(self.board_anchor[1], "board_anchor[1]")

    @property
    def jury_span(self) -> tuple[Fraction, Fraction]:
        """Read the jury's anchors exactly."""
        return _exact(self.jury_anchor[0], "jury_anchor[0]"), _exact(self.jury_anchor[1], "jury_anchor[1]")

    def jury_total(self, candidate: Candidate) -> Fraction:
        """Add up a candidate's half marks as `total_of` does."""
        return self.total_of({one.name: candidate.halves(one.name) or 0 for one in self.criteria})

    def total_of(self, halves: Mapping[str, int]) -> Fraction:
        """Add up half marks by weight, on the scale of the plain total: n·Σ w_c·h_c / Σ w_c over n criteria."""
        weights = [_exact(one.weight, one.name) for one in self.criteria]
        marks = [halves[one.name] for one in self.criteria]
        weighted = sum((w * h for w, h in zip(weights, marks, strict=True)), Fraction(0))
        return len(weights) * weighted / sum(weights, Fraction(0))

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types; a tie by equality is left out, so that older bundles keep their bytes."""
        tie = {} if self.tie == EQUAL else {"tie": self.tie, "tie_confidence": self.tie_confidence}
        return tie | {
            "criteria": [
                {"name": one.name, "threshold_halves": one.threshold_halves, "weight": one.weight}
                for one in self.criteria
            ],
            "total_threshold_halves": self.total_threshold_halves,
            "max_winners": self.max_winners,
            "board_weight": self.board_weight,
            "board_anchor": list(self.board_anchor),
            "jury_anchor": list(self.jury_anchor),
            "tie_break": list(self.tie_break),
            "panel_votes": None if self.panel_votes is None else dict(self.panel_votes),
        }

    @classmethod
    def from_fields(cls, fields: Fields) -> Self:
        """Read what `to_dict` returned; raise the error of the fields, or SelectionError."""
        criteria = []
        for one in fields.records("criteria"):
            criteria.append(Criterion(one.text("name"), one.integer("threshold_halves", 0), one.text("weight", "1")))
            one.close()
        board, jury = fields.texts("board_anchor"), fields.items("jury_anchor")
        if len(board) != 2 or len(jury) != 2:
            raise SelectionError("board_anchor and jury_anchor must each be a list of two numbers, low and high.")
        rules = cls(
            criteria=tuple(criteria),
            total_threshold_halves=fields.integer("total_threshold_halves", low=0),
            max_winners=fields.integer("max_winners", low=1),
            board_weight=fields.text("board_weight"),
            board_anchor=(board[0], board[1]),
            jury_anchor=(jury[0], jury[1]),
            tie_break=fields.texts("tie_break"),
            panel_votes=None if fields.skip_null("panel_votes") else fields.counts("panel_votes"),
            tie=fields.text("tie", EQUAL),
            tie_confidence=fields.text("tie_confidence", "0.95"),
        )
        fields.close()
        return rules


def _exact(text: str | int, where: str) -> Fraction:
    ratio = exact(text) if isinstance(text, str | int) else None
    if ratio is None:
        raise SelectionError(f'{where} must be an exact number such as "0.5", not {text!r}.')
    return ratio
