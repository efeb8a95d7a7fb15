"""Checks the shape of a proof that a model was released or findings were published."""

import re
from dataclasses import dataclass

from challenge.foundation.permits import WhyNot
from challenge.submissions.hub import HubEntry, what_is_wrong_with

_DOI = re.compile(r"10\.[0-9]{4,9}/[!-~]{1,150}")
_ADDRESS = re.compile(r"https://[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+(:[0-9]{1,5})?(/[!-~]*)?", re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}")
NO_DOI = "Write a DOI such as 10.5281/zenodo.1234567."


@dataclass(frozen=True)
class Proof:
    """Where a release lies: a commit on a hub, an address with the SHA-256 of what lies there, or a DOI."""

    url: str = ""
    sha256: str = ""
    doi: str = ""
    hub: HubEntry | None = None


def tidy_proof(*, url: str, sha256: str, doi: str, model: str = "") -> Proof:
    """Return a proof without blanks, the hash in lower case, the DOI without the address of its resolver."""
    bare = doi.strip()
    for prefix in ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"):
        if bare.lower().startswith(prefix):
            bare = bare[len(prefix) :]
    hub = HubEntry.read(model) if model.strip() else None
    return Proof(url.strip(), sha256.strip().lower(), bare.strip(), hub)


def why_not_proof(proof: Proof, *, hub: str = "") -> tuple[str, WhyNot]:
    """Return the field that will not do with its sentence; an empty field and None where the proof has its shape.

    `hub` is the address of the hub from which models are fetched, empty where there is none.
    """
    if not (proof.url or proof.sha256 or proof.doi or proof.hub):
        named = "Name the model on the hub by its commit, or give" if hub else "Give"
        return "url", f"{named} the address of the release with its SHA-256, or the DOI of the publication."
    if proof.hub is not None:
        if not hub:
            return "model", "This platform fetches no models from a hub at present. Give an address with its SHA-256."
        for _field, sentence in what_is_wrong_with(proof.hub, hub):
            return "model", sentence
    if proof.doi and not _DOI.fullmatch(proof.doi):
        return "doi", NO_DOI
    if (proof.url or (proof.sha256 and not proof.doi)) and not is_address(proof.url):
        return "url", "Write a full address such as https://models.example/our-model/weights.safetensors."
    if (proof.sha256 or proof.url) and not _SHA256.fullmatch(proof.sha256):
        return "sha256", "Write the SHA-256 of the released file: 64 digits and letters from a to f."
    return "", None


def is_address(text: str) -> bool:
    """Tell whether a text is a full https address of a host, without a name and password in it."""
    return len(text) <= 500 and _ADDRESS.fullmatch(text) is not None
