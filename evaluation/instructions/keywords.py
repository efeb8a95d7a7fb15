"""Words and letters that are to be in a text, or not; case makes no difference, and each is taken as it is written."""

from collections import Counter
from collections.abc import Sequence

from evaluation.instructions.relations import Relation, holds


def existence(text: str, *, keywords: Sequence[str]) -> bool:
    """Find every keyword, also within longer words: *art* is in *party*."""
    folded = text.casefold()
    return all(keyword.casefold() in folded for keyword in keywords)


def frequency(text: str, *, keyword: str, relation: Relation, count: int) -> bool:
    """Count a keyword, also within longer words; what overlaps counts once."""
    return holds(text.casefold().count(keyword.casefold()), relation, count)


def forbidden_words(text: str, *, words: Sequence[str]) -> bool:
    """Find none of the words; as part of a longer word each is allowed."""
    folded = text.casefold()
    return not any(_stands_alone(word.casefold(), folded) for word in words)


def _stands_alone(word: str, text: str) -> bool:
    """Find a word with no letter, digit or underscore beside it; a search by a pattern takes ten times as long."""
    place = text.find(word)
    while place >= 0:
        end = place + len(word)
        beside = text[max(place - 1, 0) : place] + text[end : end + 1]
        if not any(sign.isalnum() or sign == "_" for sign in beside):
            return True
        place = text.find(word, place + 1)
    return False


def letter_frequency(text: str, *, letter: str, relation: Relation, count: int) -> bool:
    """Count one letter or sign, small and capital alike, and at the end of a word too: ς is σ."""
    wanted = _folded(letter)
    return holds(sum(times for sign, times in Counter(text).items() if _folded(sign) == wanted), relation, count)


def _folded(sign: str) -> str:
    """Fold the case of one sign; where that would make two letters of it, as ss of ß, make it small instead."""
    folded = sign.casefold()
    return folded if len(folded) == 1 else sign.lower()
