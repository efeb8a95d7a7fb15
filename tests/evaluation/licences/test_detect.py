"""A licence text is recognised whatever its layout, and never when a word of it was changed."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.licences import Match, detect
from evaluation.licences.compile_index import compile_index
from evaluation.licences.index import known_licences

MATTER = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MPL-2.0", "GPL-3.0-only", "EUPL-1.2", "CC0-1.0",
          "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-NC-ND-4.0",
          "OpenMDW-1.0", "CDLA-Permissive-2.0", "ODbL-1.0", "Unlicense", "Zlib", "BSL-1.0", "BUSL-1.1"]  # fmt: skip
Text = Callable[[str], str]


@pytest.mark.parametrize("spdx", MATTER)
def test_each_licence_that_matters_is_recognised(spdx: str, text: Text) -> None:
    found = detect(text(spdx).encode(), file="LICENSE")
    assert found.match is Match.EXACT
    assert spdx in found.ids


@pytest.mark.parametrize("spdx", MATTER)
def test_layout_and_encoding_do_not_matter(spdx: str, text: Text) -> None:
    curly = text(spdx).replace('"', "“").replace("\n", "\r\n    ")
    for content in (curly.encode("utf-8-sig"), curly.encode("utf-16"), text(spdx).upper().encode()):
        assert spdx in detect(content, file="LICENSE").ids


def test_the_holder_the_title_and_the_appendix_do_not_matter(text: Text) -> None:
    mit = text("MIT").replace("Copyright (c) <year> <copyright holders>", "Copyright © 2026 Nordlicht Labs, s.r.o.")
    assert detect(mit.encode(), file="LICENSE").ids == ("MIT",)
    assert detect(mit.replace("MIT License", "The MIT License (MIT)").encode(), file="LICENSE").ids == ("MIT",)
    terms = text("Apache-2.0").split("END OF TERMS AND CONDITIONS")[0] + "END OF TERMS AND CONDITIONS"
    assert detect(terms.encode(), file="LICENSE").match is Match.EXACT


@pytest.mark.parametrize(
    ("old", "new", "added", "missing"),
    [
        ("to deal\nin", "to deal non-commercially in", "non commercially", ""),
        ("merge, publish", "publish", "", "merge"),
        ("PROVIDED", "PROVIDED\nnot for military use", "not for military use", ""),
        ("MIT License", "MIT License for research only", "mit license for research only", ""),
        ("<copyright holders>", "<copyright holders>. Non-commercial use only.", "non commercial use only", ""),
        ("<copyright holders>", "Nordlicht Labs, exclusively for universities", "exclusively for universities", ""),
    ],
)
def test_an_edited_text_is_modified_and_the_words_are_named(
    old: str, new: str, added: str, missing: str, text: Text
) -> None:
    mit = text("MIT").replace("to deal in", "to deal\nin")
    assert old in mit
    found = detect(mit.replace(old, new).encode(), file="LICENSE")
    assert (found.match, found.ids) == (Match.MODIFIED, ("MIT",))
    assert added in found.added
    assert missing in found.missing
    assert found.line > 0


def test_the_line_of_a_clause_put_at_the_end_is_its_own(text: Text) -> None:
    mit = text("MIT").rstrip()
    found = detect(f"{mit}\n\nNo use by companies.\n".encode(), file="LICENSE")
    assert (found.added, found.line) == ("no use by companies", mit.count("\n") + 3)


def test_a_known_text_within_a_longer_one_is_modified(text: Text) -> None:
    found = detect((text("MIT") + " ".join(f"clause{n}" for n in range(2_000))).encode(), file="LICENSE")
    assert (found.match, found.ids) == (Match.MODIFIED, ("MIT",))
    assert found.added.endswith("…")


@pytest.mark.parametrize("content", [b"All rights belong to us.", b"\x00\xff" * 100, b"the " * 60_000, b"x" * 300_000])
def test_what_is_not_known_is_unknown(content: bytes) -> None:
    assert detect(content, file="LICENSE").match is Match.UNKNOWN


def test_a_file_without_words_is_empty() -> None:
    assert detect(b" \n---\n", file="LICENSE").match is Match.EMPTY
    assert detect(b"Copyright (c) 2026 Nordlicht Labs", file="LICENSE").match is Match.EMPTY


@given(st.sampled_from(["MIT", "ISC", "Zlib", "BSD-3-Clause"]), st.data())
@settings(max_examples=40, deadline=None)
def test_no_single_word_can_be_dropped_or_added_unseen(spdx: str, data: st.DataObject) -> None:
    words = known_licences().by_key
    known = next(entry.text.words for entry in words.values() if spdx in entry.ids)
    place = data.draw(st.integers(0, len(known) - 1))
    for other in ([*known[:place], *known[place + 1 :]], [*known[:place], "never", *known[place:]]):
        assert detect(" ".join(other).encode(), file="LICENSE").match is not Match.EXACT


def test_the_index_says_where_it_comes_from() -> None:
    assert known_licences().source == "npm spdx-license-list 6.12.0, compiled 2026-11-24"
    assert set(MATTER) <= set(known_licences().ids.values())


def test_the_same_package_gives_the_same_index() -> None:
    files = {
        "package/package.json": {"name": "spdx-license-list", "version": "0", "license": "CC0-1.0"},
        "package/licenses/MIT.json": {"osiApproved": True, "licenseText": "May."},
        "package/licenses/Odd.json": {"osiApproved": False, "licenseText": "May not."},
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(json.dumps(content))
            archive.addfile(info, io.BytesIO(json.dumps(content).encode()))
    first = compile_index(buffer.getvalue(), compiled="2026-01-01")
    assert first == compile_index(buffer.getvalue(), compiled="2026-01-01")
    assert (
        hashlib.sha256(first).hexdigest() != hashlib.sha256(compile_index(buffer.getvalue(), compiled="")).hexdigest()
    )
