"""One entry through the versions of its board, taken out of each kept ranking without reading the rest of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Moment:
    """An entry on one version; decimals are texts. Without a rank only the reason is there."""

    version: int
    made_at: datetime
    entries: int
    """How many were ranked on that version."""
    rank: int | None = None
    rank_low: int = 0
    rank_high: int = 0
    points: str = ""
    low: str = ""
    high: str = ""
    reason: str = ""


def moment_of(text: str, reference: str, *, version: int, made_at: datetime) -> Moment | None:
    """Return an entry as a kept ranking has it, None where it is not on it.

    A ranking of a thousand is half a megabyte; canonical JSON puts an entry's name first, so it is found by its text.
    """
    mark = f'{{"entrant":{json.dumps(reference, ensure_ascii=False)},'
    place = text.find(mark)
    if place < 0:
        return None
    found: dict[str, Any] = _DECODER.raw_decode(text, place)[0]
    ranked = text.count('{"entrant":', 0, text.rindex('"unranked":['))
    if "reason" in found:
        return Moment(version, made_at, ranked, reason=found["reason"])
    figures = {name: found[name] for name in ("rank", "rank_low", "rank_high", "points", "low", "high")}
    return Moment(version, made_at, ranked, **figures)


def reach(moments: Sequence[Moment]) -> tuple[Decimal, Decimal]:
    """Return the points between which all intervals lie, with some air."""
    ranked = [moment for moment in moments if moment.rank is not None]
    least = min((Decimal(moment.low) for moment in ranked), default=Decimal(0))
    most = max((Decimal(moment.high) for moment in ranked), default=Decimal(100))
    return max(Decimal(0), least // 5 * 5), min(Decimal(100), -(-most // 5) * 5) or Decimal(5)
