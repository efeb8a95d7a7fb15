"""Groups what an examination found by what is to be done about it, the gravest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from challenge.compliance.visible import visible

GRAVEST_FIRST = ("non_compliant", "needs_review", "", "by_publication", "compliant")
HEADINGS = {
    "non_compliant": "Has to be mended",
    "needs_review": "A person looks at it, unless you mend it",
    "": "Was found",
    "by_publication": "Good to know",
    "compliant": "Good to know",
}
MOST_PLACES = 25


@dataclass(frozen=True)
class Place:
    """Where something was found: file (empty for the release as a whole), lines (0 for none), words and sentence."""

    file: str
    line: int
    last_line: int
    words: str
    sentence: str

    @property
    def where(self) -> str:
        """Name the lines."""
        if not self.line:
            return ""
        return f"line {self.line:,}" if self.last_line <= self.line else f"lines {self.line:,} to {self.last_line:,}"


@dataclass(frozen=True)
class Action:
    """One thing to do, what it would lead to if nobody did it, and every place that asks for it."""

    remedy: str
    outcome: str
    places: tuple[Place, ...]

    @property
    def asks_for_something(self) -> bool:
        """Whether it stands in the way."""
        return self.outcome not in {"compliant", "by_publication"}

    @property
    def shown(self) -> tuple[Place, ...]:
        """The places that a page shows."""
        return self.places[:MOST_PLACES]

    @property
    def left_out(self) -> int:
        """How many more there are."""
        return len(self.places) - len(self.shown)


@dataclass(frozen=True)
class Group:
    """Actions of the same gravity under one heading."""

    heading: str
    actions: tuple[Action, ...]


def actions_of(reasons: Sequence[Mapping[str, object]]) -> list[Action]:
    """Group the kept reasons of an examination by remedy: the gravest first, else in the order they were found."""
    places: dict[str, list[Place]] = {}
    outcomes: dict[str, str] = {}
    for reason in reasons:
        remedy, outcome = str(reason.get("remedy") or ""), str(reason.get("outcome") or "")
        places.setdefault(remedy, []).append(_place(reason))
        outcomes[remedy] = min(outcomes.get(remedy, outcome), outcome, key=_gravity)
    found = [Action(remedy, outcomes[remedy], tuple(where)) for remedy, where in places.items()]
    return sorted(found, key=lambda action: _gravity(action.outcome))


def grouped(actions: Sequence[Action]) -> list[Group]:
    """Put actions under their headings."""
    headings = dict.fromkeys(HEADINGS[action.outcome] for action in actions)
    return [
        Group(heading, tuple(action for action in actions if HEADINGS[action.outcome] == heading))
        for heading in headings
    ]


def _gravity(outcome: str) -> int:
    return GRAVEST_FIRST.index(outcome) if outcome in GRAVEST_FIRST else GRAVEST_FIRST.index("")


def _place(reason: Mapping[str, object]) -> Place:
    line, last = reason.get("line"), reason.get("last_line")
    first = line if isinstance(line, int) else 0
    return Place(
        file=visible(str(reason.get("file") or "")),
        line=first,
        last_line=last if isinstance(last, int) else first,
        words=visible(str(reason.get("words") or "")),
        sentence=visible(str(reason.get("sentence") or "")),
    )
