"""Marks on one scale: what the panel would have given each entry if every judge had marked it, and each judge's shift.

A harsh judge who steps back is a gift to an entry's raw mean, a mild one a loss. Calibration takes the judges'
severity out by the mixed model of `mixed_model`; the raw mean is always shown beside it. It is a mean and never a
z-score per judge: where judges agree, dividing by each one's spread loses true winners.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.special import stdtrit

from leaderboards.canonical import digest
from leaderboards.decimals import from_exact, spelled
from leaderboards.jury.connections import Group, groups
from leaderboards.jury.mixed_model import Codes, Fit, Floats, Marks, fit
from leaderboards.jury.reviews import Mark, Reviews, level

PLACES = 4  # of points; the last bits of a solver of equations differ between machines, far below this
_STEP = Decimal(1).scaleb(-PLACES)
_NONE = 1.5e-6  # a ratio of variances at its lower end: the marks show no such variance


class State(StrEnum):
    """Whether marks could be calibrated, and if not, why not."""

    CALIBRATED = "calibrated"
    NOTHING = "nothing"
    ONE_JUDGE = "one_judge"
    ONE_ENTRY = "one_entry"
    NO_SPREAD = "no_spread"
    SEPARATE = "separate"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class CalibratedEntry:
    """An entry's raw mean and calibrated score in points from 0 to 5; None where there is nothing to compute it from.

    low and high bound the score at the stated confidence; judges: how many marked it.
    """

    entry: str
    raw: Decimal | None
    calibrated: Decimal | None
    low: Decimal | None
    high: Decimal | None
    judges: int


@dataclass(frozen=True)
class JudgeShift:
    """How many points higher than the panel a judge marks, with the bounds of that; entries: how many were marked."""

    judge: str
    shift: Decimal | None
    low: Decimal | None
    high: Decimal | None
    entries: int

    def sentence(self, confidence: str = "0.95") -> str:
        """Tell the judge."""
        if self.shift is None:
            return "Your marks cannot be compared with the panel's."
        if self.low is None or self.high is None:
            return "Your marks are neither higher nor lower than the panel's, as far as the marks can show."
        way, low, high = "higher", self.low, self.high
        if self.shift < 0:
            way, low, high = "lower", -self.high, -self.low
        sure = format(Decimal(confidence).scaleb(2).normalize(), "f")
        return f"You score {abs(self.shift):.1f} {way} than the panel, {sure}% interval {low:.1f} to {high:.1f}."


@dataclass(frozen=True)
class Calibration:
    """The outcome for all entries and judges, both by name, and the standard deviations found, in points.

    deviations: of quality, severity, review and rest, in this order; None where the marks were not calibrated.
    """

    state: State
    sentence: str
    confidence: str
    groups: tuple[Group, ...]
    entries: tuple[CalibratedEntry, ...]
    judges: tuple[JudgeShift, ...]
    deviations: tuple[Decimal, Decimal, Decimal, Decimal] | None

    def digest(self) -> str:
        """Compute the SHA-256 of the canonical JSON of the calibration."""
        return digest(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types in which every real number is a decimal string."""
        return {
            "state": str(self.state),
            "sentence": self.sentence,
            "confidence": self.confidence,
            "groups": [{"entries": list(one.entries), "judges": list(one.judges)} for one in self.groups],
            "entries": [
                {
                    "entry": one.entry,
                    "raw": spelled(one.raw),
                    "calibrated": spelled(one.calibrated),
                    "low": spelled(one.low),
                    "high": spelled(one.high),
                    "judges": one.judges,
                }
                for one in self.entries
            ],
            "judges": [
                {
                    "judge": one.judge,
                    "shift": spelled(one.shift),
                    "low": spelled(one.low),
                    "high": spelled(one.high),
                    "entries": one.entries,
                }
                for one in self.judges
            ],
            "deviations": None if self.deviations is None else [format(one, "f") for one in self.deviations],
        }


def calibrate(reviews: Reviews, *, confidence: str = "0.95") -> Calibration:
    """Calibrate marks; where that is not possible the raw means stand alone and the state and sentence say why.

    Intervals are t·SE with as many degrees of freedom as reviews exceed entries and judges; they are absent where
    the marks show no such variance. Raises ReviewError for a confidence outside 0.5 to 1.
    """
    level(confidence)
    given = reviews.given()
    parts = groups((one.entry, one.judge) for one in given)
    state, sentence = _why_not(given, parts)
    found = _Found.of(given) if state is State.CALIBRATED else None
    if found is not None:
        sentence = _what(found)
    return Calibration(
        state=state,
        sentence=sentence,
        confidence=confidence,
        groups=parts,
        entries=tuple(_entry(one, given, found, confidence) for one in reviews.entries),
        judges=tuple(_judge(one, given, found, confidence) for one in reviews.judges),
        deviations=None if found is None else found.deviations(),
    )


def raw_mean(given: Sequence[Mark], entry: str) -> Fraction | None:
    """Compute the plain mean of an entry's marks in points, None without any."""
    marks = [one.halves for one in given if one.entry == entry and one.halves is not None]
    return Fraction(sum(marks), 2 * len(marks)) if marks else None


def _why_not(given: Sequence[Mark], parts: Sequence[Group]) -> tuple[State, str]:
    alone = "the raw means are all there is"
    if not given:
        return State.NOTHING, "There are no marks: every judge has stepped back, or nobody has marked yet."
    entries, judges = sum(len(one.entries) for one in parts), sum(len(one.judges) for one in parts)
    if judges == 1:
        return State.ONE_JUDGE, f"Only {given[0].judge} has marked, so there is no panel to compare with; {alone}."
    if entries == 1:
        return State.ONE_ENTRY, f"Only {given[0].entry} has marks, so no judge's severity can be known; {alone}."
    if len(parts) > 1:
        told = "; ".join(f"{', '.join(one.judges)} on {', '.join(one.entries)}" for one in parts)
        return State.SEPARATE, (
            f"The marks fall into {len(parts)} groups without a common judge ({told}), so nothing brings them onto "
            f"one scale; have a judge of one group mark an entry of another. Until then {alone}."
        )
    if len({(one.criterion, one.halves) for one in given}) == len({one.criterion for one in given}):
        return State.NO_SPREAD, f"All marks on a criterion are equal: nothing tells entries or judges apart; {alone}."
    if len({(one.entry, one.judge) for one in given}) < entries + judges:
        return State.TOO_FEW, f"There are too few reviews to tell severity from quality; {alone}."
    return State.CALIBRATED, ""


def _what(found: "_Found") -> str:
    entries, judges = found.fit.ratios[:2]
    if entries < _NONE:
        return "Calibrated, but the marks show no difference between entries beyond judges and chance."
    if judges < _NONE:
        return "Calibrated: the marks show no difference in severity between judges, so no shift is taken out."
    return "Calibrated: each judge's shift is taken out of the marks."


@dataclass(frozen=True, eq=False)
class _Found:
    fit: Fit
    criteria: list[str]
    entries: list[str]
    judges: list[str]
    freedom: int

    @classmethod
    def of(cls, given: Sequence[Mark]) -> "_Found":
        criteria = sorted({one.criterion for one in given})
        entries, judges = sorted({one.entry for one in given}), sorted({one.judge for one in given})
        pairs = sorted({(one.entry, one.judge) for one in given})
        weight = np.array([float(one.weight) for one in given])
        marks = Marks(
            np.array([(one.halves or 0) / 2 for one in given]),
            weight / weight.mean(),
            _codes([one.criterion for one in given], criteria),
            _codes([one.entry for one in given], entries),
            _codes([one.judge for one in given], judges),
            _codes([(one.entry, one.judge) for one in given], pairs),
        )
        return cls(fit(marks), criteria, entries, judges, len(pairs) - len(entries) - len(judges) + 1)

    def deviations(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        ratios = (*self.fit.ratios, 0.0)[:3]
        quality, severity, review = (
            _rounded(np.sqrt(0.0 if one < _NONE else one * self.fit.residual)) for one in ratios
        )
        return quality, severity, review, _rounded(np.sqrt(self.fit.residual))

    def entry(self, name: str) -> Floats:
        """Weigh the effects so that they give what the panel of these judges gives an entry on average."""
        weights = np.zeros(len(self.fit.effects))
        weights[: len(self.criteria)] = 1 / len(self.criteria)
        weights[len(self.criteria) + self.entries.index(name)] = 1.0
        weights[-len(self.judges) :] = 1 / len(self.judges)
        return weights

    def judge(self, name: str) -> Floats:
        """Weigh the effects so that they give a judge's severity less the panel's."""
        weights = np.zeros(len(self.fit.effects))
        weights[-len(self.judges) :] = -1 / len(self.judges)
        weights[len(self.criteria) + len(self.entries) + self.judges.index(name)] += 1.0
        return weights

    def bounds(
        self, weights: Floats, confidence: str, *, factor: int
    ) -> tuple[Decimal, Decimal | None, Decimal | None]:
        value = float(weights @ self.fit.effects)
        if self.fit.ratios[factor] < _NONE:
            return _rounded(value), None, None
        error = np.sqrt(float(weights @ self.fit.covariance @ weights))
        half = float(stdtrit(self.freedom, (1 + float(level(confidence))) / 2)) * error
        return _rounded(value), _rounded(value - half), _rounded(value + half)


def _entry(name: str, given: Sequence[Mark], found: _Found | None, confidence: str) -> CalibratedEntry:
    judges = len({one.judge for one in given if one.entry == name})
    mean = raw_mean(given, name)
    raw = None if mean is None else from_exact(mean, places=PLACES)
    if found is None or name not in found.entries:
        return CalibratedEntry(name, raw, None, None, None, judges)
    return CalibratedEntry(name, raw, *found.bounds(found.entry(name), confidence, factor=0), judges)


def _judge(name: str, given: Sequence[Mark], found: _Found | None, confidence: str) -> JudgeShift:
    entries = len({one.entry for one in given if one.judge == name})
    if found is None or name not in found.judges:
        return JudgeShift(name, None, None, None, entries)
    return JudgeShift(name, *found.bounds(found.judge(name), confidence, factor=1), entries)


def _codes(values: Sequence[Any], names: Sequence[Any]) -> Codes:
    place = {name: number for number, name in enumerate(names)}
    return np.array([place[value] for value in values], dtype=np.int64)


def _rounded(value: float) -> Decimal:
    return Decimal(float(value)).quantize(_STEP, rounding=ROUND_HALF_EVEN) + 0
