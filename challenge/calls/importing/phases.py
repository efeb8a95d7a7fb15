"""Puts the phases of a bundle in their order, and says where they contradict one another."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from challenge.calls.importing.drafts import DraftPhase, Moment
from challenge.calls.importing.reports import Remark, Weight

MOST_SUBMISSIONS = 1000


def in_order(file: str, phases: Iterable[DraftPhase]) -> tuple[tuple[DraftPhase, ...], list[Remark]]:
    """Return the phases by their beginnings, with gaps where they contradict one another, and the remarks.

    A phase that ends before it begins is an error. Phases that overlap cannot stand in one call: of the later one the
    dates that cannot hold are left open. A phase without an end has a gap there.
    """
    known = list(phases)
    last = max((p.opens.instant for p in known if p.opens), default=None)
    placed = sorted(
        known, key=lambda p: (p.opens is None and last is not None, p.opens.instant.timestamp() if p.opens else 0)
    )
    remarks: list[Remark] = []
    ordered: list[DraftPhase] = []
    latest: tuple[DraftPhase, Moment] | None = None
    for phase in placed:
        opens, closes = phase.opens, phase.closes
        if opens and closes and closes.instant <= opens.instant:
            remarks.append(_backwards(file, phase, opens, closes))
        elif opens and latest and opens.instant < latest[1].instant:
            remarks.append(_overlap(file, phase, opens, *latest))
            doubt = f"the bundle has {opens.written}, before “{latest[0].title}” ends ({latest[1].written})"
            phase = replace(phase, opens=None, closes=_after(latest[1].instant, closes), doubt=doubt)
        if phase.closes is None and not phase.doubt:
            sentence = "This phase has no end. Write when it closes into the draft."
            remarks.append(Remark(file, phase.line, phase.name, Weight.DOUBT, sentence))
        if phase.closes:
            latest = (phase, phase.closes)
        ordered.append(phase)
    return tuple(ordered), remarks


def _after(instant: datetime, closes: Moment | None) -> Moment | None:
    return closes if closes and closes.instant > instant else None


def _backwards(file: str, phase: DraftPhase, opens: Moment, closes: Moment) -> Remark:
    sentence = f"This phase ends ({closes.written}) no later than it begins ({opens.written}). Correct one of the two."
    return Remark(file, closes.line, phase.name, Weight.ERROR, sentence, (opens.line,))


def _overlap(file: str, phase: DraftPhase, opens: Moment, before: DraftPhase, end: Moment) -> Remark:
    sentence = (
        f"“{phase.title}” begins ({opens.written}) before “{before.title}” ends ({end.written}). The phases of a call "
        "follow one another; the draft leaves open what cannot hold."
    )
    return Remark(file, opens.line, phase.name, Weight.DOUBT, sentence, (end.line,))
