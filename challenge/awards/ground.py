"""All that a decision rests on, read at one moment, so that nothing can change under it unnoticed."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from challenge.awards.deliberation import Deliberation
from challenge.awards.document import BoardUsed, Judged
from challenge.awards.letters import GivenMark
from challenge.calls.document import Rules
from challenge.foundation.canonical import digest
from challenge.judging.contestants import Contestant
from challenge.judging.shortlist import TieWord


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
    entries: tuple[Contestant, ...]
    judged: tuple[Judged, ...]
    marks: tuple[GivenMark, ...] = ()
    """Every judge's latest marks on every finalist, under letters."""
    tie_word: TieWord | None = None
    """The latest word on a tie at the maximum of the shortlist."""

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
        word = asdict(self.tie_word) if self.tie_word else None
        return digest([self.rules_digest, board, self.policy, self.unranked, entries, judged, self.marks_digest, word])

    @property
    def finalists(self) -> tuple[Contestant, ...]:
        """The entries that the panel judged, by reference."""
        return tuple(entry for entry in self.entries if entry.is_finalist)

    def contestants(self, deliberation: Deliberation) -> tuple[Contestant, ...]:
        """Return every final entry with its gates, the panel's word among them."""
        return tuple(deliberation.judged(entry) for entry in self.entries)


def marks_digest(marks: Iterable[GivenMark]) -> str:
    """Return a digest by which judges' marks under their letters are known again."""
    return digest([asdict(one) for one in marks])
