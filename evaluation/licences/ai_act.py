"""Whether Article 53(2) of the AI Act fits a release, as far as its licence and files decide it, and why."""

from collections.abc import Collection
from dataclasses import dataclass

from evaluation.licences.expressions import Expression, licence_class
from evaluation.licences.findings import Findings
from evaluation.licences.policy import Outcome
from evaluation.licences.text_findings import ADDED_TERMS

GUIDELINES = "C(2025) 5045"
_REFUSING = {
    "COMPONENT_MISSING": "paragraphs 90 to 92: weights, architecture and usage must be public",
    "NO_LICENCE": "paragraph 78: a free and open-source licence is needed",
    "MODIFIED_TEXT": "paragraph 83: added limits; the text is not that of an open licence",
}
_CLOUDING = {
    "ACCESS_GATED": "paragraph 87: access for personal data",
    "ADDED_TERMS": "paragraph 83: there may be limits beside the licence",
    "UNKNOWN_TEXT": "paragraph 78: the licence is not known",
    "DECLARATION_UNREADABLE": "paragraph 78: the licence is not known",
    "AMBIGUOUS_ID": "paragraph 78: the licence is not known",
    "DECLARED_ONLY": "paragraph 78: a name without its text grants nothing for certain",
    "BASE_MODEL_UNKNOWN": "paragraph 78: what the base model's licence asks for is not known",
    "NESTED_ARCHIVE": "paragraphs 90 to 92: what is in the archive is not known",
    "PICKLE": "paragraphs 90 to 92: what is in the pickle is not known",
    "WEIGHTS_DAMAGED": "paragraphs 90 to 92: the weights cannot be read",
    "UNKNOWN_LICENCE": "paragraph 78: the licence is not known",
}


@dataclass(frozen=True)
class Exemption:
    """Whether the exemption fits (None where that is not clear), and the paragraph of the guidelines that says so."""

    exempt: bool | None
    paragraph: str


def exemption(concluded: Expression | None, findings: Findings) -> Exemption:
    """Decide from the concluded licence and the findings; of several licences joined by OR the freest counts."""
    codes = [reason.code for reason in findings.reasons]
    for code, why in _REFUSING.items():
        if code in codes:
            return Exemption(False, f"{GUIDELINES}, {why}")
    if concluded is None:
        why = next((_CLOUDING[code] for code in codes if code in _CLOUDING), _REFUSING["NO_LICENCE"])
        refused = findings.outcome is Outcome.NON_COMPLIANT and not set(codes) & _CLOUDING.keys()
        return Exemption(False if refused else None, f"{GUIDELINES}, {why}")
    flag, paragraph = _of(concluded, findings)
    if flag is not False and (why := next((_CLOUDING[code] for code in codes if code in _CLOUDING), "")):
        return Exemption(None, f"{GUIDELINES}, {why}")
    return Exemption(flag, paragraph)


def by_publication() -> Exemption:
    """Decide for a release that publishes findings and no weights."""
    return Exemption(False, f"{GUIDELINES}, {_REFUSING['COMPONENT_MISSING']}")


def _of(expression: Expression, findings: Findings) -> tuple[bool | None, str]:
    if not expression.parts:
        if expression.licence == ADDED_TERMS or expression.licence.startswith("LicenseRef-modified-"):
            return False, f"{GUIDELINES}, {_REFUSING['MODIFIED_TEXT']}"
        found = licence_class(expression.licence, policy=findings.policy)
        return found.ai_act_exempt, found.paragraph
    parts = [_of(part, findings) for part in expression.parts]
    order: Collection[bool | None] = (True, None, False) if expression.operator == "OR" else (False, None, True)
    return next(part for wanted in order for part in parts if part[0] is wanted)
