"""A licence text is compared by its words: layout, punctuation, notices of copyright and bare titles do not count."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MAX_WORDS = 40_000

_WORD = re.compile(r"\w+")
_NOTICE = re.compile(r"^\W*(copyright|©|\(c\)).*(©|\(c\)|<|\[|[0-9]{4})|^\W*(©|\(c\)) ", re.IGNORECASE)
_SIGN = re.compile(r"©|\(c\)")
_NOTICE_WORDS = 16
_GRANTING_WORDS = """
academia academic academics agree agreement allowed any applies attribution bound cannot charity clause commercial
companies condition conditions consent covered distribute evaluation except excluded exclusively fee field for
forbidden free granted hereby if illegal internal license licensed licensee licenses licensing limited may
military modify must never no noncommercial non nonprofit not obtain only permission permissions permit permitted
personal private profit prohibited provided purpose purposes redistribute require required requires research
restricted restriction restrictions revenue schools separate shall sold subject term terms testing those
universities unless usage use used user users uses using who without written
"""
# A line that begins like a notice of copyright but holds one of these says more than who holds it.
_GRANTING = frozenset(_GRANTING_WORDS.split())
_RESERVED = ("all", "rights", "reserved")
_TITLE_WORDS = """
0bsd 0 1 2 3 4 agpl apache boost bsd clause european expat general gnu gpl isc january lesser lgpl license mit
mozilla mpl new public revised simplified software the union version v v1 v2 v3 x11 zlib
"""
_TITLE = frozenset(_TITLE_WORDS.split())
_SAME = {"licence": "license", "licences": "licenses", "licenced": "licensed", "sublicence": "sublicense"}


@dataclass(frozen=True)
class Words:
    """The words of a text that count, and the line (1 = first) on which each of them stands."""

    words: tuple[str, ...]
    lines: tuple[int, ...]

    @property
    def key(self) -> str:
        """Join the words into the text by which two licences are compared."""
        return " ".join(self.words)


def decoded(content: bytes) -> str:
    """Decode a text file: UTF-8, UTF-16 where it is marked, else Latin-1, which fits any bytes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def words_of(text: str) -> Words:
    """Reduce a text to the words that count, with their lines; at most 40,000 words are kept."""
    words: list[str] = []
    lines: list[int] = []
    for number, line in _counting_lines(text):
        words.extend(line)
        lines.extend([number] * len(line))
        if len(words) > MAX_WORDS:
            break
    return Words(tuple(words[:MAX_WORDS]), tuple(lines[:MAX_WORDS]))


def _counting_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    begun = False
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        found = _line_words(line)
        if not found or _is_notice(line, found) or (not begun and _is_title(found)):
            continue
        begun = True
        yield number, found


def _line_words(line: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", line).casefold().replace("https://", "http://").replace("_", " ")
    return [_SAME.get(word, word) for word in _WORD.findall(_SIGN.sub(" ", plain))]


def _is_notice(line: str, words: list[str]) -> bool:
    if tuple(words) == _RESERVED:
        return True
    return _NOTICE.match(line) is not None and len(words) <= _NOTICE_WORDS and _GRANTING.isdisjoint(words)


def _is_title(words: list[str]) -> bool:
    return len(words) <= 10 and "license" in words and _TITLE.issuperset(words)
