"""A bill of materials as SPDX 2.3 in JSON: the release as a package, its files, and what it is made from."""

import json
from hashlib import sha1
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
    references_in,
)
from evaluation.licences.evidence import Evidence, FileEvidence
from evaluation.licences.verdict import Verdict

_KINDS = {"base model": "Model", "data set": "DataSet", "package": "Package"}


def spdx2(found: Verdict) -> str:
    """Write the document; the same verdict gives the same bytes. Raises ValueError where it has no evidence."""
    evidence = evidence_of(found)
    concluded, declared = expression_of(found.concluded), declared_expression(found)
    packages, relations = _lineage(evidence)
    held: dict[str, set[str]] = {}
    for text in evidence.texts:
        held.setdefault(text.file, set()).add(expression_of(text.licence))
    files = [
        _file(one, number, held.get(one.name, set()))
        for number, one in enumerate(evidence.files, start=1)
        if one.sha256
    ]
    expressions = [concluded, declared, *(package["licenseDeclared"] for package in packages)]
    expressions += [text for file in files for text in file["licenseInfoInFiles"]]
    document: dict[str, Any] = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name_of(found),
        "documentNamespace": f"https://spdx.org/spdxdocs/release-{digest_of(found)}",
        "creationInfo": {
            "created": DATE,
            "creators": [f"Tool: {TOOL}-{evidence.versions['engine']}"],
            "comment": "; ".join(f"{key}: {value}" for key, value in sorted(evidence.versions.items())),
        },
        "packages": [_release(found, evidence, concluded, declared), *packages],
        "files": files,
        "hasExtractedLicensingInfos": [_reference(name, found) for name in references_in(*expressions)],
        "relationships": [
            {
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": "SPDXRef-Release",
            },
            *(
                {
                    "spdxElementId": "SPDXRef-Release",
                    "relationshipType": "CONTAINS",
                    "relatedSpdxElement": file["SPDXID"],
                }
                for file in files
            ),
            *relations,
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _release(found: Verdict, evidence: Evidence, concluded: str, declared: str) -> dict[str, Any]:
    read = [file for file in evidence.files if file.sha256]
    analysed: dict[str, Any] = {"filesAnalyzed": bool(read)}
    if read:
        # section 7.9 of the standard: SHA-1 over the sorted SHA-1 of the files, those left out named beside it
        code = sha1("".join(sorted(file.sha1 for file in read)).encode(), usedforsecurity=False).hexdigest()
        left_out = ["./" + printable(file.name) for file in evidence.files if not file.sha256]
        analysed["packageVerificationCode"] = {
            "packageVerificationCodeValue": code,
            "packageVerificationCodeExcludedFiles": left_out,
        }
        analysed["licenseInfoFromFiles"] = sorted({expression_of(text.licence) for text in evidence.texts}) or [
            "NOASSERTION"
        ]
    return {
        **analysed,
        "SPDXID": "SPDXRef-Release",
        "name": name_of(found),
        "downloadLocation": "NOASSERTION",
        "licenseConcluded": concluded,
        "licenseDeclared": declared,
        "licenseComments": explanation(found),
        "copyrightText": "NOASSERTION",
        "comment": f"verdict: {found.outcome.value}; Art. 53(2) AI Act: {_flag(found.ai_act_exempt)}; "
        f"class of the Model Openness Framework: {evidence.openness}",
    }


def _flag(exempt: bool | None) -> str:
    return {True: "exempt", False: "not exempt", None: "unclear"}[exempt]


def _file(file: FileEvidence, number: int, licences: set[str]) -> dict[str, Any]:
    return {
        "SPDXID": f"SPDXRef-File-{number}",
        "fileName": "./" + printable(file.name),
        "checksums": [
            {"algorithm": "SHA1", "checksumValue": file.sha1},
            {"algorithm": "SHA256", "checksumValue": file.sha256},
        ],
        "licenseConcluded": "NOASSERTION",
        "licenseInfoInFiles": sorted(licences) or ["NOASSERTION"],
        "copyrightText": "NOASSERTION",
        "comment": f"component: {file.component}" if file.component else f"kind: {file.kind}",
    }


def _lineage(evidence: Evidence) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    packages, relations = [], []
    for number, edge in enumerate(evidence.lineage, start=1):
        reference = f"SPDXRef-{_KINDS[edge.kind]}-{number}"
        packages.append(
            {
                "SPDXID": reference,
                "name": printable(edge.name),
                "downloadLocation": "NOASSERTION",
                "filesAnalyzed": False,
                "licenseConcluded": "NOASSERTION",
                "licenseDeclared": expression_of(edge.licence),
                "copyrightText": "NOASSERTION",
                "comment": f"{edge.kind}, {edge.known} in {printable(edge.file)} line {edge.line}",
            }
        )
        relations.append(
            {
                "spdxElementId": "SPDXRef-Release",
                "relationshipType": "DEPENDS_ON" if edge.kind == "package" else "GENERATED_FROM",
                "relatedSpdxElement": reference,
            }
        )
    return packages, relations


def _reference(name: str, found: Verdict) -> dict[str, str]:
    places = [
        f"{printable(text.file)}, lines {text.finding.first_line} to {text.finding.last_line}"
        for text in evidence_of(found).texts
        if expression_of(text.licence) == name
    ]
    where = "; ".join(places) or "named in the package, whose files do not hold it"
    return {"licenseId": name, "name": name.removeprefix("LicenseRef-"), "extractedText": f"See {where}."}
