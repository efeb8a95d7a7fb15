"""All that a verdict rests on, as plain data: files, components, texts with their differences, lineage, versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.licences.ai_act import Exemption
from evaluation.licences.components import Component, openness_class, type_of
from evaluation.licences.declared import Named
from evaluation.licences.expressions import AmbiguousError, Expression, licence_class, parse_expression
from evaluation.licences.heads import Head, licences_of
from evaluation.licences.inventory import Digests, PackageFile
from evaluation.licences.licence_files import LicenceFile
from evaluation.licences.lineage import Edge
from evaluation.licences.policy import Outcome, Policy
from evaluation.licences.text_findings import named
from evaluation.licences.texts.detection import Finding
from evaluation.licences.texts.index import known
from evaluation.publications.publication import Lookup
from evaluation.version import ENGINE_VERSION


@dataclass(frozen=True)
class FoundText:
    """A licence text, notice or tag in a file, as it was recognised."""

    file: str
    part: str
    licence: str
    finding: Finding


@dataclass(frozen=True)
class ComponentEvidence:
    """A component of the Model Openness Framework: its files, and the licence concluded for it."""

    component: Component
    files: tuple[str, ...]
    licence: str | None
    from_part: str
    """Where that licence comes from: a text for that kind of component, "heads" of its files, or the whole release."""
    is_open: bool | None


@dataclass(frozen=True)
class FileEvidence:
    """One file of the package; the digest is empty for files over 64 MiB, of which only the header is read."""

    name: str
    size: int
    kind: str
    component: str
    sha256: str
    sha1: str


@dataclass(frozen=True)
class Evidence:
    """What was found in a release, and the versions of what it was held against."""

    name: str
    files: tuple[FileEvidence, ...]
    components: tuple[ComponentEvidence, ...]
    openness: str
    """The class of the Model Openness Framework: I, II, III or none."""
    declared: tuple[Named, ...]
    declared_as: str | None
    """What is declared for the weights, as an expression where it is one."""
    texts: tuple[FoundText, ...]
    lineage: tuple[Edge, ...]
    aia_53_2: Exemption
    versions: Mapping[str, str]
    publication: Lookup | None = None
    """What the registry of DOIs answered; None where it was not asked."""


def gathered(
    policy: Policy,
    *,
    files: Sequence[PackageFile],
    digests: Mapping[str, Digests],
    texts: Sequence[LicenceFile],
    heads: Sequence[Head],
    declared: Sequence[Named],
    edges: Sequence[Edge],
    exemption: Exemption,
    declared_as: str | None,
    concluded: str | None,
    name: str,
    publication: Lookup | None = None,
) -> Evidence:
    """Gather the evidence; everything is in an order that the package alone decides."""
    found = tuple(
        FoundText(file.name, file.part, named(finding, policy), finding)
        for file in texts
        for finding in file.reading.findings
    ) + tuple(
        FoundText(head.file, "", named(finding, policy), finding) for head in heads for finding in head.reading.findings
    )
    components = _components(policy, files, texts, heads, concluded)
    open_ones = {one.component for one in components if one.is_open}
    return Evidence(
        name=name,
        files=tuple(
            FileEvidence(
                file.name, file.size, file.kind.value, file.component.value if file.component else "",
                *_digests(digests.get(file.name)),
            )
            for file in files
        ),
        components=components,
        openness=openness_class(open_ones),
        declared=tuple(declared),
        declared_as=declared_as,
        texts=found,
        lineage=tuple(edges),
        aia_53_2=exemption,
        versions={
            "engine": ENGINE_VERSION,
            "index": known().source,
            "policy": f"{policy.name} {policy.version}",
        },
        publication=publication,
    )  # fmt: skip


def _components(
    policy: Policy,
    files: Sequence[PackageFile],
    texts: Sequence[LicenceFile],
    heads: Sequence[Head],
    concluded: str | None,
) -> tuple[ComponentEvidence, ...]:
    """Conclude for each component: the heads of its files and a text for its kind count before the release's licence.

    Where some files have a head and others none, what is concluded for the others joins what the heads say.
    """
    headed = {head.file: list(licences_of(head, policy)) for head in heads if head.reading.findings}
    by_part: dict[str, str] = {}
    for file in texts:
        if file.is_own and file.part and file.sure:
            by_part.setdefault(file.part, named(file.sure[0], policy))
    found = []
    for component in Component:
        names = tuple(file.name for file in files if file.component is component)
        if not names:
            continue
        part = type_of(component).value
        part = "weights" if component in {Component.PARAMETERS, Component.INTERMEDIATE} else part
        licence, source = by_part.get(part, concluded), part if part in by_part else ""
        said = {licence for name in names for licence in headed.get(name, ())}
        if said:
            rest = {licence} if licence and any(name not in headed for name in names) else set()
            licence, source = _together(said | rest), "heads"
        found.append(ComponentEvidence(component, names, licence, source, _is_open(licence, policy)))
    return tuple(found)


def _together(licences: set[str]) -> str:
    """Join what applies at once; a choice among licences stays one in brackets."""
    if len(licences) == 1:
        return next(iter(licences))
    return " AND ".join(sorted(f"({one})" if " OR " in one else one for one in licences))


def _is_open(licence: str | None, policy: Policy) -> bool | None:
    """Tell whether a component is under an open licence, of a choice the freest; None where that is not clear."""
    if licence is None:
        return False
    try:
        return _all_open(parse_expression(licence, policy=policy), policy)
    except AmbiguousError:
        return None


def _all_open(expression: Expression, policy: Policy) -> bool | None:
    if not expression.parts:
        found = licence_class(expression.licence, policy=policy)
        return None if found.ai_act_exempt is None else found.ai_act_exempt and found.outcome is Outcome.COMPLIANT
    parts = [_all_open(part, policy) for part in expression.parts]
    order = (True, None, False) if expression.operator == "OR" else (False, None, True)
    return next(wanted for wanted in order if wanted in parts)


def _digests(found: Digests | None) -> tuple[str, str]:
    return (found.sha256, found.sha1) if found else ("", "")
