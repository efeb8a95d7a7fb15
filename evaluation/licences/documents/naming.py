"""What bills of materials share: names, digests in place of random numbers, and licences as they write them."""

import json
import re
from hashlib import sha256
from uuid import UUID

from evaluation.licences.evidence import Evidence
from evaluation.licences.texts.index import known
from evaluation.licences.verdict import Verdict

TOOL = "large-ai-grand-challenge evaluation"
DATE = "1970-01-01T00:00:00Z"
"""A fixed day: when a document was written must not change its bytes; what it rests on is in its versions."""


def evidence_of(found: Verdict) -> Evidence:
    """Return a verdict's evidence; raises ValueError where it has none, as a verdict put together by hand."""
    if found.evidence is None:
        raise ValueError("the verdict has no evidence, so no bill of materials can be written")
    return found.evidence


def digest_of(found: Verdict) -> str:
    """Compute the SHA-256 of all that a verdict says, by which a document of it is named."""
    whole = json.dumps(found.to_data(), ensure_ascii=False, sort_keys=True, default=str)
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def uuid_of(found: Verdict) -> str:
    """Make a UUID out of the digest, of version 8, which is for numbers of one's own making."""
    number = bytearray(bytes.fromhex(digest_of(found))[:16])
    number[6] = number[6] & 0x0F | 0x80
    number[8] = number[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(number)))


def name_of(found: Verdict) -> str:
    """Name the release: as its card does, else plainly."""
    return printable(evidence_of(found).name) or "model"


def printable(text: str) -> str:
    """Take control signs out of a text that a file brought."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def spdx_ref(licence: str) -> str:
    """Write an identifier as SPDX lets it be: what is no letter, digit, point or hyphen becomes a hyphen."""
    return re.sub(r"[^A-Za-z0-9.\-]", "-", licence)


def expression_of(text: str | None) -> str:
    """Write an expression with valid references; NOASSERTION where there is none or where it is free text."""
    if not text:
        return "NOASSERTION"
    parts = re.split(r"( AND | OR | WITH |[()])", text)
    written = []
    for part in parts:
        name = part.strip()
        if not name or part in {" AND ", " OR ", " WITH "} or name in {"(", ")"}:
            written.append(part)
        elif name in known().licences:
            written.append(name)
        elif name.startswith("LicenseRef-"):
            written.append(spdx_ref(name))
        else:
            return "NOASSERTION"
    return "".join(written)


def references_in(*expressions: str) -> list[str]:
    """List the references to licences outside the SPDX list in expressions, each once, in order."""
    found = [name for text in expressions for name in re.findall(r"LicenseRef-[A-Za-z0-9.\-]+", text)]
    return sorted(set(found))


def declared_expression(found: Verdict) -> str:
    """Write what is declared as an expression, where it is one."""
    return expression_of(evidence_of(found).declared_as)


def explanation(found: Verdict) -> str:
    """Say in one line why the concluded licence is what it is."""
    if not found.reasons:
        return "The text found is the licence that is declared."
    return printable(" ".join(f"{reason.code}: {reason.sentence}" for reason in found.reasons))
