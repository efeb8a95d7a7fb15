"""What the tests of imports share: bundles from texts, as folders and zips, and drafts whose gaps are filled."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from challenge.calls.importing.bundles import LARGEST_TEXT, Bundle, is_text, seen_from
from challenge.calls.importing.formats import Reading, read_bundle
from challenge.calls.importing.writing import WrittenCall
from challenge.calls.positions import name_of, read_yaml
from tests.challenge.calls.importing import (
    codabench_bundles,
    codalab_bundles,
    evalai_bundles,
    hugging_face_bundles,
    lm_eval_bundles,
)
from tests.challenge.calls.staging import EVERY_KEY

ROOMS = {
    "EvalAI": evalai_bundles.BUNDLES,
    "Codabench v2": codabench_bundles.BUNDLES,
    "CodaLab v1.5": codalab_bundles.BUNDLES,
    "Hugging Face competitions": hugging_face_bundles.BUNDLES,
    "LM Evaluation Harness": lm_eval_bundles.BUNDLES,
}
ALL = [(format_, name) for format_, bundles in ROOMS.items() for name in bundles]
"""Every bundle by its format and name."""


def bundle_of(files: Mapping[str, str]) -> Bundle:
    """Make a bundle as it is read from a folder."""
    contents = {name: content.encode() for name, content in files.items()}
    sizes = {name: len(content) for name, content in contents.items()}
    texts = {n: c for n, c in contents.items() if is_text(n) and len(c) <= LARGEST_TEXT}
    return seen_from(sizes, texts)


def read(files: Mapping[str, str], zone: str | None = None, opens_at: str = "", closes_at: str = "") -> Reading:
    """Read a bundle from the texts of its files."""
    return read_bundle(bundle_of(files), zone=zone, opens_at=opens_at, closes_at=closes_at)


def folder_of(files: Mapping[str, str], folder: Path) -> Path:
    """Write a bundle into a folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def zip_of(files: Mapping[str, str | bytes]) -> bytes:
    """Pack a bundle."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


DATES = {
    "phases.judging": ("2027-06-01 10:00 CEST", "2027-07-01 10:00 CEST"),
    "phases.access": ("2027-08-01 10:00 CEST", "2028-08-01 10:00 CEST"),
}
OWN = {
    "board_anchor": "[60, 90]", "jury_anchor": "[3, 5]", "tie_break": '[board_group, "criterion:excellence", panel_vote]',
    "countries": "[BE, FR]", "control": "same", "routes": "[weights]", "total_threshold": "3", "failures": "3", "submissions": "5",
}  # fmt: skip


def filled(written: WrittenCall, dates: Mapping[str, str] | None = None) -> str:
    """Fill every gap of a draft: with the values of the example that shows every key, and dates by their key."""
    example = read_yaml(EVERY_KEY)
    lines = written.text.split("\n")
    judging, access = (
        n for n, line in enumerate(lines, start=1) if line.strip() in {'- key: "judging"', '- key: "access"'}
    )
    for gap in written.gaps:
        last = gap.key.rpartition(".")[2]
        value = (dates or {}).get(gap.key) or OWN.get(last)
        if value is None and last in {"opens", "closes"}:
            kind = "phases.access" if gap.line > access else "phases.judging" if gap.line > judging else ""
            assert kind, f"{gap.key} wants a date of the test's own"
            value = DATES[kind][last == "closes"].replace("CEST", "+02:00")
        if value is None:
            found = next(path for path in example.lines if name_of(path) == gap.key)
            plain = example.plain
            for step in found:
                plain = plain[step]  # type: ignore[index,call-overload]
            value = (
                {True: "yes", False: "no", None: "null"}[plain]
                if plain is None or isinstance(plain, bool)
                else str(plain)
            )
            value = f'"{value.strip()}"' if isinstance(plain, str) else value
        begin = lines[gap.line - 1].partition(":")[0]
        lines[gap.line - 1] = f"{begin}: {value}"
    return "\n".join(lines)
