"""The index holds the known texts, compiled from dated packages and committed as one file; nothing else is read."""

import json
import sys
import zipfile
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from evaluation.licences.texts.shingles import UNKNOWN
from evaluation.licences.texts.templates import Template, TemplateKind

INDEX = Path(__file__).parent / "index.zip"


def key_of(words: Sequence[int]) -> bytes:
    """Give the key by which two texts of the same words find one another."""
    return blake2b(array("H", words).tobytes(), digest_size=16).digest()


@dataclass(frozen=True)
class Licence:
    """What the SPDX License List says of a licence or an exception: its name and whether the OSI approved it."""

    name: str
    osi: bool
    deprecated: bool


@dataclass(frozen=True)
class Index:
    """All known texts, with what finds the likely ones for a file."""

    about: Mapping[str, Any]
    licences: Mapping[str, Licence]
    numbers: Mapping[str, int]
    """The number of each word."""
    vocabulary: Sequence[str]
    templates: Sequence[Template]
    keys: Mapping[bytes, int]
    """The template that a text has word for word, by the text's key."""
    hashes: "array[int]"
    owners: "array[int]"
    places: "array[int]"
    shingle_counts: Sequence[int]
    """How many shingles each template has."""

    def numbered(self, words: Sequence[str]) -> list[int]:
        """Replace words by their numbers; words that no known text has are all the same."""
        get = self.numbers.get
        return [get(word, UNKNOWN) for word in words]

    def postings(self, number: int) -> Iterator[tuple[int, int]]:
        """Yield (template, place in it) of each known text in which a shingle stands."""
        begin = bisect_left(self.hashes, number)
        end = bisect_right(self.hashes, number, begin)
        return zip(self.owners[begin:end], self.places[begin:end], strict=True)

    @property
    def source(self) -> str:
        """Name the packages that the texts come from, and the day on which they were compiled."""
        packages = ", ".join(f"{package['name']} {package['version']}" for package in self.about["packages"])
        return f"{packages}; compiled {self.about['compiled']}"


@lru_cache(maxsize=1)
def known() -> Index:
    """Load the committed index once."""
    return read_index(INDEX)


def read_index(path: Path) -> Index:
    """Read an index file; raises OSError, KeyError or zipfile.BadZipFile where it is none."""
    with zipfile.ZipFile(path) as archive:
        entries = json.loads(archive.read("templates.json"))
        words = _array("H", archive.read("words.bin"))
        raw_keys = archive.read("keys.bin")
        key_owners = _array("H", archive.read("key_owners.bin"))
        owners = _array("H", archive.read("shingle_owners.bin"))
        counts = Counter(owners)
        vocabulary = archive.read("vocabulary.txt").decode().split("\n")
        return Index(
            about=json.loads(archive.read("about.json")),
            licences={spdx: Licence(*said) for spdx, said in json.loads(archive.read("licences.json")).items()},
            numbers={word: number for number, word in enumerate(vocabulary)},
            vocabulary=vocabulary,
            templates=[_template(entry, words, rank) for rank, entry in enumerate(entries)],
            keys={raw_keys[at : at + 16]: key_owners[at // 16] for at in range(0, len(raw_keys), 16)},
            hashes=_array("I", archive.read("shingle_hashes.bin")),
            owners=owners,
            places=_array("H", archive.read("shingle_places.bin")),
            shingle_counts=[counts[template] for template in range(len(entries))],
        )


@lru_cache(maxsize=1)
def known_texts() -> dict[str, str]:
    """Load the texts as they are published, by identifier, to show them; detection does without."""
    with zipfile.ZipFile(INDEX) as archive:
        found: dict[str, str] = json.loads(archive.read("texts.json"))
    return found


def _template(entry: list[Any], words: "array[int]", rank: int) -> Template:
    ids, kind, start, length, marks = entry
    return Template(
        ids=tuple(ids),
        kind=TemplateKind(kind),
        words=words[start : start + length],
        marks=marks,
        rank=rank,
    )


def _array(code: str, content: bytes) -> "array[int]":
    found: array[int] = array(code)
    found.frombytes(content)
    if sys.byteorder == "big":
        found.byteswap()
    return found
