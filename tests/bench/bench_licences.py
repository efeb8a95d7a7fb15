"""Recognising licences in rewritten texts, beside ScanCode where its environment is made.

ScanCode has an environment of its own, since it pins what we do not: python3 -m venv .engines/scancode, then
.engines/scancode/bin/pip install "pluggy<1.7" scancode-toolkit-mini==32.5.0. The variable SCANCODE may name another
Python that has it. The files are published texts, rewritten by a seeded hand; both read the same ones.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from evaluation.licences import known_texts
from tests.bench.figures import Figure
from tests.evaluation.licences.rewriting import genuine, tampered

ROOT = Path(__file__).parents[2]
ROUNDS = 3
RIVAL = "scancode-toolkit-mini"
READ = """
import json, sys, time
{opening}
start = time.process_time()
spent = []
for path in sys.argv[1:]:
    begun = time.process_time()
    {read}
    spent.append((time.process_time() - begun) * 1000)
peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) * 1024 / 1e6
print(json.dumps([start, sum(spent) / len(spent), sorted(spent)[len(spent) // 2], peak]))
"""
OURS = READ.format(
    opening="from pathlib import Path\nfrom evaluation.licences import read_file\nread_file(b'MIT', file='x')",
    read="read_file(Path(path).read_bytes(), file=path)",
)
THEIRS = READ.format(
    opening="from licensedcode.cache import get_index\nfrom scancode.api import get_licenses\nget_index()",
    read="get_licenses(path)",
)
WHAT = [
    ("start, with the index loaded", "CPU s"),
    ("a file, mean", "CPU ms"),
    ("a file, median", "CPU ms"),
    ("memory at most", "MB"),
]


def figures() -> Iterator[Figure]:
    """Yield start, mean and median of a file, and memory, each measured in a process of its own."""
    rival = Path(os.environ.get("SCANCODE", ROOT / ".engines" / "scancode" / "bin" / "python"))
    with tempfile.TemporaryDirectory() as folder:
        files = [str(path) for path in _written(Path(folder))]
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(_measured(Path(sys.executable), OURS, files))
            if rival.is_file():
                theirs.append(_measured(rival, THEIRS, files))
    for place, (what, unit) in enumerate(WHAT):
        yield Figure(
            f"{what} ({len(files)} files)",
            [one[place] for one in ours],
            unit,
            [one[place] for one in theirs],
            RIVAL if theirs else f"{RIVAL} is not installed in {rival.parent.parent}",
        )


def _written(folder: Path) -> Iterator[Path]:
    texts = {
        spdx: text for spdx, text in known_texts().items() if not spdx.startswith("LicenseRef-") and len(text) < 40_000
    }
    made = [*genuine(texts, seed=7, count=60), *tampered(texts, seed=7, count=20)]
    for number, one in enumerate(made):
        path = folder / str(number) / one.file
        path.parent.mkdir()
        path.write_bytes(one.content)
        yield path


def _measured(python: Path, program: str, files: list[str]) -> list[float]:
    done = subprocess.run(
        [str(python), "-c", program, *files],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT) if python == Path(sys.executable) else ""},
    )
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found
