"""A bill of materials as SPDX 3.0.1 in JSON-LD: an AI package, its data sets, declared and concluded licences."""

import json
from typing import Any

from evaluation.licences.documents.naming import (
    DATE,
    TOOL,
    declared_expression,
    digest_of,
    evidence_of,
    explanation,
    expression_of,
    name_of,
    printable,
)
from evaluation.licences.verdict import Verdict

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_CREATED = "_:creation"


def spdx3(found: Verdict) -> str:
    """Write the document; the AI profile asks for one declared and one concluded licence of each AI package."""
    evidence = evidence_of(found)
    home = f"https://spdx.org/spdxdocs/release-{digest_of(found)}#"
    elements: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []

    def licence(expression: str) -> str:
        """Give the element that stands for an expression; NOASSERTION is one of the standard's own."""
        if expression == "NOASSERTION":
            return "expandedlicensing_NoAssertionLicense"
        name = f"{home}licence-{expression.replace(' ', '_')}"
        if not any(element["spdxId"] == name for element in elements):
            elements.append(
                _element("simplelicensing_LicenseExpression", name, simplelicensing_licenseExpression=expression)
            )
        return name

    def relate(kind: str, origin: str, *targets: str, comment: str = "") -> None:
        said = {"comment": comment} if comment else {}
        relations.append(
            _element(
                "Relationship",
                f"{home}relation-{len(relations) + 1}",
                relationshipType=kind,
                to=list(targets),
                **{"from": origin},
                **said,
            )
        )

    release = f"{home}release"
    packages = [
        _element(
            "ai_AIPackage",
            release,
            name=name_of(found),
            software_primaryPurpose="model",
            comment=f"verdict: {found.outcome.value}; class of the Model Openness Framework: {evidence.openness}; "
            f"Art. 53(2) AI Act: {evidence.aia_53_2.paragraph or 'unclear'}",
        )
    ]
    relate("hasDeclaredLicense", release, licence(declared_expression(found)))
    relate("hasConcludedLicense", release, licence(expression_of(found.concluded)), comment=explanation(found))
    for number, edge in enumerate(evidence.lineage, start=1):
        name = f"{home}origin-{number}"
        kind = {"base model": "ai_AIPackage", "data set": "dataset_DatasetPackage"}.get(edge.kind, "software_Package")
        said: dict[str, Any] = {"dataset_datasetType": ["other"]} if edge.kind == "data set" else {}
        packages.append(
            _element(
                kind,
                name,
                name=printable(edge.name),
                comment=f"{edge.known} in {printable(edge.file)} line {edge.line}",
                **said,
            )
        )
        relate("hasDeclaredLicense", name, licence(expression_of(edge.licence)))
        if edge.kind == "base model":
            relate("hasConcludedLicense", name, licence("NOASSERTION"))
        relate(
            {"base model": "descendantOf", "data set": "trainedOn"}.get(edge.kind, "dependsOn"),
            release,
            name,
        )
    files = [
        _element(
            "software_File",
            f"{home}file-{number}",
            name=printable(file.name),
            verifiedUsing=[{"type": "Hash", "algorithm": "sha256", "hashValue": file.sha256}],
        )
        for number, file in enumerate(evidence.files, start=1)
        if file.sha256
    ]
    if files:
        relate("contains", release, *(file["spdxId"] for file in files))
    agent = _element("SoftwareAgent", f"{home}tool", name=TOOL)
    graph = [
        {
            "type": "CreationInfo",
            "@id": _CREATED,
            "specVersion": "3.0.1",
            "created": DATE,
            "createdBy": [agent["spdxId"]],
            "comment": "; ".join(f"{key}: {value}" for key, value in sorted(evidence.versions.items())),
        },
        agent,
        _element(
            "SpdxDocument",
            f"{home}document",
            name=name_of(found),
            profileConformance=["core", "software", "ai", "dataset", "simpleLicensing"],
            rootElement=[release],
        ),
        *packages,
        *elements,
        *files,
        *relations,
    ]
    document = {"@context": CONTEXT, "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _element(kind: str, spdx_id: str, **said: Any) -> dict[str, Any]:
    return {"type": kind, "spdxId": spdx_id, "creationInfo": _CREATED, **said}
