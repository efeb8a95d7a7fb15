"""Licences of AI models, as facts: their names, what binds whoever builds on such a model, and what tells one."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).parent / "model_licences.json"


@dataclass(frozen=True)
class ModelLicence:
    """One licence of the table; `titles` and `marks` are words by which a text is told that no package carries."""

    id: str
    name: str
    class_name: str
    scancode: str
    hub: tuple[str, ...]
    titles: tuple[str, ...]
    marks: tuple[str, ...]
    duties: tuple[str, ...]


@lru_cache(maxsize=1)
def model_licences() -> tuple[ModelLicence, ...]:
    """Load the table."""
    return tuple(
        ModelLicence(
            id=entry["id"],
            name=entry["name"],
            class_name=entry["class"],
            scancode=entry["scancode"],
            hub=tuple(entry["hub"]),
            titles=tuple(entry["titles"]),
            marks=tuple(entry["marks"]),
            duties=tuple(entry["duties"]),
        )
        for entry in json.loads(TABLE.read_text(encoding="utf-8"))["licences"]
    )


@lru_cache(maxsize=1)
def by_id() -> dict[str, ModelLicence]:
    """Find a licence by its identifier."""
    return {licence.id: licence for licence in model_licences()}


@lru_cache(maxsize=1)
def by_hub_name() -> dict[str, str]:
    """Find an identifier by the name that model hubs have for it, in small letters."""
    found = {licence.id.lower(): licence.id for licence in model_licences()}
    return found | {name.lower(): licence.id for licence in model_licences() for name in licence.hub}
