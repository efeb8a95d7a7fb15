"""Counts how well texts are recognised, as the benchmark's authors count: ids, tampering caught, false alarms."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evaluation.licences import Reading

GENUINE = {
    "clean", "holder", "reflow", "notitle", "html", "comment", "markdown", "typography", "encoding", "two", "header",
}  # fmt: skip
TAMPERED = {"truncated", "nc_append", "nc_inline", "clause_removed", "word_flip"}
NONE = {"negative", "pointer"}


def plain(name: str, aliases: Mapping[str, str]) -> str:
    """Reduce an identifier to what is compared: without case, `-only`, `-or-later`, `+`, and by its usual name."""
    name = name.lower().removesuffix("+").removesuffix("-only").removesuffix("-or-later")
    return aliases.get(name, name)


def read_aliases(path: Path) -> dict[str, str]:
    """Read other names of identifiers, each leading to the one that is expected."""
    table = json.loads(path.read_text())
    return {
        plain(alias, {}): plain(name, {})
        for name, others in table.items()
        if isinstance(others, list)
        for alias in others
    }


@dataclass
class Score:
    """The counts so far; `wrong` names each file that was read otherwise than expected."""

    right_ids: int = 0
    wrong_ids: int = 0
    missed_ids: int = 0
    tampered: int = 0
    caught: int = 0
    genuine: int = 0
    alarms: int = 0
    without: int = 0
    claimed: int = 0
    models: int = 0
    models_right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall of ids over the genuine files."""
        return 2 * self.right_ids / max(1, 2 * self.right_ids + self.wrong_ids + self.missed_ids)

    def add(
        self, family: str, found: Reading, ids: Iterable[str], same: Iterable[str], aliases: Mapping[str, str]
    ) -> None:
        """Count one file: its family, what was found, the true ids, and the ids whose text is the same."""
        wanted = {plain(name, aliases) for name in ids}
        accepted = wanted | {plain(name, aliases) for name in same}
        said = {plain(name, aliases) for name in found.ids}
        right, wrong = said & accepted, said - accepted
        missed = len(wanted) - min(len(right), len(wanted))
        if family in GENUINE:
            self.right_ids += len(wanted) - missed
            self.wrong_ids += len(wrong)
            self.missed_ids += missed
            if family not in {"two", "header"} and not wrong and not missed:
                self.genuine += 1
                self.alarms += found.is_modified
        elif family in TAMPERED:
            self.tampered += 1
            self.caught += not said or bool(wrong) or found.is_modified
        elif family in NONE:
            self.without += 1
            self.claimed += bool(said)
        else:
            self.models += 1
            self.models_right += bool(right) and not wrong
        good = not wrong and not missed and not (family in GENUINE and found.is_modified)
        if family in TAMPERED:
            good = not said or bool(wrong) or found.is_modified
        if not good:
            self.wrong.append(f"{found.file}: {sorted(said)} ({found.match.value}) for {sorted(wanted)}")

    def told(self) -> str:
        """Write the figures as one line."""
        return (
            f"F1 {self.f1:.3f}; tampering caught {self.caught}/{self.tampered}; false alarms {self.alarms}/{self.genuine}; "
            f"claimed without a licence {self.claimed}/{self.without}; AI licences {self.models_right}/{self.models}"
        )
