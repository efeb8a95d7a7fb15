"""Which entries would not pass a gate today, in a sentence for the organiser."""

from dataclasses import dataclass

from challenge.compliance.evidence import verdict_in_words


@dataclass(frozen=True)
class GateMark:
    """An entry that stands on a board although a gate would stop it."""

    reference: str
    team: str
    sentence: str


def gate_sentence(*, eligible: bool, verdict: str | None, passes: bool) -> str | None:
    """Say which gates stop an entry; None where none does."""
    reasons = [] if eligible else ["its team is not eligible"]
    if verdict is None:
        reasons.append("its licence is not examined yet")
    elif not passes:
        reasons.append(f"its licence verdict is {verdict_in_words(verdict)}")
    return " and ".join(reasons) + "." if reasons else None
