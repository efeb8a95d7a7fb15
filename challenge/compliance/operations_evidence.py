"""Keeps what a verdict rests on: the evidence as its page shows it, and the documents for others to check."""

import io
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from challenge.compliance.visible import LONGEST, visible
from challenge.foundation.files import FileStore, TooLarge
from evaluation.licences import (
    Evidence,
    MarkedText,
    Outcome,
    Reason,
    Verdict,
    cyclonedx,
    marked_texts,
    missing_for_next,
    own_json,
    spdx2,
    spdx3,
)
from evaluation.licences.texts.marking import MOST_MARKED, Line

WRITERS = {
    "verdict.json": own_json,
    "spdx-2.3.json": spdx2,
    "spdx-3.json": spdx3,
    "cyclonedx-1.6.json": cyclonedx,
}
MOST_REASONS, MOST_TEXTS, MOST_ROWS, MOST_FILES = 300, 20, 100, 5
MOST_SIGNS = 200_000
"""Of all marked texts together; the documents hold what differs in full."""
MOST_LINE = 2_000
LARGEST_DOCUMENT = 32 * 2**20

Plain = dict[str, object]
T = TypeVar("T")


def kept_evidence(found: Verdict, package: Path | None) -> Plain | None:
    """Return the evidence of a verdict as plain data of a bounded size; None where the verdict has none."""
    evidence = found.evidence
    if evidence is None:
        return None
    notes: list[str] = []
    if len(found.reasons) > MOST_REASONS:
        notes.append(
            f"Of {len(found.reasons):,} findings the {MOST_REASONS} gravest are shown; the documents hold all."
        )
    marked = marked_texts(package, evidence, most=MOST_TEXTS) if package is not None else ()
    above, missing = missing_for_next({one.component for one in evidence.components if one.is_open})
    return {
        "name": _short(evidence.name),
        "declared": [
            {"text": _short(one.text), "file": _short(one.file), "line": one.line, "scope": one.scope}
            for one in _first(evidence.declared, "declarations", notes)
        ],
        "texts": [
            {
                "file": _short(text.file),
                "part": text.part,
                "licence": _short(text.licence),
                "match": text.finding.match.value,
                "by": text.finding.by.value,
                "first_line": text.finding.first_line,
                "last_line": text.finding.last_line,
                "coverage": round(text.finding.coverage * 100),
                "differences": len(text.finding.differences),
            }
            for text in _first(evidence.texts, "texts, notices and tags", notes)
        ],
        "marked": _marked(marked, notes),
        "lineage": [
            {
                "kind": edge.kind,
                "name": _short(edge.name),
                "known": edge.known,
                "licence": _short(edge.licence or ""),
                "file": _short(edge.file),
                "line": edge.line,
                "duties": list(edge.duties),
            }
            for edge in _first(evidence.lineage, "things that it is made from", notes)
        ],
        "components": [
            {
                "component": one.component.value,
                "files": [_short(name) for name in one.files[:MOST_FILES]],
                "count": len(one.files),
                "licence": _short(one.licence or ""),
                "from_part": one.from_part,
                "is_open": one.is_open,
            }
            for one in evidence.components
        ],
        "openness": evidence.openness,
        "next": above,
        "missing": [component.value for component in missing],
        "aia_53_2": {"exempt": evidence.aia_53_2.exempt, "paragraph": evidence.aia_53_2.paragraph},
        "files": {"count": len(evidence.files), "size": sum(file.size for file in evidence.files)},
        "publication": _publication(evidence),
        "versions": dict(evidence.versions),
        "notes": notes,
    }


def kept_reasons(reasons: Sequence[Reason]) -> list[Plain]:
    """Return reasons as plain data in which every sign can be seen; of very many the gravest, in their order."""
    gravest = sorted(range(len(reasons)), key=lambda place: (_mildness(reasons[place]), place))[:MOST_REASONS]
    return [
        {
            key: visible(value, most=MOST_LINE) if isinstance(value, str) and key != "outcome" else value
            for key, value in asdict(reasons[place]).items()
        }
        for place in sorted(gravest)
    ]


def _mildness(reason: Reason) -> int:
    order = list(Outcome)[::-1]
    return order.index(reason.outcome) if reason.outcome else len(order)


def keep_documents(found: Verdict, files: FileStore) -> dict[str, Plain]:
    """Write a verdict's documents into the store, and return name, SHA-256 and size of each.

    One that would be too large is left out; the same verdict gives the same bytes.
    """
    kept: dict[str, Plain] = {}
    for name, writer in WRITERS.items() if found.evidence is not None else ():
        # half of a sign, which a hostile name may hold, has no bytes of its own; JSON writes it as an escape
        content = io.BytesIO(writer(found).encode("utf-8", "backslashreplace"))
        try:
            stored = files.put(content, limit=LARGEST_DOCUMENT)
        except TooLarge:
            continue
        kept[name] = {"sha256": stored.sha256, "size": stored.size}
    return kept


def _short(text: str) -> str:
    return visible(text, most=LONGEST)


def _first(rows: Sequence[T], words: str, notes: list[str]) -> Sequence[T]:
    if len(rows) > MOST_ROWS:
        notes.append(f"Of {len(rows):,} {words} the first {MOST_ROWS} are shown; the documents hold all.")
    return rows[:MOST_ROWS]


def _marked(texts: Sequence[MarkedText], notes: list[str]) -> list[Plain]:
    left, kept = MOST_SIGNS, list[Plain]()
    for text in texts:
        lines: list[list[list[str]]] = []
        for line in text.lines:
            pieces = _line(line)
            left -= sum(len(piece) for _, piece in pieces)
            if left < 0:
                break
            lines.append(pieces)
        if len(lines) < len(text.lines):
            sentence = f"{_short(text.file)} is shown up to line {len(lines):,} of {len(text.lines):,}."
            notes.append(sentence if lines else f"{_short(text.file)} is too long to be shown beside the others.")
        if lines and text.unmarked:
            of = MOST_MARKED + text.unmarked
            notes.append(f"In {_short(text.file)} the first {MOST_MARKED} of {of:,} differences are marked.")
        if lines:
            kept.append({"file": _short(text.file), "lines": lines, "of": len(text.lines)})
    return kept


def _line(line: Line) -> list[list[str]]:
    """Keep a line's pieces, cut where it is too long for anybody to read."""
    left, kept = MOST_LINE, list[list[str]]()
    for piece in line:
        if left > 0:
            kept.append([piece.kind, visible(piece.text, most=left)])
        left -= len(piece.text)
    return kept


def _publication(evidence: Evidence) -> Plain | None:
    answer = evidence.publication
    if answer is None:
        return None
    article = answer.publication
    return {
        "doi": _short(answer.doi),
        "found": answer.found.value,
        "sentence": visible(answer.sentence, most=500),
        "title": visible(article.title, most=500) if article else "",
        "authors": [_short(author) for author in article.authors[:20]] if article else [],
        "published": article.published if article else "",
        "publisher": _short(article.publisher) if article else "",
    }
