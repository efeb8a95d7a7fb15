"""The verdict on a release: declared, detected, concluded, and every reason with its place and remedy."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from evaluation.archives import ArchiveLimits
from evaluation.licences import ai_act
from evaluation.licences.declared import METADATA, Declarations, Named, read_declarations
from evaluation.licences.evidence import Evidence, gathered
from evaluation.licences.expressions import Expression
from evaluation.licences.findings import Findings, Reason
from evaluation.licences.grants import Grant, check_grant
from evaluation.licences.heads import Head, check_heads, read_heads
from evaluation.licences.inventory import PACKAGE_LIMITS, Digests, FileKind, PackageFile, digests, inventory
from evaluation.licences.licence_files import LicenceFile, read_licence_files
from evaluation.licences.lineage import Edge, base_conflicts, check_lineage
from evaluation.licences.policy import Outcome, Policy
from evaluation.licences.publication import People, Period, Publications, check_publication
from evaluation.licences.registry import Registry
from evaluation.licences.text_findings import check_card, named
from evaluation.publications.publication import Lookup
from evaluation.trees import open_tree


class Route(StrEnum):
    """How a winner meets its obligation: by releasing the weights, or by publishing the findings."""

    WEIGHTS = "weights"
    PUBLICATION = "publication"


@dataclass(frozen=True)
class Verdict:
    """The outcome with its reasons; `detected` are the texts found, `ai_act_exempt` is None where unclear."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    declared: str | None
    detected: tuple[str, ...]
    concluded: str | None
    ai_act_exempt: bool | None
    evidence: Evidence | None = field(default=None, compare=False)
    """All that the verdict rests on, for a page and for bills of materials."""

    def to_data(self) -> dict[str, object]:
        """Give the verdict as plain data for JSON."""
        return asdict(self)


@dataclass
class _Package:
    """What was read of a package; all of it empty where none was handed in."""

    found: Declarations = field(default_factory=Declarations)
    files: tuple[PackageFile, ...] = ()
    texts: Sequence[LicenceFile] = ()
    heads: Sequence[Head] = ()
    digests: Mapping[str, Digests] = field(default_factory=dict)


def verdict(
    package: str | Path | None,
    *,
    declared: str | None = None,
    policy: Policy,
    route: Route | str | None = None,
    doi: str | None = None,
    limits: ArchiveLimits = PACKAGE_LIMITS,
    registry: Registry | None = None,
    publications: Publications | None = None,
    authors: Sequence[str] = (),
    organisation: str = "",
    period: Period | None = None,
    unasked: Outcome = Outcome.BY_PUBLICATION,
) -> Verdict:
    """Judge a release package, a folder, zip or tar, under a policy.

    `declared`, `route` and `doi` are what the team said elsewhere; where they are None, metadata.json is asked, and
    the route is weights. `registry` holds licences of base models, data and packages, else the policy's own records
    count; `publications` answers for DOIs, else only their syntax counts, and leads to `unasked`. One of
    `authors`, or the `organisation`, must have written what a DOI stands for, within `period` if one is given; where
    neither is given, one of the authors that the package names. Raises ArchiveError when the package breaks a limit,
    ValueError for an unknown route.
    """
    findings = Findings(policy)
    held = _read(package, limits) if package is not None else _Package()
    found = held.found
    for fault in found.faults:
        remedy = "Mend the file, so that what it declares can be read."
        findings.add("DECLARATION_UNREADABLE", f"{fault.sentence}.", remedy, file=fault.file, line=fault.line)
    if _route(route, found, findings) is Route.PUBLICATION:
        people = People(authors, organisation, found.authors)
        answer = check_publication(doi or found.doi, people, findings, publications, period=period, unasked=unasked)
        return _published(findings, held, answer)
    licences = [Named(declared, "", 0)] if declared else []
    headed = {name for head in held.heads for one in head.reading.findings for name in one.ids}
    grant = check_grant(licences + found.licences, found.links, held.texts, findings, headed=headed)
    _check_files(held, findings)
    check_card(found.body, findings)
    in_full = frozenset(name for text in held.texts for one in text.sure for name in one.ids)
    check_heads(held.heads, texts=grant.carried | in_full, findings=findings)
    edges = check_lineage(found, findings, carried=grant.carried, registry=registry or policy.registry)
    concluded = _with_bases(grant, edges, findings)
    exempt = ai_act.exemption(concluded, findings)
    return Verdict(
        outcome=findings.outcome,
        reasons=tuple(findings.reasons),
        declared=grant.declared,
        detected=_detected(held.texts, policy),
        concluded=str(concluded) if concluded else None,
        ai_act_exempt=exempt.exempt,
        evidence=gathered(
            policy,
            files=held.files,
            digests=held.digests,
            texts=held.texts,
            heads=held.heads,
            declared=licences + found.licences,
            edges=edges,
            exemption=exempt,
            declared_as=grant.declared_as,
            concluded=str(concluded) if concluded else None,
            name=found.names[0].text if found.names else "",
        ),
    )


def _read(package: str | Path, limits: ArchiveLimits) -> _Package:
    with open_tree(Path(package), limits=limits) as tree:
        files = inventory(tree)
        found = read_declarations(tree, files)
        texts = read_licence_files(tree, files, found.prompts)
        for prompt in found.prompts:
            if not any(text.name == prompt.file and text.texts for text in texts):
                found.gates.append(Named("extra_gated_prompt", prompt.file, prompt.line))
        return _Package(found, files, texts, read_heads(tree, files), digests(tree, files))


def _route(route: Route | str | None, found: Declarations, findings: Findings) -> Route:
    if route is not None:
        return Route(route)
    if found.release in {"", *Route}:
        return Route(found.release or Route.WEIGHTS)
    sentence = f"'{found.release}' is no way of release."
    findings.add("DECLARATION_UNREADABLE", sentence, "Write weights or publication.", file=METADATA)
    return Route.WEIGHTS


def _published(findings: Findings, held: _Package, answer: Lookup | None) -> Verdict:
    exempt = ai_act.by_publication()
    evidence = gathered(
        findings.policy,
        files=held.files,
        digests=held.digests,
        texts=held.texts,
        heads=held.heads,
        declared=held.found.licences,
        edges=(),
        exemption=exempt,
        declared_as=None,
        concluded=None,
        name=held.found.names[0].text if held.found.names else "",
        publication=answer,
    )
    return Verdict(findings.outcome, tuple(findings.reasons), None, (), None, exempt.exempt, evidence)


def _with_bases(grant: Grant, edges: Sequence[Edge], findings: Findings) -> Expression | None:
    """Join to what is concluded the licences of base models that bind the release though it does not carry them."""
    owed = base_conflicts(edges, grant.carried, findings)
    if grant.concluded is None or not owed:
        return grant.concluded
    concluded = grant.concluded
    parts = concluded.parts if concluded.operator == "AND" else (concluded,)
    return Expression("AND", (*parts, *(Expression("", licence=licence) for licence in owed)))


def _check_files(held: _Package, findings: Findings) -> None:
    files = held.files
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
    for gate in held.found.gates:
        sentence = f"The card sets a condition before the download ({gate.text})."
        remedy = "Remove the gate, or wait for a person's look."
        findings.add("ACCESS_GATED", sentence, remedy, file=gate.file, line=gate.line)


def _detected(texts: Sequence[LicenceFile], policy: Policy) -> tuple[str, ...]:
    """Name each licence text found once, whole or changed."""
    return tuple(sorted({named(finding, policy) for text in texts for finding in text.texts}))
