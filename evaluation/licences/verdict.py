"""The verdict on a release: declared, detected, concluded, and every reason with its place and remedy."""

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from evaluation.archives import ArchiveLimits
from evaluation.licences.archive import PACKAGE_LIMITS, FileKind, PackageFile, inventory
from evaluation.licences.declared import METADATA, Declarations, Named, read_declarations
from evaluation.licences.detect import MAX_TEXT, Detection, Match, detect
from evaluation.licences.expressions import Expression, licence_class
from evaluation.licences.findings import Findings, Reason
from evaluation.licences.grants import Grant, check_grant
from evaluation.licences.lineage import check_lineage
from evaluation.licences.policy import Outcome, Policy
from evaluation.trees import open_tree

_MOST_TEXTS = 100  # licence files compared; those beyond are for a person
_DOI = re.compile(r"10\.[0-9]{4,9}/[!-~]{1,180}")
_DOI_PREFIX = re.compile(r"(https?://(dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


class Route(StrEnum):
    """How a winner meets its obligation: by releasing the weights, or by publishing the findings."""

    WEIGHTS = "weights"
    PUBLICATION = "publication"


@dataclass(frozen=True)
class Verdict:
    """The outcome with its reasons; `detected` are the exact texts found, `ai_act_exempt` is None where unclear."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    declared: str | None
    detected: tuple[str, ...]
    concluded: str | None
    ai_act_exempt: bool | None

    def to_data(self) -> dict[str, object]:
        """Give the verdict as plain data for JSON."""
        return asdict(self)


def verdict(
    package: str | Path | None,
    *,
    declared: str | None = None,
    policy: Policy,
    route: Route | str | None = None,
    doi: str | None = None,
    limits: ArchiveLimits = PACKAGE_LIMITS,
) -> Verdict:
    """Judge a release package, a folder or zip, under a policy.

    `declared`, `route` and `doi` are what the team said elsewhere; where they are None, metadata.json is asked, and
    the route is weights. Raises ArchiveError when the package breaks a limit, ValueError for an unknown route.
    """
    findings = Findings(policy)
    found, files, detections = Declarations(), tuple[PackageFile, ...](), tuple[Detection, ...]()
    if package is not None:
        with open_tree(Path(package), limits=limits) as tree:
            files = inventory(tree)
            found = read_declarations(tree, files)
            named = [file.name for file in files if file.kind is FileKind.LICENCE]
            detections = tuple(
                detect(tree.read(name, limit=MAX_TEXT + 1), file=name)
                if place < _MOST_TEXTS
                else Detection(name, Match.UNKNOWN)
                for place, name in enumerate(named)
            )
    for fault in found.faults:
        remedy = "Mend the file, so that what it declares can be read."
        findings.add("DECLARATION_UNREADABLE", f"{fault.sentence}.", remedy, file=fault.file, line=fault.line)
    if _route(route, found, findings) is Route.PUBLICATION:
        return _by_publication(doi or found.doi, findings)
    licences = [Named(declared, "", 0)] if declared else []
    grant = check_grant(licences + found.licences, detections, findings)
    _check_files(files, found, findings)
    check_lineage(found, findings, carried=grant.carried)
    return Verdict(
        outcome=findings.outcome,
        reasons=tuple(findings.reasons),
        declared=grant.declared,
        detected=_detected(detections, grant.concluded),
        concluded=str(grant.concluded) if grant.concluded else None,
        ai_act_exempt=_exempt(grant, findings),
    )


def _route(route: Route | str | None, found: Declarations, findings: Findings) -> Route:
    if route is not None:
        return Route(route)
    if found.release in {"", *Route}:
        return Route(found.release or Route.WEIGHTS)
    sentence = f"'{found.release}' is no way of release."
    findings.add("DECLARATION_UNREADABLE", sentence, "Write weights or publication.", file=METADATA)
    return Route.WEIGHTS


def _by_publication(doi: str, findings: Findings) -> Verdict:
    name = _DOI_PREFIX.sub("", doi.strip(), count=1)
    if _DOI.fullmatch(name):
        sentence = f"The findings are published as {name}; whether it resolves to them is not checked here."
        reason = Reason("PUBLICATION_OK", sentence, "", 0, "Nothing has to be done.")
        return Verdict(Outcome.BY_PUBLICATION, (*findings.reasons, reason), None, (), None, False)
    what = f"'{doi[:80]}' is not a DOI" if doi else "No DOI is given"
    remedy = "Give the DOI of the publication, such as 10.5281/zenodo.1234567."
    findings.add("PUBLICATION_MISSING", f"{what}, so nothing is published.", remedy)
    return Verdict(findings.outcome, tuple(findings.reasons), None, (), None, False)


def _check_files(files: tuple[PackageFile, ...], found: Declarations, findings: Findings) -> None:
    if not any(file.kind is FileKind.WEIGHTS for file in files):
        sentence = "The package holds no model weights that can be read."
        remedy = "Add the weights as safetensors, GGUF or ONNX, or release by publication."
        findings.add("COMPONENT_MISSING", sentence, remedy)
    for file in files:
        if file.kind is FileKind.PICKLE:
            sentence = "The file is or may be a Python pickle, which can run code and is never opened."
            findings.add("PICKLE", sentence, "Convert it to safetensors and remove it.", file=file.name)
        elif file.kind is FileKind.NESTED:
            sentence = "The file is an archive within the package and is not opened."
            findings.add("NESTED_ARCHIVE", sentence, "Put the files themselves into the package.", file=file.name)
        elif file.kind is FileKind.DAMAGED_WEIGHTS:
            sentence = "The file's header is not that of a weights file of its kind."
            findings.add("WEIGHTS_DAMAGED", sentence, "Write the file anew.", file=file.name)
        elif file.kind is FileKind.TERMS:
            sentence = "The file may hold terms besides the licence."
            findings.add("ADDED_TERMS", sentence, "Remove it, or wait for a person's look.", file=file.name)
    for gate in found.gates:
        sentence = f"The card sets a condition before the download ({gate.text})."
        remedy = "Remove the gate, or wait for a person's look."
        findings.add("ACCESS_GATED", sentence, remedy, file=gate.file, line=gate.line)


def _detected(detections: tuple[Detection, ...], concluded: Expression | None) -> tuple[str, ...]:
    """Name each exact text once: as concluded where that is one of its identifiers, else by the first."""
    wanted = concluded.licences if concluded else frozenset()
    names = [
        next((name for name in found.ids if name in wanted), found.ids[0])
        for found in detections
        if found.match is Match.EXACT
    ]
    return tuple(sorted(set(names)))


def _exempt(grant: Grant, findings: Findings) -> bool | None:
    """Say whether the exemption for open models of Art. 53(2) AI Act fits, as far as the licence decides it."""
    if grant.concluded is None:
        return False if findings.outcome is Outcome.NON_COMPLIANT else None
    flags = [licence_class(name, policy=findings.policy).ai_act_exempt for name in grant.concluded.licences]
    if False in flags:
        return False
    return True if findings.outcome is Outcome.COMPLIANT and None not in flags else None
