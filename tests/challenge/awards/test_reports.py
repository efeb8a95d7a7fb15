"""Hours as a site reports them: the file line by line, the burn-down in words, a proof by its shape."""

import pytest

from challenge.awards.burndown import Burn, burndown
from challenge.awards.proof import tidy_proof, why_not_proof
from challenge.awards.usage_file import Reported, UsageFileError, read_usage


def test_a_file_of_months_is_read_as_spreadsheets_write_it() -> None:
    raw = "\ufeffMonth, Hours\r\n2027-03,12500\r\n\r\n2027-04, 0\r\n".encode()
    assert read_usage(raw) == (Reported("2027-03", 12500), Reported("2027-04", 0))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Line 1 must be the header month,hours."),
        ("2027-03,1\n", "Line 1 must be the header month,hours."),
        ("month,hours\n", "The file holds no month; write a line such as 2027-03,12500 below the header."),
        ("month,hours\n2027-3,1\n", "Line 2: '2027-3' is no month; write it as 2027-03."),
        ("month,hours\n2027-03,1e3\n", "Line 2: '1e3' is no whole number of hours; write digits only."),
        ("month,hours\n2027-03,-1\n", "Line 2: '-1' is no whole number of hours; write digits only."),
        ("month,hours\n2027-03,1.5\n", "Line 2: '1.5' is no whole number of hours; write digits only."),
        ("month,hours\n2027-03,1,2\n", "Line 2 has 3 cells; write month,hours."),
        ("month,hours\n2027-03,1\n2027-03,2\n", "Line 3: 2027-03 stands in the file twice; keep one line a month."),
        (
            f"month,hours\n2027-03,{'9' * 13}\n",
            "Line 2: '9999999999999' is no whole number of hours; write digits only.",
        ),
    ],
)
def test_a_wrong_line_is_named(text: str, sentence: str) -> None:
    with pytest.raises(UsageFileError) as wrong:
        read_usage(text.encode())
    assert str(wrong.value) == sentence


@pytest.mark.parametrize("raw", [b"month,hours\n\xff,1\n", b"m" * 100_001, b'month,hours\n"' + b"x" * 99_000])
def test_what_is_no_such_file_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(UsageFileError):
        read_usage(raw)


def test_months_ahead_have_used_nothing() -> None:
    found = burndown(1000, PERIODS, {"2027-01": 300}, present="2027-02")
    assert [(month.period, month.hours, month.is_ahead) for month in found.months] == [
        ("2027-01", 300, False), ("2027-02", None, False), ("2027-03", None, True),
    ]  # fmt: skip
    assert [month.period for month in found.begun] == ["2027-01", "2027-02"]
    assert found.used == 300


PERIODS = ("2027-01", "2027-02", "2027-03")


@pytest.mark.parametrize(
    ("used", "state", "percent", "sentence"),
    [
        (0, Burn.WITHIN, 0, "1,000 hours are left."),
        (799, Burn.WITHIN, 79, "201 hours are left."),
        (800, Burn.NEARLY_USED, 80, "80% or more is used; 200 hours are left."),
        (1000, Burn.NEARLY_USED, 100, "80% or more is used; 0 hours are left."),
        (1001, Burn.OVER, 100, "Over: 1 hours more than granted were used."),
    ],
)
def test_a_burndown_says_how_it_stands(used: int, state: Burn, percent: int, sentence: str) -> None:
    found = burndown(1000, PERIODS, {"2027-01": used})
    assert (found.state, found.percent, found.sentence) == (state, percent, sentence)


def test_a_month_without_a_report_is_told_from_one_with_none_used() -> None:
    found = burndown(1000, PERIODS, {"2027-01": 300, "2027-03": 0})
    assert [(month.hours, month.until) for month in found.months] == [(300, 300), (None, 300), (0, 300)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "url"),
        ({"url": "http://models.example/weights", "sha256": "a" * 64}, "url"),
        ({"url": "https://user:secret@models.example/", "sha256": "a" * 64}, "url"),
        ({"url": "https://localhost/weights", "sha256": "a" * 64}, "url"),
        ({"url": "javascript:alert(1)", "sha256": "a" * 64}, "url"),
        ({"url": "https://models.example/weights"}, "sha256"),
        ({"url": "https://models.example/weights", "sha256": "g" * 64}, "sha256"),
        ({"sha256": "a" * 64}, "url"),
        ({"doi": "11.1234/abc"}, "doi"),
        ({"doi": "10.12/abc"}, "doi"),
        ({"doi": "10.5281/zenodo 1"}, "doi"),
    ],
)
def test_a_proof_without_its_shape_names_the_field(given: dict[str, str], field: str) -> None:
    found, sentence = why_not_proof(tidy_proof(**{"url": "", "sha256": "", "doi": "", **given}))
    assert (found, bool(sentence)) == (field, True)


@pytest.mark.parametrize(
    "given",
    [
        {"url": "https://models.example:8443/a/b.safetensors?v=2", "sha256": "A" * 64},
        {"doi": "10.5281/zenodo.1234567"},
        {"doi": "https://doi.org/10.5281/zenodo.1234567"},
        {"doi": "10.5281/zenodo.1234567", "url": "https://models.example/a", "sha256": "0" * 64},
    ],
)
def test_a_proof_is_an_address_with_its_hash_or_a_doi(given: dict[str, str]) -> None:
    assert why_not_proof(tidy_proof(**{"url": "", "sha256": "", "doi": "", **given})) == ("", None)
