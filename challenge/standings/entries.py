"""What a board is made from: each team's entry with its official result, and one digest over all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from challenge.foundation.canonical import digest
from challenge.standings.asides import NOTHING, Aside
from challenge.standings.policy import SuiteTask


@dataclass(frozen=True)
class EntryAtHand:
    """One team's entry as it stands now: with its result, or with the reason why it has none."""

    reference: str
    team: str
    run_id: int | None
    result_digest: str
    items_sha256: str
    reason: str | None
    """None where the entry has a result."""
    aside: Aside = NOTHING


@dataclass(frozen=True)
class Plan:
    """All that is needed to build a board without looking at the database again."""

    board_id: int
    part: str
    version: int
    """The version that the plan would replace."""
    fingerprint: str
    """What that version was built from."""
    policy: Mapping[str, Any]
    tasks: tuple[SuiteTask, ...]
    entries: tuple[EntryAtHand, ...]

    @property
    def wanted(self) -> str:
        """The fingerprint of what the board would be built from now; the order of entries leaves no trace."""
        return fingerprint(self.policy, self.entries)

    @property
    def is_due(self) -> bool:
        """Tell whether anything has changed since the board was last built."""
        return self.version == 0 or self.wanted != self.fingerprint


def fingerprint(policy: Mapping[str, Any], entries: Sequence[EntryAtHand]) -> str:
    """Return the SHA-256 over the policy and every entry with its name, run and result."""
    rows = sorted(
        [
            one.reference,
            one.team,
            one.run_id or 0,
            one.result_digest,
            one.reason or "",
            *filter(None, [one.aside.later]),
        ]
        for one in entries
    )
    return digest({"policy": dict(policy), "entries": rows})


def pause_seconds(entries: int) -> float:
    """Return how long a board of so many entries rests between two versions.

    Ranking grows with the square of the field. Up to a hundred entries a board follows every result at once; a
    thousand may lag by half a minute, so that ranking never keeps a worker from evaluating.
    """
    return 0.0 if entries <= 100 else min(30.0, 0.03 * entries)
