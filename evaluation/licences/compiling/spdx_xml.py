"""Reads the XML templates of the SPDX License List into drafts, traps and all."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from evaluation.licences.compiling.drafts import Draft
from evaluation.licences.compiling.patterns import for_words
from evaluation.licences.texts.templates import SpanKind

_SPACE = "{http://www.spdx.org/license}"
_LENIENT = {"titleText": SpanKind.TITLE, "copyrightText": SpanKind.NOTICE, "bullet": SpanKind.BULLET}
_BREAKS_LINE = {"p", "item", "list", "br", "titleText", "copyrightText", "standardLicenseHeader"}


@dataclass
class XmlLicence:
    """One XML template: the licence's name and identifier, its text, and the notices by which it is applied."""

    spdx: str
    name: str
    osi: bool
    deprecated: bool
    text: Draft
    notices: list[Draft] = field(default_factory=list)


def read_xml(content: bytes) -> XmlLicence:
    """Read one template; raises ElementTree.ParseError, and ValueError where it holds no text."""
    root = ElementTree.fromstring(content)  # noqa: S314 the committed index is compiled from pinned packages
    licence = next(iter(root))
    text = licence.find(f"{_SPACE}text")
    if text is None:
        raise ValueError(f"{licence.get('licenseId')}: no text")
    found = XmlLicence(
        spdx=licence.get("licenseId", ""),
        name=licence.get("name", ""),
        osi=licence.get("isOsiApproved") == "true",
        deprecated=licence.get("isDeprecated") == "true",
        text=_draft(text),
    )
    for header in text.iter(f"{_SPACE}standardLicenseHeader"):
        found.notices.append(_draft(header))
    return found


def _draft(element: ElementTree.Element) -> Draft:
    draft = Draft()
    _walk(element, draft, (), inside=True)
    return draft


def _walk(element: ElementTree.Element, draft: Draft, within: tuple[int, ...], *, inside: bool = False) -> None:
    tag = element.tag.removeprefix(_SPACE)
    inner = within
    if tag in _BREAKS_LINE:
        draft.pieces.append(("\n", within))
    if tag in _LENIENT:
        inner = (*within, draft.mark(_LENIENT[tag]))
    elif tag == "optional" or (tag == "standardLicenseHeader" and not inside):
        inner = (*within, draft.mark(SpanKind.OPTIONAL))
    elif tag == "alt":
        inner = (*within, draft.mark(SpanKind.REPLACEABLE, for_words(element.get("match", ".*"))))
        if not "".join(element.itertext()).strip():
            draft.pieces.append((" ", inner))
    before, after = _spacing(element, tag)
    if before:
        draft.pieces.append((" ", within))
    draft.pieces.append((_flat(element.text), inner))
    for child in element:
        _walk(child, draft, inner)
        draft.pieces.append((_flat(child.tail), inner))
    if after:
        draft.pieces.append((" ", within))
    if tag in _BREAKS_LINE:
        draft.pieces.append(("\n", within))


def _spacing(element: ElementTree.Element, tag: str) -> tuple[bool, bool]:
    """Say whether a blank stands before and behind a part; where the template is silent, its own blanks tell."""
    if tag == "bullet":
        return True, True
    said = element.get("spacing", "")
    return said in {"both", "before"}, said in {"both", "after"}


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
