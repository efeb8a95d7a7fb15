"""Bytes become plain lines: encodings and markup are taken away, and every line keeps its number."""

import re
import unicodedata
from html import unescape

from evaluation.licences.texts.lexicon import WORD, forbids

_UNSEEN = re.compile(r"(?is)<(script|style|head)\b[^<]*(?:<(?!/\1)[^<]*)*</\1\s*>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--|-->|<![A-Za-z][^<>]{0,500}>")
_HTML = re.compile(r"(?i)<(!doctype html|html|body|div|p|br|span|h[1-6])\b[^<>]{0,500}>")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\([^()\s]{0,500}\)")
_ANCHOR = re.compile(r"(?i)<a\s[^<>]{0,300}>|</a>")
_SAYING = 3  # words that restrain, from which on a tag is read as a sentence
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\u180e]")
_LINE_ENDS = re.compile(r"\r\n|\r|\x0c|\x85|\u2028|\u2029")
_MARKUP_NAMES = (".html", ".htm", ".xhtml")
_PROSE_NAMES = (".md", ".markdown", ".mdx")


def decoded(content: bytes) -> str:
    """Decode a text file: by its mark, as UTF-16 where every other byte is nought, as UTF-8, else as Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    sample = content[:4096]
    if len(sample) > 8 and sample[1::2].count(0) > 0.4 * len(sample[1::2]):
        return content.decode("utf-16-le", "replace")
    if len(sample) > 8 and sample[::2].count(0) > 0.4 * len(sample[::2]):
        return content.decode("utf-16-be", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def plain_lines(text: str, *, file: str = "") -> list[str]:
    """Take markup away and split into lines; the first is line 1. Signs of comments stay: they hold no words."""
    text = _LINE_ENDS.sub("\n", text)
    name = file.lower()
    if name.endswith(_MARKUP_NAMES) or _HTML.search(text[:2000]):
        if name.endswith(_MARKUP_NAMES):
            text = _UNSEEN.sub(_blank, text)  # elsewhere a reader sees it as it stands
        text = unescape(_TAG.sub(_blank, text))
    elif name.endswith(_PROSE_NAMES):
        text = unescape(_ANCHOR.sub(" ", _LINK.sub(r"\1", text)))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return text.split("\n")


def _blank(found: re.Match[str]) -> str:
    """Replace a tag by its line ends, so that the lines behind it keep their numbers."""
    if len(forbids(WORD.findall(found.group().lower()))) >= _SAYING:
        return found.group().replace("<", " ").replace(">", " ")  # no tag but a sentence between the signs of one
    return " " + "\n" * found.group().count("\n")
