"""Who comes before the panel and why, in the order of references; who that is the instrument reckons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from challenge.judging.contestants import Contestant


@dataclass(frozen=True)
class Choice:
    """An entry with the sentence that says why it is on the list or not."""

    entry: Contestant
    reason: str


@dataclass(frozen=True)
class TieWord:
    """An admin's word on entries with equal points at the maximum: which of them come before the panel, and why."""

    tied: tuple[str, ...]
    taken: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Shortlist:
    """The finalists, those left out, and those tied at the maximum, on whom somebody has to decide."""

    named: tuple[Choice, ...]
    left_out: tuple[Choice, ...]
    tied: tuple[Choice, ...] = ()
    places: int = 0
    """How many of the tied may come before the panel at most."""
    word: TieWord | None = None
    """The word by which a tie at the maximum was settled."""

    @property
    def references_tied(self) -> tuple[str, ...]:
        """The references of those tied."""
        return tuple(one.entry.reference for one in self.tied)

    def settled(self, word: TieWord | None) -> "Shortlist":
        """Return the list with its tie settled by a word; unchanged where the word is on another tie, or none."""
        if word is None or not self.tied or set(word.tied) != set(self.references_tied):
            return self
        taken = [
            Choice(one.entry, "Tied at the maximum of the list, and taken by an admin's decision.")
            for one in self.tied
            if one.entry.reference in word.taken
        ]
        left = [
            Choice(
                one.entry,
                f"{one.entry.reference} was tied at the maximum of the list and is not taken, by an admin's decision: "
                f"{word.reason}",
            )
            for one in self.tied
            if one.entry.reference not in word.taken
        ]
        return replace(
            self,
            named=_in_order([*self.named, *taken]),
            left_out=_in_order([*self.left_out, *left]),
            tied=(),
            places=0,
            word=word,
        )


def why_named(entry: Contestant, *, finalists: int) -> str:
    """Say why an entry is on the list."""
    licence = next(gate.evidence for gate in entry.gates if gate.name == "licence")
    return f"Eligible, {licence}, best possible rank {entry.rank_low} of the first {finalists} on the private board."


def why_tied(entry: Contestant, *, tied: Sequence[str], places: int, most: int) -> str:
    """Say why nothing decides yet whether an entry is on the list."""
    left = "no place" if not places else "1 place" if places == 1 else f"{places} places"
    return (
        f"{entry.reference} has equal points with {len(tied) - 1} more at the maximum of {most}, and {left} "
        f"{'are' if places > 1 else 'is'} left for these {len(tied)}."
    )


def _in_order(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    return tuple(sorted(choices, key=lambda one: one.entry.reference))
