"""What is wrong with a call file: each problem has a line, a key and a sentence."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend in a call file."""

    line: int
    """Line of the file, counted from 1."""
    key: str
    """Path of the key, such as `phases[0].closes`; empty where the file as a whole is meant."""
    sentence: str

    def __str__(self) -> str:
        where = f"line {self.line}: {self.key}" if self.key else f"line {self.line}"
        return f"{where}: {self.sentence}"


class CallFileErrors(Exception):
    """Raised where a call file cannot be used; carries all its problems, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
