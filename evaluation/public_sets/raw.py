"""The raw files of public sets in an organiser's folder, each held against its digest before anything is made of it."""

import gzip
import hashlib
import io
import json
import lzma
import tarfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluation.public_sets.definitions import public_sets
from evaluation.suites import SuiteError

MOST_BYTES = 64 * 2**20
_DAMAGE = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)


@dataclass(frozen=True)
class Raw:
    """A folder with the files of sets, called as the definitions call them: `gsm8k/test.jsonl`."""

    folder: Path
    _read: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    def content(self, name: str) -> bytes:
        """Return a file's bytes, which are those that the definition names; raises SuiteError otherwise."""
        if name not in self._read:
            expected = {file: about for one in public_sets().values() for file, about in one.files.items()}[name]
            try:
                with (self.folder / name).open("rb") as file:
                    content = file.read(MOST_BYTES + 1)
            except OSError as error:
                raise SuiteError(f"{name}: not to be read in {self.folder}: {error.strerror}") from error
            if hashlib.sha256(content).hexdigest() != expected.sha256:
                raise SuiteError(f"{name}: not the file that is known, whose SHA-256 is {expected.sha256}")
            self._read[name] = content
        return self._read[name]

    def lines(self, name: str) -> list[str]:
        """Return a file's lines without their ends; NTREX ends its lines with two letters, and no end is in a line."""
        found = self.content(name).decode("utf-8").replace("\r\n", "\n").split("\n")
        return found[:-1] if found[-1] == "" else found

    def archived_lines(self, name: str) -> list[str]:
        """Return the lines of the one file in an archive."""
        try:
            with tarfile.open(fileobj=io.BytesIO(self.content(name))) as archive:
                (member,) = [one for one in archive.getmembers() if one.isfile() and one.size <= MOST_BYTES]
                file = archive.extractfile(member)
                text = file.read().decode("utf-8") if file is not None else ""
        except _DAMAGE as error:
            raise SuiteError(f"{name}: the archive cannot be read: {error}") from error
        return text.rstrip("\n").split("\n")

    def packed_lines(self, name: str) -> list[str]:
        """Return the lines of a file in gzip."""
        return gzip.decompress(self.content(name)).decode("utf-8").splitlines()

    def objects(self, name: str) -> list[dict[str, Any]]:
        """Return the objects of a file of JSON Lines."""
        return [json.loads(line) for line in self.lines(name)]

    def whole(self, name: str) -> Any:
        """Return what a file of JSON holds."""
        return json.loads(self.content(name))

    def rows(self, name: str) -> int:
        """Count the rows of a file, by its form."""
        if name.endswith(".tar.gz"):
            return len(self.archived_lines(name))
        if name.endswith(".gz"):
            return len(self.packed_lines(name))
        if name.endswith(".json"):
            found = self.whole(name)
            if isinstance(found, dict) and "examples" in found:
                return len(found["examples"])
            if isinstance(found, dict):
                return sum(len(paragraph["qas"]) for article in found["data"] for paragraph in article["paragraphs"])
            return len(found)
        return len(self.lines(name)) - name.startswith("sib200/")  # the others have no header
