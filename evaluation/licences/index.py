"""The index holds the known licence texts, compiled from a dated package and committed as one file."""

import gzip
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from evaluation.licences.words import Words, words_of

INDEX = Path(__file__).parent / "index.json.gz"
_END = ("end", "of", "terms", "and", "conditions")


@dataclass(frozen=True)
class Known:
    """One known licence text: the identifiers that share it and its words."""

    ids: tuple[str, ...]
    text: Words


@dataclass(frozen=True)
class Index:
    """All known texts, exact ones by their key, with the identifiers and which of them the OSI approved."""

    by_key: dict[str, Known]
    ids: dict[str, str]
    osi: frozenset[str]
    source: str


@lru_cache(maxsize=1)
def known_licences() -> Index:
    """Load the committed index; identifiers are found by their name in small letters."""
    data = json.loads(gzip.decompress(INDEX.read_bytes()))
    by_key: dict[str, Known] = {}
    for spdx, entry in sorted(data["licences"].items()):
        whole = words_of(entry["text"])
        for words in (whole, _without_appendix(whole)):
            key = words.key
            ids = by_key[key].ids if key in by_key else ()
            by_key[key] = Known(tuple(sorted({*ids, spdx})), words)
    package = data["package"]
    return Index(
        by_key=by_key,
        ids={spdx.lower(): spdx for spdx in data["licences"]},
        osi=frozenset(spdx for spdx, entry in data["licences"].items() if entry["osi"]),
        source=f"{package['registry']} {package['name']} {package['version']}, compiled {data['compiled']}",
    )


def _without_appendix(whole: Words) -> Words:
    """Cut what follows END OF TERMS AND CONDITIONS: how to apply the licence, which is no part of its terms."""
    words = whole.words
    for place in range(len(words) - len(_END), 0, -1):
        if words[place : place + len(_END)] == _END:
            return Words(words[: place + len(_END)], whole.lines[: place + len(_END)])
    return whole
