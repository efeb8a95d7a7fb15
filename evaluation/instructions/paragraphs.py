"""The parts of a text: paragraphs, and two answers in one."""

import re

_BLANK_LINES = re.compile(r"\n[^\S\n]*+\n")
_QUOTES = "\"'"
_AFTER_A_WORD = frozenset(" .,?!'\"")


def number_paragraphs(text: str, *, count: int) -> bool:
    """Count what *** divides; only before the first and after the last of them there may be nothing."""
    parts = [part.strip() for part in text.split("***")]
    return all(parts[1:-1]) and sum(map(bool, parts)) == count


def nth_paragraph_first_word(text: str, *, count: int, nth: int, word: str) -> bool:
    """Count what blank lines divide, and find the word at the beginning of one of them, whatever its case.

    Quotation marks before it are no part of it. After it comes a blank, one of . , ? ! ' " or nothing. So it may hold
    full stops itself, and be two words.
    """
    parts = [part for part in _BLANK_LINES.split(text) if part.strip()]
    if len(parts) != count:
        return False
    begun, wanted = _bare(parts[nth - 1]), _bare(word)
    return begun.startswith(wanted) and (len(begun) == len(wanted) or begun[len(wanted)] in _AFTER_A_WORD)


def _bare(text: str) -> str:
    return " ".join(text.split()).lstrip(_QUOTES).casefold()


def two_responses(text: str) -> bool:
    """Find two answers that differ, with ****** between them and nowhere else but at the text's ends."""
    parts = [part.strip() for part in text.split("******")]
    found = [part for part in parts if part]
    return all(parts[1:-1]) and len(found) == 2 and found[0] != found[1]
