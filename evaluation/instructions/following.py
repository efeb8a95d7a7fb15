"""Which instructions of an item a text follows, read strictly or loosely, and how many of each kind over many items."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.instructions.reading import Instruction


def followed(instructions: Sequence[Instruction], text: str, *, loosely: bool = False) -> tuple[bool, ...]:
    """Say of each instruction whether the text follows it.

    Read loosely, an instruction is followed if one of eight readings of the text follows it: whole, without its first
    line, without its last, without both, and each of these without stars. So a greeting before an answer, or its
    markup, does no harm; whatever is followed strictly is so loosely. Lines end with a line feed, alone or after a
    carriage return.
    """
    plain = text.replace("\r\n", "\n")
    readings = _readings(plain) if loosely else [plain]
    return tuple(any(map(one.is_followed, readings)) for one in instructions)


def _readings(text: str) -> list[str]:
    lines = text.split("\n")
    cut = [text, *("\n".join(some).strip() for some in (lines[1:], lines[:-1], lines[1:-1]))]
    return list(dict.fromkeys([*cut, *(one.replace("*", "") for one in cut)]))


@dataclass(frozen=True)
class Tally:
    """How many of all instructions were followed, and of each kind."""

    followed: Counter[str]
    given: Counter[str]

    def least(self, most: int) -> list[str]:
        """Return the kinds of which the smallest shares were followed, some of which were not; of equals by name."""
        missed = [kind for kind in self.given if self.followed[kind] < self.given[kind]]
        return sorted(missed, key=lambda kind: (self.followed[kind] / self.given[kind], kind))[:most]


def tally(items: Iterable[tuple[Sequence[Instruction], str]], *, loosely: bool = False) -> Tally:
    """Count over items, each with its instructions and the text that was written, read strictly or loosely."""
    found = Tally(Counter(), Counter())
    for instructions, text in items:
        for one, is_followed in zip(instructions, followed(instructions, text, loosely=loosely), strict=True):
            found.given[one.kind] += 1
            found.followed[one.kind] += is_followed
    return found
