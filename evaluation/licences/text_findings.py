"""What a licence file's text gives reason to say: that it was changed, that it is unknown, that it is empty."""

from evaluation.licences.declared import Named
from evaluation.licences.findings import Findings
from evaluation.licences.licence_files import LicenceFile
from evaluation.licences.policy import Policy
from evaluation.licences.texts.detection import Difference, Finding, Match
from evaluation.licences.texts.lexicon import LIMITS

ADDED_TERMS = "LicenseRef-added-terms"
_LONGEST = 200
_SHOWN = 6  # differences that a sentence names; all stand in the evidence


def named(found: Finding, policy: Policy) -> str:
    """Choose among identifiers that share a text the one that the policy names, else the first."""
    return next((name for name in found.ids if name.lower() in policy.classes), found.ids[0])


def check_text(file: LicenceFile, findings: Findings) -> None:
    """Add what is wrong with a licence file's text."""
    for found in file.reading.findings:
        if found.match in {Match.MODIFIED, Match.PARTIAL}:
            _modified(file, found, findings)
    if not file.reading.findings and (file.is_own or not file.is_read):
        _unknown(file, findings)


def check_card(body: Named | None, findings: Findings) -> None:
    """Add the sentences of a card that limit what may be done with the model, besides what its licence says."""
    if body is None:
        return
    for number, line in enumerate(body.text.split("\n"), start=body.line):
        if limit := LIMITS.search(line):
            words = " ".join(line.split())[:_LONGEST]
            sentence = f"The card itself limits the use: “{words}”."
            remedy = "Remove the sentence, or use a licence that says what is meant."
            findings.add("ADDED_TERMS", sentence, remedy, file=body.file, line=number, words=limit.group())


def _modified(file: LicenceFile, found: Finding, findings: Findings) -> None:
    name = named(found, findings.policy)
    changes = [_told(one) for one in found.differences[:_SHOWN]]
    more = len(found.differences) - len(changes)
    if more > 0:
        changes.append(f"and {more} more")
    first = found.differences[0] if found.differences else None
    findings.add(
        "MODIFIED_TEXT",
        f"The text is near {name} and differs from it: {', '.join(changes) or 'in its order'}.",
        f"Restore the text of {name} as published, or use a licence that says what is meant.",
        file=file.name,
        line=first.line if first else found.first_line,
        last_line=first.last_line if first else found.last_line,
        words=first.words if first else "",
    )


def _told(difference: Difference) -> str:
    return f"{difference.kind} “{difference.words}”"


def _unknown(file: LicenceFile, findings: Findings) -> None:
    if not file.is_read:
        sentence = "The package holds so many different licence files that this one was not read."
    elif file.reading.too_large:
        sentence = "The file is too large for a licence and is not read."
    elif file.reading.is_empty:
        sentence = "The licence file holds no licence text."
    else:
        sentence = "The text is none of the licences known here."
    remedy = "Put the licence's full text into it." if file.reading.is_empty else ""
    findings.add(
        "UNKNOWN_TEXT", sentence, remedy or "Use a published licence, or wait for a person's look.", file=file.name
    )
