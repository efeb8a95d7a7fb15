"""Source files say at their head under which licence they are; what they say is held against the package."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluation.licences import Outcome, default_policy, heads, spdx2, verdict
from evaluation.licences.heads import head_of
from evaluation.licences.verdict import Verdict
from tests.evaluation.licences.conftest import Maker

CARD = "---\nlicense: mit\n---\n# A model\n"
GPL = "# Copyright A Holder\n# SPDX-License-Identifier: GPL-3.0-only\nimport json\n"
NOTICE = '''"""Layers.

Licensed under the Apache License, Version 2.0.
"""

import json
'''
Text = Callable[[str], str]


def judged(path: Path) -> Verdict:
    return verdict(path, policy=default_policy())


def test_a_head_needs_the_text_of_its_licence(package: Maker, text: Text) -> None:
    found = judged(package({"README.md": CARD, "LICENSE": text("MIT"), "src/train.py": GPL, "src/tune.py": GPL}))
    (reason,) = found.reasons
    assert (found.outcome, reason.code, reason.file, reason.line) == (
        Outcome.NEEDS_REVIEW, "DECLARED_ONLY", "src/train.py", 2,
    )  # fmt: skip
    assert "GPL-3.0-only" in reason.sentence
    assert "So do 1 more files" in reason.sentence


@pytest.mark.parametrize("file", ["LICENSES/GPL-3.0-only.txt", "LICENSE-CODE"])
def test_a_head_whose_text_is_there_is_no_finding(file: str, package: Maker, text: Text) -> None:
    found = judged(
        package({"README.md": CARD, "LICENSE": text("MIT"), file: text("GPL-3.0-only"), "src/train.py": GPL})
    )
    assert not found.reasons
    assert found.evidence is not None
    (training,) = (one for one in found.evidence.components if one.component == "training code")
    assert (training.licence, training.from_part, training.is_open) == ("GPL-3.0-only", "heads", True)


def test_files_without_a_head_are_under_what_the_release_is(package: Maker, text: Text) -> None:
    files = {"README.md": CARD, "LICENSE": text("MIT"), "LICENSE-CODE": text("Apache-2.0"), "src/train.py": NOTICE}
    found = judged(package({**files, "src/train_more.py": "import json\n", "src/LICENSE": text("MIT")}))
    assert not found.reasons
    assert found.evidence is not None
    (training,) = (one for one in found.evidence.components if one.component == "training code")
    assert training.licence == "Apache-2.0"
    documents = json.loads(spdx2(found))["files"]
    (written,) = (one["licenseInfoInFiles"] for one in documents if one["fileName"] == "./src/train.py")
    assert written == ["Apache-2.0"]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("// SPDX-License-Identifier: CC-BY-NC-ND-4.0\n", "NO_DERIVATIVES"),
        ("# SPDX-License-Identifier: LicenseRef-Ours\n", "UNKNOWN_LICENCE"),
        ("# SPDX-License-Identifier: GPL-3.0-only OR GPL-2.0-only AND (\n", "AMBIGUOUS_ID"),
        ("# Licensed under the MIT License for non-commercial use only.\n", "MODIFIED_TEXT"),
    ],
)
def test_what_a_head_says_counts(head: str, code: str, package: Maker, text: Text) -> None:
    found = judged(package({"README.md": CARD, "LICENSE": text("MIT"), "src/model.cpp": head + "int main() {}\n"}))
    assert code in {reason.code for reason in found.reasons}, found.reasons
    assert {reason.file for reason in found.reasons} == {"src/model.cpp"}
    assert found.outcome is not Outcome.COMPLIANT


APACHE = "# SPDX-License-Identifier: Apache-2.0\n"
MIT = "# SPDX-License-Identifier: MIT\n"


@pytest.mark.parametrize(
    "sources", [{"a.py": "x = 1\n", "b.py": MIT}, {"a.py": APACHE, "b.py": MIT}, {"a.py": APACHE}, {}]
)
def test_texts_of_all_parts_may_lie_in_one_folder(sources: dict[str, str], package: Maker, text: Text) -> None:
    """As REUSE asks for: no text at the top, and one in the folder for each licence that anything is under."""
    folder = {f"LICENSES/{name}.txt": text(name) for name in ("Apache-2.0", "MIT")}
    found = judged(package({"README.md": CARD.replace("mit", "apache-2.0"), **folder, **sources}))
    assert (found.outcome, found.concluded) == (Outcome.COMPLIANT, "Apache-2.0"), found.reasons


def test_a_text_in_the_folder_that_is_not_open_is_a_finding_all_the_same(package: Maker, text: Text) -> None:
    folder = {"LICENSES/MIT.txt": text("MIT"), "LICENSES/other.txt": text("CC-BY-NC-ND-4.0")}
    found = judged(package({"README.md": CARD, **folder}))
    assert "NO_DERIVATIVES" in {reason.code for reason in found.reasons}


def test_a_sentence_that_shuts_a_use_out_is_a_finding(package: Maker, text: Text) -> None:
    head = "# License: this software may only be used at home. Commercial\n# use is prohibited.\nimport json\n"
    found = judged(package({"README.md": CARD, "LICENSE": text("MIT"), "model.py": head, "more.py": head}))
    (reason,) = found.reasons
    assert (found.outcome, reason.code, reason.file, reason.line) == (
        Outcome.NEEDS_REVIEW, "ADDED_TERMS", "model.py", 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("main.go", "package main\n\n// SPDX-License-Identifier: CC-BY-NC-ND-4.0\n"),
        ("main.js", '"use strict";\n/* SPDX-License-Identifier: CC-BY-NC-ND-4.0 */\n'),
    ],
)
def test_a_tag_behind_a_first_line_of_code_counts(file: str, source: str, package: Maker, text: Text) -> None:
    found = judged(package({"README.md": CARD, "LICENSE": text("MIT"), file: source}))
    assert "NO_DERIVATIVES" in {reason.code for reason in found.reasons}
    assert {reason.line for reason in found.reasons if reason.file == file} <= {2, 3}


def test_heads_beyond_what_is_read_are_one_finding_for_a_person(
    package: Maker, text: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"src/f{number}.py" for number in range(6)]
    different = {name: f"# {name}\n# SPDX-License-Identifier: MIT\n" for name in names}
    length = len(head_of(different[names[0]]))
    monkeypatch.setattr(heads, "_MOST_SIGNS", 3 * length)
    sound = {"README.md": CARD, "LICENSE": text("MIT"), "src/same.py": different[names[0]]}
    assert not judged(package({**sound, **{name: different[name] for name in names[:3]}})).reasons
    found = judged(package({**sound, **different}))
    [reason] = found.reasons
    assert (found.outcome, reason.code, reason.file) == (Outcome.NEEDS_REVIEW, "UNKNOWN_TEXT", "src/f3.py")
    assert "the heads of 3 files, this one first, were not read" in reason.sentence


def test_a_choice_needs_one_text(package: Maker, text: Text) -> None:
    head = "# SPDX-License-Identifier: MIT OR GPL-3.0-only\n"
    assert not judged(package({"README.md": CARD, "LICENSE": text("MIT"), "run.py": head})).reasons


@pytest.mark.parametrize("line", ['LICENCE = "SPDX-License-Identifier: GPL-3.0-only"', "print('licensed under GPL')"])
def test_what_stands_in_the_code_is_no_head(line: str, package: Maker, text: Text) -> None:
    assert not judged(package({"README.md": CARD, "LICENSE": text("MIT"), "run.py": f"import json\n{line}\n"})).reasons


@pytest.mark.parametrize(
    ("source", "head"),
    [
        ("#!/bin/sh\n# one\n\necho\n# two\n", "#!/bin/sh\n# one"),
        ("/* one\n two */\nint x; // three\n", "/* one\n two */"),
        ("x\n# SPDX-License-Identifier: MIT\n", "\n# SPDX-License-Identifier: MIT"),
        ("// one\n//two\npackage main\n", "// one\n//two"),
        ("'''one'''\nx = 1\n", "'''one'''"),
        ("--[[ one\ntwo ]]\nlocal x\n", "--[[ one\ntwo ]]"),
        ("x = 1\n# one\n", ""),
        ('"""never closed\nx', '"""never closed\nx'),
    ],
)
def test_a_head_ends_before_the_first_line_of_code(source: str, head: str) -> None:
    assert head_of(source) == head
