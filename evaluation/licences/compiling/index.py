"""Gathers drafts from the packages, numbers their words and writes the one index file."""

import io
import json
import sys
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from evaluation.licences.compiling import packages
from evaluation.licences.compiling.drafts import Draft, plain_draft
from evaluation.licences.compiling.spdx_xml import read_xml
from evaluation.licences.model_licences import model_licences
from evaluation.licences.texts.alignment import align
from evaluation.licences.texts.index import key_of
from evaluation.licences.texts.shingles import UNKNOWN, shingles
from evaluation.licences.texts.templates import Span, SpanKind, Template, TemplateKind
from evaluation.licences.texts.words import words_of

_OLDEST = (1980, 1, 1, 0, 0, 0)
_MOST_SHINGLES = 100
_SHORTEST_NOTICE = 12  # words; a shorter notice would be found everywhere


@dataclass(frozen=True)
class _Entry:
    """A text on its way into the index: whose it is, its words, and what may vary."""

    ids: tuple[str, ...]
    kind: TemplateKind
    words: tuple[str, ...]
    spans: tuple[Span, ...]

    def marks(self) -> list[list[object]]:
        return [
            [span.start, span.end, int(span.kind), *([span.pattern] if span.pattern else [])] for span in self.spans
        ]

    def obligatory(self) -> tuple[str, ...]:
        free: set[int] = set()
        for span in self.spans:
            free.update(range(span.start, span.end))
        return tuple(word for place, word in enumerate(self.words) if place not in free)


def compiled(folder: Path, *, date: str) -> bytes:
    """Compile the index from the pinned packages in a folder; raises PackageError where one is missing."""
    said = packages.flags(folder)
    entries = [_entry((spdx,), kind, draft) for spdx, kind, draft in _drafts(folder)]
    texts = {spdx: str(held["licenseText"]) for spdx, held in packages.plain_texts(folder).items()}
    texts |= {spdx: text for spdx, (_, text) in packages.exceptions(folder).items()}
    models = packages.model_texts(folder, {one.id: one.scancode for one in model_licences() if one.scancode})
    entries = list(_merged([*entries, *_unexplained(entries, texts)], said))
    texts |= models
    return _written(entries, texts, said, date)


def _drafts(folder: Path) -> Iterator[tuple[str, TemplateKind, Draft]]:
    for spdx, content in packages.xml_templates(folder):
        licence = read_xml(content)
        yield spdx, TemplateKind.TEXT, licence.text
        for notice in licence.notices:
            yield spdx, TemplateKind.NOTICE, notice
    for spdx, (_, text) in packages.exceptions(folder).items():
        yield spdx, TemplateKind.EXCEPTION, plain_draft(text)
    wanted = {one.id: one.scancode for one in model_licences() if one.scancode}
    for ours, text in packages.model_texts(folder, wanted).items():
        yield ours, TemplateKind.MODEL, plain_draft(text)


def _entry(ids: tuple[str, ...], kind: TemplateKind, draft: Draft) -> _Entry:
    words, spans = draft.finished()
    return _Entry(ids, kind, tuple(words), tuple(spans))


def _unexplained(entries: list[_Entry], texts: dict[str, str]) -> Iterator[_Entry]:
    """Draft every published text that the template of its licence does not explain, or that has no template."""
    vocabulary = sorted({word for entry in entries for word in entry.words})
    numbers = {word: number for number, word in enumerate(vocabulary)}
    by_id = {entry.ids[0]: entry for entry in entries if entry.kind is not TemplateKind.NOTICE}
    for spdx, text in sorted(texts.items()):
        entry = by_id.get(spdx)
        found = words_of(text.split("\n")).words
        if entry is not None:
            template = Template(entry.ids, entry.kind, [numbers[word] for word in entry.words], entry.marks())
            counted = [numbers.get(word, UNKNOWN) for word in found]
            laid = align(template, found, counted, vocabulary, 0, len(found))
            if laid is not None and not laid.changes and laid.coverage == 1:
                continue
        yield _entry((spdx,), TemplateKind.TEXT, plain_draft(text))


def _merged(entries: Iterable[_Entry], said: dict[str, tuple[str, bool, bool]]) -> Iterator[_Entry]:
    """Join entries that are alike, and let those of the same obligatory words name one another."""
    entries = [
        entry
        for entry in entries
        if len(entry.words) >= (_SHORTEST_NOTICE if entry.kind is TemplateKind.NOTICE else 1) and entry.obligatory()
    ]
    sharing: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    for entry in entries:
        place = (entry.kind is TemplateKind.NOTICE, entry.obligatory())
        sharing.setdefault(place, [])
        sharing[place] += [spdx for spdx in entry.ids if spdx not in sharing[place]]
    seen = set()
    for entry in sorted(entries, key=lambda one: _rank(one.ids[0], said)):
        alike = (entry.kind, entry.words, entry.spans)
        if alike in seen:
            continue
        seen.add(alike)
        others = sharing[(entry.kind is TemplateKind.NOTICE, entry.obligatory())]
        ordered = sorted(others, key=lambda spdx: _rank(spdx, said))
        yield replace(entry, ids=(entry.ids[0], *(spdx for spdx in ordered if spdx != entry.ids[0])))


def _rank(spdx: str, said: dict[str, tuple[str, bool, bool]]) -> tuple[bool, bool, int, str]:
    """Put identifiers that are in use before deprecated ones, and short ones before long ones."""
    deprecated = said[spdx][2] if spdx in said else False
    return spdx.startswith("LicenseRef-"), deprecated, len(spdx), spdx


def _variants(entry: _Entry) -> Iterator[tuple[str, ...]]:
    """Yield the texts that a file may have word for word: with and without optional parts and titles."""
    dropped = {SpanKind.NOTICE: _covered(entry, SpanKind.NOTICE)}
    for kind in (SpanKind.OPTIONAL, SpanKind.TITLE, SpanKind.BULLET):
        dropped[kind] = _covered(entry, kind)
    for kinds in (
        (),
        (SpanKind.TITLE,),
        (SpanKind.OPTIONAL,),
        (SpanKind.OPTIONAL, SpanKind.TITLE),
        (SpanKind.BULLET,),
        (SpanKind.BULLET, SpanKind.TITLE),
        (SpanKind.BULLET, SpanKind.TITLE, SpanKind.OPTIONAL),
    ):
        without = dropped[SpanKind.NOTICE].union(*(dropped[kind] for kind in kinds))
        yield tuple(word for place, word in enumerate(entry.words) if place not in without)


def _covered(entry: _Entry, kind: SpanKind) -> set[int]:
    return {place for span in entry.spans if span.kind is kind for place in range(span.start, span.end)}


def _written(entries: list[_Entry], texts: dict[str, str], said: dict[str, tuple[str, bool, bool]], date: str) -> bytes:
    counts = Counter(word for entry in entries for word in entry.words)
    vocabulary = [word for word, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
    if len(vocabulary) >= UNKNOWN:
        raise ValueError(f"{len(vocabulary):,} words; the index numbers them up to {UNKNOWN:,}")
    numbers = {word: number for number, word in enumerate(vocabulary)}
    words, told = array("H"), []
    keys: dict[bytes, int] = {}
    postings = []
    for place, entry in enumerate(entries):
        counted = [numbers[word] for word in entry.words]
        told.append([list(entry.ids), entry.kind.value, len(words), len(counted), entry.marks()])
        words.extend(counted)
        for variant in _variants(entry):
            if len(variant) >= 8:
                keys.setdefault(key_of([numbers[word] for word in variant]), place)
        chosen = list(shingles(counted))
        # of a long text fewer shingles are enough to find it again
        every = max(1, len(chosen) // _MOST_SHINGLES)
        postings += [(number, place, at) for number, at in chosen if number % every == 0]
    for spdx, text in sorted(texts.items()):
        # a published text is exact as it stands, wherever its own template has other words in replaceable parts
        own = next((place for place, entry in enumerate(entries) if entry.ids[0] == spdx), None)
        found = words_of(text.split("\n")).words
        if own is not None and set(found) <= numbers.keys():
            keys.setdefault(key_of([numbers[word] for word in found]), own)
    postings.sort()
    ordered = sorted(keys.items())
    about = {
        "compiled": date,
        "packages": [asdict(package) for package in packages.PACKAGES],
        "rights": "The licence texts belong to their authors. Templates, texts and flags are those of the SPDX License "
        "List by way of the packages named; texts of AI licences: "
        f"{packages.MODELS.credit}, taken from the package {packages.MODELS.name}.",
    }
    members = {
        "about.json": _json(about),
        "vocabulary.txt": "\n".join(vocabulary).encode(),
        "templates.json": _json(told),
        "licences.json": _json({spdx: list(one) for spdx, one in said.items()}),
        "words.bin": _little(words),
        "keys.bin": b"".join(key for key, _ in ordered),
        "key_owners.bin": _little(array("H", [owner for _, owner in ordered])),
        "shingle_hashes.bin": _little(array("I", [one[0] for one in postings])),
        "shingle_owners.bin": _little(array("H", [one[1] for one in postings])),
        "shingle_places.bin": _little(array("H", [one[2] for one in postings])),
        "texts.json": _json(texts),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _OLDEST)
            info.compress_type = zipfile.ZIP_LZMA if name == "texts.json" else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content, compresslevel=9)
    return buffer.getvalue()


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _little(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()
