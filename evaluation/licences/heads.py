"""The heads of source files: the comments before the first line of code, which often put a file under a licence."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from evaluation.licences.components import CODE_SUFFIXES
from evaluation.licences.expressions import AmbiguousError, Expression, conclude, licence_class, parse_expression
from evaluation.licences.findings import Findings
from evaluation.licences.inventory import FileKind, PackageFile
from evaluation.licences.licence_files import LicenceFile
from evaluation.licences.policy import Policy
from evaluation.licences.text_findings import check_text, named
from evaluation.licences.texts.decoding import decoded
from evaluation.licences.texts.detection import Finding, FoundBy, Match
from evaluation.licences.texts.lexicon import LIMITS
from evaluation.licences.texts.reading import Reading, read_file
from evaluation.trees import Tree

_MOST_BYTES, _MOST_LINES = 16_384, 200
_SPEAKS = re.compile(rb"(?i)licen|commercial|research|academic|educational")
_COMMENTS = ("#", "//", "--", ";", "%", "*", "/*")
_MOST_SIGNS = 400 * _MOST_BYTES  # of all different heads that are compared; those beyond are for a person
_BLOCKS = (('"""', '"""'), ("'''", "'''"), ("/*", "*/"), ("<!--", "-->"), ("--[[", "]]"))
_CHANGED = {Match.MODIFIED, Match.PARTIAL}


@dataclass(frozen=True)
class Head:
    """A source file whose head speaks of a licence or shuts a use out, as it was read."""

    file: str
    reading: Reading
    limit: tuple[int, str] | None = None
    """The line and the words of a sentence that shuts a use out, outside what was found."""
    is_read: bool = True
    """Whether it was compared at all; a package may hold more different heads than anybody would read."""


def read_heads(tree: Tree, files: Iterable[PackageFile]) -> list[Head]:
    """Read the heads of a package's source files; those that say nothing of a licence are left out.

    Files that are copied from one place have one head, so a head is read once however many files begin with it.
    """
    found = []
    read: dict[tuple[str, str], tuple[Reading, tuple[int, str] | None]] = {}
    left = _MOST_SIGNS
    for file in files:
        if file.kind is FileKind.OTHER and PurePosixPath(file.name.lower()).suffix in CODE_SUFFIXES:
            content = tree.read(file.name, limit=_MOST_BYTES)
            # UTF-16 has a nought between the letters
            if _SPEAKS.search(content.replace(b"\0", b"")):
                key = head_of(decoded(content)), PurePosixPath(file.name.lower()).suffix
                if key not in read and len(key[0]) <= left:
                    left -= len(key[0])
                    read[key] = _read(*key)
                if key not in read:
                    found.append(Head(file.name, Reading(file.name, Match.UNKNOWN), is_read=False))
                    continue
                reading, limit = read[key]
                if reading.findings or limit or reading.match is Match.UNKNOWN:
                    found.append(Head(file.name, reading, limit))
    return found


def head_of(text: str) -> str:
    """Return the comments and the first text in quotes with which a source file begins, each in its line.

    A first line of code, such as `package main`, ends the head; a tag in a comment counts behind it as well.
    """
    taken: list[str] = []
    closing, is_over = "", False
    for line in text.splitlines()[:_MOST_LINES]:
        bare = line.strip()
        if closing:
            closing = "" if closing in bare else closing
        elif not is_over and (opened := next((pair for pair in _BLOCKS if bare.startswith(pair[0])), None)) is not None:
            closing = "" if opened[1] in bare[len(opened[0]) :] else opened[1]
        elif bare and not bare.startswith(_COMMENTS):
            is_over = True
        is_tag = bare.startswith(_COMMENTS) and "SPDX-License-Identifier" in bare
        taken.append(line if is_tag or not is_over else "")
    return "\n".join(taken).rstrip("\n")


def _read(head: str, suffix: str) -> tuple[Reading, tuple[int, str] | None]:
    return read_file(head.encode(), file=f"head{suffix}"), _limit_in(head)


def _limit_in(head: str) -> tuple[int, str] | None:
    """Find the first sentence that shuts a use out, with its line; it may go on over the end of a line."""
    lines = [line.strip().strip("#/*-;%\"'<>! ") for line in head.splitlines()]
    for number, (line, following) in enumerate(pairwise([*lines, ""]), start=1):
        if (found := LIMITS.search(f"{line} {following}")) and found.start() < len(line):
            return number, found.group()
    return None


def check_heads(heads: Sequence[Head], *, texts: frozenset[str], findings: Findings) -> None:
    """Add what is wrong with the licences that heads name; `texts` are the licences declared, or there in full.

    Files with the same head give one finding, which names the first of them and counts the others.
    """
    _check_unread([head.file for head in heads if not head.is_read], findings)
    groups: dict[tuple[Reading, tuple[int, str] | None], list[str]] = {}
    for head in heads:
        if head.is_read:
            groups.setdefault((head.reading, head.limit), []).append(head.file)
    for (reading, limit), names in groups.items():
        first = names[0]
        also = f" So do {len(names) - 1:,} more files." if len(names) > 1 else ""
        if reading.is_modified or (not reading.findings and limit is None):
            check_text(LicenceFile(first, reading), findings)
        elif limit is not None:
            line, said = limit
            sentence = f"The head of the file limits the use: “{said}”.{also}"
            remedy = "Remove the sentence, or use a licence that says what is meant."
            findings.add("ADDED_TERMS", sentence, remedy, file=first, line=line, words=said)
        for one in reading.findings:
            if one.match not in _CHANGED:
                _check(one, first, also, texts, findings)


def _check_unread(files: Sequence[str], findings: Findings) -> None:
    if files:
        sentence = (
            "The source files begin with so much different text that speaks of a licence that the heads of "
            f"{len(files):,} files, this one first, were not read."
        )
        remedy = "Let all files begin with the same few lines, or wait for a person's look."
        findings.add("UNKNOWN_TEXT", sentence, remedy, file=files[0])


def _check(one: Finding, file: str, also: str, texts: frozenset[str], findings: Findings) -> None:
    try:
        said = expression_of(one, findings.policy)
    except AmbiguousError as error:
        sentence = f"The head of the file says '{one.expression}', which {error}.{also}"
        remedy = "Name one licence by its SPDX identifier, such as Apache-2.0."
        findings.add("AMBIGUOUS_ID", sentence, remedy, file=file, line=one.first_line)
        return
    conclusion = conclude(said, texts=texts, policy=findings.policy)
    for licence in sorted(conclusion.expression.licences):
        findings.add_class(licence_class(licence, policy=findings.policy), licence, file=file, line=one.first_line)
    if not conclusion.has_text and one.by is not FoundBy.TEXT:
        sentence = f"The head of the file puts it under {said}, whose text is not in the package.{also}"
        remedy = f"Add the full text of {conclusion.expression} as a file in the folder LICENSES."
        line, last = one.first_line, one.last_line
        findings.add("DECLARED_ONLY", sentence, remedy, file=file, line=line, last_line=last)


def expression_of(one: Finding, policy: Policy) -> Expression:
    """Read what a finding grants as an expression; raises AmbiguousError for a tag that names no licence."""
    if one.by is FoundBy.TAG:
        return parse_expression(one.expression, policy=policy)
    return Expression("", licence=named(one, policy))


def licences_of(head: Head, policy: Policy) -> Iterator[str]:
    """Yield what a head puts its file under, as an expression; a changed text is a licence of its own."""
    for one in head.reading.findings:
        name = named(one, policy)
        if one.match in _CHANGED:
            yield f"LicenseRef-modified-{name.removeprefix('LicenseRef-')}"
        else:
            try:
                yield str(expression_of(one, policy))
            except AmbiguousError:
                yield name
