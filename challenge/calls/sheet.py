"""A call file on the desk: its plain data, their lines, and the problems found so far."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from challenge.calls.positions import Located, Path, name_of
from challenge.calls.problems import Problem


@dataclass
class Sheet:
    """What the readers of a call file's parts share."""

    located: Located
    problems: list[Problem] = field(default_factory=list)

    def at(self, *path: str | int) -> Any:
        """Return what the file holds at a path; None where it leaves an optional key out."""
        value: Any = self.located.plain
        for step in path:
            value = value.get(step) if isinstance(value, dict) else value[step]
        return value

    def report(self, path: Path, sentence: str) -> None:
        """Note a problem with the line of its key."""
        self.problems.append(Problem(self.located.line(path), name_of(path), sentence))

    def only_once(self, paths_and_values: Iterable[tuple[Path, object]], what: str) -> None:
        """Note every value that stands for the second time, with the line of the first."""
        seen: dict[object, int] = {}
        for path, value in paths_and_values:
            if value in seen:
                self.report(path, f"The {what} {value!r} is given in line {seen[value]} already. Choose another.")
            seen.setdefault(value, self.located.line(path))
