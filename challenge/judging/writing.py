"""What a judge writes about an entry: marks, comments, strengths, weaknesses, and how sure they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from challenge.foundation.canonical import digest

SURE = {1: "outside my own field", 2: "near my field", 3: "in my own field"}
"""How near an entry is to a judge's field. It is shown beside the marks; nothing is weighted by it."""


@dataclass(frozen=True)
class Written:
    """The content of a review, whole or not: half marks and comments by criterion, and what is said of the whole."""

    halves: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    strengths: str = ""
    weaknesses: str = ""
    confidence: int | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 of all of it; the log holds this and not the marks, and a form is compared by it."""
        comments = {name: text for name, text in self.comments.items() if text}
        return digest([dict(self.halves), comments, self.strengths, self.weaknesses, self.confidence])
