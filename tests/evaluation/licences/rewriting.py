"""Licence texts are rewritten by a seeded hand: genuine ones look otherwise, tampered ones say otherwise."""

import random
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

HOLDERS = [
    "Copyright (c) 2021-2025 Ośrodek Badań Językowych, Łódź",
    "Copyright 2026 The Adriatic Speech Project and its contributors. All rights reserved.",
    "© 2019 Müller & Söhne KG <oss@mueller.example>",
    "Copyright (C) 2024, 2026 Institut de recherche du Rhône",
]
RESTRICTIONS = [
    "Deployment in products sold to defence contractors is excluded.",
    "You may use this work only while you are enrolled at a school or university.",
    "Any company with more than fifty employees must purchase a separate licence from us.",
    "This permission lapses once the model earns revenue for whoever runs it.",
    "No part of the model may be offered as a hosted service.",
    "Rights under this document are not available to residents of member states of the Union.",
    "Toute utilisation commerciale est interdite sans notre autorisation.",
]
NEGATIONS = [
    (r"\bis hereby granted\b", "is hereby not granted"),
    (r"\bare permitted\b", "are forbidden"),
    (r"\bYou may\b", "You may not"),
    (r"\bmay be used\b", "may never be used"),
    (r"\bshall not\b", "shall"),
    (r"\bgrants\b", "does not grant"),
    (r"\bwithout fee\b", "for a fee"),
    (r"\bfree of charge\b", "against payment"),
    (r"\ball copies\b", "some copies"),
    (r"\bnon-exclusive\b", "exclusive"),
]
NUMBERS = re.compile(r"\b(30|60|90|thirty|sixty|ninety|three|five)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Rewritten:
    """A rewritten text: how, the file's name and bytes."""

    spdx: str
    how: str
    file: str
    content: bytes


def genuine(texts: dict[str, str], *, seed: int, count: int) -> Iterator[Rewritten]:
    """Yield texts that were laid out otherwise, and say the same."""
    draw = random.Random(seed)
    ways: list[Callable[[random.Random, str], tuple[str, bytes]]] = [
        _reflowed, _commented, _hashed, _shouted, _quoted, _held, _typographic, _marked_up, _utf16, _as_old_mac,
    ]  # fmt: skip
    names = sorted(texts)
    for number in range(count):
        spdx, way = draw.choice(names), ways[number % len(ways)]
        file, content = way(draw, texts[spdx])
        yield Rewritten(spdx, way.__name__.strip("_"), file, content)


def tampered(texts: dict[str, str], *, seed: int, count: int) -> Iterator[Rewritten]:
    """Yield texts that grant otherwise than the licence they look like; texts too short for a change are passed over."""
    draw = random.Random(seed)
    ways: list[Callable[[random.Random, str], str | None]] = [_restricted, _cut, _counted, _negated, _shortened]
    names = sorted(texts)
    made = tries = 0
    while made < count and tries < count * 40:
        tries += 1
        spdx, way = draw.choice(names), ways[tries % len(ways)]
        changed = way(draw, texts[spdx])
        if changed is None:
            continue
        if draw.random() < 0.4:
            changed = _flowed(changed, draw.choice([60, 76, 100]))
        made += 1
        yield Rewritten(spdx, way.__name__.strip("_"), "LICENSE.txt", changed.encode())


def _flowed(text: str, width: int) -> str:
    paragraphs = re.split(r"\n\s*\n", text)
    return "\n\n".join(textwrap.fill(" ".join(one.split()), width) for one in paragraphs)


def _reflowed(draw: random.Random, text: str) -> tuple[str, bytes]:
    return "LICENSE", _flowed(text, draw.choice([50, 72, 110, 400])).encode()


def _commented(_draw: random.Random, text: str) -> tuple[str, bytes]:
    lines = "\n".join(f" * {line}".rstrip() for line in text.replace("*/", "* /").split("\n"))
    return "header.c", f"/*\n{lines}\n */\n#include <math.h>\nint main(void) {{ return 0; }}\n".encode()


def _hashed(draw: random.Random, text: str) -> tuple[str, bytes]:
    sign = draw.choice(["#", "##", "#  "])
    lines = "\n".join(f"{sign} {line}".rstrip() for line in text.split("\n"))
    return "tool.py", f"#!/usr/bin/env python\n{lines}\n\nimport sys\n\nif not sys.argv:\n    sys.exit(1)\n".encode()


def _shouted(draw: random.Random, text: str) -> tuple[str, bytes]:
    return "COPYING", (text.upper() if draw.random() < 0.5 else text.lower()).encode()


def _quoted(_draw: random.Random, text: str) -> tuple[str, bytes]:
    return "LICENSE.md", "\n".join(f"> {line}" for line in text.split("\n")).encode()


def _held(draw: random.Random, text: str) -> tuple[str, bytes]:
    return "LICENSE.txt", f"{draw.choice(HOLDERS)}\n\n{text}".encode()


def _typographic(_draw: random.Random, text: str) -> tuple[str, bytes]:
    text = re.sub(r'"([^"\n]*)"', "“\\1”", text).replace("'", "’").replace("--", "—").replace(" - ", " – ")
    return "LICENSE", text.replace("  ", " \u00a0").replace("fi", "ﬁ").encode()


def _marked_up(_draw: random.Random, text: str) -> tuple[str, bytes]:
    paragraphs = re.split(r"\n\s*\n", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    body = "\n".join(f'<p class="x">{one}</p>' for one in paragraphs)
    return "terms.html", f"<!doctype html><html><head><title>Terms</title></head><body>{body}</body></html>".encode()


def _utf16(draw: random.Random, text: str) -> tuple[str, bytes]:
    return "LICENSE.txt", text.encode(draw.choice(["utf-16", "utf-16-le", "utf-16-be"]))


def _as_old_mac(_draw: random.Random, text: str) -> tuple[str, bytes]:
    return "LICENSE.txt", text.replace("\n", "\r").encode("utf-8-sig")


def _restricted(draw: random.Random, text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", text)
    place = draw.choice([0, len(paragraphs), draw.randrange(len(paragraphs) + 1)])
    return "\n\n".join([*paragraphs[:place], draw.choice(RESTRICTIONS), *paragraphs[place:]])


def _cut(draw: random.Random, text: str) -> str | None:
    """Drop one sentence of eight words or more from the middle of the text."""
    sentences = re.split(r"(?<=[.;])\s+", text)
    long = [place for place, one in enumerate(sentences[1:-1], start=1) if len(one.split()) >= 8]
    if not long:
        return None
    place = draw.choice(long)
    return " ".join([*sentences[:place], *sentences[place + 1 :]])


def _counted(draw: random.Random, text: str) -> str | None:
    found = [
        one
        for one in NUMBERS.finditer(text)
        if not text[max(0, one.start() - 40) : one.start()].lower().count("section")
    ]
    if not found:
        return None
    one = draw.choice(found)
    return text[: one.start()] + "seven" + text[one.end() :]


def _negated(draw: random.Random, text: str) -> str | None:
    fitting = [(pattern, other) for pattern, other in NEGATIONS if re.search(pattern, text)]
    if not fitting:
        return None
    pattern, other = draw.choice(fitting)
    return re.sub(pattern, other, text, count=1)


def _shortened(draw: random.Random, text: str) -> str | None:
    words = text.split(" ")
    if len(words) < 120:
        return None
    return " ".join(words[: int(len(words) * draw.uniform(0.4, 0.8))])
