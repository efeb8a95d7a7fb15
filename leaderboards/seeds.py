"""A seed that nobody could choose: made of what was frozen and of a public value that did not exist when it was."""

import hashlib
import re

from leaderboards.refusals import PolicyError

_DIGEST = re.compile(r"[0-9a-f]{64}")
_BITS = 53  # every reader of JSON keeps such an integer whole


def seed_from(frozen: str, public_value: str) -> int:
    """Compute a seed from the digest of what was frozen and a value published later, such as a drand round's.

    The seed is the first 53 bits of SHA-256(digest, a line end, the value), the texts in UTF-8. Anybody can redo it
    from the two, and nobody can know it before the value is out. Raises PolicyError for a digest that is none.
    """
    if not _DIGEST.fullmatch(frozen):
        raise PolicyError(f"the digest of what was frozen must be 64 hexadecimal digits, not {frozen[:70]!r}.")
    if not public_value.strip():
        raise PolicyError("the public value is empty; give the value that was announced beforehand.")
    found = hashlib.sha256(f"{frozen}\n{public_value}".encode()).digest()
    return int.from_bytes(found, "big") >> (8 * len(found) - _BITS)
