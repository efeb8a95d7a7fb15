"""AI licences whose text no package carries are told by their title and a few words: named, never verified."""

from collections.abc import Sequence

from evaluation.licences.model_licences import ModelLicence, model_licences
from evaluation.licences.texts.detection import Finding, FoundBy, Match
from evaluation.licences.texts.words import Words

_HEAD = 220  # words among which a title stands
_LEAST = 60  # words: a shorter text speaks of a licence and is none


def fingerprint(words: Words) -> Finding | None:
    """Tell an AI licence by its title within the first words and a mark anywhere; the most telling one wins."""
    if len(words.words) < _LEAST:
        return None
    head = f" {' '.join(words.words[:_HEAD])} "
    whole = f" {' '.join(words.words)} "
    best: tuple[int, ModelLicence] | None = None
    for licence in model_licences():
        titles = [title for title in licence.titles if f" {title} " in head]
        marks = [mark for mark in licence.marks if f" {mark} " in whole]
        if titles and marks:
            telling = max(map(len, titles)) + max(map(len, marks))
            if best is None or telling > best[0]:
                best = telling, licence
    if best is None:
        return None
    return Finding((best[1].id,), Match.UNKNOWN, FoundBy.FINGERPRINT, words.lines[0], words.lines[-1], 0.0)


def is_licence_like(words: Sequence[str]) -> bool:
    """Whether an unknown text reads like a licence: words of grants and duties, close together."""
    telling = sum(word in _TELLING for word in words)
    return len(words) >= 25 and telling >= 4 and telling / len(words) >= 0.03


_TELLING = frozenset(
    [
        "license",
        "licenses",
        "licensed",
        "licensor",
        "licensee",
        "agreement",
        "permission",
        "permitted",
        "grant",
        "grants",
        "granted",
        "rights",
        "warranty",
        "warranties",
        "liability",
        "redistribute",
        "redistribution",
        "distribute",
        "copyright",
        "terms",
        "conditions",
    ]
)
