"""What a package says of itself: its licence, what it is made from, and how it is released, each with its place."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from evaluation.licences.card import CARDS, MAX_CARD, Card, line_of, read_card
from evaluation.licences.data_reading import MAX_JSON, DataError, read_object
from evaluation.licences.dependencies import imports_in, requirements_in
from evaluation.licences.inventory import FileKind, PackageFile
from evaluation.licences.weights_metadata import gguf_texts, safetensors_texts
from evaluation.trees import Tree
from evaluation.yaml_reading import YamlError, read_yaml

METADATA = "metadata.json"
_SUBMISSION = "submission.json"
_CONFIGS = {"config.json": "_name_or_path", "adapter_config.json": "base_model_name_or_path"}
_MERGES = {"mergekit_config.yml", "mergekit_config.yaml", "merge.yml", "merge.yaml", "mergekit.yml", "mergekit.yaml"}
_MAX_NAME = 300
_MAX_CODE = 131_072


@dataclass(frozen=True)
class Named:
    """Something that a file names: a licence, a base model, a data set or a dependency."""

    text: str
    file: str
    line: int
    scope: str = ""
    """What a declared licence is for: `code`, or nothing for the release as a whole."""


@dataclass(frozen=True)
class Fault:
    """A file of declarations that cannot be read, where, and why."""

    file: str
    line: int
    sentence: str


@dataclass
class Declarations:
    """All that was found in the card, in the metadata, in configurations and in the headers of weights."""

    licences: list[Named] = field(default_factory=list)
    links: list[Named] = field(default_factory=list)
    """Where a card says that the licence's text is."""
    bases: list[Named] = field(default_factory=list)
    found_bases: list[Named] = field(default_factory=list)
    datasets: list[Named] = field(default_factory=list)
    dependencies: list[Named] = field(default_factory=list)
    gates: list[Named] = field(default_factory=list)
    prompts: list[Named] = field(default_factory=list)
    """Texts that somebody must agree to before the download, which may be a licence."""
    faults: list[Fault] = field(default_factory=list)
    names: list[Named] = field(default_factory=list)
    """The model's name, as headings and metadata give it."""
    body: Named | None = None
    """The card's own words behind its front matter, from the line on which they begin."""
    release: str = ""
    doi: str = ""
    authors: tuple[str, ...] = ()


def read_declarations(tree: Tree, files: Iterable[PackageFile]) -> Declarations:
    """Read a package's declarations; a file that cannot be read becomes a fault, never a guess."""
    found = Declarations()
    for file in files:
        path = PurePosixPath(file.name)
        try:
            if file.kind is FileKind.WEIGHTS:
                _weights(tree, file, found)
            elif reader := _reader_of(path):
                _limit, read = reader
                content = tree.read(file.name, limit=_limit)
                read(content, file.name, found)
            elif path.suffix == ".py":
                content = tree.read(file.name, limit=_MAX_CODE)
                found.dependencies += [Named(name, file.name, line) for name, line in imports_in(content)]
        except DataError as error:
            found.faults.append(Fault(file.name, error.line, str(error)))
    return found


Read = Callable[[bytes, str, Declarations], None]


def _reader_of(path: PurePosixPath) -> tuple[int, Read] | None:
    """Choose by its name what reads a file of declarations, and how much of it."""
    name, at_top = path.name.lower(), len(path.parts) == 1
    if name in CARDS and at_top:
        return MAX_CARD, _card
    if name in {METADATA, _SUBMISSION} and at_top:
        return MAX_JSON + 1, _metadata
    if name in _CONFIGS:
        return MAX_JSON + 1, _config
    if name in _MERGES:
        return MAX_JSON, _merge
    return {
        "pyproject.toml": (MAX_JSON, _pyproject),
        "package.json": (MAX_JSON + 1, _package_json),
        "citation.cff": (MAX_JSON, _citation),
        "reuse.toml": (MAX_JSON, _reuse),
        "requirements.txt": (MAX_JSON, _requirements),
    }.get(name)


def _card(content: bytes, file: str, found: Declarations) -> None:
    card = read_card(content)
    data = card.data
    # Where the licence is "other", model hubs keep its name under a key of its own.
    other = str(data.get("license")).lower() == "other" and data.get("license_name")
    _add(found.licences, data, "license_name" if other else "license", file, content)
    _add(found.licences, data, "licence", file, content)
    _add(found.links, data, "license_link", file, content)
    _add(found.bases, data, "base_model", file, content)
    _add(found.datasets, data, "datasets", file, content)
    _add(found.names, data, "model_name", file, content)
    _name(card, file, found)
    prompt = data.get("extra_gated_prompt")
    if isinstance(prompt, str):
        found.prompts.append(Named(prompt, file, line_of("extra_gated_prompt", content)))
    for key in data:
        if isinstance(key, str) and key.startswith("extra_gated") and key != "extra_gated_prompt":
            found.gates.append(Named(key, file, line_of(key, content)))


def _name(card: Card, file: str, found: Declarations) -> None:
    if card.name:
        found.names.append(Named(card.name, file, card.name_line))
    found.body = Named(card.body, file, card.body_line)


def _metadata(content: bytes, file: str, found: Declarations) -> None:
    data = read_object(content)
    _add(found.licences, data, "licence", file, content)
    _add(found.licences, data, "license", file, content)
    _add(found.bases, data, "base_models", file, content)
    _add(found.datasets, data, "datasets", file, content)
    for key, name in (("release", "release"), ("route", "release"), ("doi", "doi")):
        value = data.get(key, "")
        if not isinstance(value, str) or len(value) > _MAX_NAME:
            raise DataError(f"{key} is not a short text", line=line_of(key, content))
        if value:
            setattr(found, name, value)
    authors: list[Named] = []
    _add(authors, data, "authors", file, content)
    _add(authors, data, "team", file, content)
    found.authors = tuple(author.text for author in authors)


def _config(content: bytes, file: str, found: Declarations) -> None:
    data = read_object(content)
    key = _CONFIGS[PurePosixPath(file).name.lower()]
    names: list[Named] = []
    _add(names, data, key, file, content)
    found.found_bases += [named for named in names if is_hub_name(named.text)]
    _add(found.licences, data, "license", file, content)


def _merge(content: bytes, file: str, found: Declarations) -> None:
    try:
        data = read_yaml(content.decode("utf-8", "replace"))
    except YamlError as error:
        raise DataError(str(error), line=error.line) from error
    waiting = [data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for key in ("base_model", "model"):
                value = one.get(key)
                if isinstance(value, str) and is_hub_name(value.split("+")[0]):
                    found.found_bases.append(Named(value.split("+")[0], file, _line_with(value, content)))
            waiting += list(one.values())
        elif isinstance(one, list):
            waiting += one


def _weights(tree: Tree, file: PackageFile, found: Declarations) -> None:
    """Read what the header of weights says of licence and base model; it has no lines."""
    if file.name.lower().endswith(".safetensors"):
        texts: Mapping[str, str] = safetensors_texts(tree, file.name, file.size)
    elif file.name.lower().endswith(".gguf"):
        texts = gguf_texts(tree, file.name)
    else:
        return
    for key, value in sorted(texts.items()):
        short = value.strip()[:_MAX_NAME]
        name = key.lower().removeprefix("general.").removeprefix("modelspec.")
        if not short:
            continue
        if name in {"license", "licence"}:
            found.licences.append(Named(short, file.name, 0))
        elif name in {"base_model", "base_model_name_or_path", "base_model.0.repo_url", "base_model.1.repo_url"}:
            hub = short.removeprefix("https://huggingface.co/")
            if is_hub_name(hub):
                found.found_bases.append(Named(hub, file.name, 0))


def _pyproject(content: bytes, file: str, found: Declarations) -> None:
    data = _toml(content)
    project = data.get("project")
    project = project if isinstance(project, dict) else {}
    licence = project.get("license")
    if isinstance(licence, dict):
        licence = licence.get("text")
    if isinstance(licence, str) and "\n" not in licence.strip() and len(licence) <= _MAX_NAME:
        found.licences.append(Named(licence.strip(), file, line_of("license", content), "code"))
    wanted = project.get("dependencies")
    for text in wanted if isinstance(wanted, list) else []:
        if isinstance(text, str):
            line = _line_with(text, content)
            found.dependencies += [Named(name, file, line) for name, _ in requirements_in(text.encode())]


def _package_json(content: bytes, file: str, found: Declarations) -> None:
    data = read_object(content)
    value = data.get("license")
    if isinstance(value, str) and len(value) <= _MAX_NAME:
        found.licences.append(Named(value, file, line_of("license", content), "code"))


def _citation(content: bytes, file: str, found: Declarations) -> None:
    try:
        data = read_yaml(content.decode("utf-8", "replace"))
    except YamlError as error:
        raise DataError(str(error), line=error.line) from error
    if isinstance(data, dict):
        names: list[Named] = []
        _add(names, data, "license", file, content)
        found.licences += [Named(one.text, one.file, one.line, "code") for one in names]


def _reuse(content: bytes, file: str, found: Declarations) -> None:
    data = _toml(content)
    blocks = data.get("annotations")
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, dict):
            continue
        value = block.get("SPDX-License-Identifier")
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and len(text) <= _MAX_NAME:
                found.licences.append(Named(text, file, _line_with(text, content), "code"))


def _requirements(content: bytes, file: str, found: Declarations) -> None:
    found.dependencies += [Named(name, file, line) for name, line in requirements_in(content)]


def is_hub_name(text: str) -> bool:
    """Whether a name is OWNER/NAME on a model hub, and no path on somebody's disk."""
    parts = text.strip().split("/")
    return len(parts) == 2 and all(part and part[0].isalnum() for part in parts) and "\\" not in text


def _toml(content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(f"not valid TOML: {error}") from error


def _line_with(text: str, content: bytes) -> int:
    lines = content.decode("utf-8", "replace").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if text in line), 0)


def _add(to: list[Named], data: Mapping[str, Any], key: str, file: str, content: bytes) -> None:
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
