"""All that a decision rests on, read at one moment, so that nothing can change under it unnoticed."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from challenge.awards.candidates import Contestant, Deliberation, Facts, GateFact, gates
from challenge.awards.document import BoardUsed, Judged
from challenge.awards.letters import GivenMark
from challenge.calls.document import Rules
from challenge.foundation.canonical import digest


@dataclass(frozen=True)
class EntryFacts:
    """A team's final entry with everything that the choice looks at."""

    reference: str
    submission_id: int
    team_id: int
    team: str
    country: str
    facts: Facts
    rank_low: int | None
    rank_high: int | None
    halves: Mapping[str, int]
    requests: Mapping[str, int]


@dataclass(frozen=True)
class Ground:
    """The call's rules, the standing of its deciding board, and every final entry."""

    call_id: int
    call_key: str
    call_version: int
    rules_digest: str
    rules: Rules
    board: BoardUsed
    policy: str
    """Canonical JSON of the ranking policy."""
    unranked: tuple[tuple[str, str], ...]
    """References without a rank, with the reason."""
    entries: tuple[EntryFacts, ...]
    judged: tuple[Judged, ...]
    marks: tuple[GivenMark, ...] = ()
    """Every judge's latest marks on every finalist, under letters."""

    @property
    def marks_digest(self) -> str:
        """A digest of the marks, by which they are known again."""
        return marks_digest(self.marks)

    @property
    def fingerprint(self) -> str:
        """A digest that differs as soon as anything of this differs."""
        entries = [asdict(entry) for entry in self.entries]
        judged = [asdict(one) for one in self.judged]
        board = asdict(self.board)
        return digest([self.rules_digest, board, self.policy, self.unranked, entries, judged, self.marks_digest])

    @property
    def finalists(self) -> tuple[EntryFacts, ...]:
        """The entries that the panel judged, by reference."""
        return tuple(entry for entry in self.entries if entry.facts.is_finalist)

    def contestants(self, deliberation: Deliberation) -> tuple[Contestant, ...]:
        """Return every final entry with its gates, the panel's word among them."""
        return tuple(_contestant(entry, deliberation) for entry in self.entries)


def marks_digest(marks: Iterable[GivenMark]) -> str:
    """Return a digest by which judges' marks under their letters are known again."""
    return digest([asdict(one) for one in marks])


def _contestant(entry: EntryFacts, deliberation: Deliberation) -> Contestant:
    found: tuple[GateFact, ...] = gates(entry.facts, withheld=deliberation.withheld_reason(entry.reference))
    return Contestant(
        reference=entry.reference,
        submission_id=entry.submission_id,
        team_id=entry.team_id,
        team=entry.team,
        country=entry.country,
        gates=found,
        points=entry.facts.points,
        rank_low=entry.rank_low,
        rank_high=entry.rank_high,
        halves=entry.halves,
        requests=entry.requests,
    )
