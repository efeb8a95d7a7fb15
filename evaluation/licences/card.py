"""The front matter of a model card declares the licence and the models and data that a model is made from."""

import re
from dataclasses import dataclass
from typing import Any

from evaluation.licences.data_reading import DataError
from evaluation.yaml_reading import YamlError, read_yaml

CARDS = ("readme.md", "model_card.md", "modelcard.md")
MAX_CARD = 1_048_576
_FENCE = re.compile(r"---[ \t]*")
_HEADING = re.compile(r"#\s+(\S.{0,200})")


@dataclass(frozen=True)
class Card:
    """A model card: its front matter as plain data, and the name in its first heading."""

    data: dict[str, Any]
    name: str
    name_line: int
    body: str
    body_line: int


def read_card(content: bytes) -> Card:
    """Read a card; raises DataError with the line in the card where its front matter cannot be read."""
    data = front_matter(content)
    lines = content[:MAX_CARD].decode("utf-8-sig", "replace").splitlines()
    start = 0
    if data:
        start = next(number for number, line in enumerate(lines[1:], start=2) if _FENCE.fullmatch(line))
    for number, line in enumerate(lines[start:], start=start + 1):
        if heading := _HEADING.match(line):
            return Card(data, heading.group(1).strip(), number, "\n".join(lines[start:]), start + 1)
    return Card(data, "", 0, "\n".join(lines[start:]), start + 1)


def front_matter(content: bytes) -> dict[str, Any]:
    """Read the YAML between the two lines `---` at a card's beginning; empty where there is none.

    Raises DataError with the line in the card where it cannot be read.
    """
    try:
        lines = content[:MAX_CARD].decode("utf-8-sig", "replace").splitlines()
        if not lines or not _FENCE.fullmatch(lines[0]):
            return {}
        end = next((place for place, line in enumerate(lines[1:], start=1) if _FENCE.fullmatch(line)), 0)
        if not end:
            raise DataError("the front matter has no closing line ---", line=1)
        found = read_yaml("\n".join(lines[1:end]))
    except YamlError as error:
        raise DataError(str(error), line=error.line + 1 if error.line else 0) from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise DataError("the front matter is not a mapping of keys and values", line=2)
    return found


def line_of(key: str, content: bytes) -> int:
    """Find the line on which a key of a card or a JSON file stands (1 = first), or 0."""
    pattern = re.compile(rf'[\s{{,]*"?{re.escape(key)}"?\s*[:=]')
    lines = content[:MAX_CARD].decode("utf-8", "replace").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if pattern.match(line)), 0)
