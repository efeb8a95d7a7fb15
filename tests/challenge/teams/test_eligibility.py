"""Eligibility: every boundary, every reason in words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.calls.document import EligibilityRules
from challenge.teams.amounts import AmountError, cents, whole_number
from challenge.teams.countries import countries, country_name, is_country
from challenge.teams.eligibility import BALANCE_UP_TO, TURNOVER_UP_TO, Finding, examine, is_eligible
from challenge.teams.organisation import OrganisationFacts

RULES = EligibilityRules(
    countries=("BE", "FR"), control=("BE", "FR", "DE"), sme=True, founded_after=2015, experience=True, honour=True
)
FACTS = OrganisationFacts(
    name="Alder Models",
    country="BE",
    controlled_from="DE",
    headcount=249,
    turnover_cents=TURNOVER_UP_TO,
    balance_cents=BALANCE_UP_TO,
    founded=2016,
    experience="Trained a 13B model on 900,000 GPU-hours.",
)


def finding(test: str, **changes: object) -> Finding:
    """Return one finding about facts that differ from the eligible ones by `changes`."""
    findings = examine(replace(FACTS, **changes), RULES, honour_declared=True)
    return next(each for each in findings if each.test == test)


def test_facts_at_every_limit_are_eligible() -> None:
    findings = examine(FACTS, RULES, honour_declared=True)
    assert [each.test for each in findings] == [
        "country", "control", "headcount", "finance", "founded", "experience", "honour",
    ]  # fmt: skip
    assert is_eligible(findings)


@pytest.mark.parametrize(
    ("test", "changes", "passed", "sentence"),
    [
        ("country", {"country": "US"}, False,
         "United States, where the organisation is established, is not admitted; the call admits Belgium and France."),
        ("control", {"controlled_from": "CN"}, False,
         "China, from where the organisation is controlled, is not admitted; the call admits Belgium, France and Germany."),
        ("headcount", {"headcount": 249}, True, "The organisation has 249 persons; an SME has fewer than 250."),
        ("headcount", {"headcount": 250}, False, "The organisation has 250 persons; an SME has fewer than 250."),
        ("headcount", {"headcount": 1}, True, "The organisation has 1 person; an SME has fewer than 250."),
        ("finance", {}, True, "The turnover of EUR 50,000,000 is within the EUR 50,000,000 of an SME."),
        ("finance", {"turnover_cents": TURNOVER_UP_TO + 1}, True,
         "The turnover of EUR 50,000,000.01 is over EUR 50,000,000, but the balance sheet total of EUR 43,000,000 is within EUR 43,000,000; one of the two is enough."),
        ("finance", {"turnover_cents": TURNOVER_UP_TO + 1, "balance_cents": BALANCE_UP_TO + 1}, False,
         "The organisation has EUR 50,000,000.01 of turnover and EUR 43,000,000.01 of balance sheet total; an SME has at most EUR 50,000,000 of turnover or EUR 43,000,000 of balance sheet total."),
        ("founded", {"founded": 2015}, False, "The organisation was founded in 2015; the call asks for one founded after 2015."),
        ("founded", {"founded": 2016}, True, "The organisation was founded in 2016, after 2015 as the call asks."),
        ("experience", {"experience": "none"}, False,
         "Evidence of work with large models is asked for; yours has 4 characters, and 20 are the least that can be read as evidence."),
    ],
)  # fmt: skip
def test_each_reason_names_the_number_and_the_limit(
    test: str, changes: dict[str, object], passed: bool, sentence: str
) -> None:
    assert finding(test, **changes) == Finding(test, passed, sentence)


@given(headcount=st.integers(0, 10_000_000), turnover=st.integers(0, 10**17), balance=st.integers(0, 10**17))
def test_the_sme_test_is_the_recommendations_formula(headcount: int, turnover: int, balance: int) -> None:
    facts = replace(FACTS, headcount=headcount, turnover_cents=turnover, balance_cents=balance)
    is_sme = headcount < 250 and (turnover <= 50_000_000_00 or balance <= 43_000_000_00)
    assert is_eligible(examine(facts, RULES, honour_declared=True)) is is_sme


@given(
    headcount=st.sampled_from([249, 250]),
    turnover=st.sampled_from([TURNOVER_UP_TO - 1, TURNOVER_UP_TO, TURNOVER_UP_TO + 1]),
    balance=st.sampled_from([BALANCE_UP_TO - 1, BALANCE_UP_TO, BALANCE_UP_TO + 1]),
)
def test_the_limits_themselves_are_inside_but_not_the_250th_person(headcount: int, turnover: int, balance: int) -> None:
    facts = replace(FACTS, headcount=headcount, turnover_cents=turnover, balance_cents=balance)
    expected = headcount == 249 and (turnover <= TURNOVER_UP_TO or balance <= BALANCE_UP_TO)
    assert is_eligible(examine(facts, RULES, honour_declared=True)) is expected


@given(small=st.integers(0, 10**12), more=st.integers(0, 10**12))
def test_growing_never_makes_eligible(small: int, more: int) -> None:
    before = examine(replace(FACTS, turnover_cents=small, balance_cents=small), RULES, honour_declared=True)
    after = examine(
        replace(FACTS, turnover_cents=small + more, balance_cents=small + more), RULES, honour_declared=True
    )
    assert is_eligible(before) or not is_eligible(after)


def test_only_what_the_call_asks_for_is_tested() -> None:
    rules = EligibilityRules(
        countries=("BE",), control=(), sme=False, founded_after=None, experience=False, honour=False
    )
    giant = replace(FACTS, headcount=9_000, turnover_cents=10**15, balance_cents=10**15, experience="", founded=1900)
    assert [each.test for each in examine(giant, rules, honour_declared=False)] == ["country"]
    assert is_eligible(examine(giant, rules, honour_declared=False))


def test_many_countries_are_counted_and_not_listed() -> None:
    rules = replace(RULES, countries=tuple(code for code, _ in countries() if code != "US"))
    first = examine(replace(FACTS, country="US"), rules, honour_declared=True)[0]
    assert first.sentence.endswith(f"is not admitted; the call admits {len(rules.countries)} other countries.")


@pytest.mark.parametrize(
    ("text", "amount"),
    [("0", 0), ("1250000", 125_000_000), ("1,250,000", 125_000_000), ("1 250 000.5", 125_000_050),
     ("1\u202f250\u202f000", 125_000_000), ("1'250'000.05", 125_000_005), (" 12.30 ", 1_230)],
)  # fmt: skip
def test_amounts_are_read_to_the_cent(text: str, amount: int) -> None:
    assert cents(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", "1.250", "1.250.000", "1,25", "12,50", "-5", "1e6", "EUR 5", "٣", "1,2500", ".5", "5.", "9" * 16, "1,,000"],
)
def test_an_amount_that_two_readers_would_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(AmountError, match="Write an amount such as"):
        cents(text)


@given(st.integers(0, 10**15 - 1))
def test_a_number_comes_back_with_and_without_separators(number: int) -> None:
    assert whole_number(str(number)) == whole_number(f"{number:,}") == number


def test_countries_are_countries() -> None:
    assert country_name("LV") == "Latvia"
    assert not is_country("EU")
    assert not is_country("ZZ")
    names = [name for _, name in countries()]
    assert names.index("Åland Islands") < names.index("Belgium")
