"""The parts become a suite: one parallel task, split by the organiser's seed, with two entries for the dry run."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import yaml

from evaluation.european.languages import LANGUAGES
from evaluation.european.questions import FOLDER, European, read_european
from evaluation.suites import SuiteError

TASK = "european"
LETTERS = ("A", "B", "C", "D")
VERSION = "2026.1"
PROMPT = "{{ question }}\nA. {{ a }}\nB. {{ b }}\nC. {{ c }}\nD. {{ d }}\n{{ answer }}:"
CANARY = "european-suite-7c1e0d52-5f0b-4a51-9a0e-3f6f2a9b8e44"


def european_files(
    seed: int, *, public_share: Decimal = Decimal("0.3"), languages: Sequence[str] = (), folder: Path = FOLDER
) -> dict[str, bytes]:
    """Make the suite's files for a seed, of all languages or of some; raises SuiteError for unknown languages."""
    chosen = tuple(languages) or tuple(LANGUAGES)
    if unknown := [code for code in chosen if code not in LANGUAGES]:
        raise SuiteError(f"languages: {unknown[0]!r} is no official language; choose from {', '.join(LANGUAGES)}")
    if len(set(chosen)) < len(chosen) or len(chosen) < 2:
        raise SuiteError("languages: name two or more, each once; items in one language are not parallel")
    european = read_european(folder)
    return {
        "suite.yaml": _manifest(seed, public_share, chosen),
        f"items/{TASK}.csv": _items(european, chosen),
        f"inputs/{TASK}.jsonl": _inputs(european, chosen),
        "references/worse.csv": _predictions(european, chosen, knows=0),
        "references/better.csv": _predictions(european, chosen, knows=70),
    }


def write_european(
    target: Path, seed: int, *, public_share: Decimal = Decimal("0.3"), languages: Sequence[str] = ()
) -> None:
    """Write the suite into a new or empty folder; raises SuiteError or OSError."""
    files = european_files(seed, public_share=public_share, languages=languages)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise SuiteError(f"{target}: exists and is not an empty folder; name a new one")
    for name, content in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)


def _manifest(seed: int, public_share: Decimal, languages: Sequence[str]) -> bytes:
    task = {
        "name": TASK,
        "title": "The Union in its languages",
        "kind": "classification",
        "metric": "accuracy",
        "floor": "0.25",
        "ceiling": 1,
        "labels": list(LETTERS),
        "languages": list(languages),
        "parallel": True,
        "licence": "CC-BY-4.0",
        "source": "Written for this project; the source of each fact stands in SOURCES.md.",
        "description": "Multiple choice about the Union's institutions, law, geography, rights and history.",
        "canary": CANARY,
        "ask": {"by": "choices", "prompt": PROMPT, "choices": [f" {letter}" for letter in LETTERS]},
    }
    manifest = {
        "name": "european",
        "version": VERSION,
        "title": "The European suite",
        "split": {"seed": seed, "public_share": str(public_share)},
        "tasks": [task],
    }
    return yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True).encode()


def _items(european: European, languages: Sequence[str]) -> bytes:
    rows = (
        (f"{language}/{item}", LETTERS[answer.position])
        for language in languages
        for item, answer in european.answers.items()
    )
    return _csv(("item", "label"), rows)


def _inputs(european: European, languages: Sequence[str]) -> bytes:
    lines = []
    for language in languages:
        for item, asked in european.questions[language].items():
            fields = dict(zip("abcd", asked.options, strict=True))
            row = {"item": f"{language}/{item}", "question": asked.question, **fields}
            lines.append(json.dumps({**row, "answer": LANGUAGES[language].answer}, ensure_ascii=False) + "\n")
    return "".join(lines).encode()


def _predictions(european: European, languages: Sequence[str], *, knows: int) -> bytes:
    """Make an entry that knows so many facts of a hundred, chosen by their names, and else takes the first option."""
    rows = (
        (TASK, f"{language}/{item}", LETTERS[answer.position if _drawn(answer.fact) < knows else 0])
        for language in languages
        for item, answer in european.answers.items()
    )
    return _csv(("task", "item", "prediction"), rows)


def _drawn(fact: str) -> int:
    return int.from_bytes(hashlib.sha256(fact.encode()).digest()[:4]) % 100


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode()
