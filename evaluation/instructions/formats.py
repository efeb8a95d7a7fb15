"""Forms and contents that are seen by their signs: lists, highlights, sections, titles, JSON, postscripts."""

import json
import re
from collections.abc import Sequence

_HIGHLIGHT = re.compile(r"\*([^*\n]*)\*")
_STRONG = re.compile(r"\*\*([^*\n]*)\*\*")
_FENCE = "```"
DEEPEST = 100
"""How many arrays and objects of JSON may lie within one another (RFC 8259 lets a reader say so): far fewer than any
stack holds, so that what counts as JSON is the same whoever asks."""
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.?)*+"?|[\[\]{}]', re.DOTALL)
"""A string that is left open goes on to the end of the text, so that none is looked for twice."""


def number_bullet_lists(text: str, *, count: int) -> bool:
    """Count the lines that begin with * or -, blanks aside, and go on with something other than the same sign."""
    return sum(map(_is_bullet, text.split("\n"))) == count


def _is_bullet(line: str) -> bool:
    bare = line.strip()
    return len(bare) > 1 and bare[0] in "*-" and bare[1] != bare[0]


def number_highlighted_sections(text: str, *, count: int) -> bool:
    """Count what stands between two stars, or two double stars, on one line, and is not blank."""
    found = [*_HIGHLIGHT.findall(text), *_STRONG.findall(text)]
    return sum(bool(part.strip()) for part in found) >= count


def multiple_sections(text: str, *, marker: str, count: int) -> bool:
    """Count the marker with a number after it, such as SECTION 1; its case counts."""
    return len(re.findall(rf"{re.escape(marker)}\s?\d", text)) >= count


def title(text: str) -> bool:
    """Find << and, later on the same line, >>, with something between them."""
    return any(_has_title(line) for line in text.split("\n"))


def _has_title(line: str) -> bool:
    start, end = line.find("<<"), line.rfind(">>")
    return 0 <= start < end and bool(line[start:end].strip("<> \t\r\f\v"))


def json_format(text: str) -> bool:
    """Read the whole text as one value of JSON (RFC 8259), with or without a fence of ``` or ```json around it.

    A value that is nested deeper than DEEPEST counts as none.
    """
    bare = text.strip()
    if bare.startswith(_FENCE):
        bare = bare[len(_FENCE) :].removesuffix(_FENCE)
        bare = bare[4:] if bare[:4].lower() == "json" else bare
    if not _is_shallow(bare):
        return False
    try:
        # numbers stay texts, as Python would take long over large ones
        json.loads(bare, parse_int=str, parse_float=str, parse_constant=_no_constant)
    except ValueError:
        return False
    return True


def _is_shallow(text: str) -> bool:
    """Count how deep brackets lie within one another, those in strings aside, before anything is read by recursion."""
    depth = 0
    for sign in _STRING_OR_BRACKET.findall(text):
        if sign in "[{":
            depth += 1
            if depth > DEEPEST:
                return False
        elif sign in "]}":
            depth -= 1
    return True


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def constrained_response(text: str, *, options: Sequence[str]) -> bool:
    """Find one of the options, to the letter."""
    return any(option in text for option in options)


def number_placeholders(text: str, *, count: int) -> bool:
    """Count [ with the next ] after it on the same line."""
    return sum(map(_placeholders, text.split("\n"))) >= count


def _placeholders(line: str) -> int:
    count, place = 0, line.find("[")
    while place >= 0:
        end = line.find("]", place)
        if end < 0:  # nor is there one for any later [
            break
        count, place = count + 1, line.find("[", end)
    return count


def postscript(text: str, *, marker: str) -> bool:
    """Find the marker, whatever its case; a blank after a full stop within it makes no difference."""
    parts = re.split(r"(?<=\.)(?=.)", marker.strip().casefold())
    return re.search(r"\s?".join(map(re.escape, parts)), text.casefold()) is not None
