"""What stands in a file besides the licences found in it: sentences that restrain count as added terms."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.licences.texts.lexicon import forbids, restrains
from evaluation.licences.texts.words import Words, is_notice, words_of_line

_SHORT = 12
_INTRODUCING = frozenset(
    [
        "terms",
        "term",
        "license",
        "governing",
        "limitations",
        "licenses",
        "licensed",
        "licensee",
        "licensor",
        "provided",
        "conditions",
        "condition",
        "granted",
        "grant",
        "applies",
        "permission",
        "permissions",
        "notice",
        "subject",
        "limited",
        "pay",
        "research",
        "only",
    ]
)
# What a disclaimer of warranty says: it takes nothing away that the licence grants.
_DISCLAIMING = _INTRODUCING | frozenset(
    [
        "without",
        "no",
        "not",
        "any",
        "warranties",
        "warrant",
        "law",
        "applicable",
        "agreed",
        "required",
        "writing",
        "written",
        "unless",
        "conditions",
        "may",
        "shall",
        "should",
        "never",
        "purpose",
        "liable",
        "otherwise",
        "provided",
        "limited",
    ]
)
_WARRANTY = re.compile(
    r"(?i)without\W+(even\W+)?(\w+\W+){0,3}(warrant|conditions of any)|no warrant|as[- ]is\b"
    r"|warrant\w* .{0,80}disclaimed"
)
_TITLE_LIKE = _INTRODUCING - {"only"}
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[\"“(]?[A-ZÀ-Þ0-9])|\n\s*\n")
_CODE = [
    ".py",
    ".c",
    ".h",
    ".cc",
    ".cpp",
    ".hpp",
    ".cxx",
    ".js",
    ".mjs",
    ".ts",
    ".tsx",
    ".jsx",
    ".java",
    ".go",
    ".rs",
    ".rb",
    ".sh",
    ".bash",
    ".pl",
    ".pm",
    ".php",
    ".cs",
    ".swift",
    ".kt",
    ".scala",
    ".lua",
    ".r",
    ".jl",
    ".m",
    ".sql",
    ".css",
    ".scss",
    ".ini",
    ".cfg",
    ".toml",
    ".yaml",
    ".yml",
    ".json",
    ".xml",
    ".cu",
    ".cuh",
    ".ipynb",
    ".csv",
    ".tsv",
    ".el",
    ".lisp",
    ".hs",
    ".tex",
    ".bat",
    ".ps1",
]
_SIGNS = re.compile(r"^\s*(//|/\*|\*|#|;|--|%|<!--|'|\"\"\"|'''|\.\.|rem\b|dnl\b)", re.IGNORECASE)
_OPENS = re.compile(r"/\*|<!--|\"\"\"|'''|=begin|\{-|\(\*")
_CLOSES = re.compile(r"\*/|-->|\"\"\"|'''|=end|-\}|\*\)")


@dataclass(frozen=True)
class Leftover:
    """A sentence that belongs to no licence found and may change what is allowed."""

    line: int
    last_line: int
    text: str


def prose_lines(lines: Sequence[str], *, file: str) -> list[bool]:
    """Say of each line whether it is written for people: in code, only what is in comments is."""
    suffix = file[file.rfind(".") :].lower() if "." in file else ""
    if suffix not in _CODE:
        return [True] * len(lines)
    found, inside = [], ""
    for line in lines:
        if inside:
            found.append(True)
            if _CLOSES.search(line):
                inside = ""
            continue
        opening = _OPENS.search(line)
        found.append(bool(opening and not line[: opening.start()].strip()) or bool(_SIGNS.match(line)))
        if opening and not _CLOSES.search(line, opening.end()):
            inside = opening.group()
    return found


def leftovers(lines: Sequence[str], words: Words, taken: Iterable[tuple[int, int]], *, file: str) -> list[Leftover]:
    """List the sentences outside the words taken by licences that restrain; `taken` are (start, end) of words."""
    covered = [False] * len(words.words)
    for start, end in taken:
        covered[start:end] = [True] * (end - start)
    prose = prose_lines(lines, file=file)
    by_line: dict[int, list[int]] = {}
    for place, number in enumerate(words.lines):
        by_line.setdefault(number, []).append(place)
    blocks: list[list[tuple[int, str]]] = [[]]
    for number, line in enumerate(lines, start=1):
        places = by_line.get(number)
        if not places:
            if not line.strip(" \t*/#;-%>|") or is_notice(line, words_of_line(line)):
                blocks.append([])
            continue
        free = [place for place in places if not covered[place]]
        if len(free) == 0 or not prose[number - 1]:
            blocks.append([])
            continue
        whole = len(free) == len(places)
        blocks[-1].append((number, line if whole else " ".join(words.words[place] for place in free)))
    found = []
    for block in blocks:
        found += _restraining(block)
    return found


def _restraining(block: list[tuple[int, str]]) -> list[Leftover]:
    """Split a block of lines into sentences and keep those that restrain."""
    text, starts = "", []
    for number, line in block:
        starts.append((len(text), number))
        text += line + "\n"
    found, place = [], 0
    for sentence in [*_SENTENCE.split(text)]:
        at = text.find(sentence, place) if sentence else place
        place = at + len(sentence)
        if is_restraining(sentence):
            first = max(number for start, number in starts if start <= at)
            last = max(number for start, number in starts if start < max(place, at + 1))
            found.append(Leftover(first, last, " ".join(sentence.split())))
    return found


def is_restraining(sentence: str) -> bool:
    """Whether a sentence besides a licence may change what it allows; titles and introductions do not."""
    words = words_of_line(sentence)
    if len(words) <= 1 or is_notice(sentence, words):
        return False
    if _WARRANTY.search(" ".join(sentence.split())):
        return bool(set(restrains(words)) - _DISCLAIMING)
    if len(words) <= _SHORT:
        return bool(set(forbids(words)) - _TITLE_LIKE)
    return bool(set(restrains(words)) - _INTRODUCING)
