"""Answers that are texts, and what is held for right: one accepted answer a line."""

import re
import string
from collections.abc import Iterable, Sequence

from evaluation.tasks import Answer

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def texts(answers: Sequence[Answer]) -> Iterable[str]:
    """Yield the answers as texts; raises TypeError for a number, which a metric of texts cannot score."""
    for answer in answers:
        if not isinstance(answer, str):
            raise TypeError(f"a text was expected, not the number {answer}")
        yield answer


def accepted(truth: str) -> list[str]:
    """Split a truth into its accepted answers; blank lines are none."""
    return [line for line in truth.split("\n") if line.strip()]


def bare_words(text: str) -> list[str]:
    """Return the words of a text in small letters without punctuation and articles (Rajpurkar et al. 2016)."""
    return _ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split()
