"""How many words and sentences a text has."""

import re

from evaluation.instructions.relations import Relation, holds

_WORD = re.compile(r"\w+")
_ALWAYS = frozenset("!?。！？؟۔।")
"""What ends a sentence wherever it stands; a full stop does so before a blank only, and not after an abbreviation."""
_APART = str.maketrans({sign: f"{sign} " for sign in "。！？؟۔।"})
_CLOSING = "\"'”’»›)]}*_`>"
_OPENING = "\"'“‘„«‹([{*_`<-•#"
_NEVER = frozenset(
    {
        "mr", "mrs", "ms", "dr", "prof", "st", "gen", "sen", "rep", "gov", "capt", "lt", "col", "sgt", "rev", "hon",
        "e.g", "i.e", "vs", "fig", "vol", "pp", "cf", "approx",
    }
)  # fmt: skip
_AT_TIMES = frozenset({"etc", "inc", "ltd", "co", "corp", "jr", "sr", "al", "dept", "est"})


def number_words(text: str, *, relation: Relation, count: int) -> bool:
    """Count words: runs of letters, digits and underscores, so that *don't* and *well-known* are two each."""
    return holds(len(_WORD.findall(text)), relation, count)


def number_sentences(text: str, *, relation: Relation, count: int) -> bool:
    """Count sentences, by the rule of `sentences_in`."""
    return holds(sentences_in(text), relation, count)


def sentences_in(text: str) -> int:
    """Count the sentences of a text.

    A sentence holds a letter or a digit. It ends with ! or ?, and with a full stop or an ellipsis that a blank or the
    text's end follows; quotes and brackets may close after it. What is left at the end of the text is one more. No
    sentence ends with the number of a list (2.), an initial (J.) or a title (Dr.); nor, unless a capital letter, a
    digit or nothing follows, with an ellipsis or an abbreviation that is on a short list or has full stops within
    (U.S.). A new line alone ends none. The abbreviations are those of English.
    """
    words = text.translate(_APART).split()
    count, is_open = 0, False
    for word, following in zip(words, [*words[1:], ""], strict=False):
        begins = not is_open
        is_open = is_open or any(map(str.isalnum, word))
        if is_open and _ends(word, following) and not (begins and following and _is_number(word)):
            count, is_open = count + 1, False
    return count + is_open


def _ends(word: str, following: str) -> bool:
    bare = word.rstrip(_CLOSING)
    if bare[-1:] in _ALWAYS:
        return True
    if not bare.endswith((".", "…")):
        return False
    begun = following.lstrip(_OPENING)[:1]
    goes_on = bool(begun) and not begun.isupper() and not begun.isdigit()
    if bare.endswith(("..", "…")):
        return not goes_on
    stem = bare[:-1].lstrip(_OPENING).lower()
    if stem in _NEVER or (len(stem) == 1 and stem.isalpha() and stem != "i"):
        return False
    return not (goes_on and (stem in _AT_TIMES or "." in stem))


def _is_number(word: str) -> bool:
    return word.strip(_OPENING + _CLOSING).rstrip(".").isdecimal()
