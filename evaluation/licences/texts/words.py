"""A licence text is compared by its words: layout, punctuation, spelling and notices of copyright do not count."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.licences.texts.lexicon import WORD, forbids

MAX_WORDS = 40_000

_NOTICE = re.compile(
    r"(?i)^\W*(portions\W+(of\b.{0,60}\W+)?(are\W+)?)?(copyrights?\b|©|\(c\)\W*(copyright|©|[0-9]{4}|<|\[))"
    r"(?!\W*(notice|holder|owner|license|licence|law|act|and|or|in|the|interest|statement|protect|restrict)\b)"
)
_SIGNED = re.compile(r"(?i)©|\(c\)|<|\[|\b(19|20)[0-9]{2}\b|\byear\b|yyyy|copyrights?\W+by\b")
_RESERVED = re.compile(r"(?i)^\W*all rights? (are )?reserved\W*$")
_SAID_BY_TAG = re.compile(r"(?i)^\W*SPDX-(FileCopyrightText|License-Identifier|FileContributor|PackageName)\s*:")
_NOTICE_WORDS = 30
_OF_TAGS = {"only", "license"}
_BULLET = re.compile(r"(?i)[(\[]?\b([0-9]{1,2}(\.[0-9]{1,2})*|[a-z]|[ivx]{1,5})[.)\]:]")
_BULLET_WORD = re.compile(r"[0-9]{1,2}|[a-z]|[ivx]{1,5}")
# Spellings that the matching guidelines of the SPDX License List call equivalent, and a few more of their kind.
_PAIRS = """
acknowledgement acknowledgment
analogue analog
analyse analyze
artefact artifact
authorisation authorization
authorised authorized
calibre caliber
cancelled canceled
capitalisations capitalizations
catalogue catalog
categorise categorize
centre center
emphasised emphasized
favour favor
favourite favorite
fulfil fulfill
fulfilment fulfillment
initialise initialize
judgement judgment
labelling labeling
labour labor
licence license
licences licenses
licenced licensed
maximise maximize
modelled modeled
modelling modeling
offence offense
optimise optimize
organisation organization
organise organize
practise practice
programme program
realise realize
recognise recognize
signalling signaling
utilisation utilization
whilst while
wilful willful
https http
owner holder
owners holders
copyrights copyright
"""
SAME = dict(pair.split() for pair in _PAIRS.strip().splitlines())
_COMPOUND = {
    "sublicense": ("sub", "license"),
    "sublicence": ("sub", "license"),
    "sublicensed": ("sub", "licensed"),
    "sublicenses": ("sub", "licenses"),
    "sublicensing": ("sub", "licensing"),
    "sublicensable": ("sub", "licensable"),
    "noncommercial": ("non", "commercial"),
    "nonexclusive": ("non", "exclusive"),
    "noninfringement": ("non", "infringement"),
    "worldwide": ("world", "wide"),
    "percent": ("per", "cent"),
}


@dataclass(frozen=True)
class Words:
    """The words of a text that count, in small letters, and the line (1 = first) on which each of them stands."""

    words: tuple[str, ...]
    lines: tuple[int, ...]
    notices: tuple[int, ...] = ()
    """The lines that say only who holds the copyright, whose words were left out."""


def words_of_line(line: str) -> list[str]:
    """Reduce a line to its words in small letters and in one spelling."""
    line = line.lower()
    if "(c)" in line:
        line = line.replace("(c)", " ")
    found = [SAME.get(word, word) for word in WORD.findall(line)]
    if not _COMPOUND.keys().isdisjoint(found):
        found = [part for word in found for part in _COMPOUND.get(word, (word,))]
    return found


def words_of(lines: Sequence[str]) -> Words:
    """Reduce lines to the words that count; lines that are mere notices of copyright are left out."""
    words: list[str] = []
    places: list[int] = []
    notices: list[int] = []
    for number, line in enumerate(lines, start=1):
        found = words_of_line(line)
        if not found:
            continue
        if is_notice(line, found):
            notices.append(number)
            continue
        words += found
        places += [number] * len(found)
        if len(words) > MAX_WORDS:
            break
    return Words(tuple(words[:MAX_WORDS]), tuple(places[:MAX_WORDS]), tuple(notices))


def is_notice(line: str, found: Sequence[str]) -> bool:
    """Whether a line says who holds the copyright and nothing more; `found` are its words."""
    if _RESERVED.match(line):
        return True
    if _SAID_BY_TAG.match(line):
        return len(found) <= _NOTICE_WORDS and set(forbids(found)) <= _OF_TAGS
    if len(found) > _NOTICE_WORDS or not _NOTICE.match(line):
        return False
    return _SIGNED.search(line) is not None and not forbids(found)


def is_bullet(word: str) -> bool:
    """Whether a word could be the sign of a list's item: 1, a, iv."""
    return _BULLET_WORD.fullmatch(word) is not None


def bullets_of_line(line: str) -> set[str]:
    """Collect the signs of list items in a line, in small letters: `(a)`, `1.2.`, `iv)`."""
    return {part for found in _BULLET.finditer(line) for part in WORD.findall(found.group().lower())}
