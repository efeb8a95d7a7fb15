"""Reads a call file into the document of a call, or says everything that is wrong with it, line by line."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from challenge.calls.judgement import read_criteria, read_ranking, read_selection, read_total_threshold
from challenge.calls.positions import read_yaml
from challenge.calls.problems import CallFileErrors, Problem
from challenge.calls.shape import shape_problems
from challenge.calls.sheet import Sheet
from challenge.calls.terms import (
    check_bounds,
    check_minimum,
    read_eligibility,
    read_hours,
    read_limits,
    read_prize,
    read_routes,
    read_suites,
)
from challenge.calls.timetable import read_phases
from challenge.foundation.canonical import digest

RESERVED_KEYS = {"import", "new"}
"""Words that the addresses of pages take already."""


@dataclass(frozen=True)
class ParsedCall:
    """A call file that holds: its document in plain data, and its text as written."""

    document: dict[str, Any]
    text: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the document's canonical form, in hexadecimal."""
        return digest(self.document)

    def naming(self, original: str) -> "ParsedCall":
        """Return the same call whose text names the bundle it was made from, by its SHA-256; the document stays."""
        if original in self.text:
            return self
        return replace(self, text=f"# Made from the bundle with the SHA-256 {original}.\n{self.text}")


# what each part of a document needs to be sound before it can be read
_READERS: dict[str, tuple[Callable[[Sheet], Any], frozenset[str]]] = {
    "phases": (read_phases, frozenset({"zone"})),
    "criteria": (read_criteria, frozenset()),
    "total_threshold": (read_total_threshold, frozenset({"criteria"})),
    "suites": (read_suites, frozenset()),
    "ranking": (read_ranking, frozenset()),
    "selection": (read_selection, frozenset({"criteria"})),
    "prize": (read_prize, frozenset()),
    "hours": (read_hours, frozenset()),
    "eligibility": (read_eligibility, frozenset()),
    "limits": (read_limits, frozenset()),
    "routes": (read_routes, frozenset()),
}
_RENAMED = {"total_threshold": "total_threshold_halves"}
_AS_WRITTEN = ("zone", "title", "summary", "authority", "obligation_months")


def parse_call(text: str) -> ParsedCall:
    """Read a call file (YAML); raise CallFileErrors with all its problems.

    The document is what `challenge.calls.document.read_document` reads: instants in UTC, money in cents,
    marks in halves, sizes in bytes, decimal numbers as texts.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    located = read_yaml(text)
    sheet = Sheet(located, [*located.problems, *shape_problems(located)])
    document: dict[str, Any] = {}
    if _is_sound(sheet, "key"):
        document["key"] = _read_key(sheet)
    for name, (reader, needs) in _READERS.items():
        if _is_sound(sheet, name) and all(_is_sound(sheet, need) for need in needs):
            document[_RENAMED.get(name, name)] = reader(sheet)
    if _is_sound(sheet, "prize") and _is_sound(sheet, "selection"):
        check_minimum(sheet, document["prize"])
    if _is_sound(sheet, "hours") and _is_sound(sheet, "selection"):
        check_bounds(sheet, document["hours"])
    if sheet.problems:
        raise CallFileErrors(sheet.problems)
    document |= {name: sheet.at(name) for name in _AS_WRITTEN}
    document["summary"] = document["summary"].strip()
    if sheet.at().get("endpoints"):
        document["endpoints"] = True  # else left out, so that calls without them keep their digest
    return ParsedCall(document, text)


def _is_sound(sheet: Sheet, name: str) -> bool:
    """Tell whether no problem is known within a key at the top of the file."""
    return not any(_top(problem) == name for problem in sheet.problems)


def _top(problem: Problem) -> str:
    return problem.key.split(".")[0].split("[")[0]


def _read_key(sheet: Sheet) -> str:
    key = str(sheet.at("key"))
    if key in RESERVED_KEYS:
        sheet.report(("key",), f"{key!r} is taken by a page of this site. Choose another short name.")
    return key
