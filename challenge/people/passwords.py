"""Keeps passwords as argon2id hashes and judges whether one is good enough."""

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
