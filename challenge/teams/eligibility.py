"""Judges whether an organisation may enter, and gives every reason in words.

The test of a small or medium-sized enterprise is the one of Commission Recommendation 2003/361/EC, annex, article 2:
fewer than 250 persons, and a turnover of at most EUR 50 million or a balance sheet of at most EUR 43 million.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from challenge.calls.document import EligibilityRules
from challenge.teams.countries import country_name
from challenge.teams.organisation import OrganisationFacts
from challenge.teams.prose import listed

PERSONS_BELOW = 250
TURNOVER_UP_TO = 50_000_000_00
BALANCE_UP_TO = 43_000_000_00
LEAST_EVIDENCE = 20
"""Characters; less is no evidence that anybody could read."""
FEW = 12
"""So many countries are listed in a sentence; more are only counted."""


@dataclass(frozen=True)
class Finding:
    """One test with its outcome and its reason in words."""

    test: str
    passed: bool
    sentence: str

    def plain(self) -> dict[str, object]:
        """Return the finding as the plain data that a ruling keeps."""
        return {"test": self.test, "passed": self.passed, "sentence": self.sentence}


def examine(facts: OrganisationFacts, rules: EligibilityRules, *, honour_declared: bool) -> tuple[Finding, ...]:
    """Put an organisation's facts to every test that the call asks for, in the call's order."""
    return tuple(_tests(facts, rules, honour_declared))


def is_eligible(findings: Iterable[Finding]) -> bool:
    """Tell whether every test is passed."""
    return all(finding.passed for finding in findings)


def _tests(facts: OrganisationFacts, rules: EligibilityRules, honour_declared: bool) -> Iterator[Finding]:
    if rules.countries:
        yield _place("country", facts.country, rules.countries, "where the organisation is established")
    if rules.control:
        yield _place("control", facts.controlled_from, rules.control, "from where the organisation is controlled")
    if rules.sme:
        yield _headcount(facts.headcount)
        yield _finance(facts.turnover_cents, facts.balance_cents)
    if rules.founded_after is not None:
        yield _age(facts.founded, rules.founded_after)
    if rules.experience:
        yield _experience(len(facts.experience))
    if rules.honour:
        yield _honour(honour_declared)


def _place(test: str, code: str, admitted: tuple[str, ...], role: str) -> Finding:
    name = country_name(code)
    if code in admitted:
        return Finding(test, True, f"{name}, {role}, is among the countries that the call admits.")
    names = [country_name(each) for each in admitted]
    admits = listed(names) if len(names) <= FEW else f"{len(names)} other countries"
    return Finding(test, False, f"{name}, {role}, is not admitted; the call admits {admits}.")


def _headcount(persons: int) -> Finding:
    limit = f"an SME has fewer than {PERSONS_BELOW}"
    said = f"The organisation has {persons:,} {'person' if persons == 1 else 'persons'}; {limit}."
    return Finding("headcount", persons < PERSONS_BELOW, said)


def _finance(turnover: int, balance: int) -> Finding:
    small_turnover, small_balance = turnover <= TURNOVER_UP_TO, balance <= BALANCE_UP_TO
    limits = f"{_euros(TURNOVER_UP_TO)} of turnover or {_euros(BALANCE_UP_TO)} of balance sheet total"
    if small_turnover:
        said = f"The turnover of {_euros(turnover)} is within the {_euros(TURNOVER_UP_TO)} of an SME."
    elif small_balance:
        said = (
            f"The turnover of {_euros(turnover)} is over {_euros(TURNOVER_UP_TO)}, but the balance sheet total of "
            f"{_euros(balance)} is within {_euros(BALANCE_UP_TO)}; one of the two is enough."
        )
    else:
        held = f"{_euros(turnover)} of turnover and {_euros(balance)} of balance sheet total"
        said = f"The organisation has {held}; an SME has at most {limits}."
    return Finding("finance", small_turnover or small_balance, said)


def _age(founded: int, after: int) -> Finding:
    if founded > after:
        return Finding("founded", True, f"The organisation was founded in {founded}, after {after} as the call asks.")
    said = f"The organisation was founded in {founded}; the call asks for one founded after {after}."
    return Finding("founded", False, said)


def _experience(characters: int) -> Finding:
    if characters >= LEAST_EVIDENCE:
        return Finding("experience", True, "Evidence of work with large models is given; judges weigh it.")
    said = (
        f"Evidence of work with large models is asked for; yours has {characters} characters, "
        f"and {LEAST_EVIDENCE} are the least that can be read as evidence."
    )
    return Finding("experience", False, said)


def _honour(declared: bool) -> Finding:
    if declared:
        return Finding("honour", True, "The captain declared on honour that these facts are true.")
    return Finding("honour", False, "The captain has not yet declared on honour that these facts are true.")


def _euros(amount: int) -> str:
    whole, rest = divmod(amount, 100)
    return f"EUR {whole:,}" + (f".{rest:02d}" if rest else "")
