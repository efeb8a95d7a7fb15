"""The arguments that instructions take, each checked when a suite is read."""

from collections.abc import Callable, Mapping

from evaluation.instructions.languages import languages
from evaluation.instructions.relations import Relation

LONGEST_TEXT = 8_000
"""Characters of an answer in a file of predictions, and so the most of anything that can be counted in one."""
LONGEST_WORD, MOST_WORDS = 200, 50
Argument = str | int | tuple[str, ...]
Reader = Callable[[object, str], Argument]
"""Takes a value and where it stands; raises InstructionsRefused."""


class InstructionsRefused(ValueError):
    """The instructions of an item are not of the schema; the message says which one, what is wrong and what to do."""


def a_word(value: object, where: str) -> str:
    """Read a word or a phrase on one line."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_WORD or "\n" in value:
        raise InstructionsRefused(f"{where}: is no text of 1 to {LONGEST_WORD} characters on one line; write one")
    return value


def more_than_quotes(value: object, where: str) -> str:
    """Read a word or a phrase of which something is left without quotation marks, as texts are compared without."""
    word = a_word(value, where)
    if not word.strip("\"' "):
        raise InstructionsRefused(
            f"{where}: holds quotation marks alone, which are left aside; write a word beside them"
        )
    return word


def some_words(value: object, where: str) -> tuple[str, ...]:
    """Read a list of words or phrases."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_WORDS:
        raise InstructionsRefused(f'{where}: is no list of 1 to {MOST_WORDS} texts; write one such as ["word"]')
    return tuple(a_word(one, f"{where}[{place}]") for place, one in enumerate(value))


def a_text(value: object, where: str) -> str:
    """Read a text that may go on over lines; these end with a line feed, as those of texts do."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise InstructionsRefused(f"{where}: is no text of 1 to {LONGEST_TEXT:,} characters; write one")
    return value.replace("\r\n", "\n")


def a_letter(value: object, where: str) -> str:
    """Read one letter or sign."""
    if not isinstance(value, str) or len(value) != 1 or not value.strip():
        raise InstructionsRefused(f"{where}: is no single letter or sign; write one such as q")
    return value


def a_count(value: object, where: str) -> int:
    """Read a number of things, at least one."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_TEXT:
        raise InstructionsRefused(f"{where}: is no whole number from 1 to {LONGEST_TEXT:,}; write one without quotes")
    return value


def a_relation(value: object, where: str) -> Relation:
    """Read a relation."""
    if not isinstance(value, str) or value not in list(Relation):
        raise InstructionsRefused(f"{where}: is no relation; write one of {', '.join(Relation)}")
    return Relation(value)


def a_language(value: object, where: str) -> str:
    """Read the tag of a language that is told apart."""
    if not isinstance(value, str) or value not in languages():
        raise InstructionsRefused(
            f"{where}: is no language that is told apart; write one of {', '.join(sorted(languages()))}"
        )
    return value


def whatever(_arguments: Mapping[str, Argument], _where: str) -> None:
    """Take arguments of which each stands for itself."""


def nth_of_count(arguments: Mapping[str, Argument], where: str) -> None:
    """Refuse a place beyond the number of all."""
    nth, count = arguments["nth"], arguments["count"]
    if isinstance(nth, int) and isinstance(count, int) and nth > count:
        raise InstructionsRefused(f"{where}: there is no paragraph {nth} of {count}; lower nth or raise count")
