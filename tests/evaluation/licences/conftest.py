"""Release packages are made anew for each test from texts of the committed index."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from evaluation.licences import known_texts

Maker = Callable[[Mapping[str, str | bytes]], Path]
HEADER = json.dumps({"w": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]}}).encode()
WEIGHTS = len(HEADER).to_bytes(8, "little") + HEADER + b"\0\0\0\0"


@pytest.fixture
def text() -> Callable[[str], str]:
    """Give the text of a known licence."""
    return lambda spdx: known_texts()[spdx]


@pytest.fixture
def package(tmp_path: Path) -> Maker:
    """Give a function that writes files into a package folder, with weights besides."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "package"
        for name, content in {"model.safetensors": WEIGHTS, **files}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return make
