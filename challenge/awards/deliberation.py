"""What the panel says beyond scores: votes on ties, and awards that it does not recommend."""

from dataclasses import dataclass, replace

from challenge.judging.contestants import Contestant, GateFact


@dataclass(frozen=True)
class Vote:
    """The panel's vote on one of several entries that the declared steps leave tied, with its reason."""

    reference: str
    votes: int
    reason: str


@dataclass(frozen=True)
class Withheld:
    """The panel's word that an entry shall not be awarded although it passed every threshold, with its reason."""

    reference: str
    reason: str


@dataclass(frozen=True)
class Deliberation:
    """What the panel decided beyond scores: votes on ties, and awards it does not recommend."""

    votes: tuple[Vote, ...] = ()
    withheld: tuple[Withheld, ...] = ()

    def withheld_reason(self, reference: str) -> str | None:
        """Return why the panel withholds an award from an entry, None where it does not."""
        return next((one.reason for one in self.withheld if one.reference == reference), None)

    def judged(self, one: Contestant) -> Contestant:
        """Return a contestant with the gates that follow from the panel; its word can only hold an entry back."""
        withheld = self.withheld_reason(one.reference)
        word = "judged by the panel" if one.is_finalist else "not among the finalists"
        return replace(
            one,
            gates=(
                *one.gates,
                GateFact("finalist", one.is_finalist, word),
                GateFact("recommendation", withheld is None, withheld or "no objection of the panel"),
            ),
        )
