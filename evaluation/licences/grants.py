"""What is granted follows from the licence texts in a package, held against what the package declares."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from evaluation.licences.declared import Named
from evaluation.licences.expressions import (
    AmbiguousError,
    Expression,
    conclude,
    licence_class,
    parse_expression,
    same_licence,
)
from evaluation.licences.findings import Findings
from evaluation.licences.licence_files import LicenceFile
from evaluation.licences.text_findings import ADDED_TERMS, check_text, named
from evaluation.licences.texts.detection import Finding, Match

_WHOLE = {"", "weights"}


@dataclass(frozen=True)
class Grant:
    """What is declared and what is concluded for the weights (None where nothing can be), and all licences carried."""

    declared: str | None
    """As written; several places are joined."""
    declared_as: str | None
    """As an expression where it is one, else as written."""
    concluded: Expression | None
    carried: frozenset[str]


@dataclass(frozen=True)
class _Text:
    """A licence text that speaks for the release: its identifier, its file, and what it is concluded to be."""

    licence: str
    file: LicenceFile
    finding: Finding

    @property
    def concluded(self) -> Expression:
        """A changed text is a licence of its own; sentences put beside an unchanged one are terms besides it."""
        finding = self.finding
        if finding.match not in {Match.MODIFIED, Match.PARTIAL}:
            return Expression("", licence=self.licence)
        if all(difference.outside for difference in finding.differences) and finding.match is Match.MODIFIED:
            return Expression("AND", (Expression("", licence=self.licence), Expression("", licence=ADDED_TERMS)))
        return Expression("", licence=f"LicenseRef-modified-{self.licence.removeprefix('LicenseRef-')}")


def check_grant(
    declarations: Sequence[Named],
    links: Sequence[Named],
    files: Sequence[LicenceFile],
    findings: Findings,
    *,
    headed: Collection[str] = (),
) -> Grant:
    """Hold declarations and texts against one another and add what is found.

    `headed` are the licences that the heads of source files name: a text for them in the folder LICENSES is no other
    declaration for the release.
    """
    for file in files:
        check_text(file, findings)
    texts = [
        _Text(named(finding, findings.policy), file, finding) for file in files if file.is_own for finding in file.texts
    ]
    release = [one for one in declarations if not one.scope] or list(declarations)
    if not declarations and not any(file.is_own for file in files):
        sentence = "No licence declared and none found: nobody may use what is released."
        findings.add(
            "NO_LICENCE", sentence, "Add a file LICENSE with the licence's full text, and name it in the card."
        )
        return Grant(None, None, None, frozenset())
    words = " / ".join(dict.fromkeys(one.text for one in release)) or None
    scoped = _expressions([one for one in declarations if one.scope], findings)
    for_parts = {*headed, *(licence for one in scoped for licence in one.licences)}
    spoken = {licence for one in _expressions(release, findings) for licence in one.licences}
    weights = _for_weights(texts, links, spoken, for_parts)
    declared = _declared(release, weights, findings)
    carried = frozenset(text.licence for text in texts)
    _check_others(texts, weights, files, findings)
    if declared is None:
        concluded = _from_texts(weights, findings)
        if concluded is None and not findings.has_doubt:
            sentence = "No licence text in the package speaks for the weights, and none is declared for them."
            findings.add(
                "NO_LICENCE", sentence, "Add the licence's full text as a file LICENSE, and name it in the card."
            )
        return Grant(words, words, concluded, carried)
    _check_agreement(declared, release[0], weights, findings)
    concluded = _concluded(declared, release[0], weights, findings)
    return Grant(words, str(declared), concluded, carried | declared.licences)


def _is_any(text: _Text, licences: Collection[str]) -> bool:
    """Whether a text is that of one of some licences."""
    return any(same_licence(name, one) for name in (text.licence, *text.finding.ids) for one in licences)


def _expressions(declarations: Sequence[Named], findings: Findings) -> Iterator[Expression]:
    for one in declarations:
        with suppress(AmbiguousError):
            yield parse_expression(one.text, policy=findings.policy)


def _for_weights(
    texts: Sequence[_Text], links: Sequence[Named], spoken: Collection[str], for_parts: Collection[str]
) -> list[_Text]:
    """Choose the texts that speak for the weights: the one a card links to, else those named for them, else all.

    The folder LICENSES holds the texts of all licences that any part is under. Where one text is of a licence that the
    release declares (`spoken`), the others there are for parts; where none is, those that a part names as its own.
    """
    targets = {PurePosixPath(link.text.removeprefix("./")).as_posix().lower() for link in links}
    linked = [text for text in texts if text.file.name.lower() in targets]
    named_for = [text for text in texts if text.file.part == "weights"]
    general = [text for text in texts if text.file.part in _WHOLE]
    if any(text.file.part == "weights" for text in linked):
        return linked
    declared = [text for text in general if _is_any(text, spoken)]
    for_all = [
        text
        for text in general
        if text in declared or not (text.file.in_folder and (declared or _is_any(text, for_parts)))
    ]
    return named_for or for_all or general or linked


def _declared(declarations: Sequence[Named], weights: Sequence[_Text], findings: Findings) -> Expression | None:
    """Read what is declared; None where it names no licence, or where two places disagree."""
    parsed: list[tuple[Named, Expression]] = []
    for one in declarations:
        try:
            parsed.append((one, parse_expression(one.text, policy=findings.policy)))
        except AmbiguousError as error:
            if weights and not _is_family(one.text, findings):
                continue  # a name of one's own for a licence whose text lies there says nothing false
            remedy = "Name one licence by its SPDX identifier, such as Apache-2.0."
            findings.add("AMBIGUOUS_ID", f"'{one.text}' {error}.", remedy, file=one.file, line=one.line)
            if not weights:
                sentence = f"'{one.text}' is all that is said of the licence: no licence text is in the package."
                remedy = "Add the licence's full, unchanged text as a file LICENSE."
                findings.add("DECLARED_ONLY", sentence, remedy, file=one.file, line=one.line)
    for one, expression in parsed[1:]:
        if str(expression) != str(parsed[0][1]):
            first = parsed[0][0]
            sentence = f"{one.file} declares {expression}, and {first.file or 'the form'} declares {parsed[0][1]}."
            findings.add("TEXT_MISMATCH", sentence, "Declare one licence everywhere.", file=one.file, line=one.line)
    agreed = {str(expression) for _, expression in parsed}
    return parsed[0][1] if len(agreed) == 1 and len(parsed) == len(declarations) else None


def _is_family(text: str, findings: Findings) -> bool:
    """Whether a name is that of a family; `other` and `custom` say nothing, so a text beside them answers."""
    name = text.strip().lower()
    return name in findings.policy.families and name not in {"other", "custom", "unknown"}


def _check_agreement(declared: Expression, place: Named, weights: Sequence[_Text], findings: Findings) -> None:
    """The texts that speak for the weights must be among those declared."""
    for text in weights:
        if any(
            same_licence(licence, one) for licence in declared.licences for one in (text.licence, *text.finding.ids)
        ):
            continue
        sentence = f"{place.file or 'The form'} declares {declared}, and the text is {text.licence}."
        remedy = f"Declare {text.licence}, or put the text of {declared} in its place."
        line, last = text.finding.first_line, text.finding.last_line
        findings.add("TEXT_MISMATCH", sentence, remedy, file=text.file.name, line=line, last_line=last)


def _check_others(
    texts: Sequence[_Text], weights: Sequence[_Text], files: Sequence[LicenceFile], findings: Findings
) -> None:
    """Texts for other parts of the release, and of what was copied into it, bring what their class leads to."""
    others = [text for text in texts if text not in weights]
    copied = [
        _Text(named(finding, findings.policy), file, finding)
        for file in files
        if not file.is_own
        for finding in file.sure
    ]
    for text in [*others, *copied]:
        found = licence_class(text.licence, policy=findings.policy)
        findings.add_class(found, text.licence, file=text.file.name, line=text.finding.first_line)


def _concluded(declared: Expression, place: Named, weights: Sequence[_Text], findings: Findings) -> Expression | None:
    """Conclude from the declaration and the texts; where both speak of one licence, the text says which precisely."""
    policy = findings.policy
    available = [one for text in weights for one in (text.licence, *text.finding.ids)]
    conclusion = conclude(declared, texts=available, policy=policy)
    foreign = weights and not any(same_licence(a, b) for a in declared.licences for b in available)
    if foreign:
        return _from_texts(weights, findings)
    changed = [text for text in weights if text.finding.match in {Match.MODIFIED, Match.PARTIAL}]
    expression = conclusion.expression
    if changed and not expression.parts:
        expression = changed[0].concluded
    elif not expression.parts:
        precise = next((text.licence for text in weights if same_licence(text.licence, expression.licence)), None)
        if precise is not None and precise.startswith("LicenseRef-"):
            expression = Expression("", licence=precise)
    for licence in sorted(expression.licences):
        if not licence.startswith("LicenseRef-modified-") and licence != ADDED_TERMS:
            found = licence_class(licence, policy=policy)
            findings.add_class(found, licence, file=place.file, line=place.line)
    if not conclusion.has_text:
        sentence = f"{declared} is declared, and its text is not in the package as it stands."
        remedy = "Add the licence's full, unchanged text as a file LICENSE."
        findings.add("DECLARED_ONLY", sentence, remedy, file=place.file, line=place.line)
    return expression


def _from_texts(weights: Sequence[_Text], findings: Findings) -> Expression | None:
    """Conclude from the texts alone: all of them apply."""
    parts: dict[str, Expression] = {}
    for text in weights:
        if text.finding.match not in {Match.MODIFIED, Match.PARTIAL}:
            found = licence_class(text.licence, policy=findings.policy)
            findings.add_class(found, text.licence, file=text.file.name, line=text.finding.first_line)
        parts.setdefault(str(text.concluded), text.concluded)
    if not parts:
        return None
    together = tuple(parts.values())
    return together[0] if len(together) == 1 else Expression("AND", together)
