"""Keeps account of a bundle: every key of its configuration is taken or left, with the reason; none is forgotten."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from challenge.calls.importing.bundles import leads_out
from challenge.calls.importing.desk import Desk
from challenge.calls.importing.plain_text import ENDLESS, one_line, plain_text
from challenge.calls.importing.reports import Fate, Remark, Row, Weight
from challenge.calls.positions import Located, Path, Plain, name_of

LONGEST_TITLE, LONGEST_SUMMARY = 200, 4000
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


@dataclass
class Ledger:
    """One configuration file of a bundle, key by key."""

    desk: Desk
    file: str
    located: Located
    format: str
    said: dict[Path, Row] = field(default_factory=dict)
    asked: set[Path] = field(default_factory=set)
    """Every path that the reader of the format looked at: the documented ones."""
    inherited: Mapping[str, str] = field(default_factory=dict)
    """By key at the top: the file that it was read in from, where that is another one."""
    remarked: set[Path] = field(default_factory=set)
    """Every path of which there is a remark."""

    def at(self, path: Path) -> Plain:
        """Return what stands at a path, None where nothing does."""
        self.asked.add(path)
        value: Plain = self.located.plain
        for step in path:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def has(self, path: Path) -> bool:
        """Tell whether the file holds a key, be its value empty."""
        self.asked.add(path)
        return path in self.located.lines

    def line(self, path: Path) -> int:
        """Return the line of a key, or of what is around it."""
        return self.located.line(path)

    def file_of(self, path: Path) -> str:
        """Return the file that a key stands in."""
        return self.inherited.get(str(path[0]), self.file) if path else self.file

    def take(self, path: Path, into: str) -> Plain:
        """Return what stands at a path, and note that it is carried over, and into what."""
        self._say(path, Fate.CARRIED, into)
        return self.at(path)

    def leave(self, path: Path, why: str) -> None:
        """Note that nothing is made of a key and of all beneath it, and why."""
        self._say(path, Fate.LEFT, why)

    def leave_known(self, path: Path, reasons: Mapping[str, str]) -> None:
        """Leave those of the keys under a path for which a reason stands in the format's table."""
        for key, why in reasons.items():
            if self.has((*path, key)):
                self.leave((*path, key), why)

    def error(self, path: Path, sentence: str, *also: Path) -> None:
        """Note what must be mended before there can be a draft."""
        self._remark(Weight.ERROR, path, sentence, also)

    def doubt(self, path: Path, sentence: str, *also: Path) -> None:
        """Note that two places disagree, or that something needed is not said."""
        self._remark(Weight.DOUBT, path, sentence, also)

    def note(self, path: Path, sentence: str, *also: Path) -> None:
        """Note something to know."""
        self._remark(Weight.NOTE, path, sentence, also)

    def children(self, path: Path, what: str) -> Iterator[Path]:
        """Yield the paths of a list's entries that hold keys; anything else there is an error."""
        value = self.at(path)
        if isinstance(value, list):
            steps: list[str | int] = list(range(len(value)))
        elif isinstance(value, dict):
            steps = list(value)
        else:
            if self.has(path):
                self.error(path, f"This is no list of {what}. Write one, each with its keys.")
            return
        for step in steps:
            if isinstance(self.at((*path, step)), dict):
                yield (*path, step)
            else:
                self.error((*path, step), f"This is not one of the {what}, with keys of its own. Correct it.")

    def single(self, path: Path, into: str) -> str | int | None:
        """Take a single value as it is; a list or a group of keys is an error."""
        value = self.take(path, into)
        if isinstance(value, dict | list):
            self.error(path, "A text belongs here, not a list or a group of keys. Write it on one line.")
            return None
        return value

    def identity(self, path: Path, into: str, known: dict[str, Path]) -> str:
        """Take what tells an entry from the others, and keep it in `known`; a missing or repeated one is an error."""
        value = self.single(path, into)
        found = "" if value is None else str(value).strip()
        if not found:
            self.error(path, f"Nothing stands under {path[-1]} here, and others name this entry by it. Write one.")
        elif found in known:
            first = self.line(known[found])
            self.error(path, f"{found[:40]!r} is in line {first} already. Give each entry its own.", known[found])
        known.setdefault(found, path)
        return found

    def text(self, path: Path, into: str) -> str:
        """Take a title or a word as one line of plain text; a long one is cut, with a remark."""
        value = self.single(path, into)
        found = one_line("" if value is None else str(value))
        if len(found) > LONGEST_TITLE:
            self.note(path, f"The text is cut to {LONGEST_TITLE} characters; the whole is in the original.")
        return found[:LONGEST_TITLE].strip()

    def words(self, path: Path, into: str) -> str:
        """Take a description, HTML or Markdown, as plain text."""
        value = self.single(path, into)
        return "" if value is None else self.inert(path, str(value))

    def inert(self, path: Path, source: str, file: str = "") -> str:
        """Turn HTML or Markdown into plain text, and note what in it would have acted."""
        found, kinds = plain_text(source)
        where = f"The file {file} holds" if file else "The text holds"
        acts, endless = (
            ", ".join(f"{number} × {kind}" for kind, number in kinds.items() if kind.endswith(ENDLESS) is never)
            for never in (False, True)
        )
        if acts:
            self.note(path, f"{where} what acts on its reader ({acts}). Only its words are taken.")
        if endless:
            self.note(
                path, f"{where} {endless}. Of it the tag alone is dropped; see whether the words after it belong."
            )
        return found

    def summary(self, path: Path, source: str) -> str:
        """Cut a description to what a call takes, with a remark where that loses something."""
        if len(source) > LONGEST_SUMMARY:
            self.note(path, f"The text is cut to {LONGEST_SUMMARY:,} characters; the whole is in the original.")
        return source[:LONGEST_SUMMARY].strip()

    def flag(self, path: Path, into: str) -> bool | None:
        """Take a yes or no, however it is written; None where it is neither."""
        value = self.take(path, into)
        word = str(value).strip().lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        if self.has(path):
            self.error(path, f"{word[:40]!r} is neither true nor false. Write one of them.")
        return None

    def number(self, path: Path, into: str, *, least: int, most: int) -> int | None:
        """Take a whole number; None, and a remark, where a call cannot hold it."""
        if not self.has(path):
            return None
        value = self.at(path)
        text = str(value).strip()
        if not isinstance(value, int | str) or isinstance(value, bool) or not text.isascii() or not text.isdigit():
            self.take(path, into)
            self.error(path, f"{text[:40]!r} is not a whole number. Write one from {least} to {most:,}.")
            return None
        if len(text) > 9 or not least <= int(text) <= most:
            self.leave(path, f"A call takes {least} to {most:,} here; the number is left to be filled in.")
            return None
        self.take(path, into)
        return int(text)

    def name_file(self, path: Path, use: str) -> tuple[str, ...]:
        """Take a key that names a file; a path that leads out of the bundle is an error, a missing file a note."""
        value = self.take(path, f"the draft names it as {use}; kept in the original, never run")
        if value is None or value == "":
            self.leave(path, "It names no file.")
            return ()
        if not isinstance(value, str) or not value.strip():
            self.error(path, "The name of one file or folder belongs here. Write it as one text, in quotes.")
            return ()
        if leads_out(value.strip()):
            self.error(path, f"{value[:80]!r} leads out of the bundle. Name a file within it.")
            return ()
        found = self.desk.bundle.found(value)
        if not found:
            self.note(path, f"The bundle holds no {one_line(value)[:80]!r}. Have it at hand: it is {use}.")
        self.desk.named.append((use, one_line(value)))
        self.desk.uses.update(dict.fromkeys(found, f"{use}: kept in the original, never run"))
        return found

    def page(self, path: Path, title: str) -> str:
        """Take a key that names a page's file, and return the page as plain text; empty where there is none."""
        found = self.name_file(path, f"the page “{title}”")
        if len(found) != 1:
            return ""
        if found[0] in self.desk.pages:
            self.note(
                path, f"The file is the page “{self.desk.pages[found[0]]}” already. Its text is carried over once."
            )
            return ""
        source = self.desk.bundle.text(found[0])
        if source is None:
            self.note(path, f"The file {found[0]} is no text in UTF-8 of up to 256 kB; it is kept in the original.")
            return ""
        self.desk.pages[found[0]] = title
        self.desk.uses[found[0]] = f"the page “{title}”, as plain text"
        return self.inert(path, source, found[0])

    def report_problems(self) -> None:
        """Note what is wrong with the file as such: keys that are given twice, or are no words."""
        for problem in self.located.problems:
            self.desk.remark(Weight.ERROR, self.file, problem.sentence, problem.line, problem.key)

    def close(self) -> None:
        """Give every key that nobody spoke of its row: the format as it is documented has no such key."""
        self.report_problems()
        unknown = f"No key of this name is known in {self.format} at this place. Nothing is made of it."
        unread = f"{self.format} has this key, but it cannot be read in this form. Nothing is made of it."
        beneath = {path[:length] for path in self.asked for length in range(len(path))}
        for path in leaves(self.located.plain):
            if "<<" in path:
                self.error(path, "Keys merged with << are not read. Write them out here.")
            # the longest part that was looked at: where more was looked for beneath it, the next step has a wrong name
            last = next(
                (path[:n] for n in range(len(path), 0, -1) if path[:n] in self.asked or path[:n] in beneath), ()
            )
            why = unread if path and (last == path or last not in beneath) else unknown
            if last == path and self.at(path) in ([], {}):
                why = "It is empty. Nothing is made of it."
            self.said.setdefault(path, Row(self.file_of(path), self.line(path), name_of(path), Fate.LEFT, why))
        self.desk.rows += self.said.values()
        self.desk.uses.setdefault(self.file, f"the configuration of {self.format}, read key by key")

    def _say(self, path: Path, fate: Fate, words: str) -> None:
        if not self.has(path):
            return
        for below in leaves(self.at(path), path):
            self.said[below] = Row(self.file_of(below), self.line(below), name_of(below), fate, words)

    def _remark(self, weight: Weight, path: Path, sentence: str, also: tuple[Path, ...]) -> None:
        lines = tuple(self.line(other) for other in also)
        self.remarked.add(path)
        self.desk.remarks.append(Remark(self.file_of(path), self.line(path), name_of(path), weight, sentence, lines))


def leaves(value: Plain, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value that holds no others; an empty group or list is one too."""
    inner: list[tuple[str | int, Plain]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    if not inner:
        yield path
    for step, below in inner:
        yield from leaves(below, (*path, step))
