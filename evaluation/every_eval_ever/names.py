"""Names as the schema and its store of files take them: `org/name` for a model, and parts of a path for any system."""

import hashlib
import re
from uuid import UUID

LONGEST = 80
_OTHER = re.compile(r"[^\w.-]+")
_KEPT = re.compile(r"(?:data|con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, and the one that the store of files keeps for itself."""


def part_of_path(text: str, *, otherwise: str = "unnamed") -> str:
    """Write a name with letters, digits, dots and hyphens alone, so that it may be one part of a path."""
    plain = _OTHER.sub("-", text)[:LONGEST].strip(".-")
    return f"{plain}-" if _KEPT.fullmatch(plain) else plain or otherwise


def model_id(organisation: str, name: str) -> str:
    """Name a model as `org/name`."""
    return f"{part_of_path(organisation)}/{part_of_path(name)}"


def uuid_of(text: str) -> str:
    """Return the same UUID of version 4 for the same text: names of files must have this form, and need not change."""
    return str(UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4))
