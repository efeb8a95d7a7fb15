"""Draws what a release is made from: the release on top, and below it whatever it comes from, each in a box."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WIDTH, BOX, STEP, TOP, INDENT = 340, 58, 70, 64, 26
MOST_DRAWN = 12
KNOWN = {
    "declared": "declared by the team",
    "found": "found in the files, not declared",
    "both": "declared, and found in the files",
}
DUTIES = {
    "acceptable_use": "keep to its rules of use, and pass them on",
    "agreement": "pass the licence itself on",
    "attribution": "give credit in the card",
    "eu_exclusion": "it does not apply in the European Union",
    "eu_multimodal_exclusion": "its models of images do not apply in the European Union",
    "guardrails": "keep its guardrails",
    "name": "let the model's name begin with that of the base",
    "no_hosting": "ask before offering it as a service",
    "no_improving_others": "do not improve other models with its answers",
    "non_commercial": "no commercial use",
    "notice": "carry its notice along",
    "research_only": "research alone",
    "revenue_threshold": "ask from a certain turnover on",
    "share_alike": "share alike what is made from it",
    "use_restrictions": "pass its restrictions of use on",
    "user_threshold": "ask from a certain number of users on",
}
_LONGEST_NAME, _LONGEST_LICENCE = 32, 38


@dataclass(frozen=True)
class Made:
    """Something that a release is made from."""

    kind: str
    name: str
    known: str
    """`declared`, `found` or `both`."""
    licence: str
    file: str
    line: int
    duties: tuple[str, ...]

    @property
    def known_in_words(self) -> str:
        """Say how it is known."""
        return KNOWN.get(self.known, self.known)

    @property
    def duties_in_words(self) -> str:
        """Say what its licence asks for."""
        return "; ".join(DUTIES.get(duty, duty.replace("_", " ")) for duty in self.duties)


@dataclass(frozen=True)
class Node:
    """A box of the picture, `y` pixels from its top, with its three lines of text."""

    y: int
    known: str
    kind: str
    name: str
    licence: str


@dataclass(frozen=True)
class Picture:
    """The picture: its size in pixels, the release's own two lines, the boxes, and how many are left to the table."""

    width: int
    height: int
    name: str
    licence: str
    nodes: tuple[Node, ...]
    left_out: int

    @property
    def words(self) -> str:
        """Say what the picture shows."""
        more = f", and {self.left_out} more" if self.left_out else ""
        parts = [f"{node.kind} {node.name}, {node.licence}, {KNOWN.get(node.known, node.known)}" for node in self.nodes]
        return f"{self.name} ({self.licence}) is made from: {'; '.join(parts)}{more}. The table below says the same."


def made_from(found: Mapping[str, Any]) -> list[Made]:
    """Read the lineage of a scan's kept evidence."""
    return [
        Made(
            kind=str(one["kind"]), name=str(one["name"]), known=str(one["known"]), licence=str(one["licence"]),
            file=str(one["file"]), line=int(one["line"]), duties=tuple(str(duty) for duty in one["duties"]),
        )
        for one in found.get("lineage") or ()
    ]  # fmt: skip


def picture_of(rows: list[Made], *, name: str, licence: str) -> Picture | None:
    """Lay the picture out, narrow enough for a telephone; None where nothing is known that it is made from."""
    if not rows:
        return None
    drawn = rows[:MOST_DRAWN]
    return Picture(
        width=WIDTH,
        height=TOP + STEP * len(drawn) + 2,
        name=shortened(name or "The release", _LONGEST_NAME),
        licence=shortened(licence or "no licence concluded", _LONGEST_LICENCE),
        nodes=tuple(
            Node(
                y=TOP + STEP * place + STEP - BOX,
                known=one.known,
                kind=one.kind,
                name=shortened(one.name, _LONGEST_NAME),
                licence=shortened(one.licence or "licence not known here", _LONGEST_LICENCE),
            )
            for place, one in enumerate(drawn)
        ),
        left_out=len(rows) - len(drawn),
    )


def shortened(text: str, most: int) -> str:
    """Cut a text to what has room for `most` narrow signs; a wide sign takes the room of two."""
    taken = 0
    for place, sign in enumerate(text):
        taken += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if taken > most:
            return text[:place] + "…"
    return text
