"""The command `agree` says how far judges agree, how each marks against the panel, and brings marks onto one scale."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from leaderboards.commands.exits import DONE
from leaderboards.commands.parsing import count
from leaderboards.commands.telling import tell_or_write
from leaderboards.jury import Alpha, Calibration, Disagreement, Scale, agreement, calibrate, disagreements, read_reviews
from leaderboards.printing import aligned, plain

if TYPE_CHECKING:
    from leaderboards.commands.parsing import Commands


def add_agree(commands: Commands) -> None:
    """Say what `agree` takes."""
    parser = commands.add_parser("agree", help="measure agreement between judges and calibrate their marks")
    parser.add_argument("reviews", type=Path, help="CSV or Parquet: entry,judge,criterion,halves[,confidence]")
    parser.add_argument("--confidence", default="0.95", help="of all intervals")
    parser.add_argument("--draws", type=count, default=10_000, help="how often entries are drawn for alpha's interval")
    parser.add_argument("--seed", type=count, default=0, help="of these draws")
    parser.add_argument("--json", metavar="OUT", help="write the finding as JSON; - prints it in place of the tables")
    parser.set_defaults(run=_run)


def _run(chosen: Namespace) -> int:
    reviews = read_reviews(chosen.reviews)
    calibration = calibrate(reviews, confidence=chosen.confidence)
    alphas = [
        agreement(reviews, scale=scale, draws=chosen.draws, seed=chosen.seed, confidence=chosen.confidence)
        for scale in Scale
    ]
    flags = disagreements(reviews)
    found = {
        "reviews_digest": reviews.digest(),
        "seed": chosen.seed,
        "draws": chosen.draws,
        "calibration": calibration.to_dict(),
        "agreement": [one.to_dict() for one in alphas],
        "disagreements": [[one.entry, one.criterion, one.lowest, one.highest] for one in flags],
    }
    tell_or_write(found, _lines(calibration, alphas, flags), json=chosen.json)
    return DONE


def _lines(calibration: Calibration, alphas: list[Alpha], flags: tuple[Disagreement, ...]) -> Iterator[str]:
    yield plain(calibration.sentence)
    yield f"Groups of judges and entries that hang together: {len(calibration.groups)}."
    yield ""
    entries = [("entry", "judges", "raw", "calibrated", "interval")]
    for entry in calibration.entries:
        raw, calibrated = _shown(entry.raw), _shown(entry.calibrated)
        entries.append((plain(entry.entry), str(entry.judges), raw, calibrated, _interval(entry.low, entry.high)))
    yield from aligned(entries, left={0})
    yield ""
    judges = [("judge", "entries", "shift", "interval")]
    for judge in calibration.judges:
        shift = _shown(judge.shift)
        judges.append((plain(judge.judge), str(judge.entries), shift, _interval(judge.low, judge.high)))
    yield from aligned(judges, left={0})
    yield ""
    scales = [("Krippendorff's alpha", "value", "interval")]
    scales += [(str(one.scale), _shown(one.alpha), _interval(one.low, one.high)) for one in alphas]
    yield from aligned(scales, left={0})
    yield ""
    yield "Marks at least 1.5 points apart, to be discussed:" if flags else "No marks are 1.5 points apart or more."
    for one in flags:
        low, high = Decimal(one.lowest) / 2, Decimal(one.highest) / 2
        yield f"  {plain(one.entry)}, {plain(one.criterion)}: from {low:.1f} to {high:.1f}"


def _shown(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(low: Decimal | None, high: Decimal | None) -> str:
    return "–" if low is None or high is None else f"{low:.3f} to {high:.3f}"
