"""Which language a text is in, by its script and its most frequent short words: no model, and the same everywhere.

Told apart are the languages of the table below alone; a text in another one may be taken for its neighbour, as
Norwegian is for Danish. A few sentences are enough; a heading may not be.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from evaluation.yaml_reading import read_yaml

WORDS = Path(__file__).with_name("languages.yaml")
SCRIPT_OF = {
    "el": "GREEK", "he": "HEBREW", "bn": "BENGALI", "pa": "GURMUKHI", "gu": "GUJARATI", "ta": "TAMIL",
    "te": "TELUGU", "kn": "KANNADA", "ml": "MALAYALAM", "th": "THAI", "ko": "HANGUL",
}  # fmt: skip
"""Of languages that alone have their script here, as the names of Unicode's letters begin."""
_OF_SCRIPT = {script: language for language, script in SCRIPT_OF.items()}
_BY_WORDS = {
    "CYRILLIC": ("bg", "ru", "uk"),
    "ARABIC": ("ar", "fa", "ur"),
    "DEVANAGARI": ("hi", "mr", "ne"),
}
_EAST_ASIAN = frozenset({"HIRAGANA", "KATAKANA", "CJK"})
_WHOLE = 5_040
"""What a word of one list counts: a number that 1 to 10 divide, so that its shares are whole."""
_CUT = re.compile(r"(?<!\w)\w['’](?=\w)|(?<=\w)['’]\w(?!\w)")
"""A letter that an apostrophe cuts off, as in *l'eau* and *it's*: it would weigh for languages where it is a word."""
_SIGNS = str.maketrans(dict.fromkeys(f"{string.punctuation}‘’“”„«»‹›–—…،؛؟۔।¿¡", " "))


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    data = read_yaml(WORDS.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise TypeError(f"{WORDS.name} is no mapping of languages to words")
    return {language: frozenset(words.split()) for language, words in data.items()}


@cache
def languages() -> frozenset[str]:
    """Return the languages that are told apart, as tags of BCP 47."""
    return frozenset({*_lists(), *SCRIPT_OF, "ja", "zh"})


def words_of(language: str) -> frozenset[str]:
    """Return the short words by which a language is told from others of its script; none where it is not."""
    return _lists().get(language, frozenset())


def language_of(text: str) -> str | None:
    """Return the language of a text, or None where it has no letters, no script prevails, or no words decide.

    A script prevails with more than half of the letters. Within it the language whose words weigh most is taken.
    """
    scripts: Counter[str] = Counter()
    for letter, count in Counter(text).items():
        if letter.isalpha():
            scripts[unicodedata.name(letter, "").split(" ")[0]] += count
    east_asian = sum(scripts[name] for name in _EAST_ASIAN)
    if 2 * east_asian > scripts.total():
        return "ja" if 10 * (scripts["HIRAGANA"] + scripts["KATAKANA"]) > east_asian else "zh"
    script = next((name for name, count in scripts.items() if 2 * count > scripts.total()), "")
    if script in _OF_SCRIPT:
        return _OF_SCRIPT[script]
    return _by_words(text, script)


def response_language(text: str, *, language: str) -> bool:
    """Find the text in the language; a text whose language is not to be told is in none."""
    return language_of(text) == language


def _by_words(text: str, script: str) -> str | None:
    if script != "LATIN" and script not in _BY_WORDS:
        return None
    others = {one for many in _BY_WORDS.values() for one in many}
    candidates = _BY_WORDS.get(script) or tuple(one for one in _lists() if one not in others)
    words = Counter(_CUT.sub(" ", text.casefold()).translate(_SIGNS).split())
    weights = dict.fromkeys(candidates, 0)
    for word, count in words.items():
        listed = [one for one in candidates if word in _lists()[one]]
        for one in listed:
            weights[one] += count * _WHOLE // len(listed)
    most = max(weights.values())
    best = [one for one, weight in weights.items() if weight == most]
    return best[0] if most and len(best) == 1 else None
