"""Which packages the code of a release needs: by its lists of requirements, and by what it imports."""

import re
from collections.abc import Iterator

_MAX_NAME = 200
_IMPORT = re.compile(r"^\s*(?:import|from)\s+([A-Za-z_][A-Za-z0-9_]*)")
# Where a module is called otherwise than the package that brings it.
_PACKAGES = {"fitz": "pymupdf", "sklearn": "scikit-learn", "PIL": "pillow", "cv2": "opencv-python", "yaml": "pyyaml"}


def requirements_in(content: bytes) -> Iterator[tuple[str, int]]:
    """Yield (package, line) of a list of requirements; names in small letters, with hyphens."""
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        name = line.split("#")[0].strip()
        for mark in "[<>=!~;@ ":
            name = name.split(mark)[0]
        if name and not name.startswith("-"):
            yield name.lower().replace("_", "-").replace(".", "-")[:_MAX_NAME], number


def imports_in(content: bytes) -> Iterator[tuple[str, int]]:
    """Yield (package, line) of what a Python file imports, as the package is called."""
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        if found := _IMPORT.match(line):
            module = found.group(1)
            yield _PACKAGES.get(module, module.lower().replace("_", "-"))[:_MAX_NAME], number
