"""What is known of each public set: its files with their digests, where they lie, and under which terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evaluation.suites import SuiteError
from evaluation.yaml_reading import read_yaml

DEFINITIONS = Path(__file__).parent / "sets.yaml"


@dataclass(frozen=True, kw_only=True)
class SetFile:
    """A file of a set: where it lies in its repository, how many rows it has, and what its bytes are."""

    path: str
    rows: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PublicSet:
    """A set; its data are not here, since they belong to others."""

    name: str
    title: str
    what: str
    repository: str
    """OWNER/NAME on GitHub."""
    commit: str
    licence: str
    terms: str
    """What its licence asks of whoever uses it, or forbids; to be said before any use."""
    files: Mapping[str, SetFile]

    def address(self, file: str) -> str:
        """Return where a file is to be had."""
        return f"https://raw.githubusercontent.com/{self.repository}/{self.commit}/{self.files[file].path}"


@cache
def public_sets() -> Mapping[str, PublicSet]:
    """Read the definitions, by name."""
    data = read_yaml(DEFINITIONS.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise TypeError(f"{DEFINITIONS.name} is no mapping of names to sets")
    return {
        name: PublicSet(
            name=name,
            **{**said, "files": {file: SetFile(**about) for file, about in said["files"].items()}},
        )
        for name, said in data.items()
    }


def public_set(name: str) -> PublicSet:
    """Return a set by its name; raises SuiteError with the names that there are."""
    found = public_sets().get(name)
    if found is None:
        raise SuiteError(f"{name}: no such set; there are {', '.join(public_sets())}")
    return found
