"""What is granted follows from the licence texts in a package, held against what the package declares."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from evaluation.licences.declared import Named
from evaluation.licences.detect import Detection, Match
from evaluation.licences.expressions import (
    AmbiguousError,
    Expression,
    conclude,
    licence_class,
    parse_expression,
)
from evaluation.licences.findings import Findings


@dataclass(frozen=True)
class Grant:
    """What is declared and what is concluded (None where nothing can be), and all licences carried."""

    declared: str | None
    concluded: Expression | None
    carried: frozenset[str]


def check_grant(declarations: Sequence[Named], detections: Sequence[Detection], findings: Findings) -> Grant:
    """Hold declarations and texts against one another and add what is found."""
    for detection in detections:
        _check_text(detection, findings)
    declared = _declared(declarations, findings)
    texts = {licence for found in detections if found.match is Match.EXACT for licence in found.ids}
    words = " / ".join(dict.fromkeys(named.text for named in declarations)) or None
    if not declarations and not detections:
        sentence = "No licence declared and none found: nobody may use what is released."
        findings.add(
            "NO_LICENCE", sentence, "Add a file LICENSE with the licence's full text, and name it in the card."
        )
        return Grant(None, None, frozenset())
    if declared is None:
        concluded = None if declarations else _from_texts(detections, findings)
        return Grant(words, concluded, frozenset(texts))
    _check_agreement(declared, declarations[0], detections, findings)
    conclusion = conclude(declared, texts=texts, policy=findings.policy)
    for licence in sorted(conclusion.expression.licences):
        found = licence_class(licence, policy=findings.policy)
        findings.add_class(found, licence, file=declarations[0].file, line=declarations[0].line)
    if not conclusion.has_text:
        sentence = f"{declared} is declared, and its text is not in the package as it stands."
        remedy = "Add the licence's full, unchanged text as a file LICENSE."
        findings.add("DECLARED_ONLY", sentence, remedy, file=declarations[0].file, line=declarations[0].line)
    return Grant(words, conclusion.expression, frozenset(texts | declared.licences))


def _declared(declarations: Sequence[Named], findings: Findings) -> Expression | None:
    """Read what is declared; None where it names no licence, or where two places disagree."""
    parsed: list[tuple[Named, Expression]] = []
    for named in declarations:
        try:
            parsed.append((named, parse_expression(named.text, policy=findings.policy)))
        except AmbiguousError as error:
            remedy = "Name one licence by its SPDX identifier, such as Apache-2.0."
            findings.add("AMBIGUOUS_ID", f"'{named.text}' {error}.", remedy, file=named.file, line=named.line)
    for named, expression in parsed[1:]:
        if str(expression) != str(parsed[0][1]):
            first = parsed[0][0]
            sentence = f"{named.file} declares {expression}, and {first.file or 'the form'} declares {parsed[0][1]}."
            findings.add("TEXT_MISMATCH", sentence, "Declare one licence everywhere.", file=named.file, line=named.line)
    agreed = {str(expression) for _, expression in parsed}
    return parsed[0][1] if len(agreed) == 1 and len(parsed) == len(declarations) else None


def _check_text(found: Detection, findings: Findings) -> None:
    if found.match is Match.MODIFIED:
        changes = [f"added “{found.added}”"] if found.added else []
        changes += [f"missing “{found.missing}”"] if found.missing else []
        sentence = f"The text is near {found.ids[0]} and differs from it: {', '.join(changes) or 'in its order'}."
        remedy = f"Restore the text of {found.ids[0]} as published, or use a licence that says what is meant."
        findings.add("MODIFIED_TEXT", sentence, remedy, file=found.file, line=found.line)
    elif found.match is Match.UNKNOWN:
        sentence = "The text is none of the licences known here."
        findings.add("UNKNOWN_TEXT", sentence, "Use a published licence, or wait for a person's look.", file=found.file)
    elif found.match is Match.EMPTY:
        sentence = "The licence file holds no licence text."
        findings.add("UNKNOWN_TEXT", sentence, "Put the licence's full text into it.", file=found.file)


def _check_agreement(declared: Expression, place: Named, detections: Sequence[Detection], findings: Findings) -> None:
    """A text in the package's own licence files must be one of those declared; parts of others bring their own."""
    for found in detections:
        if found.match is not Match.EXACT or declared.licences & set(found.ids):
            continue
        if _is_own(found.file):
            sentence = f"{place.file or 'The form'} declares {declared}, and the text is {found.ids[0]}."
            remedy = f"Declare {found.ids[0]}, or put the text of {declared} in its place."
            findings.add("TEXT_MISMATCH", sentence, remedy, file=found.file, line=1)
        else:
            licence = _named(found, findings)
            findings.add_class(licence_class(licence, policy=findings.policy), licence, file=found.file, line=1)


def _is_own(file: str) -> bool:
    parts = PurePosixPath(file).parts
    return len(parts) == 1 or parts[0].lower() in {"licenses", "licences"}


def _from_texts(detections: Sequence[Detection], findings: Findings) -> Expression | None:
    """Conclude from the texts alone: all of them apply, and each must be recognised."""
    if any(found.match is not Match.EXACT for found in detections):
        return None
    names = []
    for found in detections:
        names.append(_named(found, findings))
        found_class = licence_class(names[-1], policy=findings.policy)
        findings.add_class(found_class, names[-1], file=found.file, line=1)
    parts = tuple(Expression("", licence=name) for name in dict.fromkeys(names))
    return parts[0] if len(parts) == 1 else Expression("AND", parts)


def _named(found: Detection, findings: Findings) -> str:
    """Choose among identifiers that share a text the one that the policy names, else the first."""
    return next((name for name in found.ids if name.lower() in findings.policy.classes), found.ids[0])
