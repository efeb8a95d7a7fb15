"""A bill of materials for machine learning as CycloneDX 1.6: declared and concluded licences with their evidence."""

import json
from typing import Any

from evaluation.licences.documents.naming import (
    DATE,
    TOOL,
    declared_expression,
    evidence_of,
    explanation,
    expression_of,
    name_of,
    printable,
    uuid_of,
)
from evaluation.licences.evidence import Evidence
from evaluation.licences.texts.index import known
from evaluation.licences.verdict import Verdict


def cyclonedx(found: Verdict) -> str:
    """Write the document; the same verdict gives the same bytes. Raises ValueError where it has no evidence."""
    evidence = evidence_of(found)
    bases = [edge for edge in evidence.lineage if edge.kind == "base model"]
    datasets = [edge for edge in evidence.lineage if edge.kind == "data set"]
    packages = [edge for edge in evidence.lineage if edge.kind == "package"]
    model: dict[str, Any] = {
        "type": "machine-learning-model",
        "bom-ref": "release",
        "name": name_of(found),
        "licenses": _licences(expression_of(found.concluded), "concluded")
        or _licences(declared_expression(found), "declared"),
        "evidence": _evidence(evidence),
        "modelCard": {
            "modelParameters": {
                "datasets": [{"ref": f"data-{number}"} for number, _ in enumerate(datasets, start=1)],
            }
        },
        "properties": [
            *({"name": f"challenge:{key}", "value": value} for key, value in _properties(found, evidence)),
        ],
    }
    if bases:
        model["pedigree"] = {
            "ancestors": [
                {
                    "type": "machine-learning-model",
                    "bom-ref": f"base-{number}",
                    "name": printable(edge.name),
                    "licenses": _licences(expression_of(edge.licence), "declared"),
                }
                for number, edge in enumerate(bases, start=1)
            ]
        }
    components = [
        {
            "type": kind,
            "bom-ref": f"{word}-{number}",
            "name": printable(edge.name),
            "licenses": _licences(expression_of(edge.licence), "declared"),
        }
        for kind, word, edges in (("data", "data", datasets), ("library", "package", packages))
        for number, edge in enumerate(edges, start=1)
    ]
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid_of(found)}",
        "version": 1,
        "metadata": {
            "timestamp": DATE,
            "tools": {"components": [{"type": "application", "name": TOOL, "version": evidence.versions["engine"]}]},
            "component": model,
            "properties": [
                {"name": f"challenge:version:{key}", "value": value} for key, value in sorted(evidence.versions.items())
            ],
        },
        "components": [*components, *_files(evidence)],
        "dependencies": [
            {
                "ref": "release",
                "dependsOn": [component["bom-ref"] for component in components if component["type"] == "library"],
            }
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _licences(expression: str, acknowledgement: str) -> list[dict[str, Any]]:
    """Write an expression; a single licence of the SPDX list by its id, a reference by its name."""
    if expression == "NOASSERTION":
        return []
    if " " in expression:
        return [{"expression": expression, "acknowledgement": acknowledgement}]
    key = "id" if expression in known().licences else "name"
    return [{"license": {key: expression, "acknowledgement": acknowledgement}}]


def _evidence(evidence: Evidence) -> dict[str, Any]:
    """Write each licence text with its file and line; one licence may have been found in several places."""
    licences: list[dict[str, Any]] = []
    occurrences = []
    for text in evidence.texts:
        licences += [one for one in _licences(expression_of(text.licence), "concluded") if one not in licences]
        occurrences.append(
            {
                "location": printable(text.file),
                "line": text.finding.first_line,
                "additionalContext": f"{text.licence}: {text.finding.match.value}, found by {text.finding.by.value}",
            }
        )
    found: dict[str, Any] = {}
    if licences and not any("expression" in entry for entry in licences):
        found["licenses"] = licences
    if occurrences:
        found["occurrences"] = occurrences
    return found


def _properties(found: Verdict, evidence: Evidence) -> list[tuple[str, str]]:
    exempt = {True: "yes", False: "no", None: "unclear"}[found.ai_act_exempt]
    return [
        ("verdict", found.outcome.value),
        ("declared", printable(found.declared or "")),
        ("explanation", explanation(found)),
        ("aia_53_2", exempt),
        ("aia_53_2:paragraph", evidence.aia_53_2.paragraph),
        ("openness", evidence.openness),
    ]


def _files(evidence: Evidence) -> list[dict[str, Any]]:
    return [
        {
            "type": "file",
            "bom-ref": f"file-{number}",
            "name": printable(file.name),
            "hashes": [{"alg": "SHA-256", "content": file.sha256}],
            "properties": [{"name": "challenge:component", "value": file.component}],
        }
        for number, file in enumerate(evidence.files, start=1)
        if file.sha256
    ]
