"""The files of a package that may grant something are read, each with the part of the release that it is for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from evaluation.licences.components import ComponentType
from evaluation.licences.declared import Named
from evaluation.licences.inventory import FileKind, PackageFile
from evaluation.licences.texts.detection import MAX_TEXT, Finding, FoundBy, Match
from evaluation.licences.texts.reading import Reading, read_file
from evaluation.trees import Tree

_MOST_READ = 400  # licence files of different content that are compared; those beyond are for a person
_PARTS = (
    (re.compile(r"code|src|source|software|script"), ComponentType.CODE.value),
    (re.compile(r"model|weight|checkpoint|param"), "weights"),
    (re.compile(r"data|corpus|corpora"), ComponentType.DATA.value),
    (re.compile(r"doc|card|report|paper"), ComponentType.DOCUMENT.value),
)
_SURE = {Match.EXACT, Match.VARIED}


@dataclass(frozen=True)
class LicenceFile:
    """A file, or the text of a gate in a card, that was read for what it grants."""

    name: str
    reading: Reading
    part: str = ""
    """What it is for, by its name: code, weights, data, document; empty for the whole release."""
    is_own: bool = True
    """Whether it is the release's own, and not one of something that was copied into it."""
    is_read: bool = True
    """Whether it was compared at all; a package may hold more licence files than anybody would read."""

    @property
    def in_folder(self) -> bool:
        """Whether it lies in the folder in which REUSE keeps the texts of all licences that a release names."""
        return PurePosixPath(self.name).parts[0].lower() in {"licenses", "licences"}

    @property
    def texts(self) -> tuple[Finding, ...]:
        """The licence texts in it, whole or changed; notices and tags only refer to one."""
        return tuple(one for one in self.reading.findings if one.by in {FoundBy.TEXT, FoundBy.FINGERPRINT})

    @property
    def sure(self) -> tuple[Finding, ...]:
        """The licence texts in it that are as published."""
        return tuple(one for one in self.texts if one.match in _SURE and one.by is FoundBy.TEXT)


def read_licence_files(tree: Tree, files: Iterable[PackageFile], prompts: Sequence[Named]) -> list[LicenceFile]:
    """Read the licence files of a package, and texts to agree to that turn out to be licences."""
    found = []
    read: dict[tuple[str, bytes], Reading] = {}
    for file in files:
        if file.kind is not FileKind.LICENCE:
            continue
        content, name = tree.read(file.name, limit=MAX_TEXT + 1), read_as(file.name)
        key = PurePosixPath(name).suffix.lower(), sha256(content).digest()
        if key not in read and len(read) < _MOST_READ:
            read[key] = read_file(content, file=name)
        reading = read.get(key)
        found.append(
            LicenceFile(
                file.name, reading or Reading(file.name, Match.UNKNOWN), _part(file.name), is_own(file.name),
                is_read=reading is not None,
            )
        )  # fmt: skip
    for prompt in prompts:
        # the text is a block within a card, so its lines are those of the card, from the one behind the key
        reading = read_file(("\n" * prompt.line + prompt.text).encode(), file="")
        if any(one.by in {FoundBy.TEXT, FoundBy.FINGERPRINT} for one in reading.findings):
            found.append(LicenceFile(prompt.file, reading))
    return found


def read_as(name: str) -> str:
    """Give the name by which a licence file is read: whatever it is called, all of it is text and none is code."""
    return name if name.lower().endswith((".html", ".htm", ".md")) else ""


def _part(name: str) -> str:
    stem = PurePosixPath(name).name.lower()
    rest = re.sub(r"^(un)?licen[cs]es?|^copying", "", stem)
    folders = "/".join(PurePosixPath(name).parts[:-1]).lower()
    if folders in {"licenses", "licences"}:
        return ""
    return next((part for words, part in _PARTS if words.search(rest)), "")


def is_own(name: str) -> bool:
    """Whether a licence file lies where the release's own do: at the top, or in a folder of licences."""
    parts = PurePosixPath(name).parts
    return len(parts) == 1 or parts[0].lower() in {"licenses", "licences"}
