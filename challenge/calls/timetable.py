"""Reads the phases of a call file: dates become instants, and the order must be true."""

from datetime import datetime
from typing import Any

from challenge.calls.dates import read_instant
from challenge.calls.document import PhaseKind
from challenge.calls.sheet import Sheet
from challenge.foundation.canonical import instant_text

ORDER = list(PhaseKind)


def read_phases(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the phases with their instants as texts in UTC; needs a zone that is known."""
    phases = sheet.at("phases")
    sheet.only_once(((("phases", n, "key"), phase["key"]) for n, phase in enumerate(phases)), "key")
    _check_kinds(sheet)
    before: datetime | None = None
    plain = []
    for number, phase in enumerate(phases):
        opens, closes = (read_instant(phase[end], zone=sheet.at("zone")) for end in ("opens", "closes"))
        _check_order(sheet, number, before, opens, closes)
        before = closes
        _check_counts(sheet, number)
        plain.append({
            **{name: phase[name] for name in ("key", "title", "kind")},
            "opens": instant_text(opens),
            "closes": instant_text(closes),
            "submissions": phase.get("submissions", 0),
            "failures": phase.get("failures", 0),
        })  # fmt: skip
    return plain


def _check_order(sheet: Sheet, number: int, before: datetime | None, opens: datetime, closes: datetime) -> None:
    """A phase closes after it opens, and opens no earlier than the phase listed before it closes."""
    if closes <= opens:
        said = sheet.at("phases", number, "opens")
        sheet.report(
            ("phases", number, "closes"), f"The phase closes before it opens ({said}). Correct one of the two."
        )
    elif before and opens < before:
        said = sheet.at("phases", number - 1, "closes")
        sentence = f"The phase opens before the one listed above it closes ({said}). List them one after the other."
        sheet.report(("phases", number, "opens"), sentence)


def _check_kinds(sheet: Sheet) -> None:
    """A call takes submissions, judges them, and then gives access, in this order."""
    kinds = [PhaseKind(phase["kind"]) for phase in sheet.at("phases")]
    for kind in ORDER:
        if kind not in kinds:
            sheet.report(("phases",), f"No phase is of the kind {kind}. Add one.")
    for number, kind in enumerate(kinds):
        path = ("phases", number, "kind")
        if kind is not PhaseKind.SUBMISSION and kind in kinds[:number]:
            sheet.report(path, f"There is a phase of the kind {kind} already; a call has one. Remove one of the two.")
        elif number and ORDER.index(kind) < ORDER.index(kinds[number - 1]):
            sheet.report(path, f"A phase of {kind} comes before {kinds[number - 1]}, not after. Move it up.")


def _check_counts(sheet: Sheet, number: int) -> None:
    """Only phases of submission count submissions, and they say how many."""
    phase = sheet.at("phases", number)
    if phase["kind"] == PhaseKind.SUBMISSION:
        for name in ("submissions", "failures"):
            if name not in phase:
                sheet.report(("phases", number, name), f"The key {name!r} is missing. Write how many a team has.")
        return
    for name in ("submissions", "failures"):
        if name in phase:
            sentence = "Only a phase of the kind submission counts submissions. Remove this line."
            sheet.report(("phases", number, name), sentence)
