"""A bundle as it lies on the desk: the names and sizes of its files, and the texts among them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

TEXTS = frozenset({".yaml", ".yml", ".json", ".md", ".markdown", ".html", ".htm", ".txt"})
"""Endings of the files that are read, beside files without any; of all others only name and size are looked at."""
LARGEST_TEXT = 256_000
"""Bytes of a text that is read; a larger one is named and stays in the original."""


def is_text(name: str) -> bool:
    """Tell by its name whether a file may be a text: by its ending, or as templates of tasks often have none."""
    last = name.rpartition("/")[2]
    return "." not in last or f".{last.rpartition('.')[2].lower()}" in TEXTS


@dataclass(frozen=True)
class Bundle:
    """The files of a bundle by their names with forward slashes, seen from where its configuration lies."""

    sizes: Mapping[str, int]
    contents: Mapping[str, bytes]
    """What was read: files with an ending out of TEXTS, up to LARGEST_TEXT bytes."""

    def text(self, name: str) -> str | None:
        """Return a text file's content, None where it was not read or is not UTF-8."""
        content = self.contents.get(name)
        if content is None:
            return None
        try:
            return content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            return None

    def found(self, written: str) -> tuple[str, ...]:
        """Return the files that a path in a configuration means: a file, a folder's files, or a folder packed as a zip.

        Nothing is found for a path that leaves the bundle.
        """
        name = written.strip().removeprefix("./").rstrip("/")
        if leads_out(name):
            return ()
        if name in self.sizes:
            return (name,)
        below = self._folders.get(name, ())
        if below or not name.endswith(".zip"):
            return below or tuple(file for file in (f"{name}.zip",) if file in self.sizes)
        folder = name.removesuffix(".zip")  # a folder that its platform packs before it reads the name
        return self._folders.get(folder, ())

    @cached_property
    def _folders(self) -> Mapping[str, tuple[str, ...]]:
        """The files below each folder, by its name, in their order; made once, for a bundle may ask very often."""
        below: dict[str, list[str]] = {}
        for file in sorted(self.sizes):
            for end, letter in enumerate(file):
                if letter == "/":
                    below.setdefault(file[:end], []).append(file)
        return {folder: tuple(files) for folder, files in below.items()}


def leads_out(name: str) -> bool:
    """Tell whether a path leads out of its bundle, or could on some system."""
    parts = name.split("/")
    return name.startswith("/") or "\\" in name or ":" in name[:2] or ".." in parts or "\0" in name


def seen_from(sizes: Mapping[str, int], contents: Mapping[str, bytes]) -> Bundle:
    """Make a bundle, seen from the one folder that all its files lie in, if there is one.

    What macOS adds (the folder __MACOSX and hidden files) does not count for that.
    """
    tops = {name.split("/")[0] for name in sizes if not name.startswith((".", "__MACOSX/"))}
    top = f"{next(iter(tops))}/" if len(tops) == 1 and all("/" in name for name in sizes if name[0] != ".") else ""
    return Bundle(
        {name.removeprefix(top): size for name, size in sizes.items()},
        {name.removeprefix(top): content for name, content in contents.items()},
    )
