"""Signs receipts with the installation's Ed25519 key."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from challenge.foundation.canonical import canonical


class Signer:
    """Holds the private key of one installation."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def kept_in(cls, instance: Path) -> "Signer":
        """Load the installation's key from `instance`/receipts.key, or make it at the first start."""
        instance.mkdir(parents=True, exist_ok=True)
        path = instance / "receipts.key"
        if not path.exists():
            new = instance / f"receipts.{os.getpid()}"
            raw = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
            new.touch(mode=0o600)
            new.write_bytes(raw)
            try:
                os.link(new, path)  # of two processes starting together, one wins and both read the same
            except FileExistsError:
                pass
            finally:
                new.unlink()
        return cls(Ed25519PrivateKey.from_private_bytes(path.read_bytes()))

    @property
    def public_key(self) -> str:
        """The public key, 32 bytes in hexadecimal."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def sign(self, document: object) -> str:
        """Return the signature over the canonical form of `document`, in hexadecimal."""
        return self._key.sign(canonical(document)).hex()


def is_signed(document: object, signature: str, public_key: str) -> bool:
    """Tell whether `signature` is the key's signature over `document`."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), canonical(document))
    except (InvalidSignature, ValueError):
        return False
    return True
