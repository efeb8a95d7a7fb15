"""Names and addresses are compared as the eye reads them, and shown only where nothing in them deceives it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.people.names import skeleton, tidy_email, tidy_name, why_not_email, why_not_name
from challenge.people.passwords import hash_password, matches, why_not_password


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alpha Models", "alpha  models"),
        ("Alpha Models", "Alpha-Models!"),
        ("Alpha Models", "Аlрhа Моdеls"),  # Cyrillic А, р, а, М, о, е
        ("Alpha Models", "Αlpha Μodels"),  # Greek Α and Μ
        ("Northlight", "Νorthlight"),  # Greek Ν
        ("Vistula", "νistula"),  # Greek ν
        ("Alpha Models", "Ａｌｐｈａ Ｍｏｄｅｌｓ"),  # full-width
        ("Alpha Models", "𝐀𝐥𝐩𝐡𝐚 𝐌𝐨𝐝𝐞𝐥𝐬"),  # mathematical
        ("Alpha Models", "Álphä Mödels"),
        ("Alpha Models", "Alpha\u200b Mo\u00addels"),
        ("Alpha Models", "A1pha M0de1s"),
        ("Fisher", "ﬁsher"),
        ("Indigo", "ındıgo"),  # dotless i
        ("Straße AI", "STRASSE AI"),
    ],
)
def test_names_that_look_alike_are_one(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Alpha", "Alpha Two"), ("Danube Data", "Danube Dates"), ("Team 2", "Team 4"), ("北京", "東京"), ("Ж", "З")],
)
def test_names_that_can_be_told_apart_are_two(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@given(st.text(st.sampled_from(string.printable + "äÖüßéŁøÅčĲİ\u0301АбВгДеЖ"), max_size=60))
def test_blanks_and_capitals_never_tell_names_apart(name: str) -> None:
    assert skeleton(f"  {name} ") == skeleton(name)
    assert skeleton(tidy_name(name)) == skeleton(name)
    assert skeleton(name.casefold()) == skeleton(name)


@pytest.mark.parametrize("name", ["Ada", "Zsófia Bárány", "李娜", "Jean-Luc O’Neill 3rd", "ab", "x" * 120, "Ni\u0303o"])
def test_a_name_that_can_be_shown_is_taken(name: str) -> None:
    assert why_not_name(tidy_name(name)) is None


@pytest.mark.parametrize(
    "name",
    ["", "A", "x" * 121, "Ad\u202ea", "Ad\u200ba", "Ad\u0000a", "A\u2066da", "Ada\ue000", "Ada\ufeff", "   "],
)
def test_a_name_that_deceives_or_is_none_is_refused(name: str) -> None:
    assert why_not_name(tidy_name(name)) is not None


def test_a_name_is_kept_with_single_blanks() -> None:
    assert tidy_name("  Ada \t\n Lind ") == "Ada Lind"


@pytest.mark.parametrize(
    "address", ["ada@people.example", "a.b+c@sub.people.example", "ada@xn--bcher-kva.example", "ü@people.example"]
)
def test_an_address_is_taken(address: str) -> None:
    assert why_not_email(tidy_email(address)) is None


@pytest.mark.parametrize(
    "address",
    [
        "", "ada", "ada@", "@people.example", "ada@localhost", "ada@people..example", "ada lind@people.example",
        "ada@people.example\nBcc: x@y.example", "Ada <ada@people.example>", "ada@people.example, bo@people.example",
        "ada@pe_ople.example", "a" * 65 + "@people.example", "ada@" + "a" * 250 + ".example", "ada@людиъ.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    assert why_not_email(tidy_email(address)) is not None


def test_an_address_is_the_same_in_any_case() -> None:
    assert tidy_email(" ADA@People.Example ") == "ada@people.example"


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("seven quiet herons", True),
        ("x" * 12, False),
        ("short enough", True),
        ("eleven char", False),
        ("abcde" * 40, True),
        ("abcde" * 40 + "f", False),
        ("my name is ada lind", False),
        ("ADA.LIND is my address", False),
        ("пароль из слов", True),
    ],
)
def test_a_password_is_long_and_says_nothing_of_its_owner(password: str, is_good: bool) -> None:
    assert (why_not_password(password, email="ada.lind@people.example", name="Ada Lind") is None) == is_good


def test_a_password_fits_its_own_hash_alone() -> None:
    kept = hash_password("seven quiet herons")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches("seven quiet herons", kept)
    assert not matches("seven quiet heron", kept)
    assert not matches("the account that does not exist", None)
    assert not matches("none", "none")
