"""What fuzzing found worth keeping is put before the instrument again: each input is answered or refused."""

import zipfile
from pathlib import Path

import pytest

from tests.evaluation.licences.fuzzing import CORPUS, put

with zipfile.ZipFile(CORPUS) as archive:
    INPUTS = {name: archive.read(name) for name in archive.namelist()}


def test_the_corpus_is_small_and_holds_every_kind() -> None:
    assert CORPUS.stat().st_size < 300_000
    assert {data[:1] for data in INPUTS.values()} >= {b"f", b"z", b"p"}


@pytest.mark.parametrize("place", range(8))
def test_what_was_found_is_answered_or_refused(place: int, tmp_path: Path) -> None:
    for name, data in list(INPUTS.items())[place::8]:
        try:
            put(data, tmp_path / "package")
        except Exception as error:
            error.add_note(f"input {name} of {CORPUS.name}")
            raise
