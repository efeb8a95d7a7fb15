"""Reads the configuration files of a bundle as plain data; a tag is refused, unless it says that a text is a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from challenge.calls.importing.bundles import LARGEST_TEXT
from challenge.calls.importing.desk import Desk
from challenge.calls.importing.reports import Remark, Weight
from challenge.calls.positions import DEEPEST, Located, read_yaml, whole
from challenge.calls.problems import CallFileErrors

BEGIN = "a key of its platform, such as title:"
MOST, LARGEST = 100, 1_000_000
"""How many files may be configurations, and bytes of them all: reading a large one takes seconds."""
_PLAIN_TAGS = frozenset({"!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map", "!!timestamp"})
"""Tags of YAML itself that say what a value is anyhow."""
_WORDS = ("!!python/unicode", "!!python/str")
"""Tags that old exports of CodaLab put before plain texts."""
_KNOWN = re.compile(r"(challenge_config|competition)\.ya?ml|conf\.json")


@dataclass
class Configurations:
    """The configuration files of a bundle, each read once."""

    desk: Desk
    unread: list[Remark] = field(default_factory=list)
    """What is wrong with files that cannot be read."""
    read: dict[str, Located | None] = field(default_factory=dict)
    size: int = 0
    """Bytes of all that were read."""

    def at_top(self) -> dict[str, Located]:
        """Read what may be a configuration: files of a known name, else every YAML and JSON file at the top."""
        sizes = self.desk.bundle.sizes
        tops = sorted(name for name in sizes if "/" not in name and name.endswith((".yaml", ".yml", ".json")))
        chosen = [name for name in tops if _KNOWN.fullmatch(name)] or tops
        size = sum(sizes[name] for name in chosen)
        if len(chosen) > MOST or size > LARGEST:
            sentence = (
                f"Here are {len(chosen):,} files with {size:,} bytes that could be configurations; at most {MOST} "
                f"with {LARGEST:,} bytes are read. Leave out what belongs elsewhere."
            )
            self.desk.remark(Weight.ERROR, chosen[0], sentence)
            return {}
        return {name: located for name in chosen if (located := self.one(name)) is not None}

    def has_room(self, name: str) -> bool:
        """Tell whether one more file may be read."""
        more = self.size + self.desk.bundle.sizes.get(name, 0)
        return name in self.read or (len(self.read) < 2 * MOST and more <= 2 * LARGEST)

    def one(self, name: str) -> Located | None:
        """Read a file; None where it cannot be, with the reason noted."""
        if name not in self.read:
            self.size += self.desk.bundle.sizes.get(name, 0)
            self.read[name] = self._one(name)
        return self.read[name]

    def _one(self, name: str) -> Located | None:
        text = self.desk.bundle.text(name)
        if text is None:
            sentence = f"It is no text in UTF-8 of up to {LARGEST_TEXT // 1000} kB. Save it as UTF-8, and shorten it."
            self.unread.append(Remark(name, 0, "", Weight.ERROR, sentence))
            return None
        tagged = list(_tagged(text))
        if words := [each for each in tagged if each.at >= 0]:
            lines = tuple(each.line for each in words)
            sentence = f"The tag {words[0].tag} only says that a text is a text. It is read as one."
            self.desk.remarks.append(Remark(name, lines[0], "", Weight.NOTE, sentence, lines[1:]))
            for each in reversed(words):
                # what follows moves to the place of the tag: before a key, blanks would indent it
                text = text[: each.at] + text[each.at + len(each.tag) :].lstrip(" \t")
        if refused := [each for each in tagged if each.at < 0]:
            for each in refused:
                plain = each.tag in _PLAIN_TAGS
                does = "is not read here" if plain else "would have something run or built. It is not read"
                sentence = f"The tag {each.tag}{each.value} {does}; write the plain value."
                self.desk.remark(Weight.ERROR, name, sentence, each.line, each.key)
            return None
        is_json = name.endswith(".json")
        try:
            # tabs may indent JSON, and nothing else that is read here
            return read_yaml(text.replace("\t", " ") if is_json else text, begin=BEGIN, aliases=True)
        except CallFileErrors as errors:
            for problem in errors.problems:
                sentence = _of_json(problem.sentence) if is_json else problem.sentence
                self.unread.append(Remark(name, problem.line, problem.key, Weight.ERROR, sentence))
            return None


@dataclass(frozen=True)
class _Tagged:
    line: int
    key: str
    tag: str
    value: str
    at: int
    """Where in the text a tag begins that only says that a text is a text; -1 of every other tag."""


def _tagged(text: str) -> Iterator[_Tagged]:
    """Yield every value that carries a tag, as far as the text can be parsed at all."""
    key, depth = "", 0
    is_json = text.lstrip()[:1] == "{"  # where keys stand in quotes
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                return
            tag = str(getattr(event, "tag", None) or "").replace("tag:yaml.org,2002:", "!!")
            if tag and event.start_mark and event.end_mark:
                value = f" {whole(event.value)}" if isinstance(event, yaml.ScalarEvent) else ""
                at = text.find(tag, event.start_mark.index, event.end_mark.index) if tag in _WORDS and value else -1
                yield _Tagged(event.start_mark.line + 1, key, tag, value[:80], at)
            elif isinstance(event, yaml.ScalarEvent):
                key = whole(event.value)[:80] if event.style is None or is_json else key
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError):
        return  # whoever reads the text says what is wrong with it


def _of_json(sentence: str) -> str:
    """Say of JSON what is said of YAML, of which it is a part."""
    return sentence.replace("This is not YAML", "This is not JSON").replace(
        "Look at the indentation and the colons around this line.",
        "Look at the commas, quotes and brackets around this line.",
    )
