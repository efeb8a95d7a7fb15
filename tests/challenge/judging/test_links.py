"""What ties a judge to a team is found without anybody having said so, and nothing is found where nothing is."""

import pytest

from challenge.judging.links import Entrant, Judge, Person, found_links, organisation, registrable

TEAM = Entrant("Alder Models", (Person(1, "ada@alder.example"), Person(2, "bo@gmail.com")))


def judge(email: str = "jo@institute.example", affiliation: str = "Institute", account_id: int = 9) -> Judge:
    return Judge(Person(account_id, email), affiliation)


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("a@alder.example", "alder.example"),
        ("a@mail.alder.example", "alder.example"),
        ("a@cs.alder.ac.uk", "alder.ac.uk"),
        ("a@alder.co.uk", "alder.co.uk"),
        ("a@alder.eu", "alder.eu"),
        ("a@gmail.com", ""),
        ("a@localhost", ""),
    ],
)
def test_an_address_belongs_to_what_an_organisation_registers(email: str, domain: str) -> None:
    assert registrable(email) == domain


def test_a_judge_from_elsewhere_has_no_link() -> None:
    assert found_links(judge(), TEAM) == ()


def test_a_member_of_the_team_is_linked_to_it() -> None:
    assert found_links(judge(account_id=1, email="ada@alder.example"), TEAM) == ("The judge is a member of the team.",)


def test_a_domain_that_a_member_has_too_is_a_link() -> None:
    assert found_links(judge(email="jo@lab.alder.example"), TEAM) == (
        "The judge and a member of the team have addresses at alder.example.",
    )


def test_a_provider_open_to_everybody_is_no_link() -> None:
    assert found_links(judge(email="jo@gmail.com"), TEAM) == ()


def test_two_firms_under_one_country_s_second_level_are_not_linked() -> None:
    entrant = Entrant("Birch", (Person(1, "ada@birch.co.uk"),))
    assert found_links(judge(email="jo@willow.co.uk"), entrant) == ()


@pytest.mark.parametrize("affiliation", ["Alder Models", "ALDER-MODELS", "Alder Models GmbH", "Аlder Models S.A."])
def test_an_affiliation_that_reads_like_the_team_s_name_is_a_link(affiliation: str) -> None:
    assert found_links(judge(affiliation=affiliation), TEAM) == ("The judge's affiliation bears the team's name.",)


def test_without_an_affiliation_nobody_is_linked_by_name() -> None:
    assert found_links(judge(affiliation=""), Entrant("", ())) == ()


def test_a_name_that_is_a_legal_form_stays_a_name() -> None:
    assert organisation("SE") == organisation("se")
    assert organisation("SE") != organisation("AB")
