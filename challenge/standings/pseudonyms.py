"""Pseudonyms of entries: stable on a board, and silent about who is behind them and who came first.

The number of a submission is sent through a keyed permutation of all numbers with as many digits (a Feistel network
with cycle walking; Black and Rogaway 2002). So no two entries share a pseudonym, none is ever drawn again, nothing is
kept but the key, and without the key a pseudonym says as much about a submission's number as a die does.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace

from challenge.standings.ranking import Entry, Ranking, Unranked, runs, write_runs

ROUNDS = 10
LEAST_DIGITS = 2


def veil_key(secret: str, *, largest: int) -> str:
    """Compose a board's key from a secret and the largest number of a submission so far: digits, colon, secret.

    There are at least three times as many pseudonyms as submissions, so that the pseudonyms on a board do not give away
    how many submissions there were.
    """
    return f"{max(LEAST_DIGITS, len(str(3 * largest)))}:{secret}"


def pseudonym(reference: str, key: str) -> str:
    """Return the pseudonym of a submission as it stands in addresses, as in entry-07."""
    digits, _, secret = key.partition(":")
    number, width = int(reference.rpartition("-")[2]), int(digits)
    # numbers that outgrow the digits are permuted among themselves, one digit longer
    while number >= 10**width:
        width += 1
    least = 10 ** (width - 1) if width > int(digits) else 0
    return f"entry-{least + _permuted(number - least, 10**width - least, secret):0{width}d}"


def spoken(name: str) -> str:
    """Write a pseudonym as a name, as in Entry 07."""
    return name.capitalize().replace("-", " ")


def veiled(ranking: Ranking, key: str) -> Ranking:
    """Return a ranking under pseudonyms, ties in their order, without the digests that were taken of names.

    A digest of so few names could be tried out until it says who is who.
    """
    hidden = {one: pseudonym(one, key) for one in ranking.entries[0].order} if ranking.entries else {}
    entries = sorted(ranking.entries, key=lambda entry: (entry.rank, hidden[entry.entrant]))
    order = tuple(hidden[entry.entrant] for entry in entries)
    moved = _moved(ranking, entries)
    return Ranking(
        entries=tuple(
            replace(entry, entrant=hidden[entry.entrant], near=_near(entry, moved), order=order) for entry in entries
        ),
        unranked=tuple(
            sorted((Unranked(pseudonym(one.entrant, key), one.reason) for one in ranking.unranked), key=_name)
        ),
        policy_digest=ranking.policy_digest,
        scores_digest="",
        versions=ranking.versions,
    )


def pseudonyms(references: Mapping[str, object], key: str) -> dict[str, str]:
    """Return the pseudonym of each submission by its reference."""
    return {reference: pseudonym(reference, key) for reference in references}


def _name(one: Unranked) -> str:
    return one.entrant


def _moved(ranking: Ranking, entries: list[Entry]) -> dict[int, int]:
    """Say to which place each entry moves; empty where all stay, as they do without ties."""
    place = {entry.entrant: number for number, entry in enumerate(entries, start=1)}
    there = {number: place[name] for number, name in enumerate(ranking.entries[0].order, start=1)} if entries else {}
    return {} if all(before == after for before, after in there.items()) else there


def _near(entry: Entry, moved: Mapping[int, int]) -> str:
    if not moved:
        return entry.near
    return write_runs(runs(sorted(moved[at] for first, last in entry.inseparable for at in range(first, last + 1))))


def _permuted(number: int, size: int, secret: str) -> int:
    """Permute 0 … size - 1; what falls outside is sent through again until it falls inside."""
    bits = max(2, (size - 1).bit_length() + (size - 1).bit_length() % 2)
    while True:
        number = _feistel(number, bits // 2, secret)
        if number < size:
            return number


def _feistel(number: int, half: int, secret: str) -> int:
    left, right = number >> half, number & ((1 << half) - 1)
    for turn in range(ROUNDS):
        mixed = hmac.digest(secret.encode(), f"{half}:{turn}:{right}".encode(), hashlib.sha256)
        left, right = right, left ^ (int.from_bytes(mixed[:8], "big") & ((1 << half) - 1))
    return (left << half) | right
