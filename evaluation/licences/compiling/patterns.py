"""The patterns of replaceable parts are rewritten for texts of which only the words are left."""

import re

from evaluation.licences.texts.words import SAME

_BLANKS = re.compile(r"\[[ \\tnrf]+\](\{[0-9,]+\}|[+*?])?")
_SPACES = re.compile(r"\\s[+*]?| +[+*?]?")
_SIGN_CLASS = re.compile(r"\[(?:\\?[^\w\s\]])+\](\{[0-9,]+\}|[+*?])?")
_ESCAPED_SIGN = re.compile(r"\\[^\w\s\\](\{[0-9,]+\}|[+*?])?")
_SIGN = re.compile(r"""[,:;"'“”’/@#!&%_–—-](\{[0-9,]+\}|[+*?])?""")
_KEPT = re.compile(r"(\[\^?(?:0-9|a-z|A-Z|\\?[^\w\s\]]|[a-zA-Z])*[a-zA-Z0-9](?:\\?[^\]])*\]|\{[0-9,]+\})")
_LETTERS = re.compile(r"(?<!\\)\b[A-Za-z]{3,}\b")


def for_words(pattern: str) -> str:
    """Rewrite a pattern so that it matches words with single blanks between; `.*` where that fails."""
    if re.fullmatch(r"\.[+*]", pattern):
        return pattern
    kept = _KEPT.split(_BLANKS.sub(" ", re.sub(r"\s", " ", pattern)).replace("[^.]", "."))
    found = "".join(piece if place % 2 else _without_signs(piece) for place, piece in enumerate(kept))
    found = re.sub(r"( \*)+", " *", found)
    try:
        re.compile(found)
    except re.error:
        return ".*"
    return found


def _without_signs(piece: str) -> str:
    found = _SIGN_CLASS.sub(" *", piece)
    found = _SPACES.sub(" *", found)
    found = _ESCAPED_SIGN.sub(" *", found)
    found = _SIGN.sub(" *", found)
    return _LETTERS.sub(lambda word: SAME.get(word.group().lower(), word.group().lower()), found)
