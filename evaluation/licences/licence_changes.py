"""The licence texts of two packages are paired, by what they say or else by their names, and laid side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import PurePosixPath

from evaluation.licences.declared import Named
from evaluation.licences.findings import Reason
from evaluation.licences.inventory import FileKind, PackageFile
from evaluation.licences.licence_files import read_as
from evaluation.licences.texts.detection import MAX_TEXT
from evaluation.licences.texts.wording import Piece, Stay, Text, changed, text_of
from evaluation.licences.texts.words import MAX_WORDS
from evaluation.licences.weights_bytes import digest_of
from evaluation.trees import Tree

_MOST_READ = 400  # licence files compared word by word; those beyond by their bytes
_NOT_PLAIN = {".pdf", ".docx", ".doc", ".odt", ".rtf"}
_SHOWN = 4  # changes that a sentence names; the pieces hold them all
_RESTORE = "Restore the text that was evaluated, or tell the organiser why it is another."


class TextFate(StrEnum):
    """What became of a licence text."""

    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True)
class GivenText:
    """A licence text of a package; `text` is None where it is compared by its bytes alone."""

    file: str
    text: Text | None
    sha256: str
    is_gate: bool = False
    """Whether it is a text in the card to be agreed to before the download."""

    @property
    def said(self) -> tuple[str, bool]:
        """What it says, however it is laid out and whoever holds the copyright, in one digest; and whether to agree."""
        words = " ".join(self.text.words.words) if self.text else self.sha256
        return sha256(words.encode()).hexdigest(), self.is_gate

    @property
    def place(self) -> tuple[str, bool]:
        """Where it stands: its file, and whether in the card's front matter."""
        return self.file, self.is_gate


@dataclass(frozen=True)
class TextChange:
    """What became of one licence text, and the words of it; no pieces where it cannot be compared word by word."""

    file: str
    fate: TextFate
    pieces: tuple[Piece, ...] = ()
    before: str = ""
    """The file in which it was evaluated, where that has another name."""


def given_texts(tree: Tree, files: Iterable[PackageFile], prompts: Sequence[Named]) -> list[GivenText]:
    """Read a package's licences, terms besides them, and texts to agree to; raises ArchiveError for a damaged entry."""
    named = [file for file in files if file.kind in {FileKind.LICENCE, FileKind.TERMS}]
    found = [_given(tree, file, is_read=place < _MOST_READ) for place, file in enumerate(named)]
    for prompt in prompts:
        content = prompt.text.encode()
        text = text_of(content, first_line=prompt.line + 1)
        found.append(GivenText(prompt.file, text, sha256(content).hexdigest(), is_gate=True))
    return found


def text_changes(earlier: Sequence[GivenText], later: Sequence[GivenText]) -> tuple[TextChange, ...]:
    """Say of each licence text what became of it; texts that say the same are equal, whatever their files are called.

    A text to be agreed to that is new is no change of a licence but a gate, and is not told of here.
    """
    old, new = _beyond(earlier, later), _beyond(later, earlier)
    there = {one.place: one for one in new}
    changes = [_change(one, there[one.place]) for one in old if one.place in there]
    paired = {one.place for one in old} & there.keys()
    old, new = ([one for one in side if one.place not in paired] for side in (old, new))
    if len(old) == len(new) == 1 and not (old[0].is_gate or new[0].is_gate):
        changes.append(_change(old.pop(), new.pop()))
    changes += [TextChange(one.file, TextFate.GONE) for one in old]
    changes += [TextChange(one.file, TextFate.ADDED) for one in new if not one.is_gate]
    return tuple(sorted(changes, key=lambda change: (change.file, change.fate)))


def reason_of(change: TextChange) -> Reason:
    """Tell of a change as a finding."""
    if change.fate is TextFate.GONE:
        sentence = "This licence text was evaluated and is not in the release."
        return Reason("LICENCE_CHANGED", sentence, change.file, 0, "Put it back, unchanged.")
    if change.fate is TextFate.ADDED:
        sentence = "This licence text was not in the evaluated package."
        remedy = "Remove it, or tell the organiser why it is there."
        return Reason("LICENCE_CHANGED", sentence, change.file, 0, remedy)
    told = [piece for piece in change.pieces if piece.stay is not Stay.SAME]
    if not told:
        sentence = "The text is not the one that was evaluated; it cannot be compared word by word."
        return Reason("LICENCE_CHANGED", sentence, change.file, 0, _RESTORE)
    words = [f"{piece.stay} “{piece.text}”" for piece in told[:_SHOWN]]
    more = f", and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    line, last = _place(change.pieces)
    sentence = f"The text is not the one that was evaluated: {', '.join(words)}{more}."
    return Reason("LICENCE_CHANGED", sentence, change.file, line, _RESTORE, last, told[0].text)


def _given(tree: Tree, file: PackageFile, *, is_read: bool) -> GivenText:
    is_plain = PurePosixPath(file.name).suffix.lower() not in _NOT_PLAIN
    if not is_read or not is_plain or file.size > MAX_TEXT:
        return GivenText(file.name, None, digest_of(tree, file.name))
    content = tree.read(file.name, limit=MAX_TEXT)
    text = text_of(content, file=read_as(file.name))
    return GivenText(file.name, text if len(text.words.words) < MAX_WORDS else None, sha256(content).hexdigest())


def _beyond(texts: Sequence[GivenText], others: Sequence[GivenText]) -> list[GivenText]:
    """Return the texts that say what none of the others says."""
    known = {other.said for other in others} | {(other.sha256, other.is_gate) for other in others}
    return [one for one in texts if one.said not in known and (one.sha256, one.is_gate) not in known]


def _change(one: GivenText, other: GivenText) -> TextChange:
    pieces = changed(one.text, other.text) if one.text is not None and other.text is not None else ()
    return TextChange(other.file, TextFate.CHANGED, pieces, one.file if one.file != other.file else "")


def _place(pieces: Sequence[Piece]) -> tuple[int, int]:
    """Return the lines of the later text at which the first change stands; words that are missing have none of it."""
    place = next(place for place, piece in enumerate(pieces) if piece.stay is not Stay.SAME)
    if pieces[place].stay is Stay.ADDED:
        return pieces[place].line, pieces[place].last_line
    if place + 1 < len(pieces):
        return pieces[place + 1].line, pieces[place + 1].line
    return (pieces[place - 1].last_line, pieces[place - 1].last_line) if place else (0, 0)
