"""Names countries to people who choose one."""

import unicodedata
from functools import cache

from challenge.calls import territories


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Return every country as ISO 3166 code and English name, in the order in which a reader looks for it."""
    return tuple(sorted(territories.countries().items(), key=_place_in_list))


def country_name(code: str) -> str:
    """Return the English name of a country, the code itself where it is unknown."""
    return territories.countries().get(code, code)


def is_country(code: str) -> bool:
    """Tell whether a code of two capital letters is a country's."""
    return code in territories.countries()


def _place_in_list(country: tuple[str, str]) -> str:
    # Å and its like stand with the plain letter, where an English reader looks for them
    return unicodedata.normalize("NFKD", country[1])
