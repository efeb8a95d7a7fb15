"""Keeps passwords as argon2id hashes and judges whether one is good enough.

A hash takes a twentieth of a second, as it should. It is made before a transaction begins: in one that writes,
everybody else would wait for it.
"""

from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from challenge.foundation.permits import WhyNot

LEAST, MOST = 12, 200
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_nobody = _hasher.hash("the account that does not exist")


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password (19 MiB, two passes, one lane)."""
    return _hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Tell whether a password fits its hash; takes as long where there is no account."""
    try:
        return _hasher.verify(kept or _nobody, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@dataclass(frozen=True)
class Guess:
    """A password that was held against the hash that was kept at that moment."""

    kept: str | None = field(repr=False)
    fits: bool

    @classmethod
    def at(cls, password: str, kept: str | None) -> "Guess":
        """Hold a password against a hash, None where there is no account."""
        return cls(kept, matches(password, kept))

    def still_fits(self, kept: str | None) -> bool:
        """Tell whether it fits, and the hash has not been changed since."""
        return self.fits and self.kept == kept


@dataclass(frozen=True)
class NewPassword:
    """A password that somebody would like to have, with its hash."""

    text: str = field(repr=False)
    hashed: str = field(repr=False)

    @classmethod
    def of(cls, text: str) -> "NewPassword":
        """Hash a password, unless its length rules it out anyway."""
        return cls(text, hash_password(text) if LEAST <= len(text) <= MOST else "")


def why_not_password(password: str, *, email: str, name: str) -> WhyNot:
    """Return None if a password is good enough, else what to change."""
    if len(password) < LEAST:
        return f"Choose a password of at least {LEAST} characters; a few unrelated words make a good one."
    if len(password) > MOST:
        return f"Choose a password of at most {MOST} characters."
    if len(set(password)) < 5:
        return "Choose a password with more different characters."
    lowered = password.lower()
    if email.partition("@")[0].lower() in lowered or (len(name) > 3 and name.lower() in lowered):
        return "Choose a password that contains neither your name nor your address."
    return None
