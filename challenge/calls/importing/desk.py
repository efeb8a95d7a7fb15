"""The desk on which a bundle is read: what is known of it so far, whichever file says it."""

from dataclasses import dataclass, field

from challenge.calls.importing.bundles import Bundle
from challenge.calls.importing.reports import Fate, Remark, Report, Row, Weight


@dataclass
class Desk:
    """A bundle while it is read: what is known of it so far."""

    bundle: Bundle
    zone: str | None
    """In which zone dates are meant that carry none; None where nobody said."""
    opens_at: str = ""
    """At which time of day begins what begins on a day without a time, such as 09:00; empty where nobody said."""
    closes_at: str = ""
    """At which time of day ends what ends on a day without a time, such as 23:59; empty where nobody said."""
    rows: list[Row] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    uses: dict[str, str] = field(default_factory=dict)
    """What each file of the bundle is for, as far as some key or its own name says."""
    named: list[tuple[str, str]] = field(default_factory=list)
    """Use and name of every file that a key names."""
    pages: dict[str, str] = field(default_factory=dict)
    """The files whose text is carried over, each once, with the title of its page."""
    spare: dict[tuple[str, str], Row] = field(default_factory=dict)
    """By file and key: the row of a key of which nobody says more."""

    def remark(self, weight: Weight, file: str, sentence: str, line: int = 0, key: str = "") -> None:
        """Note what has to be known of a file, or of one of its keys."""
        self.remarks.append(Remark(file, line, key, weight, sentence))

    def close(self) -> Report:
        """Add a row for every file, and return all that was noted, in the order of the bundle."""
        told = {(row.file, row.key) for row in self.rows}
        self.rows += [row for at, row in self.spare.items() if at not in told]
        broken = {remark.file for remark in self.remarks if remark.weight is Weight.ERROR}
        for name in self.bundle.sizes:
            fate = Fate.CARRIED if name in self.uses else Fate.LEFT
            why = "No key names this file. It is kept in the original."
            if name in broken:
                why = "It cannot be read; the remarks say why. It is kept in the original."
            self.rows.append(Row(name, 0, "", fate, self.uses.get(name, why)))
        return Report(tuple(sorted(set(self.rows))), tuple(sorted(set(self.remarks))))
