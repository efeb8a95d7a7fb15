"""Writes a draft as a call file of the house, with a marked gap wherever a bundle says nothing that a call needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from challenge.calls.callfile import RESERVED_KEYS
from challenge.calls.importing.drafts import Draft, DraftPhase, short_name
from challenge.calls.importing.plain_text import shown
from challenge.calls.importing.suite_files import GAP, quoted
from challenge.calls.positions import Path, name_of
from challenge.calls.schema import CALL, Schema

UNSAID = "to be filled in"
"""What stands in a gap where an empty value would mean something."""


class _Open:
    """Stands where the bundle says nothing, in place of an optional key that a call of this kind needs all the same."""


OPEN = _Open()


@dataclass(frozen=True)
class Gap:
    """One thing that is to be filled in."""

    key: str
    line: int
    write: str
    """What belongs there."""


@dataclass(frozen=True)
class WrittenCall:
    """A call file with gaps."""

    text: str
    gaps: tuple[Gap, ...]
    """In the order of the file. While one is open, the checker of call files names it and refuses the file."""


def write_call(draft: Draft, *, original: str) -> WrittenCall:
    """Write a draft as a call file; `original` is the SHA-256 of the bundle, which the file names.

    By that line the house knows the bundle as spoken of, and keeps it as long as the call.
    """
    writer = _Writer()
    writer.comment(f"Made from a bundle of {draft.format}, SHA-256 {original}.")
    writer.comment(f"Each line with {GAP} needs a value; what each key means: docs/organiser.md.")
    for board in draft.boards:
        metrics = ", ".join(metric.words for metric in board.metrics)
        writer.comment(f"Board of the bundle: {board.title}: {metrics}{f'; for {board.of}' if board.of else ''}")
    for phase in draft.phases:
        if phase.suites:
            writer.comment(f"Phase of the bundle: {phase.title}: measures {', '.join(phase.suites)}")
    for suite in draft.suites:
        if suite.about:
            writer.comment(f"Suite of the bundle: {suite.title}: {suite.about}")
    for name in draft.baselines:
        writer.comment(f"Baseline of the bundle: {name}")
    for use, name in draft.files:
        writer.comment(f"File of the bundle: {name}, {use}")
    writer.keys(CALL, _values(draft), 0, ())
    return WrittenCall("\n".join(writer.lines) + "\n", tuple(writer.gaps))


def suite_keys(draft: Draft) -> list[str]:
    """Return a key for each suite, in their order; its folder is `suites/` and the key."""
    keys: list[str] = []
    for suite in draft.suites:
        keys.append(short_name(suite.title, keys, otherwise="suite"))
    return keys


def _values(draft: Draft) -> dict[str, Any]:
    """Put what the draft says under the keys of a call."""
    values: dict[str, Any] = {"zone": draft.zone}
    if draft.title:
        values |= {"key": short_name(draft.title, RESERVED_KEYS, otherwise="imported-call"), "title": draft.title}
    if draft.summary:
        values["summary"] = draft.summary
    values["phases"] = _phases(draft.phases)
    if keys := suite_keys(draft):
        values["suites"] = [{"key": key, "folder": f"suites/{key}"} for key in keys]
    return values


def _phases(phases: Sequence[DraftPhase]) -> list[dict[str, Any]]:
    keys: list[str] = []
    values: list[dict[str, Any]] = []
    for phase in phases or [DraftPhase("", "", 0, None, None, None)]:
        keys.append(short_name(phase.title, [*keys, "judging", "access"], otherwise="entry"))
        values.append({
            "key": keys[-1],
            "title": phase.title or OPEN,
            "kind": "submission",
            "opens": phase.opens.written if phase.opens else OPEN,
            "closes": phase.closes.written if phase.closes else OPEN,
            "submissions": phase.submissions or OPEN,
            "failures": OPEN,
            "#": phase.doubt,
        })  # fmt: skip
    for kind, title in (("judging", "Judging"), ("access", "Access to the machines")):
        values.append({"key": kind, "title": title, "kind": kind, "opens": OPEN, "closes": OPEN})
    return values


class _Writer:
    """Writes values in the order of the schema, and a gap for every key it wants and the values lack."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.gaps: list[Gap] = []

    def comment(self, text: str) -> None:
        self.lines.append(f"# {shown(text)}")

    def keys(self, schema: Schema, values: dict[str, Any], depth: int, path: Path, first: str = "") -> None:
        """Write an object's keys; `first` is what the first line begins with, where the object is in a list."""
        for name, inner in schema["properties"].items():
            if name not in values and name not in schema["required"]:
                continue
            margin = first or " " * depth
            first = ""
            self._value(f"{margin}{name}:", inner, values.get(name, OPEN), depth, (*path, name))

    def _value(self, begin: str, schema: Schema, value: Any, depth: int, path: Path) -> None:
        if schema.get("type") == "object":
            self.lines.append(begin)
            self.keys(schema, {} if value is OPEN else value, depth + 2, path)
        elif schema.get("type") == "array" and schema["items"].get("type") == "object":
            self.lines.append(begin)
            for place, entry in enumerate([{}] if value is OPEN else value):
                if entry.get("#"):
                    self.lines.append(f"{' ' * (depth + 2)}# {shown(entry['#'])}")
                self.keys(schema["items"], entry, depth + 4, (*path, place), f"{' ' * (depth + 2)}- ")
        elif value is OPEN:
            takes_nothing = any(choice.get("type") == "null" for choice in schema.get("anyOf", ()))
            self.gaps.append(Gap(name_of(path), len(self.lines) + 1, schema["write"]))
            self.lines.append(f"{begin}{f' {UNSAID}' if takes_nothing else ''} # {GAP}: {schema['write']}")
        else:
            self.lines.append(f"{begin} {value if isinstance(value, int) else quoted(value)}")
