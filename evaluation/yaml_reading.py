"""YAML is read as plain data only, with limits on size, nesting and aliases, and duplicate keys are refused."""

from collections.abc import Hashable
from typing import Any

import yaml

MAX_YAML_BYTES = 262_144
MAX_YAML_DEPTH = 20


class YamlError(ValueError):
    """A YAML text cannot be read; `line` is where (1 = first), or 0 where no line can be named."""

    def __init__(self, sentence: str, *, line: int = 0) -> None:
        """Keep the sentence and the line."""
        super().__init__(sentence)
        self.line = line


class _StrictLoader(yaml.SafeLoader):
    """The safe loader, which keeps plain data only and in which a key given twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Build a mapping; raises YamlError when a key appears twice."""
        seen: set[tuple[str, str]] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise YamlError("a key is not plain text", line=key.start_mark.line + 1)
            if (key.tag, key.value) in seen:
                raise YamlError(f"the key {key.value!r} is given twice", line=key.start_mark.line + 1)
            seen.add((key.tag, key.value))
        return super().construct_mapping(node, deep=deep)


def read_yaml(text: str, *, max_bytes: int = MAX_YAML_BYTES) -> object:
    """Read one YAML document as plain data (dict, list, str, int, float, bool, None, dates).

    Raises YamlError for texts over `max_bytes`, aliases, tags, nesting over 20, doubled keys and bad syntax.
    """
    if len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        raise YamlError(f"the text is longer than {max_bytes:,} bytes")
    try:
        _check_events(text)
        loader = _StrictLoader(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(f"not valid YAML: {error.problem}", line=mark.line + 1 if mark else 0) from error
    except yaml.YAMLError as error:
        raise YamlError(f"not valid YAML: {str(error).splitlines()[0]}") from error
    except YamlError:
        raise
    except (ValueError, OverflowError, TypeError) as error:
        # A date such as 2026-13-45 passes YAML's syntax and fails in the calendar.
        raise YamlError(f"a value cannot be read: {error}") from error


def _check_events(text: str) -> None:
    """Walk the document's events before anything is built, since aliases and depth cost memory when built."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise YamlError("aliases (*name) are not allowed; write the value out", line=line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_YAML_DEPTH:
                raise YamlError(f"nested more than {MAX_YAML_DEPTH} levels deep", line=line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
