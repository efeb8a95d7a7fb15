"""Reads YAML as plain data and remembers the line of every key.

Dates stay texts, for YAML's own reading drops their zone; `NO` stays a text too, for Norway is a country.
Decimal numbers stay texts, so that no binary fraction enters a call.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from challenge.calls.problems import CallFileErrors, Problem

Plain = dict[str, "Plain"] | list["Plain"] | str | int | bool | None
Path = tuple[str | int, ...]

LARGEST, DEEPEST = 256_000, 12
"""Bytes of a call file, and levels of nesting."""
MOST_PARTS = 20_000
"""How many keys and values a file may come to where aliases are followed: a few lines can stand for billions."""

_TAG = "tag:yaml.org,2002:"
_INT = (f"{_TAG}int", re.compile(r"(0|-?[1-9][0-9]{0,17})$"))
_BOOL = (f"{_TAG}bool", re.compile(r"(true|false|yes|no)$"))
_NULL = (f"{_TAG}null", re.compile(r"(null|~|)$"))


@dataclass
class Located:
    """Plain data with the line of each of its parts."""

    plain: Plain = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    most: int | None = None
    """How many parts there may be, where aliases are followed."""

    def line(self, path: Path) -> int:
        """Return the line of a part, or of the nearest part around it that the file holds."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Composer(yaml.SafeLoader):
    """Tells whole numbers, truth and nothing from texts; leaves all else as it is written."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML looks for it on the class)
        **{first: [_INT] for first in "-0123456789"},
        **{first: [_BOOL] for first in "tfy"},
        "n": [_BOOL, _NULL],
        "~": [_NULL],
        "": [_NULL],
    }


def name_of(path: Path) -> str:
    """Write a path as people do: `phases[0].closes`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def whole(text: str) -> str:
    """Join the two halves in which JSON writes a character beyond the first 65,536; a half alone becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def read_yaml(text: str, *, begin: str = "key: and the call's short name", aliases: bool = False) -> Located:
    """Read one YAML mapping; raise CallFileErrors where it cannot be read at all.

    `begin` says how such a file begins. With `aliases` they are followed, as far as the whole comes to no more than
    MOST_PARTS parts and DEEPEST levels; each part they stand for has the line of what it repeats.
    Keys given twice and keys that are no plain words are among the problems of what is returned.
    """
    if len(text.encode(errors="surrogatepass")) > LARGEST:
        raise CallFileErrors([Problem(1, "", f"The file is larger than {LARGEST // 1000} kB. Shorten its texts.")])
    try:
        _guard(text, aliases=aliases)
        root = yaml.compose(text, Loader=_Composer)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(str(part) for part in (error.context, error.problem) if part)
        sentence = f"This is not YAML: {said}. Look at the indentation and the colons around this line."
        raise CallFileErrors([Problem(mark.line + 1 if mark else 1, "", sentence)]) from error
    except (ValueError, OverflowError) as error:
        sentence = "An escape such as \\UFFFFFFFF names no character there is. Write the character itself."
        raise CallFileErrors([Problem(1, "", sentence)]) from error
    except yaml.YAMLError as error:
        first = str(error).splitlines()[0]
        raise CallFileErrors([Problem(1, "", f"This is not YAML: {first}. Save the file as plain UTF-8.")]) from error
    if not isinstance(root, yaml.MappingNode):
        raise CallFileErrors([Problem(1, "", f"The file holds no keys. Begin it with {begin}.")])
    located = Located(most=MOST_PARTS if aliases else None)
    located.plain = _take(located, root, ())
    return located


def _guard(text: str, *, aliases: bool) -> None:
    """Refuse tags, deep nesting, second documents and, unless followed, aliases before anything is built."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Composer):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) and not aliases:
            raise CallFileErrors([Problem(line, "", "Aliases (*name) are not read here. Write the value out.")])
        if tag := getattr(event, "tag", None):
            tag = str(tag).replace(_TAG, "!!")
            raise CallFileErrors([Problem(line, "", f"The tag {tag} is not read here. Write the plain value.")])
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if documents > 1:
            raise CallFileErrors([Problem(line, "", "A second document begins here. Keep one call in a file.")])
        if depth > DEEPEST:
            raise CallFileErrors([Problem(line, "", f"This is nested more than {DEEPEST} levels deep. Flatten it.")])


def _take(located: Located, node: yaml.Node, path: Path) -> Plain:
    """Turn a node into plain data and note the line of each part."""
    located.lines.setdefault(path, node.start_mark.line + 1)
    if located.most is not None and (len(path) > DEEPEST or len(located.lines) > located.most):
        sentence = (
            f"Aliases make this larger than {located.most:,} parts or deeper than {DEEPEST} levels. Write it out."
        )
        raise CallFileErrors([Problem(node.start_mark.line + 1, "", sentence)])
    if isinstance(node, yaml.MappingNode):
        return {key: _take(located, value, (*path, key)) for key, value in _pairs(located, node, path)}
    if isinstance(node, yaml.SequenceNode):
        return [_take(located, item, (*path, place)) for place, item in enumerate(node.value)]
    return _scalar(node)


def _pairs(located: Located, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, yaml.Node]]:
    """Yield the keys of a mapping with their values; a key given twice is a problem and yields once."""
    seen: dict[str, int] = {}
    for key_node, value in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            located.problems.append(Problem(line, name_of(path), "A key must be a plain word, such as title."))
            continue
        key = whole(str(key_node.value))
        if key in seen:
            sentence = f"The key {key!r} is given twice, in lines {seen[key]} and {line}. Keep one of them."
            located.problems.append(Problem(line, name_of((*path, key)), sentence))
            continue
        seen[key] = located.lines[(*path, key)] = line
        yield key, value


def _scalar(node: yaml.Node) -> Plain:
    kind = node.tag.removeprefix(_TAG)
    if kind == "int":
        return int(node.value)
    if kind == "bool":
        return node.value in {"true", "yes"}
    return None if kind == "null" else whole(str(node.value))
