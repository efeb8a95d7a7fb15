"""Asks the instrument what a panel's marks say together; the answer is kept by the marks themselves."""

from functools import lru_cache

from challenge.foundation.canonical import digest
from challenge.judging.calibration import (
    Agreement,
    Disputed,
    EntryMeans,
    Estimate,
    JudgeShift,
    MarkGiven,
    PanelStatistics,
)
from leaderboards import jury

DRAWS = 2_000
"""For the bounds of alpha; each draws whole entries with replacement."""


@lru_cache(maxsize=64)
def panel_statistics(marks: tuple[MarkGiven, ...], *, seed: int, confidence: str) -> PanelStatistics:
    """Calibrate marks and measure agreement; equal marks get the answer that was computed for them before.

    `seed` draws the bounds of alpha: a call fixes it before there are marks.
    """
    reviews = jury.Reviews.of(jury.Mark(*one) for one in marks)
    calibrated = jury.calibrate(reviews, confidence=confidence)
    criteria = reviews.criteria
    alphas = [
        (criterion, jury.agreement(found, draws=DRAWS, seed=seed, confidence=confidence))
        for criterion, found in [("", reviews), *((name, reviews.on(criterion=name)) for name in criteria)]
        if marks
    ]
    disputed = [Disputed(one.entry, one.criterion, one.lowest, one.highest) for one in jury.disagreements(reviews)]
    return PanelStatistics(
        is_calibrated=calibrated.state is jury.State.CALIBRATED,
        sentence=calibrated.sentence,
        components=len(calibrated.groups),
        entries={
            one.entry: EntryMeans(one.raw, Estimate(one.calibrated, one.low, one.high), one.judges)
            for one in calibrated.entries
        },
        shifts={
            one.judge: JudgeShift(
                one.judge, Estimate(one.shift, one.low, one.high), one.entries, one.sentence(confidence)
            )
            for one in calibrated.judges
        },
        agreements=tuple(
            Agreement(criterion, Estimate(alpha.alpha, alpha.low, alpha.high), alpha.units)
            for criterion, alpha in alphas
        ),
        disputed=tuple(sorted(disputed, key=lambda one: (one.lowest - one.highest, one.entry, one.criterion))),
        input_digest=reviews.digest(),
        result_digest=digest([calibrated.to_dict(), [alpha.to_dict() for _, alpha in alphas]]),
    )
