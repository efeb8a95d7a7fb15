"""What lies in an archive: every table, log and file with its SHA-256, signed by the site that wrote it.

Nothing in a manifest says when or by whom the archive was written, so equal content gives equal bytes.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jsonschema import Draft202012Validator

from challenge.archives.contents import FileKind, People
from challenge.foundation.canonical import canonical
from challenge.foundation.signing import is_signed

FORMAT = "challenge-archive-1"
MANIFEST, SIGNATURE, README = "manifest.json", "signature.json", "README.txt"
LARGEST_MANIFEST = 32 << 20
"""Bytes; two hundred thousand files take about 30 MB."""


class ManifestError(ValueError):
    """A manifest or its signature is not what a site writes; the text says where and why."""


@dataclass(frozen=True)
class TableMember:
    """One table of the archive; size in bytes."""

    name: str
    rows: int
    size: int
    sha256: str

    @property
    def path(self) -> str:
        """Where it lies in the archive."""
        return f"tables/{self.name}.jsonl"


@dataclass(frozen=True)
class LogMember:
    """What one site's log says of the call, and the head that the site signed."""

    number: int
    lines: int
    size: int
    sha256: str
    log_size: int
    root: str
    public_key: str
    signature: str

    @property
    def path(self) -> str:
        """Where it lies in the archive."""
        return f"logs/{self.number}.jsonl"


@dataclass(frozen=True)
class FileMember:
    """A file that the records name; its size in bytes, None where it is not in the archive."""

    sha256: str
    kinds: tuple[FileKind, ...]
    size: int | None

    @property
    def path(self) -> str:
        """Where it lies in the archive."""
        return f"files/{self.sha256}"


@dataclass(frozen=True)
class Manifest:
    """All that an archive holds; the files in the order of their names."""

    schema: str
    """The migration that the tables have the shape of."""
    call: str
    title: str
    people: People
    left_out: tuple[FileKind, ...]
    tables: tuple[TableMember, ...]
    logs: tuple[LogMember, ...]
    files: tuple[FileMember, ...]

    @property
    def there(self) -> list[FileMember]:
        """The files that are in the archive."""
        return [file for file in self.files if file.size is not None]

    def _all(self) -> Iterator[TableMember | LogMember | FileMember]:
        yield from self.tables
        yield from self.logs
        yield from self.there

    @property
    def members(self) -> list[tuple[str, int, str]]:
        """Path, size and SHA-256 of whatever lies in the archive beside the manifest."""
        return [(one.path, one.size or 0, one.sha256) for one in self._all()]

    @property
    def absent(self) -> list[FileMember]:
        """Files that should be in the archive, and that the site's store did not have."""
        return [file for file in self.files if file.size is None and set(file.kinds) - set(self.left_out)]

    def written(self) -> bytes:
        """Write the manifest in its one form."""
        plain = {
            "format": FORMAT,
            "schema": self.schema,
            "call": self.call,
            "title": self.title,
            "people": self.people,
            "left_out": sorted(self.left_out),
            "tables": [
                {"name": one.name, "rows": one.rows, "size": one.size, "sha256": one.sha256} for one in self.tables
            ],
            "logs": [
                {
                    "lines": one.lines, "size": one.size, "sha256": one.sha256, "log_size": one.log_size,
                    "root": one.root, "public_key": one.public_key, "signature": one.signature,
                }
                for one in self.logs
            ],
            "files": [
                {"sha256": one.sha256, "kinds": sorted(one.kinds), "size": one.size}
                for one in sorted(self.files, key=lambda file: file.sha256)
            ],
        }  # fmt: skip
        return canonical(plain) + b"\n"

    @cached_property
    def sha256(self) -> str:
        """The digest that stands for the whole archive."""
        return hashlib.sha256(self.written()).hexdigest()


@dataclass(frozen=True)
class Signed:
    """The signature of a manifest."""

    manifest_sha256: str
    public_key: str
    signature: str

    @property
    def holds(self) -> bool:
        """Tell whether the key signed this digest."""
        return is_signed(signed_document(self.manifest_sha256), self.signature, self.public_key)

    def written(self) -> bytes:
        """Write it as a file."""
        plain = {
            "manifest_sha256": self.manifest_sha256, "public_key": self.public_key, "signature": self.signature,
        }  # fmt: skip
        return canonical(plain) + b"\n"


def signed_document(manifest_sha256: str) -> dict[str, object]:
    """Return what a site signs of an archive."""
    return {"kind": "archive of a call", "manifest": manifest_sha256}


_SHA, _COUNT, _NAME = (
    {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    {"type": "integer", "minimum": 0},
    {"type": "string", "pattern": "^[a-z_]{1,60}$"},
)


def _closed(**properties: object) -> dict[str, object]:
    return {
        "type": "object", "properties": properties, "required": sorted(properties), "additionalProperties": False,
    }  # fmt: skip


def _list(of: object) -> dict[str, object]:
    return {"type": "array", "items": of}


_KINDS = {"type": "array", "items": {"enum": sorted(kind.value for kind in FileKind)}, "uniqueItems": True}
_MANIFEST = _closed(
    format={"const": FORMAT},
    schema={"type": "string", "pattern": "^[0-9]{4}$"},
    call={"type": "string", "maxLength": 40},
    title={"type": "string", "maxLength": 200},
    people={"enum": sorted(people.value for people in People)},
    left_out=_KINDS,
    tables=_list(_closed(name=_NAME, rows=_COUNT, size=_COUNT, sha256=_SHA)),
    logs=_list(
        _closed(
            lines=_COUNT, size=_COUNT, sha256=_SHA, log_size=_COUNT, root=_SHA, public_key=_SHA,
            signature={"type": "string", "pattern": "^[0-9a-f]{128}$"},
        )
    ),
    files=_list(
        _closed(sha256=_SHA, kinds={**_KINDS, "minItems": 1}, size={"type": ["integer", "null"], "minimum": 0})
    ),
)  # fmt: skip
_SIGNATURE = _closed(manifest_sha256=_SHA, public_key=_SHA, signature={"type": "string", "pattern": "^[0-9a-f]{128}$"})


def read_manifest(content: bytes) -> Manifest:
    """Read a manifest; raise ManifestError where anything but its one form is found."""
    plain = _read(content, _MANIFEST, MANIFEST)
    manifest = Manifest(
        schema=plain["schema"],
        call=plain["call"],
        title=plain["title"],
        people=People(plain["people"]),
        left_out=_kinds(plain["left_out"]),
        tables=tuple(TableMember(**one) for one in plain["tables"]),
        logs=tuple(LogMember(number=number, **one) for number, one in enumerate(plain["logs"], start=1)),
        files=tuple(FileMember(one["sha256"], _kinds(one["kinds"]), one["size"]) for one in plain["files"]),
    )
    if manifest.written() != content:
        raise ManifestError(f"{MANIFEST} is not written as a site writes it; do not change the file by hand.")
    for what, names in (
        ("table", [one.name for one in manifest.tables]),
        ("file", [one.sha256 for one in manifest.files]),
    ):
        if twice := [name for name, times in Counter(names).items() if times > 1]:
            raise ManifestError(f"{MANIFEST} names the {what} {twice[0]} twice.")
    return manifest


def read_signature(content: bytes) -> Signed:
    """Read a signature file; raise ManifestError where it is none."""
    return Signed(**_read(content, _SIGNATURE, SIGNATURE))


def _kinds(words: Iterable[str]) -> tuple[FileKind, ...]:
    return tuple(sorted(FileKind(word) for word in words))


def _read(content: bytes, schema: Mapping[str, object], name: str) -> Any:
    try:
        plain = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"{name} is no JSON: {error}.") from error
    if isinstance(plain, dict) and plain.get("format", FORMAT) != FORMAT and name == MANIFEST:
        raise ManifestError(f"{name} has the format {plain['format']!r}; this site reads {FORMAT}.")
    for fault in Draft202012Validator(schema).iter_errors(plain):
        where = "/".join(str(part) for part in fault.absolute_path) or "the top"
        raise ManifestError(f"{name}, at {where}: {fault.message[:200]}.")
    return plain
