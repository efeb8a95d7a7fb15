"""A rule turns results into one number per entrant, its worth, and says of itself what a reader must know."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leaderboards.aggregates.results import Results

Floats = NDArray[np.float64]
Worth = Callable[[Results], Floats]


@dataclass(frozen=True)
class Rule:
    """A rule of comparison; called with results of shape (…, K, T) it returns worths (…, K), larger always better.

    independent: nobody's worth depends on who else entered. weighted: the weights of the tasks count.
    monotone: a better score never costs its entrant a place. smaller_in_print: the number people know is −worth, as
    with ranks. missing: how a missing score is taken, a clause.
    A worth is NaN where the rule has none for an entrant; whoever has none comes after everybody who has one.
    """

    name: str
    title: str
    definition: str
    source: str
    missing: str
    worth: Worth
    independent: bool = False
    weighted: bool = True
    monotone: bool = True
    smaller_in_print: bool = False

    def __call__(self, results: Results) -> Floats:
        """Compute the worth of every entrant."""
        return self.worth(results)

    def printed(self, worths: Floats) -> Floats:
        """Turn worths into the numbers that people know under the rule's name."""
        return -worths if self.smaller_in_print else worths
