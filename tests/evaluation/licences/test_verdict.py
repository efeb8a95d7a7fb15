"""A verdict accepts what is plainly licensed, refuses what plainly is not, and leaves doubt to a person."""

import json
import pickle
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import ArchiveError
from evaluation.licences import Outcome, Reason, Route, Verdict, default_policy, verdict

Text = Callable[[str], str]
Maker = Callable[[Mapping[str, str | bytes]], Path]


def judged(path: Path | None, *, declared: str | None = None, route: Route | None = None, doi: str = "") -> Verdict:
    """Judge a package under the policy that comes with the instrument."""
    return verdict(path, declared=declared, policy=default_policy(), route=route, doi=doi)


def card(front: str) -> str:
    """Write a model card."""
    return f"---\n{front}\n---\n# A model\n"


def codes(found: Verdict) -> set[str]:
    """Collect the codes of a verdict's reasons."""
    return {reason.code for reason in found.reasons}


def test_an_open_licence_with_its_text_is_compliant(package: Maker, text: Text) -> None:
    path = package({"README.md": card("license: apache-2.0"), "LICENSE": text("Apache-2.0")})
    assert judged(path) == Verdict(Outcome.COMPLIANT, (), "apache-2.0", ("Apache-2.0",), "Apache-2.0", True)


def test_a_zip_is_judged_as_its_folder_is(package: Maker, text: Text, tmp_path: Path) -> None:
    path = package({"README.md": card("license: apache-2.0"), "LICENSE": text("MIT"), "a.pkl": pickle.dumps(1)})
    with zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in path.iterdir():
            archive.write(file, file.name)
    assert judged(tmp_path / "p.zip") == judged(path)


def test_a_non_commercial_licence_is_compliant_and_not_open_under_the_ai_act(package: Maker, text: Text) -> None:
    path = package({"README.md": card("license: cc-by-nc-4.0"), "LICENSE": text("CC-BY-NC-4.0")})
    found = judged(path)
    assert (found.outcome, found.ai_act_exempt) == (Outcome.COMPLIANT, False)
    assert found.reasons[0].sentence == (
        "The licence CC-BY-NC-4.0 allows non-commercial use only, which this challenge accepts and the AI Act does "
        "not count as open source."
    )


def test_nothing_licensed_is_non_compliant(package: Maker) -> None:
    found = judged(package({"README.md": "# A model"}))
    assert found.outcome is Outcome.NON_COMPLIANT
    assert found.reasons == (
        Reason(
            "NO_LICENCE",
            "No licence declared and none found: nobody may use what is released.",
            "",
            0,
            "Add a file LICENSE with the licence's full text, and name it in the card.",
        ),
    )
    assert judged(None).outcome is Outcome.NON_COMPLIANT
    assert judged(None, declared="MIT").outcome is Outcome.NON_COMPLIANT


def test_a_text_other_than_the_one_declared_is_a_mismatch(package: Maker, text: Text) -> None:
    found = judged(package({"README.md": card("title: x\nlicense: mit"), "LICENSE": text("GPL-3.0-only")}))
    assert found.outcome is Outcome.NON_COMPLIANT
    mismatch = next(reason for reason in found.reasons if reason.code == "TEXT_MISMATCH")
    assert mismatch.sentence == "README.md declares MIT, and the text is GPL-3.0-only."
    assert (mismatch.file, mismatch.line) == ("LICENSE", 1)


def test_two_places_that_disagree_are_a_mismatch(package: Maker, text: Text) -> None:
    metadata = json.dumps({"licence": "Apache-2.0"})
    path = package({"README.md": card("license: mit"), "metadata.json": metadata, "LICENSE": text("MIT")})
    assert judged(path).outcome is Outcome.NON_COMPLIANT
    agreeing = package({"metadata.json": json.dumps({"licence": "MIT"})})
    assert judged(agreeing, declared="mit").outcome is Outcome.COMPLIANT
    assert judged(agreeing, declared="apache-2.0").outcome is Outcome.NON_COMPLIANT


def test_a_modified_text_needs_review_and_its_words_are_shown(package: Maker, text: Text) -> None:
    path = package({"README.md": card("license: mit"), "LICENSE": text("MIT") + "\nNot for use in advertising.\n"})
    found = judged(path)
    assert found.outcome is Outcome.NEEDS_REVIEW
    reason = next(reason for reason in found.reasons if reason.code == "MODIFIED_TEXT")
    assert reason.sentence == "The text is near MIT and differs from it: added “not for use in advertising”."
    assert reason.line == (text("MIT") + "\n").count("\n") + 1
    assert found.ai_act_exempt is False


@pytest.mark.parametrize(
    ("front", "outcome", "code"),
    [
        ("license: cc", Outcome.NEEDS_REVIEW, "AMBIGUOUS_ID"),
        ("license: other", Outcome.NEEDS_REVIEW, "AMBIGUOUS_ID"),
        ("license: openrail", Outcome.NEEDS_REVIEW, "AMBIGUOUS_ID"),
        ("license: do what you like", Outcome.NEEDS_REVIEW, "AMBIGUOUS_ID"),
        ("license: llama3.1", Outcome.NEEDS_REVIEW, "USE_RESTRICTIONS"),
        ("license: other\nlicense_name: apple-amlr", Outcome.NON_COMPLIANT, "RESEARCH_ONLY"),
        ("license: cc-by-nd-4.0", Outcome.NON_COMPLIANT, "NO_DERIVATIVES"),
        ("license: busl-1.1", Outcome.NON_COMPLIANT, "NOT_OPEN"),
        ("license: mit AND cc-by-nd-4.0", Outcome.NON_COMPLIANT, "NO_DERIVATIVES"),
        ("license: cc-by-nc-2.0", Outcome.NEEDS_REVIEW, "UNKNOWN_LICENCE"),
        ("license: mit", Outcome.NEEDS_REVIEW, "DECLARED_ONLY"),
        ("license: [mit, apache-2.0]", Outcome.NON_COMPLIANT, "TEXT_MISMATCH"),
        ("license: {a: 1}", Outcome.NEEDS_REVIEW, "DECLARATION_UNREADABLE"),
        ("license: mit\nlicense: apache-2.0", Outcome.NEEDS_REVIEW, "DECLARATION_UNREADABLE"),
        ("a: &a mit\nlicense: *a", Outcome.NEEDS_REVIEW, "DECLARATION_UNREADABLE"),
    ],
)
def test_a_declaration_alone_is_never_accepted(front: str, outcome: Outcome, code: str, package: Maker) -> None:
    found = judged(package({"README.md": card(front), "NOTICE": "x"}))
    assert code in codes(found)
    if code != "DECLARATION_UNREADABLE":
        assert found.outcome is outcome
    assert found.outcome not in {Outcome.COMPLIANT, Outcome.BY_PUBLICATION}


def test_of_two_licences_offered_the_one_with_its_text_counts(package: Maker, text: Text) -> None:
    path = package({"README.md": card("license: MIT OR CC-BY-ND-4.0"), "LICENSE": text("MIT")})
    assert (judged(path).outcome, judged(path).concluded) == (Outcome.COMPLIANT, "MIT")
    path = package({"README.md": card("license: MIT OR CC-BY-ND-4.0"), "LICENSE": text("CC-BY-ND-4.0")})
    assert judged(path).outcome is Outcome.NON_COMPLIANT
    path = package({"README.md": card("license: MIT AND Zlib"), "LICENSE": text("MIT")})
    assert (judged(path).outcome, codes(judged(path))) == (Outcome.NEEDS_REVIEW, {"DECLARED_ONLY"})


def test_the_text_for_the_weights_is_concluded_and_that_for_the_code_is_judged_too(package: Maker, text: Text) -> None:
    path = package({"LICENSE-CODE": text("MIT"), "LICENSE-MODEL": text("CC-BY-4.0"), "train.py": "x = 1\n"})
    found = judged(path)
    assert (found.outcome, found.concluded) == (Outcome.COMPLIANT, "CC-BY-4.0")
    assert found.evidence is not None
    assert {one.component.value: one.licence for one in found.evidence.components} == {
        "training code": "MIT",
        "final model parameters": "CC-BY-4.0",
    }
    package({"LICENSE-CODE": text("BUSL-1.1")})
    assert judged(path).outcome is Outcome.NON_COMPLIANT
    package({"LICENSE-CODE": text("MIT")})
    package({"LICENSE-MODEL": text("CC-BY-ND-4.0")})
    assert judged(path).outcome is Outcome.NON_COMPLIANT


@pytest.mark.parametrize(
    ("files", "outcome", "code"),
    [
        ({"README.md": "base_model: nobody/nothing"}, Outcome.NEEDS_REVIEW, "BASE_MODEL_UNKNOWN"),
        ({"README.md": "base_model: google/gemma-3-4b-pt"}, Outcome.NON_COMPLIANT, "BASE_MODEL_CONFLICT"),
        ({"metadata.json": '{"base_models": ["nobody/nothing"]}'}, Outcome.NEEDS_REVIEW, "BASE_MODEL_UNKNOWN"),
        ({"metadata.json": '{"licence": "MIT", "licence": "MIT"}'}, Outcome.NEEDS_REVIEW, "DECLARATION_UNREADABLE"),
        ({"metadata.json": "[" * 100_000}, Outcome.NEEDS_REVIEW, "DECLARATION_UNREADABLE"),
        ({"metadata.json": '{"release": "perhaps"}'}, Outcome.NEEDS_REVIEW, "DECLARATION_UNREADABLE"),
        ({"metadata.json": '{"doi": ' + "9" * 5_000 + "}"}, Outcome.NEEDS_REVIEW, "DECLARATION_UNREADABLE"),
        ({"config.json": '{"_name_or_path": "Qwen/Qwen3-8B"}'}, Outcome.NEEDS_REVIEW, "BASE_MODEL_UNDECLARED"),
        ({"README.md": "datasets: [nobody/data]"}, Outcome.NEEDS_REVIEW, "DATASET_UNKNOWN"),
        ({"README.md": "extra_gated_prompt: Agree first."}, Outcome.NEEDS_REVIEW, "ACCESS_GATED"),
        ({"requirements.txt": "torch>=2\nPyMuPDF==1.2\n"}, Outcome.NEEDS_REVIEW, "CODE_DEP_INCOMPATIBLE"),
        ({"TERMS.md": "Only on Sundays."}, Outcome.NEEDS_REVIEW, "ADDED_TERMS"),
        ({"extra/model.pt": b"x"}, Outcome.NEEDS_REVIEW, "PICKLE"),
        ({"notes.txt": pickle.dumps([1])}, Outcome.NEEDS_REVIEW, "PICKLE"),
        ({"more.dat": b"PK\x03\x04..."}, Outcome.NEEDS_REVIEW, "NESTED_ARCHIVE"),
        ({"b.safetensors": b"\xff" * 40}, Outcome.NEEDS_REVIEW, "WEIGHTS_DAMAGED"),
        ({"b.safetensors": (3).to_bytes(8, "little") + b"[1]"}, Outcome.NEEDS_REVIEW, "WEIGHTS_DAMAGED"),
        ({"model.safetensors": b""}, Outcome.NON_COMPLIANT, "COMPONENT_MISSING"),
        ({"LICENSES/other.txt": "Mine."}, Outcome.NEEDS_REVIEW, "UNKNOWN_TEXT"),
        ({"COPYING": ""}, Outcome.NEEDS_REVIEW, "UNKNOWN_TEXT"),
    ],
)
def test_one_flaw_beside_a_good_licence_is_enough(
    files: dict[str, str | bytes], outcome: Outcome, code: str, package: Maker, text: Text
) -> None:
    front = str(files.get("README.md", "title: x"))
    path = package({"LICENSE": text("MIT"), **files, "README.md": card(f"license: mit\n{front}")})
    found = judged(path)
    assert (found.outcome, code in codes(found)) == (outcome, True), found.reasons
    # the exemption hangs on the licence: what else a model was made from does not change that
    beside = {"BASE_MODEL_UNDECLARED", "DATASET_UNKNOWN", "CODE_DEP_INCOMPATIBLE"}
    assert (found.ai_act_exempt is True) == (code in beside)


def test_a_known_open_base_model_is_no_flaw(package: Maker, text: Text) -> None:
    front = "license: mit\nbase_model: Qwen/Qwen3-8B\ndatasets: HuggingFaceFW/fineweb-2"
    config = '{"_name_or_path": "qwen/qwen3-8b"}'
    path = package({"LICENSE": text("MIT"), "README.md": card(front), "config.json": config})
    assert judged(path).outcome is Outcome.COMPLIANT


def test_a_licence_of_somebody_elses_part_need_not_be_the_one_declared(package: Maker, text: Text) -> None:
    files = {"README.md": card("license: mit"), "LICENSE": text("MIT")}
    assert judged(package({**files, "vendor/a/LICENSE": text("Apache-2.0")})).outcome is Outcome.COMPLIANT
    assert judged(package({**files, "vendor/a/LICENSE": text("BUSL-1.1")})).outcome is not Outcome.COMPLIANT


@pytest.mark.parametrize(
    "files",
    [
        {"LICENSE": "Licensed under the MIT License."},
        {"LICENSE": "SPDX-License-Identifier: MIT"},
        {"vendor/a/LICENSE": "MIT"},
        {"LICENSE-CODE": "MIT"},
        {"LICENSE.py": "MIT\n\nNo use by companies.\n"},
        {"LICENSE": "MIT\n\n<p><script>No use by companies, not even for research.</script>"},
        {"LICENSE": "MIT\n\n<p>\n<b no use is permitted without prior written consent>\n"},
        {"LICENSE": "MIT\n\nCopyright 2026 Nordlicht Labs, evaluation license\n"},
        {"LICENSE": "MIT\n\nSPDX-FileCopyrightText: nobody may use this commercially\n"},
        {"LICENSE": "MIT\n" + "Copyright 2026 Ada\n" + "word " * 41_000 + "\nNo use by companies.\n"},
    ],
)
def test_no_way_of_hiding_a_limit_or_of_granting_nothing_is_accepted(
    files: dict[str, str], package: Maker, text: Text
) -> None:
    path = package({name: content.replace("MIT\n", text("MIT"), 1) for name, content in files.items()})
    found = judged(path)
    assert found.outcome not in {Outcome.COMPLIANT, Outcome.BY_PUBLICATION}, found
    assert found.reasons


def test_a_limit_in_the_cards_own_words_is_found_with_its_line(package: Maker, text: Text) -> None:
    front = card("license: mit") + "\nThe weights are for non-commercial use only.\n"
    found = judged(package({"README.md": front, "LICENSE": text("MIT")}))
    [reason] = found.reasons
    assert (found.outcome, reason.code, reason.line) == (Outcome.NEEDS_REVIEW, "ADDED_TERMS", 6)
    assert reason.words == "non-commercial use only"


@pytest.mark.parametrize("doi", ["10.5281/zenodo.1234567", "https://doi.org/10.48550/arXiv.2605.00002", "doi:10.1/x"])
def test_a_publication_needs_a_doi_of_valid_syntax(doi: str, package: Maker) -> None:
    found = judged(None, route=Route.PUBLICATION, doi=doi)
    valid = "10.1/x" not in doi
    assert found.outcome is (Outcome.BY_PUBLICATION if valid else Outcome.NON_COMPLIANT)
    assert codes(found) == {"PUBLICATION_OK" if valid else "PUBLICATION_MISSING"}
    path = package({"metadata.json": json.dumps({"release": "publication", "doi": doi})})
    assert judged(path).outcome is found.outcome
    assert judged(None, route=Route.PUBLICATION).outcome is Outcome.NON_COMPLIANT


def test_the_pickle_is_never_opened(package: Maker, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path(tmp_path / "sprung").touch, ())  # type: ignore[return-value]

    judged(package({"model.bin": pickle.dumps(Trap())}))
    assert not (tmp_path / "sprung").exists()


def test_hostile_packages_are_refused_whole(package: Maker) -> None:
    path = package({})
    (path / "passwd").symlink_to("/etc/passwd")
    with pytest.raises(ArchiveError, match="links are not allowed"):
        judged(path)
    with pytest.raises(ArchiveError, match="no such file"):
        judged(path / "none")


@given(st.binary(max_size=120), st.text(max_size=80))
@settings(max_examples=40)
def test_no_content_raises_anything_else(tmp_path_factory: pytest.TempPathFactory, noise: bytes, front: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    folder.mkdir(exist_ok=True)
    safe = front.encode("utf-8", "replace")
    contents = {"README.md": b"---\nlicense: " + safe + b"\n---\n", "metadata.json": noise, "a.safetensors": noise}
    for name, content in {**contents, "LICENSE": noise, "config.json": safe}.items():
        (folder / name).write_bytes(content)
    with suppress(ArchiveError):
        assert judged(folder).outcome is not Outcome.COMPLIANT
