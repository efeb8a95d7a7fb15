"""Bills of materials pass the validators of their standards, say what the verdict says, and have the same bytes."""

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_python_model.bindings import v3_0_1 as spdx3_model
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from evaluation.licences import (
    Registry,
    Verdict,
    cyclonedx,
    default_policy,
    own_json,
    spdx2,
    spdx3,
    verdict,
)

Text = Callable[[str], str]
Maker = Callable[[Mapping[str, str | bytes]], Path]
CARD = """---
license: cc-by-nc-4.0
base_model: google/gemma-3-4b-pt
datasets: [wikimedia/wikipedia]
---
# Linden-4B
"""
REGISTRY = Registry(
    {"google/gemma-3-4b-pt": "LicenseRef-gemma-tou-2025-03-24"}, {"wikimedia/wikipedia": "CC-BY-SA-4.0"}, {"torch": "BSD-3-Clause"}
)  # fmt: skip


@pytest.fixture
def found(package: Maker, text: Text) -> Verdict:
    """Judge a release with something of everything."""
    files = {
        "README.md": CARD,
        "LICENSE": text("CC-BY-NC-4.0") + "\nNo use on ships.\n",
        "requirements.txt": "torch\n",
    }
    return verdict(package(files), policy=default_policy(), registry=REGISTRY)


def test_a_release_without_a_licence_can_be_written_too(package: Maker) -> None:
    nothing = verdict(package({"README.md": "# X"}), policy=default_policy())
    for write in (spdx2, spdx3, cyclonedx, own_json):
        assert json.loads(write(nothing))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(cyclonedx(nothing)) is None


def test_spdx_2_3_passes_its_validator(found: Verdict, tmp_path: Path) -> None:
    path = tmp_path / "release.spdx.json"
    path.write_text(spdx2(found))
    document = parse_file(str(path))
    assert validate_full_spdx_document(document) == []
    release = next(one for one in document.packages if one.spdx_id == "SPDXRef-Release")
    assert str(release.license_declared) == "CC-BY-NC-4.0"
    assert "LicenseRef-added-terms" in str(release.license_concluded)
    assert "BASE_MODEL_CONFLICT" in str(release.license_comment)


def test_cyclonedx_1_6_passes_its_strict_validator(found: Verdict) -> None:
    written = cyclonedx(found)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None
    model = json.loads(written)["metadata"]["component"]
    assert model["type"] == "machine-learning-model"
    assert model["pedigree"]["ancestors"][0]["name"] == "google/gemma-3-4b-pt"
    assert {one["location"] for one in model["evidence"]["occurrences"]} == {"LICENSE"}


def test_spdx_3_has_one_declared_and_one_concluded_licence_for_each_ai_package(found: Verdict) -> None:
    written = spdx3(found)
    objects = spdx3_model.SHACLObjectSet()
    # the bindings know every class and property of the standard, and refuse what is none
    spdx3_model.JSONLDDeserializer().read(io.StringIO(written), objects)
    assert objects.missing_ids == set()
    graph = json.loads(written)["@graph"]
    names = [one["spdxId"] for one in graph if "spdxId" in one]
    assert len(names) == len(set(names))
    models = [one["spdxId"] for one in graph if one["type"] == "ai_AIPackage"]
    assert len(models) == 2
    for model in models:
        kinds = [one["relationshipType"] for one in graph if one["type"] == "Relationship" and one["from"] == model]
        assert kinds.count("hasDeclaredLicense") == kinds.count("hasConcludedLicense") == 1
    known = {*names, "expandedlicensing_NoAssertionLicense"}
    relations = [one for one in graph if one["type"] == "Relationship"]
    assert {end for one in relations for end in (one["from"], *one["to"])} <= known
    assert any(one["relationshipType"] == "trainedOn" for one in relations)


@pytest.mark.parametrize("write", [spdx2, spdx3, cyclonedx, own_json])
def test_the_same_release_gives_the_same_bytes(write: Callable[[Verdict], str], found: Verdict, package: Maker) -> None:
    again = verdict(package({}), policy=default_policy(), registry=REGISTRY)
    assert write(found) == write(again)
    assert "large-ai-grand-challenge 2" in write(found)


def test_a_changed_word_stands_in_the_evidence_with_its_line(found: Verdict, text: Text) -> None:
    said = json.loads(own_json(found))
    [licence] = said["evidence"]["texts"]
    [difference] = licence["finding"]["differences"]
    assert (difference["words"], difference["line"]) == ("no use on ships", text("CC-BY-NC-4.0").count("\n") + 2)
    assert said["evidence"]["aia_53_2"]["exempt"] is False
    assert [edge["known"] for edge in said["evidence"]["lineage"]] == ["declared", "declared", "found"]
