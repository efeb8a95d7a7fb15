"""How much a file in the schema Every Eval Ever tells a reader beyond what stands on the board itself."""

from enum import IntEnum

from challenge.calls.states import EntryKind
from challenge.foundation.permits import Actor, WhyNot
from challenge.standings.rules import BoardStand, is_insider, why_not_items
from challenge.standings.states import Part


class Told(IntEnum):
    """What a reader is told of an entry; each step tells all of the one before."""

    PSEUDONYMS = 0
    """What the veiled board tells, and nothing of the run behind it: whoever knows a run knows whose it is."""
    NAMES = 1
    """Also on what machine it ran, and by which version of the instrument it was scored."""
    MODELS = 2
    """Also which model it was, by the digest of its files, how it was run, and when: what a check of it needs."""
    WORDS = 3
    """Also the title that its team gave it and its name on a hub, which were written for the jury."""


def told(actor: Actor, stand: BoardStand, *, veiled: bool) -> Told:
    """Say how much a reader of a board is told; models are told together with the scores of single items."""
    if veiled:
        return Told.PSEUDONYMS
    if is_insider(actor):
        return Told.WORDS
    return Told.NAMES if why_not_items(actor, stand) else Told.MODELS


def why_not_samples(part: Part, takes: EntryKind) -> WhyNot:
    """Samples say what was asked and what is right, so there are none of hidden items, and none where none was put."""
    if part is Part.PRIVATE:
        return (
            "The items of the private part stay hidden, so there are no samples of them; their scores are in items.csv."
        )
    if takes is EntryKind.PREDICTIONS:
        return "This suite is not put to models, and holds no texts of its items to make samples of."
    return None
