"""A figure that was measured several times, beside a rival that was measured in the same run."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

HEADING = f"{'what':<54}{'median':>9}{'best':>9}  {'unit':<8}{'rival':>9}{'ratio':>8}  the rival"


@dataclass(frozen=True)
class Figure:
    """What was measured, in which unit, round by round; and the rival's rounds, which took turns with ours."""

    what: str
    rounds: Sequence[float]
    unit: str
    rival: Sequence[float] = ()
    against: str = ""
    """What the rival is."""

    @property
    def best(self) -> float:
        """The best round: the fastest of rates, the smallest of everything else."""
        return max(self.rounds) if self.unit.startswith("1/") else min(self.rounds)

    def line(self) -> str:
        """Write the figure under HEADING; the ratio is our median over the rival's."""
        said = f"{self.what:<54}{number(median(self.rounds)):>9}{number(self.best):>9}  {self.unit:<8}"
        if not self.rival:
            return said.rstrip()
        theirs = median(self.rival)
        ratio = number(median(self.rounds) / theirs) if theirs else ""
        return f"{said}{number(theirs):>9}{ratio:>8}  {self.against}".rstrip()


def number(value: float) -> str:
    """Write a number with three digits that say something."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 or not value else f"{value:.2g}"
