"""The licence texts of a release that are not as published, line by line, with what differs marked in place."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.archives import ArchiveLimits
from evaluation.licences.evidence import Evidence, FoundText
from evaluation.licences.inventory import PACKAGE_LIMITS, FileKind
from evaluation.licences.licence_files import is_own, read_as
from evaluation.licences.texts.decoding import decoded, plain_lines
from evaluation.licences.texts.detection import MAX_TEXT, Difference, Match
from evaluation.licences.texts.marking import MOST_MARKED, Line, marked
from evaluation.trees import open_tree

_AS_PUBLISHED = {Match.EXACT, Match.VARIED}


@dataclass(frozen=True)
class MarkedText:
    """A file's plain lines, cut at the words that were added and where words are missing."""

    file: str
    lines: tuple[Line, ...]
    unmarked: int = 0
    """How many differences beyond those that are marked it has."""


def marked_texts(
    package: str | Path, evidence: Evidence, *, limits: ArchiveLimits = PACKAGE_LIMITS, most: int = 20
) -> tuple[MarkedText, ...]:
    """Mark at most `most` texts of a package: those that differ first, then its own licence files of unknown text.

    `evidence` is that of the verdict on this very package. Raises ArchiveError when the package breaks a limit.
    """
    differences: dict[str, list[Difference]] = {}
    for text in evidence.texts:
        if text.finding.differences:
            differences.setdefault(text.file, []).extend(text.finding.differences)
    licences = {file.name for file in evidence.files if file.kind == FileKind.LICENCE.value}
    known = _as_published(evidence.texts)
    unknown = [name for name in sorted(licences) if is_own(name) and name not in differences and name not in known]
    with open_tree(Path(package), limits=limits) as tree:
        return tuple(
            MarkedText(
                name,
                _lines(tree.read(name, limit=MAX_TEXT), name, differences.get(name, []), name in licences),
                max(len(differences.get(name, [])) - MOST_MARKED, 0),
            )
            for name in [*differences, *unknown][:most]
        )


def _as_published(texts: Sequence[FoundText]) -> set[str]:
    return {text.file for text in texts if text.finding.match in _AS_PUBLISHED}


def _lines(content: bytes, name: str, differences: list[Difference], placed: bool) -> tuple[Line, ...]:
    """Cut a file into marked lines; a licence within a card counts its words from where it begins, not the card's."""
    return tuple(marked(plain_lines(decoded(content), file=read_as(name)), differences, placed=placed))
