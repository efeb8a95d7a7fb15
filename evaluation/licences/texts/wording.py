"""Two texts are laid side by side word by word: what stays, what was added and what is missing, with its lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import LCSseq

from evaluation.licences.texts.decoding import decoded, plain_lines
from evaluation.licences.texts.words import Words, words_of, words_of_line

_MOST_CELLS = 400_000_000  # words of one text times words of the other; as for licences laid along templates
_AROUND = 8  # words shown before and behind a change
_SHOWN = 40  # words shown of one change
_MOST_PIECES = 120


class Stay(StrEnum):
    """What became of some words."""

    SAME = "same"
    ADDED = "added"
    MISSING = "missing"


@dataclass(frozen=True)
class Piece:
    """Some words as they are written, and their lines (1 = first): of the later text, of the earlier where missing."""

    stay: Stay
    text: str
    line: int
    last_line: int


@dataclass(frozen=True)
class Text:
    """A text to be compared: its lines without markup, and the words of them that count."""

    lines: tuple[str, ...]
    words: Words


@dataclass(frozen=True)
class _Token:
    text: str
    key: tuple[str, ...]
    line: int


def text_of(content: bytes, *, file: str = "", first_line: int = 1) -> Text:
    """Read a text; `first_line` is the number of its first line in the file that it is a part of."""
    lines = [""] * (first_line - 1) + plain_lines(decoded(content), file=file)
    return Text(tuple(lines), words_of(lines))


def changed(earlier: Text, later: Text) -> tuple[Piece, ...]:
    """Lay two texts side by side; what stays is cut to a few words around each change.

    Empty where nothing differs, and where the texts are too long to be compared word by word.
    """
    old, new = list(_tokens(earlier)), list(_tokens(later))
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(a) * len(b) > _MOST_CELLS:
        return ()
    numbers: dict[tuple[str, ...], int] = {}
    first, second = ([numbers.setdefault(token.key, len(numbers)) for token in side] for side in (a, b))
    found = [(Stay.SAME, new[:head])]
    gone: list[_Token] = []
    came: list[_Token] = []
    for step in LCSseq.opcodes(first, second):
        if step.tag == "equal":
            found += [(Stay.MISSING, gone), (Stay.ADDED, came), (Stay.SAME, b[step.dest_start : step.dest_end])]
            gone, came = [], []
        else:
            gone, came = gone + a[step.src_start : step.src_end], came + b[step.dest_start : step.dest_end]
    found += [(Stay.MISSING, gone), (Stay.ADDED, came), (Stay.SAME, new[len(new) - tail :])]
    return _pieces([(stay, tokens) for stay, tokens in found if tokens])


def _tokens(text: Text) -> Iterator[_Token]:
    """Divide a text at its blanks; what holds no word, and notices of copyright, are passed over.

    Signs that would act on whoever shows them, such as those that turn the direction of writing, are replaced.
    """
    notices = set(text.words.notices)
    for number, line in enumerate(text.lines, start=1):
        if number in notices:
            continue
        for part in line.split():
            if key := tuple(words_of_line(part)):
                yield _Token("".join(sign if sign.isprintable() else "�" for sign in part), key, number)


def _shared(old: Sequence[_Token], new: Sequence[_Token]) -> int:
    """Count the words that both begin with."""
    most = min(len(old), len(new))
    return next((place for place in range(most) if old[place].key != new[place].key), most)


def _pieces(found: Sequence[tuple[Stay, Sequence[_Token]]]) -> tuple[Piece, ...]:
    if all(stay is Stay.SAME for stay, _ in found):
        return ()
    pieces = []
    for place, (stay, tokens) in enumerate(found[:_MOST_PIECES]):
        if stay is Stay.SAME:
            text = _context(tokens, is_first=place == 0, is_last=place == len(found) - 1)
        else:
            text = _cut([token.text for token in tokens], _SHOWN)
        pieces.append(Piece(stay, text, tokens[0].line, tokens[-1].line))
    return tuple(pieces)


def _context(tokens: Sequence[_Token], *, is_first: bool, is_last: bool) -> str:
    words = [token.text for token in tokens]
    if is_first:
        return ("… " if len(words) > _AROUND else "") + " ".join(words[-_AROUND:])
    if is_last:
        return _cut(words, _AROUND)
    if len(words) > 2 * _AROUND:
        return " ".join([*words[:_AROUND], "…", *words[-_AROUND:]])
    return " ".join(words)


def _cut(words: Sequence[str], most: int) -> str:
    return " ".join(words[:most]) + (" …" if len(words) > most else "")
