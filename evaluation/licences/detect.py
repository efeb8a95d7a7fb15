"""A licence file is recognised by its exact words; a text that differs is never taken for the plain licence."""

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from evaluation.licences.index import Known, known_licences
from evaluation.licences.words import MAX_WORDS, Words, decoded, words_of

NEAR = 0.9
MAX_TEXT = 262_144  # bytes; the longest known licence has a sixth of it
_ALIGNED = 4_000_000  # word pairs: more are not aligned, which would take too long
_SHOWN = 40  # words of a difference that are shown


class Match(StrEnum):
    """How a text relates to the known ones."""

    EXACT = "exact"
    MODIFIED = "modified"
    UNKNOWN = "unknown"
    EMPTY = "empty"


@dataclass(frozen=True)
class Detection:
    """What a licence file was found to be: identifiers that share the text, and for a near text the difference.

    `line` is where the first difference stands (1 = first, 0 = none); `added` and `missing` are its words.
    """

    file: str
    match: Match
    ids: tuple[str, ...] = ()
    line: int = 0
    added: str = ""
    missing: str = ""


def detect(content: bytes, *, file: str) -> Detection:
    """Compare a file's text with the known licences."""
    if len(content) > MAX_TEXT:
        return Detection(file, Match.UNKNOWN)
    found = words_of(decoded(content))
    if not found.words:
        return Detection(file, Match.EMPTY)
    index = known_licences()
    exact = index.by_key.get(found.key)
    if exact is not None:
        return Detection(file, Match.EXACT, exact.ids)
    if len(found.words) >= MAX_WORDS:
        return Detection(file, Match.UNKNOWN)
    near = _nearest(found)
    return Detection(file, Match.UNKNOWN) if near is None else _difference(file, found, near)


def _nearest(found: Words) -> Known | None:
    """Find the known text with which most words are shared, if it is near or lies whole within the found one."""
    counts, whole = Counter(found.words), f" {found.key} "
    best, likeness = None, 0.0
    for key, known in known_licences().by_key.items():
        words = known.text.words
        if f" {key} " in whole:
            share = 1.0 + len(words)  # the longest text that lies whole within wins
        elif 2 * min(len(found.words), len(words)) < NEAR * (len(found.words) + len(words)):
            continue  # too long or too short to be near, whatever the words
        else:
            shared = (counts & Counter(words)).total()
            share = 2 * shared / (len(found.words) + len(words))
        if share > likeness:
            best, likeness = known, share
    return best if likeness >= NEAR else None


def _difference(file: str, found: Words, near: Known) -> Detection:
    """Align two texts word by word and name the words added and missing, from the first difference on."""
    old, new = near.text.words, found.words
    shorter = min(len(old), len(new))
    start = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    added, missing = list(new), list(old)
    if len(old) * len(new) <= _ALIGNED:
        steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        missing = [word for kind, low, high, _, _ in steps if kind != "equal" for word in old[low:high]]
        added = [word for kind, _, _, low, high in steps if kind != "equal" for word in new[low:high]]
    line = found.lines[min(start, len(found.lines) - 1)]
    return Detection(file, Match.MODIFIED, near.ids, line, _shown(added), _shown(missing))


def _shown(words: list[str]) -> str:
    return " ".join(words[:_SHOWN]) + (" …" if len(words) > _SHOWN else "")
