"""What stands beside an entry and never enters its rank: its run, the fate of a newer one, and what running it took."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from challenge.foundation.canonical import canonical

JOULES_A_WATT_HOUR = 3600
MICROS = 10**6


@dataclass(frozen=True)
class Aside:
    """What stands beside one entry."""

    run_id: int | None = None
    """The run that counts."""
    later_run_id: int | None = None
    """A newer run that failed by no fault of the entry, so that the earlier counts; None where there is none."""
    later: str = ""
    """How that one ended, as a clause."""
    joules: int | None = None
    """Energy of the run; None where none was found, or no model was run."""
    method: str = ""
    """How it was found: measured or estimated."""
    micros: int | None = None
    """Cost in millionths of a euro; None where none is known."""

    @property
    def watt_hours(self) -> Decimal | None:
        """Energy in watt-hours at four decimals."""
        if self.joules is None:
            return None
        return (Decimal(self.joules) / JOULES_A_WATT_HOUR).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)

    @property
    def euros(self) -> Decimal | None:
        """Cost in euros, to the millionth."""
        return None if self.micros is None else Decimal(self.micros) / MICROS

    @property
    def energy_words(self) -> str:
        """Energy with the way it was found, as in 0.52 Wh, estimated; a dash where it is not known."""
        return "–" if self.watt_hours is None else f"{short(self.watt_hours)} Wh, {self.method}"

    @property
    def cost_words(self) -> str:
        """Cost, as in EUR 0.04; a dash where it is not known."""
        return "–" if self.euros is None else f"EUR {short(self.euros)}"


NOTHING = Aside()


def short(value: Decimal) -> str:
    """Write an amount with two decimals, or with two digits that say something where it is smaller."""
    if value == 0 or value >= Decimal("0.1"):
        return f"{value:,.2f}"
    return f"{value:.{1 - value.adjusted()}f}"


def write_asides(asides: Mapping[str, Aside]) -> str:
    """Write asides by reference as canonical JSON; what says nothing is left out."""
    return canonical(
        {
            reference: {name: value for name, value in vars(aside).items() if value is not None and value != ""}
            for reference, aside in asides.items()
            if aside != NOTHING
        }
    ).decode()


def read_asides(text: str) -> dict[str, Aside]:
    """Read what `write_asides` wrote."""
    plain: dict[str, dict[str, Any]] = json.loads(text)
    return {reference: Aside(**fields) for reference, fields in plain.items()}
