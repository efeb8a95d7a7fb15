"""What is wrong with a prediction file is collected as sentences that say where it is and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass, field

SHOWN = 20
_FOUND_LENGTH = 80


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where it is (line 1 = first, 0 = the whole file), what was found, and what to do."""

    line: int
    column: str
    found: str
    sentence: str


class PredictionsUnreadable(ValueError):
    """A prediction file cannot be scored; it carries the first problems and the count of all."""

    def __init__(self, problems: tuple[Problem, ...], count: int) -> None:
        """Keep the problems shown and the count of all."""
        super().__init__(problems[0].sentence if problems else "unreadable")
        self.problems = problems
        self.count = count

    def sentences(self) -> Iterator[str]:
        """Yield one sentence per problem, and one more for those that are not shown."""
        yield from (problem.sentence for problem in self.problems)
        if self.count > len(self.problems):
            yield f"{self.count - len(self.problems):,} more problems are not shown."


class StopReading(Exception):
    """Nothing after this place in the file can be read."""


@dataclass
class Problems:
    """The problems met so far: all are counted, the first are kept."""

    kept: list[Problem] = field(default_factory=list)
    count: int = 0

    def note(self, line: int, column: str, found: str, text: str) -> None:
        """Add a problem; `text` begins after the place, which is put before it."""
        self.count += 1
        if len(self.kept) < SHOWN:
            self.kept.append(_problem(line, column, found, text))

    def stop(self, line: int, column: str, found: str, text: str) -> StopReading:
        """Add a problem after which reading cannot go on, and return the exception to raise.

        It is always among those kept, since a reader must see why the rest was not looked at.
        """
        self.count += 1
        self.kept[SHOWN - 1 :] = [_problem(line, column, found, text)]
        return StopReading()

    def check(self) -> None:
        """Raise PredictionsUnreadable if there was any problem."""
        if self.count:
            raise PredictionsUnreadable(tuple(self.kept), self.count)


def _problem(line: int, column: str, found: str, text: str) -> Problem:
    place = f"Line {line}" if line else "The file"
    if column:
        place += f", column {column}"
    return Problem(line, column, shown(found), f"{place}: {text}")


def shown(text: str) -> str:
    """Shorten a found text and make its control characters visible, so that it is safe to print."""
    visible = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text[:_FOUND_LENGTH]
    )
    return visible + "…" if len(text) > _FOUND_LENGTH else visible
