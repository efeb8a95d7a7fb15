"""Tells what a bundle is and what became of it: as a preview in words, and as plain data for a file."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from challenge.calls.importing.drafts import Draft
from challenge.calls.importing.formats import Reading
from challenge.calls.importing.reports import Fate, Remark, Row, Weight
from challenge.calls.importing.writing import WrittenCall


@dataclass(frozen=True)
class Part:
    """Entries of a draft of one kind."""

    name: str
    """In the plural, as a heading: Phases."""
    word: str
    """Before each entry's own name: Phase."""
    entries: tuple[tuple[str, str], ...]
    """The name of each, empty where it has none, and what is to be said of it."""


def facts(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield what is to be known first, as pairs of a word and what stands for it."""
    report = reading.report
    yield "Format", reading.format or "none that is known"
    if reading.draft is not None:
        yield "Title", reading.draft.title or "not said"
    carried, left = (len(report.rows_of(fate)) for fate in Fate)
    yield (
        "Keys and files",
        f"{len(report.rows):,} in all: {carried:,} {Fate.CARRIED}, {left:,} {Fate.LEFT}",
    )


def parts(draft: Draft) -> tuple[Part, ...]:
    """Return what a draft carries over, by kinds; of those that it has none of, there is no part."""
    phases = []
    for phase in draft.phases:
        opens, closes = (at.written if at else "to be filled in" for at in (phase.opens, phase.closes))
        count = f"; {phase.submissions:,} submissions" if phase.submissions else ""
        phases.append((phase.title, f"from {opens} to {closes}{count}"))
    boards = [
        (board.title, ", ".join(metric.words for metric in board.metrics) or "no metric") for board in draft.boards
    ]
    suites = [("", f"{suite.title}: {suite.about}" if suite.about else suite.title) for suite in draft.suites]
    pages = [(page.title, f"{len(page.text):,} characters of plain text") for page in draft.pages]
    found = (
        Part("Summary", "Summary", (("", draft.summary or "not said"),)),
        Part("Phases", "Phase", tuple(phases)),
        Part("Boards", "Board", tuple(boards)),
        Part("Suites", "Suite", tuple(suites)),
        Part("Baselines", "Baseline", tuple(("", name) for name in draft.baselines)),
        Part("Files", "File", tuple(("", f"{name}: {use}") for use, name in draft.files)),
        Part("Pages", "Page", tuple(pages)),
    )
    return tuple(part for part in found if part.entries)


def preview(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield facts and parts, line by line, as pairs of a word and what stands for it."""
    yield from facts(reading)
    for part in parts(reading.draft) if reading.draft is not None else ():
        for name, told in part.entries:
            yield f"{part.word} “{name}”" if name else part.word, told


def by_weight(remarks: Iterable[Remark], weight: Weight) -> dict[str, list[Remark]]:
    """Return the remarks of one weight by their sentences, each in the order of the bundle."""
    found: dict[str, list[Remark]] = {}
    for remark in remarks:
        if remark.weight is weight:
            found.setdefault(remark.sentence, []).append(remark)
    return found


def by_words(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return rows by what became of them, each in the order of the bundle."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.words, []).append(row)
    return found


def as_text(reading: Reading, *, sha256: str, written: WrittenCall | None) -> str:
    """Return preview and report as lines of text, with what has to be mended first."""
    lines = [f"{word}: {told}" for word, told in preview(reading)]
    lines.append(f"SHA-256 of the original: {sha256}")
    remarks = [str(remark) for weight in Weight for remark in reading.report.remarks if remark.weight is weight]
    lines += ["", "Remarks:", *(remarks or ["none"])]
    lines += ["", "What became of each key and file:"]
    for row in reading.report.rows:
        where = f"{row.file}, line {row.line}: {row.key}" if row.line else row.file
        lines.append(f"{where}: {row.fate}: {row.words}")
    if written is not None:
        lines += ["", "To be filled in:", *(f"line {gap.line}: {gap.key}: {gap.write}" for gap in written.gaps)]
    return "\n".join(lines) + "\n"


def as_plain(reading: Reading, *, name: str, sha256: str, written: WrittenCall | None) -> dict[str, Any]:
    """Return the report as plain data."""
    return {
        "format": reading.format,
        "bundle": {"name": name, "sha256": sha256},
        "draft": reading.draft is not None,
        "remarks": [asdict(remark) for remark in reading.report.remarks],
        "rows": [asdict(row) for row in reading.report.rows],
        "gaps": [asdict(gap) for gap in (written.gaps if written else ())],
    }
