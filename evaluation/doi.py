"""The syntax of a DOI (ISO 26324), as people paste it."""

import re

_DOI = re.compile(r"10\.[0-9]{4,9}/[!-~]{1,180}")
_RESOLVER = re.compile(r"\A(https?://(dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


def tidy_doi(text: str) -> str | None:
    """Return a DOI without the address of a resolver, its letters as they are, or None where a text is none."""
    bare = _RESOLVER.sub("", text.strip()).strip()
    return bare if _DOI.fullmatch(bare) else None
