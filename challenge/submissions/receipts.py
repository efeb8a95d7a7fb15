"""Writes the document that a receipt signs, and checks receipts that somebody hands back."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from challenge.foundation.canonical import instant_text
from challenge.foundation.signing import is_signed

FORMAT = "receipt 1"
KEPT_SEALED = "kept sealed; no part of this receipt"
PARTS = {"document", "signature", "public_key"}
LONGEST = 100_000
"""Bytes; a receipt has about two thousand."""


class Verdict(StrEnum):
    """What a check of a receipt comes to."""

    GENUINE = "genuine"
    CHANGED = "changed"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"


SENTENCES = {
    Verdict.GENUINE: "The signature holds: this platform gave this receipt out, and not one character was changed.",
    Verdict.CHANGED: "The signature does not hold: the receipt was changed, or never given out by this platform.",
    Verdict.FOREIGN: "This receipt names another key than this platform's; it was given out by another installation.",
    Verdict.UNREADABLE: "This is no receipt. Paste the whole content of a receipt.json, braces included.",
}


@dataclass(frozen=True)
class Check:
    """The outcome of a check, with the receipt's document where it could be read."""

    verdict: Verdict
    document: Mapping[str, Any]
    signature: str

    @property
    def sentence(self) -> str:
        """Say in words what the check came to."""
        return SENTENCES[self.verdict]


NOTHING: Mapping[str, Any] = {}


def file_plain(sha256: str, size: int, name: str) -> dict[str, object]:
    """Return what a receipt says about one file; size in bytes."""
    return {"sha256": sha256, "size": size, "name": name}


def receipt_document(
    *,
    reference: str,
    team: str,
    team_id: int,
    call: str,
    call_digest: str,
    phase: str,
    title: str,
    declared: Mapping[str, object],
    predictions: Mapping[str, object] | None,
    package: Mapping[str, object] | None,
    endpoint: Mapping[str, str] | None = None,
    hub: Mapping[str, str] | None = None,
    submitted_at: datetime,
    audit_before: Mapping[str, object],
) -> dict[str, object]:
    """Build the document of a receipt: what was handed in, when, under which rules, and where the log stood."""
    asked = {"endpoint": {**endpoint, "key": KEPT_SEALED}} if endpoint is not None else {}
    fetched = {"hub": dict(hub)} if hub is not None else {}
    return {
        "format": FORMAT,
        "reference": reference,
        "team": team,
        "team_number": team_id,
        "call": call,
        "call_digest": call_digest,
        "phase": phase,
        "title": title,
        "declared": dict(declared),
        "predictions": dict(predictions) if predictions is not None else None,
        "package": dict(package) if package is not None else None,
        **asked,
        **fetched,
        "submitted_at": instant_text(submitted_at),
        "audit_before": dict(audit_before),
    }


def receipt_file(document: str, signature: str, public_key: str) -> str:
    """Write a receipt as the JSON file that people download; `document` is the canonical text that was signed."""
    whole = {"document": json.loads(document), "signature": signature, "public_key": public_key}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def check_receipt(text: str, *, keys: Collection[str]) -> Check:
    """Check a receipt that somebody hands back against this platform's keys; never raises on bad input.

    `keys` are its own and those of the sites that calls were brought here from.
    """
    receipt = _read(text)
    if receipt is None:
        return Check(Verdict.UNREADABLE, NOTHING, "")
    document, signature = receipt["document"], receipt["signature"]
    public_key = receipt["public_key"]
    if public_key not in keys:
        return Check(Verdict.FOREIGN, NOTHING, signature)
    if not _holds(document, signature, public_key):
        return Check(Verdict.CHANGED, NOTHING, signature)
    return Check(Verdict.GENUINE, document, signature)


def _holds(document: Mapping[str, Any], signature: str, public_key: str) -> bool:
    try:
        return is_signed(document, signature, public_key)
    except (TypeError, RecursionError):  # a float or a depth that no receipt of ours ever had
        return False


def _read(text: str) -> dict[str, Any] | None:
    if len(text) > LONGEST:
        return None
    try:
        receipt = json.loads(text.lstrip("\ufeff"), object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError):
        return None
    if not isinstance(receipt, dict) or receipt.keys() != PARTS or not isinstance(receipt["document"], dict):
        return None
    signature = receipt["signature"]
    if not isinstance(signature, str) or receipt["document"].get("format") != FORMAT:
        return None
    return receipt


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key given twice: two readers could see two different receipts under one signature."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
