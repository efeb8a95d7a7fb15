"""Says who acts, and refuses in sentences."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

WhyNot = str | None
"""What a rule answers: None where the deed is allowed, else the sentence that says why not."""


class Role(StrEnum):
    """What a person may be in a challenge; `team` is what everybody is who signs up."""

    ADMIN = "admin"
    JUDGE = "judge"
    TEAM = "team"
    AUDITOR = "auditor"


OFFICES = frozenset({Role.ADMIN, Role.JUDGE, Role.AUDITOR})
"""Roles of those who run, judge or audit calls."""


@dataclass(frozen=True)
class Actor:
    """The person, or the platform itself, in whose name something is done."""

    account_id: int | None
    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)

    def has(self, *roles: Role) -> bool:
        """Tell whether the actor holds at least one of `roles`."""
        return bool(self.roles & set(roles))

    def without_office(self) -> "Actor":
        """Return the same person without an office."""
        return replace(self, roles=self.roles - OFFICES)

    @property
    def signed_in(self) -> bool:
        """Tell whether the actor is a known person."""
        return self.account_id is not None


VISITOR = Actor(None, "visitor")
PLATFORM = Actor(None, "platform")


class Refused(Exception):
    """Raised where a rule says no; the text is the rule's sentence, fit to be shown."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(Exception):
    """Raised where nothing of that name exists, or nothing this reader may know of."""


class Invalid(Exception):
    """Raised where input has the right shape but is not true; carries the field and the sentence."""

    def __init__(self, sentence: str, field_name: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field_name = field_name


def demand(why_not: WhyNot) -> None:
    """Raise Refused with the rule's sentence unless the rule allows."""
    if why_not is not None:
        raise Refused(why_not)
