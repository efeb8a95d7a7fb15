"""What a package says of itself: its licence, what it is made from, and how it is released, each with its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from evaluation.licences.archive import PackageFile
from evaluation.licences.card import CARDS, MAX_CARD, front_matter, line_of
from evaluation.licences.data_reading import MAX_JSON, DataError, read_object
from evaluation.trees import Tree

METADATA = "metadata.json"
_CONFIGS = {"config.json": "_name_or_path", "adapter_config.json": "base_model_name_or_path"}
_MAX_NAME = 200


@dataclass(frozen=True)
class Named:
    """Something that a file names: a licence, a base model, a data set or a dependency."""

    text: str
    file: str
    line: int


@dataclass(frozen=True)
class Fault:
    """A file of declarations that cannot be read, where, and why."""

    file: str
    line: int
    sentence: str


@dataclass
class Declarations:
    """All that was found in the card, in metadata.json and in the configuration files."""

    licences: list[Named] = field(default_factory=list)
    bases: list[Named] = field(default_factory=list)
    found_bases: list[Named] = field(default_factory=list)
    datasets: list[Named] = field(default_factory=list)
    dependencies: list[Named] = field(default_factory=list)
    gates: list[Named] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    release: str = ""
    doi: str = ""


def read_declarations(tree: Tree, files: Iterable[PackageFile]) -> Declarations:
    """Read a package's declarations; a file that cannot be read becomes a fault, never a guess."""
    found = Declarations()
    for file in files:
        path = PurePosixPath(file.name)
        name = path.name.lower()
        content = b""
        try:
            if name in CARDS and len(path.parts) == 1:
                content = tree.read(file.name, limit=MAX_CARD)
                _card(front_matter(content), file.name, content, found)
            elif name == METADATA and len(path.parts) == 1:
                content = tree.read(file.name, limit=MAX_JSON + 1)
                _metadata(read_object(content), file.name, content, found)
            elif name in _CONFIGS:
                content = tree.read(file.name, limit=MAX_JSON + 1)
                _add(found.found_bases, read_object(content), _CONFIGS[name], file.name, content)
            elif name == "requirements.txt":
                content = tree.read(file.name, limit=MAX_JSON)
                found.dependencies.extend(_requirements(content, file.name))
        except DataError as error:
            found.faults.append(Fault(file.name, error.line, str(error)))
    return found


def _card(data: dict[str, Any], file: str, content: bytes, found: Declarations) -> None:
    # Where the licence is "other", model hubs keep its name under a key of its own.
    other = str(data.get("license")).lower() == "other" and data.get("license_name")
    _add(found.licences, data, "license_name" if other else "license", file, content)
    _add(found.licences, data, "licence", file, content)
    _add(found.bases, data, "base_model", file, content)
    _add(found.datasets, data, "datasets", file, content)
    for key in data:
        if isinstance(key, str) and key.startswith("extra_gated"):
            found.gates.append(Named(key, file, line_of(key, content)))


def _metadata(data: dict[str, Any], file: str, content: bytes, found: Declarations) -> None:
    _add(found.licences, data, "licence", file, content)
    _add(found.licences, data, "license", file, content)
    _add(found.bases, data, "base_models", file, content)
    _add(found.datasets, data, "datasets", file, content)
    for key in ("release", "doi"):
        value = data.get(key, "")
        if not isinstance(value, str) or len(value) > _MAX_NAME:
            raise DataError(f"{key} is not a short text", line=line_of(key, content))
        setattr(found, key, value)


def _add(to: list[Named], data: dict[str, Any], key: str, file: str, content: bytes) -> None:
    """Add the names under a key, which holds one text or a list of texts; raises DataError otherwise."""
    value = data.get(key)
    line = line_of(key, content)
    for text in value if isinstance(value, list) else [value]:
        if text is None:
            continue
        if not isinstance(text, str) or len(text) > _MAX_NAME:
            raise DataError(f"{key} holds what is not a short text", line=line)
        if text.strip():
            to.append(Named(text.strip(), file, line))


def _requirements(content: bytes, file: str) -> Iterable[Named]:
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        name = line.split("#")[0].strip()
        for mark in "[<>=!~;@ ":
            name = name.split(mark)[0]
        if name and not name.startswith("-"):
            yield Named(name.lower().replace("_", "-").replace(".", "-")[:_MAX_NAME], file, number)
