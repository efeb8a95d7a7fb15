"""Keeps what a look at a release found as plain data whose every sign can be seen: a release may mean to deceive."""

from collections.abc import Mapping

from challenge.awards.operations_look import Looked
from challenge.awards.records_checks import ReleaseCheck
from challenge.compliance.operations_evidence import MOST_LINE, kept_reasons
from challenge.compliance.states import LicenceVerdict
from challenge.compliance.visible import visible

LONGEST_EXPLANATION, LONGEST_CONCLUDED = 2_000, 300


def keep(check: ReleaseCheck, looked: Looked) -> None:
    """Write what was found into the record of a look."""
    check.explanation, check.engine = explained(looked), looked.engine
    check.verdict = LicenceVerdict(looked.verdict) if looked.verdict else None
    check.concluded = concluded(looked)
    check.findings, check.reasons = kept_reasons(looked.findings), kept_reasons(looked.reasons)
    check.texts = [_kept(text) for text in looked.texts]
    check.weights = [_kept(file) for file in looked.weights]
    check.left_out = [{key: visible(text, most=200) for key, text in file.items()} for file in looked.left_out]
    check.publication = _kept(looked.publication) if looked.publication is not None else None


def explained(looked: Looked) -> str:
    """Return in words what was done, or why it was not."""
    return visible(" ".join(looked.explanations))[:LONGEST_EXPLANATION]


def concluded(looked: Looked) -> str:
    """Return the licence that was concluded, written as an examination keeps it."""
    return visible(looked.concluded)[:LONGEST_CONCLUDED]


def _kept(found: Mapping[str, object]) -> dict[str, object]:
    return {key: _plain(value) for key, value in found.items()}


def _plain(value: object) -> object:
    if isinstance(value, str):
        return visible(value, most=MOST_LINE)
    if isinstance(value, Mapping):
        return _kept(value)
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
