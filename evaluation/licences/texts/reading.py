"""A file is read as a whole: texts, notices, tags and fingerprints together say what it grants."""

from dataclasses import dataclass

from evaluation.licences.texts.decoding import decoded, plain_lines
from evaluation.licences.texts.detection import MAX_TEXT, Finding, FoundBy, Match, as_difference, texts_in
from evaluation.licences.texts.fingerprints import fingerprint, is_licence_like
from evaluation.licences.texts.leftovers import leftovers
from evaluation.licences.texts.notices import notices_in, tags_in
from evaluation.licences.texts.words import MAX_WORDS, Words, words_of

_SURE = {Match.EXACT, Match.VARIED}


@dataclass(frozen=True)
class Reading:
    """What a file was found to hold: the findings in the order of their lines, and how they match as a whole."""

    file: str
    match: Match
    findings: tuple[Finding, ...] = ()
    too_large: bool = False
    is_empty: bool = False
    """Whether it holds no words, or only who holds the copyright."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Name each licence found once, by the first of its identifiers; a tag names all of its expression."""
        names: list[str] = []
        for finding in self.findings:
            names += finding.ids if finding.by is FoundBy.TAG else finding.ids[:1]
        return tuple(dict.fromkeys(names))

    @property
    def is_modified(self) -> bool:
        """Whether a licence was found whose text is not as published."""
        return any(finding.match in {Match.MODIFIED, Match.PARTIAL} for finding in self.findings)


def read_file(content: bytes, *, file: str) -> Reading:
    """Read a file's licences; a file over 512 KiB or 40,000 words counts as unknown."""
    if len(content) > MAX_TEXT:
        return Reading(file, Match.UNKNOWN, too_large=True)
    text = decoded(content)
    lines = plain_lines(text, file=file)
    words = words_of(lines)
    if len(words.words) >= MAX_WORDS:
        return Reading(file, Match.UNKNOWN, too_large=True)
    findings = texts_in(lines, words, file=file) if words.words else []
    verified = any(one.match in _SURE and one.by is FoundBy.TEXT for one in findings)
    named = None if verified else fingerprint(words)
    if named is not None:
        findings = [named]
    else:
        tags = tags_in(text, lines, file=file)
        own = [one for one in findings if one.by is FoundBy.TEXT]
        findings += [tag for tag in tags if not set(tag.ids) <= {spdx for one in own for spdx in one.ids}]
        said = {spdx for one in findings for spdx in one.ids}
        added = [one for one in notices_in(lines, findings) if not set(one.ids) & said]
        findings += [_held_against(one, lines, words, file) for one in added]
    findings.sort(key=lambda one: (one.first_line, one.last_line, one.ids))
    return Reading(file, _worst(findings, words), tuple(findings), is_empty=not words.words)


def _held_against(notice: Finding, lines: list[str], words: Words, file: str) -> Finding:
    """Hold a notice against the sentences around it: one that restrains changes what the notice grants."""
    taken = [place for place, line in enumerate(words.lines) if notice.first_line <= line <= notice.last_line]
    rest = leftovers(lines, words, [(taken[0], taken[-1] + 1)] if taken else [], file=file)
    if not rest:
        return notice
    differences = (*notice.differences, *(as_difference(one) for one in rest))
    return Finding(
        notice.ids, Match.MODIFIED, notice.by, notice.first_line, notice.last_line, notice.coverage, differences
    )


def _worst(findings: list[Finding], words: Words) -> Match:
    if not findings:
        return Match.UNKNOWN if is_licence_like(words.words) else Match.NONE
    order = [Match.EXACT, Match.VARIED, Match.UNKNOWN, Match.PARTIAL, Match.MODIFIED]
    return max((finding.match for finding in findings), key=order.index)
