"""Puts an examination's reasons into the form in which people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

AI_ACT: Mapping[bool | None, str] = {
    True: (
        "The licence is free and open in the sense of Article 53(2) of the AI Act, so a general-purpose model under it "
        "is spared part of the documentation duties, unless it carries systemic risk."
    ),
    False: (
        "The licence is not free and open in the sense of Article 53(2) of the AI Act. This is no hindrance here: the "
        "challenge accepts a release for non-commercial use. It means that the documentation duties apply in full."
    ),
    None: "The licence alone does not say whether the exemption for open models of Article 53(2) of the AI Act fits.",
}


@dataclass(frozen=True)
class Evidence:
    """One reason of a verdict: what was found, on which line, and what to do about it."""

    code: str
    sentence: str
    line: int
    remedy: str


@dataclass(frozen=True)
class FileEvidence:
    """All that was found in one file; an empty name stands for what the team declared in its form."""

    file: str
    evidence: tuple[Evidence, ...]


def by_file(reasons: Sequence[Mapping[str, object]]) -> list[FileEvidence]:
    """Group the kept reasons of an examination by file, in the order in which they were found."""
    grouped: dict[str, list[Evidence]] = {}
    for reason in reasons:
        line = reason.get("line")
        grouped.setdefault(str(reason.get("file") or ""), []).append(
            Evidence(
                code=str(reason.get("code", "")),
                sentence=str(reason.get("sentence", "")),
                line=line if isinstance(line, int) else 0,
                remedy=str(reason.get("remedy", "")),
            )
        )
    return [FileEvidence(file, tuple(found)) for file, found in grouped.items()]
