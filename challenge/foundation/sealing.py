"""Seals short secrets, so that the database and its backups hold none that can be read without the secret key.

A secret is sealed for one context, such as "endpoint key of submission 12": the key of the cipher is derived for it,
so a sealed text that somebody copies to another row does not open there. AES-256-GCM (NIST SP 800-38D) under a key by
HKDF-SHA256 (RFC 5869); a random nonce of 96 bits, and one key for each context, so that nonces do not meet.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LONGEST = 4096
"""Bytes of a secret in UTF-8; what is longer is no key and belongs into the file store."""
_FORM = "s1."
_NONCE, _TAG = 12, 16


class SealBroken(Exception):
    """Raised where a sealed text cannot be opened; its text names the context and the remedy, never the secret."""


class Sealer:
    """Seals and opens under the installation's secret key; what former keys sealed is still opened."""

    def __init__(self, secret: str, former: Sequence[str] = ()) -> None:
        if not secret:
            raise ValueError("A secret key is needed to seal anything; set CHALLENGE_SECRET_KEY.")
        self._secrets = (secret, *former)

    def __repr__(self) -> str:
        """Say nothing of the keys."""
        return "Sealer()"

    def seal(self, secret: str, *, context: str) -> str:
        """Return `secret` sealed for `context`, as ASCII; raise ValueError where it is too long or has no context."""
        plain = secret.encode()
        if not context:
            raise ValueError("Say what the secret is sealed for.")
        if len(plain) > LONGEST:
            raise ValueError(f"A secret of {len(plain)} bytes is not sealed; at most {LONGEST} are.")
        nonce = os.urandom(_NONCE)
        sealed = _cipher(self._secrets[0], context).encrypt(nonce, plain, context.encode())
        return _FORM + urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, *, context: str) -> str:
        """Return the secret that was sealed for `context`; raise SealBroken where it cannot be opened."""
        nonce, body = _parts(sealed, context)
        for secret in self._secrets:
            try:
                return _cipher(secret, context).decrypt(nonce, body, context.encode()).decode()
            except InvalidTag:
                continue
        raise SealBroken(
            f"The {context} cannot be opened: it was sealed under another secret key or for something else, or is "
            "damaged. Restore the secret key, or name it in CHALLENGE_FORMER_SECRET_KEYS."
        )


def _cipher(secret: str, context: str) -> AESGCM:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"challenge sealing 1\0" + context.encode())
    return AESGCM(derived.derive(secret.encode()))


def _parts(sealed: str, context: str) -> tuple[bytes, bytes]:
    """Take a sealed text apart into its nonce and the rest."""
    try:
        raw = urlsafe_b64decode(sealed.removeprefix(_FORM).encode("ascii"))
    except (NotBase64, ValueError):
        raw = b""
    if not sealed.startswith(_FORM) or len(raw) < _NONCE + _TAG:
        raise SealBroken(f"The {context} cannot be opened: it is damaged. It has to be given anew.")
    return raw[:_NONCE], raw[_NONCE:]
