"""Capital and small letters."""

from evaluation.instructions.languages import language_of
from evaluation.instructions.relations import Relation, holds

_BETWEEN_WORDS = str.maketrans(dict.fromkeys(",;:!?()[]{}<>\"'‘’“”«»&@#$%`…", " "))


def english_capital(text: str) -> bool:
    """Find capital letters and no small ones, in a text that is not seen to be in another language than English."""
    return text.isupper() and language_of(text) in {"en", None}


def english_lowercase(text: str) -> bool:
    """Find small letters and no capital ones, in a text that is not seen to be in another language than English."""
    return text.islower() and language_of(text) in {"en", None}


def capital_word_frequency(text: str, *, relation: Relation, count: int) -> bool:
    """Count the words whose letters are all capital, such as I, NATO, U.S. and COVID-19.

    Blanks, apostrophes and most signs part words, so that *I'm* holds one; hyphens, full stops, stars and strokes do
    not.
    """
    return holds(sum(word.isupper() for word in text.translate(_BETWEEN_WORDS).split()), relation, count)
