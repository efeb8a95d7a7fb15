"""Archives as a forger would make them: rows changed, the manifest made to fit, and signed with the forger's own key."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from challenge.archives.manifest import MANIFEST, SIGNATURE, Signed, signed_document
from challenge.foundation.canonical import canonical
from challenge.foundation.signing import Signer

Change = Callable[[dict[str, Any]], None]


@dataclass
class Forgery:
    """The members of an archive, to be changed one by one."""

    members: dict[str, bytes]
    signer: Signer = field(default_factory=lambda: Signer(Ed25519PrivateKey.generate()))

    @classmethod
    def of(cls, archive: Path) -> "Forgery":
        """Take an archive apart."""
        with zipfile.ZipFile(archive) as opened:
            return cls({name: opened.read(name) for name in opened.namelist()})

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest as it now reads."""
        plain: dict[str, Any] = json.loads(self.members[MANIFEST])
        return plain

    def change_row(self, path: str, change: Change, *, row: int = 0) -> "Forgery":
        """Change a row of a table or a line of a log, and let the manifest name the new bytes."""
        lines = self.members[path].splitlines(keepends=True)
        plain = json.loads(lines[row])
        change(plain)
        lines[row] = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        return self.put(path, b"".join(lines))

    def put(self, path: str, content: bytes) -> "Forgery":
        """Put other bytes in a member's place, and let the manifest name them."""
        self.members[path] = content
        plain = self.manifest
        folder, _, name = path.removesuffix(".jsonl").partition("/")
        entry = plain["logs"][int(name) - 1] if folder == "logs" else _named(plain["tables"], name)
        entry["size"], entry["sha256"] = len(content), hashlib.sha256(content).hexdigest()
        if folder == "tables":
            entry["rows"] = content.count(b"\n")
        else:
            entry["lines"] = content.count(b"\n")
        return self.change_manifest(lambda manifest: manifest.update(plain))

    def change_manifest(self, change: Change) -> "Forgery":
        """Change the manifest and sign it anew."""
        plain = self.manifest
        change(plain)
        self.members[MANIFEST] = canonical(plain) + b"\n"
        sha256 = hashlib.sha256(self.members[MANIFEST]).hexdigest()
        signature = self.signer.sign(signed_document(sha256))
        self.members[SIGNATURE] = Signed(sha256, self.signer.public_key, signature).written()
        return self

    def save(self, target: Path) -> Path:
        """Write it as a file."""
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in self.members.items():
                archive.writestr(name, content)
        return target


def _named(tables: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(table for table in tables if table["name"] == name)
