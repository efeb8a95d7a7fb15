"""What an organisation says about itself when it enters a call."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from challenge.foundation.permits import WhyNot
from challenge.people.names import skeleton, tidy_name, why_not_name
from challenge.teams.countries import is_country
from challenge.teams.prose import tidy_text, why_not_text

MOST_PERSONS = 10_000_000
MOST_CENTS = 10**17
OLDEST = 1500
LONGEST_SKELETON = 240


@dataclass(frozen=True)
class OrganisationFacts:
    """The facts on which eligibility is judged."""

    name: str
    country: str
    """Where the organisation is established: two letters of ISO 3166."""
    controlled_from: str
    """Where those sit who control it."""
    headcount: int
    """Persons employed, in full-time equivalents of the last closed year."""
    turnover_cents: int
    balance_cents: int
    founded: int
    """Year."""
    registration: str = ""
    experience: str = ""
    """Evidence of work with large models, in the team's words."""

    def tidy(self) -> "OrganisationFacts":
        """Return the same facts with their texts tidied."""
        return replace(
            self,
            name=tidy_name(self.name),
            registration=tidy_name(self.registration),
            experience=tidy_text(self.experience),
        )


def what_is_wrong(facts: OrganisationFacts, *, year: int) -> Iterator[tuple[str, str]]:
    """Yield the field and the sentence of everything that cannot be true of tidy facts in `year`."""
    checks: tuple[tuple[str, WhyNot], ...] = (
        ("name", why_not_name(facts.name) or _why_not_legible(facts.name)),
        ("country", _why_not_country(facts.country)),
        ("controlled_from", _why_not_country(facts.controlled_from)),
        ("headcount", _why_not_between(facts.headcount, MOST_PERSONS)),
        ("turnover", _why_not_between(facts.turnover_cents, MOST_CENTS)),
        ("balance", _why_not_between(facts.balance_cents, MOST_CENTS)),
        ("founded", _why_not_year(facts.founded, year)),
        ("registration", why_not_text(facts.registration, least=0, most=60)),
        ("experience", why_not_text(facts.experience, least=0, most=10_000)),
    )
    yield from ((field, sentence) for field, sentence in checks if sentence is not None)


def _why_not_legible(name: str) -> WhyNot:
    seen = skeleton(name)
    if not seen:
        return "Write a name with letters or digits in it."
    return "Write a shorter name." if len(seen) > LONGEST_SKELETON else None


def _why_not_country(code: str) -> WhyNot:
    return None if is_country(code) else "Choose a country from the list."


def _why_not_between(number: int, most: int) -> WhyNot:
    return None if 0 <= number <= most else "This number cannot be true; check its zeros."


def _why_not_year(founded: int, year: int) -> WhyNot:
    return None if OLDEST <= founded <= year else f"Write a year between {OLDEST} and {year}."
