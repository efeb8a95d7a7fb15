"""What a board's best n would have been under other choices, as data; entrants by whatever name the reader reads."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal


@dataclass(frozen=True)
class Choice:
    """One choice that could have been made otherwise: who would have been in the best n, and how that differs."""

    kind: str
    """rule, task or weight, as the instrument calls them."""
    name: str
    best: tuple[str, ...]
    joined: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether the set is another one."""
        return bool(self.joined or self.gone)


@dataclass(frozen=True)
class Column:
    """The place of every entrant under one rule, in the order of `Choices.entrants`."""

    rule: str
    title: str
    definition: str
    places: tuple[int, ...]


@dataclass(frozen=True)
class OverTasks:
    """Points with their interval where the tasks are taken as a sample; bounds are None with fewer than two tasks."""

    entrant: str
    points: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Choices:
    """All choices of one standing."""

    places: int
    best: tuple[str, ...]
    entrants: tuple[str, ...]
    """All who are ranked, by points, then by name."""
    columns: tuple[Column, ...]
    varied: tuple[Choice, ...]
    draws: int
    among_best: tuple[tuple[str, int], ...]
    """In how many of the sweep's sets of weights each was among the best, most often first, then by name."""
    over_tasks: tuple[OverTasks, ...]
    """The leading entrants."""

    def of(self, kind: str) -> tuple[Choice, ...]:
        """Return the choices of one kind."""
        return tuple(one for one in self.varied if one.kind == kind)

    def rules_for(self, entrant: str) -> int:
        """Count the rules under which an entrant is among the best."""
        return sum(entrant in one.best for one in self.of("rule"))

    def called(self, name: Callable[[str], str]) -> "Choices":
        """Return the same under other names, ties put in the order of the new ones, so that no order tells the old."""

        def named(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(sorted(name(one) for one in names))

        primary = self.columns[0].places
        order = sorted(range(len(self.entrants)), key=lambda row: (primary[row], name(self.entrants[row])))
        place = {name(self.entrants[row]): primary[row] for row in order}
        return replace(
            self,
            best=named(self.best),
            entrants=tuple(name(self.entrants[row]) for row in order),
            columns=tuple(replace(one, places=tuple(one.places[row] for row in order)) for one in self.columns),
            varied=tuple(
                replace(one, best=named(one.best), joined=named(one.joined), gone=named(one.gone))
                for one in self.varied
            ),
            among_best=tuple(
                sorted(((name(one), count) for one, count in self.among_best), key=lambda one: (-one[1], one[0]))
            ),
            over_tasks=tuple(
                sorted(
                    (replace(one, entrant=name(one.entrant)) for one in self.over_tasks),
                    key=lambda one: (place[one.entrant], one.entrant),
                )
            ),
        )
