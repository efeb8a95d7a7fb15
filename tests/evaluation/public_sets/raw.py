"""The raw files of the public sets, each held against the list that came with them before anything is made of it."""

import hashlib
import json
import os
import re
import tarfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("BENCHDATA") or Path(__file__).parents[4] / "shared" / "benchdata")
"""Where the files lie: the folder that the variable BENCHDATA names, else the one beside this project."""
_ROW = re.compile(r"^\| (\S+/\S+) \| \S+ \| (\d+) \| (\d+) \| `([0-9a-f]{64})` \|$", re.MULTILINE)


@dataclass(frozen=True)
class Listed:
    """What the list says of a file."""

    rows: int
    size: int
    sha256: str


@cache
def listed() -> dict[str, Listed]:
    """Read the list; skips the test where the sets are not there."""
    if not (FOLDER / "MANIFEST.md").exists():
        pytest.skip("The public sets are not here: ../shared/benchdata, or where BENCHDATA says.")
    found = _ROW.findall((FOLDER / "MANIFEST.md").read_text(encoding="utf-8"))
    return {name: Listed(int(rows), int(size), sha256) for name, rows, size, sha256 in found}


@cache
def raw(name: str) -> bytes:
    """Return a file's bytes, which are those that the list names; skips where it is not there."""
    expected = listed()[name]
    content = (FOLDER / name).read_bytes()
    assert (len(content), hashlib.sha256(content).hexdigest()) == (expected.size, expected.sha256), name
    return content


def lines(name: str) -> list[str]:
    """Return a file's lines without their ends; NTREX ends its lines with two letters, and no line end is in a line."""
    found = raw(name).decode("utf-8").replace("\r\n", "\n").split("\n")
    return found[:-1] if found[-1] == "" else found


def archived_lines(name: str) -> list[str]:
    """Return the lines of the one file in an archive."""
    raw(name)
    with tarfile.open(FOLDER / name) as archive:
        (member,) = [one for one in archive.getmembers() if one.isfile()]
        file = archive.extractfile(member)
        assert file is not None
        return file.read().decode("utf-8").rstrip("\n").split("\n")


def objects(name: str) -> list[dict]:
    """Return the objects of a file of JSON Lines."""
    return [json.loads(line) for line in lines(name)]


def whole(name: str) -> object:
    """Return what a file of JSON holds."""
    return json.loads(raw(name))
