"""What running a model took, in words: seconds, memory, energy with the way it was found, and the cost."""

from decimal import ROUND_HALF_EVEN, Decimal

MICROS = 10**6


def seconds_words(milliseconds: int) -> str:
    """Write a time in seconds."""
    return f"{milliseconds / 1000:,.1f} s"


def energy_words(joules: int, method: str) -> str:
    """Write an energy with the way it was found beside it, as in 69 J, estimated."""
    return "none; an earlier attempt had all answers" if method == "none" else f"{joules:,} J, {method}"


def cost_micros(cpu_milliseconds: int, eur_per_cpu_hour: Decimal) -> int:
    """Compute what processor time costs, in millionths of a euro."""
    cost = Decimal(cpu_milliseconds) * eur_per_cpu_hour * MICROS / (3600 * 1000)
    return int(cost.quantize(Decimal(1), ROUND_HALF_EVEN))


def cost_words(micros: int) -> str:
    """Write a cost in euros with as many decimals as it needs, two at least; the empty text where none is known."""
    if micros == 0:
        return ""
    whole, _, decimals = f"{Decimal(micros) / MICROS:.6f}".partition(".")
    return f"EUR {int(whole):,}.{decimals.rstrip('0').ljust(2, '0')}"
