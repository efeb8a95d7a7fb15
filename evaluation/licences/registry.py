"""Dated records that stand in for the network: licences of base models, data and packages, and answers for DOIs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluation.licences.data_reading import DataError, read_object
from evaluation.publications.publication import Found, Lookup, Publication

_MAX_FILE = 16_777_216


class RegistryError(ValueError):
    """A file of records cannot be used; the message names the key and says what to do."""


@dataclass(frozen=True)
class Registry:
    """Licences by name in small letters: of models and data sets by their name on a hub, of code by its package."""

    models: Mapping[str, str] = field(default_factory=dict)
    datasets: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)


def read_registry(path: str | Path) -> Registry:
    """Read {"models": {NAME: LICENCE}, "datasets": …, "code": …}; raises RegistryError or OSError."""
    data = _read(path)
    return Registry(*(_table(data, key, path) for key in ("models", "datasets", "code")))


def read_publications(path: str | Path) -> dict[str, Lookup]:
    """Read {DOI: {"status": 200, "title": …, "authors": […], "published": …}}; raises RegistryError or OSError.

    The answers are those that looking a DOI up gives, by the DOI in small letters; a title may be missing here.
    """
    found = {}
    for doi, said in _read(path).items():
        if not isinstance(said, dict) or not isinstance(said.get("status"), int):
            raise RegistryError(f"{path}: {doi}: write status as a number, such as 200 or 404")
        authors = said.get("authors", [])
        article = Publication(
            title=str(said.get("title", "")),
            authors=tuple(str(author) for author in authors) if isinstance(authors, list) else (),
            published=str(said.get("published", "")),
        )
        # a server that is away says nothing about the publication
        status = {200: Found.REGISTERED, 404: Found.MISSING, 410: Found.MISSING}.get(said["status"], Found.UNKNOWN)
        found[doi.lower()] = Lookup(
            doi=doi.lower(),
            found=status,
            sentence=f"The record says that it was answered with status {said['status']}.",
            publication=article if status is Found.REGISTERED else None,
        )
    return found


def _read(path: str | Path) -> dict[str, Any]:
    with Path(path).open("rb") as file:
        content = file.read(_MAX_FILE + 1)
    try:
        return read_object(content)
    except DataError as error:
        where = f"line {error.line}: " if error.line else ""
        raise RegistryError(f"{path}: {where}{error}") from error


def _table(data: Mapping[str, Any], key: str, path: str | Path) -> dict[str, str]:
    value = data.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise RegistryError(f"{path}: {key}: write an object of names and licences")
    return {name.lower(): text for name, text in value.items()}
