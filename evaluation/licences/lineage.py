"""What a model is made from binds it too: base models, data sets and the packages its code needs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from evaluation.licences.declared import Declarations, Named
from evaluation.licences.expressions import licence_class, same_licence
from evaluation.licences.findings import Findings
from evaluation.licences.model_licences import by_id
from evaluation.licences.policy import Outcome
from evaluation.licences.registry import Registry

_COPYLEFT = ("GPL-", "AGPL-", "OSL-", "EUPL-", "CC-BY-SA-", "CC-BY-NC-SA-", "CECILL-2", "MPL-2.0-no-copyleft")
_STRONG = ("GPL-", "AGPL-", "OSL-", "SSPL-", "CECILL-2", "Sleepycat")
# Licences under which code may stand that is joined with code under the GPL or AGPL (Article 5 of the EUPL and its
# appendix, section 13 of GPL 3 and AGPL 3).
_WITH_STRONG = ("GPL-", "AGPL-", "EUPL-1.2", "CECILL-2", "OSL-3")
_UNKNOWN = {"unknown", "", "noassertion", "none"}


@dataclass(frozen=True)
class Edge:
    """Something the model is made from: its kind, how it is known, its licence, and what that licence asks for."""

    kind: str
    """`base model`, `data set` or `package`."""
    name: str
    known: str
    """`declared`, `found` or `both`."""
    licence: str | None
    file: str
    line: int
    duties: tuple[str, ...] = ()


def check_lineage(
    found: Declarations, findings: Findings, *, carried: Collection[str], registry: Registry
) -> tuple[Edge, ...]:
    """Add what follows from the base models, data sets and dependencies that a package names.

    `carried` holds the licences that the package itself declares or contains.
    """
    edges = [*_bases(found, findings, carried, registry), *_datasets(found, findings, carried, registry)]
    return (*edges, *_packages(found, findings, carried, registry))


def base_conflicts(edges: Collection[Edge], carried: Collection[str], findings: Findings) -> list[str]:
    """List the licences of base models that the release does not carry though it would have to."""
    found = []
    for edge in edges:
        binds = edge.kind == "base model" and edge.licence and _must_carry(edge.licence, findings)
        if binds and edge.licence and not any(same_licence(edge.licence, one) for one in carried):
            found.append(edge.licence)
    return list(dict.fromkeys(found))


def _bases(found: Declarations, findings: Findings, carried: Collection[str], registry: Registry) -> list[Edge]:
    declared = {base.text.lower(): base for base in found.bases}
    seen = {base.text.lower(): base for base in found.found_bases}
    edges = []
    for name, base in {**seen, **declared}.items():
        known = "both" if name in declared and name in seen else "declared" if name in declared else "found"
        if known == "found":
            sentence = f"The configuration names the base model {base.text}, which the card does not."
            remedy = f"Add `base_model: {base.text}` to the card, and carry its licence."
            findings.add("BASE_MODEL_UNDECLARED", sentence, remedy, file=base.file, line=base.line)
        licence = registry.models.get(name)
        duties = by_id()[licence].duties if licence in by_id() else ()
        edges.append(Edge("base model", base.text, known, licence, base.file, base.line, duties))
        _check_base(base, licence, found, findings, carried)
    return edges


def _check_base(
    base: Named, licence: str | None, found: Declarations, findings: Findings, carried: Collection[str]
) -> None:
    if licence is None or licence.lower() in _UNKNOWN:
        sentence = f"The licence of the base model {base.text} is not known here."
        remedy = "Name its licence and where it can be read; a person will look at it."
        findings.add("BASE_MODEL_UNKNOWN", sentence, remedy, file=base.file, line=base.line)
        return
    kind = licence_class(licence, policy=findings.policy)
    if any(same_licence(licence, one) for one in carried):
        own = next(one for one in sorted(carried) if same_licence(licence, one))
        findings.add_class(kind, own, file=base.file, line=base.line)
        _check_name(base, licence, found, findings)
    elif _must_carry(licence, findings):
        sentence = f"The base model {base.text} is under {licence}, which this package does not carry."
        remedy = f"Release the model under {licence}, or build it on a base model with an open licence."
        findings.add("BASE_MODEL_CONFLICT", sentence, remedy, file=base.file, line=base.line)


def _must_carry(licence: str, findings: Findings) -> bool:
    """Whether a licence binds what is made from the model: by restrictions, or because it wants to be kept."""
    found = licence_class(licence, policy=findings.policy)
    return found.outcome is not Outcome.COMPLIANT or not found.ai_act_exempt or licence.startswith(_COPYLEFT)


def _check_name(base: Named, licence: str, found: Declarations, findings: Findings) -> None:
    """The licences of Llama 3 and later ask that the name of a model made from one begins with Llama."""
    duties = by_id()[licence].duties if licence in by_id() else ()
    if "name" in duties and found.names:
        name = found.names[0]
        if not name.text.strip("*_`# ").lower().startswith("llama"):
            sentence = f"The licence of {base.text} asks that the model's name begins with Llama; it is “{name.text}”."
            remedy = "Let the name begin with Llama, and write “Built with Llama” in the card."
            findings.add("NAME_RULE", sentence, remedy, file=name.file, line=name.line, words=name.text)
            return
    if (
        "attribution" in duties
        and licence.startswith("LicenseRef-llama")
        and "built with" not in (found.body.text if found.body else "").lower()
    ):
        sentence = f"The licence of {base.text} asks for the words “Built with Llama”, which the card does not have."
        findings.add(
            "ATTRIBUTION_MISSING", sentence, "Write “Built with Llama” in the card.", file=base.file, line=base.line
        )


def _datasets(found: Declarations, findings: Findings, carried: Collection[str], registry: Registry) -> list[Edge]:
    edges = []
    own_limits = [licence_class(one, policy=findings.policy) for one in carried]
    for dataset in found.datasets:
        licence = registry.datasets.get(dataset.text.lower())
        edges.append(Edge("data set", dataset.text, "declared", licence, dataset.file, dataset.line, _shares(licence)))
        if licence is None or licence.lower() in _UNKNOWN:
            sentence = f"The licence of the data set {dataset.text} is not known here."
            remedy = "Name its licence and where it can be read; a person will look at it."
            findings.add("DATASET_UNKNOWN", sentence, remedy, file=dataset.file, line=dataset.line)
            continue
        kind = licence_class(licence, policy=findings.policy)
        limited = kind.name != "unknown" and (kind.outcome is not Outcome.COMPLIANT or not kind.ai_act_exempt)
        as_limited = own_limits and all(one.ai_act_exempt is False for one in own_limits)
        if (limited or "-NC" in licence.upper()) and not as_limited:
            sentence = f"The data set {dataset.text} is under {licence}, which may bind a model made from it."
            remedy = "Show that the licence of the model respects it; a person will look at it."
            findings.add("DATASET_NC", sentence, remedy, file=dataset.file, line=dataset.line)
    return edges


def _shares(licence: str | None) -> tuple[str, ...]:
    """Share-alike data asks that adapted data is shared alike; whether weights are such is not settled."""
    return ("share_alike",) if licence and ("-SA-" in licence or licence.startswith("ODbL")) else ()


def _packages(found: Declarations, findings: Findings, carried: Collection[str], registry: Registry) -> list[Edge]:
    licences: Mapping[str, str] = registry.code
    edges: dict[str, Edge] = {}
    for package in found.dependencies:
        licence = licences.get(package.text)
        if licence is None or package.text in edges:
            continue
        edges[package.text] = Edge("package", package.text, "found", licence, package.file, package.line)
        fits = carried and all(own.startswith(_WITH_STRONG) for own in carried)
        if licence.startswith(_STRONG) and not fits:
            sentence = f"The code needs {package.text}, whose licence ({licence}) may bind the code as a whole."
            remedy = "Replace the package, or release the code under a licence that fits it."
            findings.add("CODE_DEP_INCOMPATIBLE", sentence, remedy, file=package.file, line=package.line)
    return list(edges.values())
