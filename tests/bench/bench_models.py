"""What it takes to look at a model of a quarter of a gibibyte, beside its SHA-256 alone."""

import hashlib
import json
import struct
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from evaluation.models import inspect_model
from tests.bench.figures import Figure

NUMBERS, ROUNDS = 2**26, 3
WIDTHS = {"F32": 4, "BF16": 2, "F8_E4M3": 1}
RIVAL = "SHA-256 of the same file, nothing looked at"


def figures() -> Iterator[Figure]:
    """Yield the CPU time of a look at weights of each width; the file is in the cache of the system by then."""
    numbers = np.random.default_rng(1).integers(0, 0x3F80_0000, NUMBERS, dtype="<u4").tobytes()
    for dtype, width in WIDTHS.items():
        with TemporaryDirectory() as name:
            folder = Path(name)
            written = _write(folder, dtype, width, numbers)
            ours, theirs = [], []
            for _ in range(ROUNDS):
                ours.append(_seconds(partial(inspect_model, folder)))
                theirs.append(_seconds(partial(_hashed, folder / "model.safetensors")))
            yield Figure(f"look at {written / 2**20:,.0f} MiB of {dtype}", ours, "CPU-s", theirs, RIVAL)


def _write(folder: Path, dtype: str, width: int, numbers: bytes) -> int:
    """Write a model whose weights are all finite, and give the size of the file in bytes."""
    if dtype == "F8_E4M3":
        numbers = bytes(NUMBERS * 4)  # zeros: no bits drawn at random are free of NaN in a byte
    header = {"w": {"dtype": dtype, "shape": [len(numbers) // width], "data_offsets": [0, len(numbers)]}}
    if dtype == "BF16":
        numbers = (np.frombuffer(numbers, "<u2") & 0x3FFF).tobytes()
    text = json.dumps(header).encode()
    (folder / "config.json").write_text('{"model_type": "none"}')
    return (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + numbers)


def _hashed(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seconds(deed: Callable[[], object]) -> float:
    """Return the CPU time of a deed."""
    began = time.process_time()
    deed()
    return time.process_time() - began
