"""Compile the index of licence texts from the npm package spdx-license-list; the same package gives the same bytes.

Run: npm pack spdx-license-list@6.12.0
     python -m evaluation.licences.compile_index spdx-license-list-6.12.0.tgz DATE
"""

import gzip
import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

from evaluation.licences.index import INDEX

_ALSO = (
    "CC-BY",
    "CC0-",
    "CDLA-",
    "ODbL-",
    "ODC-",
    "PDDL-",
    "OpenMDW-",
    "PolyForm-",
    "BUSL-",
    "SSPL-",
    "Elastic-",
    "EUPL-",
)
_NAMES = {"WTFPL", "JSON", "Hippocratic-2.1", "MIT-Modern-Variant", "BSD-3-Clause-Clear", "BSD-4-Clause"}


def compile_index(package: bytes, *, compiled: str) -> bytes:
    """Take the texts that matter out of the package and write them as compressed JSON; raises KeyError, TarError."""
    licences = {}
    with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
        about = json.loads(_content(archive, "package/package.json"))
        for name in sorted(archive.getnames()):
            if not name.startswith("package/licenses/") or not name.endswith(".json"):
                continue
            spdx = Path(name).name.removesuffix(".json")
            found = json.loads(_content(archive, name))
            if found["osiApproved"] or spdx in _NAMES or spdx.startswith(_ALSO):
                licences[spdx] = {"osi": found["osiApproved"], "text": found["licenseText"]}
    index = {
        "compiled": compiled,
        "credit": "Licence texts of the SPDX License List, which belong to their authors, "
        "by way of the npm package spdx-license-list by Sindre Sorhus (CC0-1.0).",
        "licences": licences,
        "package": {
            "licence": about["license"],
            "name": about["name"],
            "registry": "npm",
            "sha256": hashlib.sha256(package).hexdigest(),
            "version": about["version"],
        },
    }
    text = json.dumps(index, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()


if __name__ == "__main__":
    INDEX.write_bytes(compile_index(Path(sys.argv[1]).read_bytes(), compiled=sys.argv[2]))
