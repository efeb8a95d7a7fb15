"""Puts the teams' names beside their entries' references, where a person reads what a program wrote."""

import re
from collections.abc import Mapping


def with_names(sentence: str, names: Mapping[str, str]) -> str:
    """Return a sentence with each entry's team beside its first mention, as in `lagc-2026-0001 (Northlight)`."""
    if not names:
        return sentence
    longest_first = sorted(names, key=len, reverse=True)
    mention = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")
    named: set[str] = set()

    def name(found: re.Match[str]) -> str:
        reference = found.group()
        if reference in named:
            return reference
        named.add(reference)
        return f"{reference} ({names[reference]})"

    return mention.sub(name, sentence)
