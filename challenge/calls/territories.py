"""Knows the countries of the world by their codes, and those of the European Union."""

from collections.abc import Collection
from functools import cache

from babel import Locale

EUROPEAN_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
"""The 27 member states, by ISO 3166-1 code."""

NO_COUNTRIES = frozenset({"AC", "CP", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""Two-letter codes that CLDR keeps for groups, islands without a code of their own, and tests."""

OTHER_NAMES = {"EL": "GR", "UK": "GB"}
"""Codes in use at European institutions, with those of ISO 3166-1."""


@cache
def countries() -> dict[str, str]:
    """Return the English names of all countries by ISO 3166-1 code, with XK for Kosovo."""
    names = {str(code): str(name) for code, name in Locale.parse("en_GB").territories.items()}
    return {code: name for code, name in names.items() if len(code) == 2 and code not in NO_COUNTRIES}


class CountryError(ValueError):
    """Raised where a text is not the code of a country; its message says what to write."""


def read_country(code: str) -> str:
    """Return the code of a country as it is; raise CountryError where ISO 3166-1 has none such."""
    if code in countries():
        return code
    if code in OTHER_NAMES:
        raise CountryError(f"{code!r} is not the code of a country. ISO 3166-1 has {OTHER_NAMES[code]} for it.")
    raise CountryError(f"{code!r} is not the code of a country. Write codes in capitals, such as BE or NO.")


def country_name(code: str) -> str:
    """Return the English name of a country, the code itself if it is unknown."""
    return countries().get(code, code)


def countries_in_words(codes: Collection[str]) -> str:
    """Write a set of countries, all members of the European Union as one: the 27 EU countries, Norway and Iceland."""
    wanted = set(codes)
    named = ["the 27 countries of the European Union"] if wanted >= EUROPEAN_UNION else []
    if named:
        wanted -= EUROPEAN_UNION
    named += sorted(country_name(code) for code in wanted)
    return " and ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]
