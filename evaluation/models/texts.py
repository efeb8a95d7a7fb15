"""Plain files of a model: texts, and the two forms of a tokenizer's `.model`."""

import re
from typing import Any

from evaluation.models.json_reading import pairs
from evaluation.models.reading import Reading
from evaluation.models.refusals import SettingsBroken, TextBroken, TokenizerBroken
from evaluation.models.wire import WireReader, check_message

MAX_TEXT = 67_108_864
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_RANKS = re.compile(rb"(?:[A-Za-z0-9+/]+={0,2} [0-9]+\r?\n?)+")
_REMEDY = "Hand in the tokenizer as it was saved."


def read_text(file: Reading) -> str:
    """Read a text file whole; raises TextBroken for one that is too large or no UTF-8 text."""
    if file.size > MAX_TEXT:
        raise TextBroken(file.name, f"it has {file.size:,} bytes; at most {MAX_TEXT:,} are read.")
    try:
        text = file.exactly(file.size).decode("utf-8")
    except UnicodeDecodeError as error:
        raise TextBroken(file.name, f"it is not UTF-8 text (byte {error.start:,}). Save it as UTF-8.") from error
    control = _CONTROL.search(text)
    if control:
        raise TextBroken(file.name, f"it holds control characters (character {control.start():,}). Save it as text.")
    return text


def read_tokenizer(file: Reading) -> None:
    """Check a `.model`: a message of SentencePiece, or lines of base64 and rank; raises TokenizerBroken."""
    if not file.size or file.size > MAX_TEXT:
        raise TokenizerBroken(file.name, f"it has {file.size:,} bytes; 1 to {MAX_TEXT:,} are read. {_REMEDY}")
    if file.head[:1] != b"\n":  # field 1 of a message, the pieces, begins with the byte 10
        if not _RANKS.fullmatch(file.exactly(file.size)):
            raise TokenizerBroken(file.name, f"it is neither SentencePiece nor lines of base64 and rank. {_REMEDY}")
        return
    check_message(WireReader(file, TokenizerBroken, _REMEDY), file.size, first=1)


def templates_in(file: str, data: Any) -> list[str]:
    """Find the chat templates in JSON settings: a text, a list of named ones, or an object of them.

    Raises SettingsBroken for a chat template that is none of these.
    """
    if file.rpartition("/")[2] in {"tokenizer.json", "vocab.json", "added_tokens.json"}:
        return []  # its keys are words
    found: list[str] = []
    for key, value in pairs(data):
        if key != "chat_template" or value is None:
            continue
        named = value.values() if isinstance(value, dict) else value
        texts = [value] if isinstance(value, str) else [_template(one) for one in named] if _many(value) else [None]
        if None in texts:
            raise SettingsBroken(file, "'chat_template' is neither a text nor a list of named texts. Mend it.")
        found += [text for text in texts if text is not None]
    return found


def _many(value: Any) -> bool:
    return isinstance(value, dict | list)


def _template(one: Any) -> str | None:
    text = one.get("template") if isinstance(one, dict) else one
    return text if isinstance(text, str) else None
