"""Short ways to name a licence: SPDX tags, fields of package files, and sentences that put something under one."""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache

from evaluation.licences.texts.detection import Difference, Finding, FoundBy, Match
from evaluation.licences.texts.index import known
from evaluation.licences.texts.lexicon import LIMITS
from evaluation.licences.texts.words import words_of_line

_TAG = re.compile(r"SPDX-License-Identifier:\s*([A-Za-z0-9.+:\-() \t]{2,200})")
_TAG_END = re.compile(r"\s*(\*/|-->|\"\"\"|'''|\*\)|#\}|%>).*$")
_FIELD_NAMES = (".json", ".toml")
_LARGEST_FIELDS = 262_144
_GNU = re.compile(
    r"\bgnu (?:(affero|lesser|library) )?general public license(?: gpl| agpl| lgpl)?"
    r"(?: (?:as published by|published by) the free software foundation)?(?: inc)?"
    r" (?:either |only )?version ([0-9])(?: ([0-9]))?(?: of the license)?"
    r"( or (?:at your option |if you prefer )?(?:any )?later)?"
)
_GNU_LETTER = {"affero": "AGPL", "lesser": "LGPL", "library": "LGPL", None: "GPL"}
_GNU_GRANT = re.compile(
    r"redistribute it and or modify it|licensed under|distributed under|under the terms of|released under"
)
_GRANT = re.compile(
    r"\b(?:re)?(?:licensed|released|distributed|available|provided|published|shared|offered|covered|subject)"
    r" (?:to you )?(?:under|by|to) (?:the terms (?:and conditions )?of )?(?:(?:the|a|an) )?((?:\S+ ){1,14}\S*)"
)
_DENIES = re.compile(
    r"\b(not|never|whether|if|could|would|should|might|unless|neither|nor|discussed|considered|decided|propose|proposed|many|other|similar)\b"
)
_CREATIVE_URL = re.compile(
    r"creativecommons\.org/(licenses/([a-z\-]{2,10})/([0-9]\.[0-9])|publicdomain/zero/1\.0)", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“(])|\n\s*\n")
_LONGEST_FILE = 65_536  # characters searched for notices; a notice stands at a file's beginning or in a short file


def tags_in(text: str, lines: Sequence[str], *, file: str) -> list[Finding]:
    """Find SPDX tags, and the licence fields of files like package.json and pyproject.toml."""
    found = []
    for number, line in enumerate(lines, start=1):
        if "SPDX-License-Identifier" in line and (tag := _TAG.search(line)):
            expression = _TAG_END.sub("", tag.group(1)).strip(" \t*/-")
            found.append(_tag(expression, number))
    if file.lower().endswith(_FIELD_NAMES) and len(text) <= _LARGEST_FIELDS:
        found += [_tag(value, _line_with(lines, value)) for value in _fields(text, file.lower())]
    return [finding for finding in found if finding.ids]


def _tag(expression: str, line: int) -> Finding:
    names = [] if len(expression) > 200 else re.findall(r"[A-Za-z0-9][A-Za-z0-9.+:\-]*", expression)
    ids, with_exception = [], False
    known_names = spdx_names()
    for name in names:
        if name.upper() in {"AND", "OR", "WITH"}:
            with_exception = name.upper() == "WITH"
            continue
        found = known_names.get(name.lower()) or known_names.get(name.lower().removesuffix("+"))
        if found and not with_exception:
            ids.append(found)
        elif not found and name.startswith("LicenseRef-"):
            ids.append(name)
        with_exception = False
    return Finding(tuple(dict.fromkeys(ids)), Match.EXACT, FoundBy.TAG, line, line, 1.0, expression=expression)


def _fields(text: str, file: str) -> Iterator[str]:
    """Read the licence that a package file gives, if it is one: JSON with a name and a licence, TOML with a project."""
    try:
        data = json.loads(text) if file.endswith(".json") else tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(data, dict):
        return
    if file.endswith(".toml"):
        data = data.get("project") or (data.get("tool") or {}).get("poetry") or data.get("package") or {}
    if not isinstance(data, dict) or "name" not in data:
        return
    value = data.get("license")
    if isinstance(value, dict):
        value = value.get("text") or value.get("type")
    if isinstance(value, str) and value.strip() and "\n" not in value.strip():
        yield value.strip()


def _line_with(lines: Sequence[str], value: str) -> int:
    return next((number for number, line in enumerate(lines, start=1) if value in line and "licen" in line), 1)


@lru_cache(maxsize=1)
def spdx_names() -> dict[str, str]:
    """Find an identifier of the SPDX License List by its name in small letters."""
    return {spdx.lower(): spdx for spdx in known().licences}


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    """Find a licence by the words of its full name, or of its identifier; names of a family alone lead nowhere."""
    found: dict[str, str] = {}
    for spdx, licence in sorted(known().licences.items(), key=lambda one: (one[1].deprecated, len(one[0]), one[0])):
        for name in (licence.name, spdx, licence.name.replace("“", "").replace('"', "")):
            words = [word for word in words_of_line(name) if word not in _IGNORED]
            if words and (len(words) > 1 or words[0] in _SINGLE):
                found.setdefault(" ".join(words), spdx)
    return found


_IGNORED = {"the", "license", "licenses", "version", "v", "of", "only", "public"}
_SINGLE = {"mit", "isc", "zlib", "unlicense", "0bsd", "wtfpl", "x11", "beerware", "ncsa", "postgresql", "vim", "curl"}


def notices_in(lines: Sequence[str], taken: Sequence[Finding]) -> list[Finding]:
    """Find sentences that put something under a licence by its name, outside the texts found already.

    A sentence that shuts a use out in the same breath grants something else than the licence it names.
    """
    covered = [(one.first_line, one.last_line) for one in taken]
    found: dict[str, Finding] = {}
    size = 0
    block: list[tuple[int, str]] = []
    for number, line in enumerate([*lines, ""], start=1):
        size += len(line)
        if size > _LONGEST_FILE:
            break
        if line and not any(first <= number <= last for first, last in covered) and words_of_line(line):
            block.append((number, line))
            continue
        for finding in _in_block(block):
            found.setdefault(finding.ids[0], finding)
        block = []
    return list(found.values())


def _in_block(block: list[tuple[int, str]]) -> Iterator[Finding]:
    if not block:
        return
    first, last = block[0][0], block[-1][0]
    for sentence in _SENTENCE_END.split("\n".join(line for _, line in block)):
        said = " ".join(words_of_line(" ".join(sentence.split())))
        spdx = _gnu(said) or _granted(said, sentence)
        if spdx is None:
            continue
        if limit := LIMITS.search(" ".join(sentence.split())):
            added = Difference("added", first, last, limit.group(), outside=True)
            yield Finding((spdx,), Match.MODIFIED, FoundBy.NOTICE, first, last, 1.0, (added,))
        else:
            yield Finding((spdx,), Match.EXACT, FoundBy.NOTICE, first, last, 1.0)


def _gnu(said: str) -> str | None:
    named = _GNU.search(said)
    if named is None or not _GNU_GRANT.search(said):
        return None
    family, major, minor, later = named.groups()
    version = f"{major}.{minor or '0'}"
    spdx = f"{_GNU_LETTER[family]}-{version}-{'or-later' if later else 'only'}"
    return spdx if spdx in known().licences else None


def _granted(said: str, sentence: str) -> str | None:
    """Name the licence under which a sentence puts something; None where it only speaks of licences."""
    granted = _GRANT.search(said)
    if granted is None or _DENIES.search(said[: granted.start()]):
        return None
    if (url := _CREATIVE_URL.search(sentence)) and (spdx := _of_url(url)):
        return spdx
    words = [word for word in granted.group(1).split() if word not in _IGNORED]
    titles = _titles()
    for length in range(min(len(words), 10), 0, -1):
        if spdx := titles.get(" ".join(words[:length])):
            return spdx
    return None


def _of_url(url: re.Match[str]) -> str | None:
    if url.group(2) is None:
        return "CC0-1.0"
    spdx = f"CC-{url.group(2).upper()}-{url.group(3)}"
    return spdx if spdx in known().licences else None
