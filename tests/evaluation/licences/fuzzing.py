"""Feeds the instrument what nobody would hand in, led by which lines of it were reached.

Atheris (Apache-2.0) has an environment of its own, since only this needs it:

    python3 -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install atheris==3.0.0 -r requirements.txt
    /tmp/fuzz/bin/python -m tests.evaluation.licences.fuzzing FOLDER -max_total_time=600 -max_len=65536

FOLDER holds the inputs found so far. Those of them that together reach as much, as `-merge=1 -max_len=4000` chooses
them, lie in corpus.zip beside this file, packed by `--keep FOLDER`; test_fuzzed.py puts them before the instrument.
"""

import json
import shutil
import sys
import tempfile
import time
import zipfile
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus.zip"
LONGEST = 8.0  # CPU seconds for one input, on a machine that may be four times slower than most
NAMES = (
    "LICENSE", "README.md", "metadata.json", "config.json", "adapter_config.json", "pyproject.toml", "package.json",
    "CITATION.cff", "REUSE.toml", "requirements.txt", "mergekit_config.yml", "NOTICE.html", "src/train.py",
    "model.safetensors", "model.gguf", "LICENSES/other.txt",
)  # fmt: skip
SEPARATOR = b"\n=== "


def put(data: bytes, folder: Path) -> None:
    """Put one input before the instrument; raises AssertionError where it answers with what is no answer.

    The first byte says what the others are: `f` a file, `z` an archive, else files parted by lines such as
    `=== README.md`.
    """
    from evaluation.archives import ArchiveError
    from evaluation.licences import cyclonedx, default_policy, own_json, read_file, spdx2, spdx3, verdict

    begun = time.process_time()
    if data[:1] == b"f":
        read_file(data[2:], file=NAMES[data[1] % len(NAMES)] if data[1:] else "LICENSE")
    else:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        if data[:1] == b"z":
            (folder / "package.zip").write_bytes(data[1:])
        else:
            _write(data, folder)
        try:
            found = verdict(folder / "package.zip" if data[:1] == b"z" else folder, policy=default_policy())
        except ArchiveError:
            pass  # refused, by the one error that the caller knows
        else:
            for write in (own_json, spdx2, spdx3, cyclonedx):
                json.loads(write(found))
            for reason in found.reasons:
                assert reason.sentence, reason.code
                assert reason.remedy, reason.code
    spent = time.process_time() - begun
    assert spent < LONGEST, f"took {spent:.1f} s"


def _write(data: bytes, folder: Path) -> None:
    for part in data.split(SEPARATOR):
        name, _, content = part.partition(b"\n")
        wanted = name.decode("ascii", "replace").strip()
        path = folder / (wanted if wanted in NAMES else NAMES[len(wanted) % len(NAMES)])
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def keep(folder: Path) -> None:
    """Pack a folder of inputs into the corpus, in the order of their names and without dates."""
    with zipfile.ZipFile(CORPUS, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, path in enumerate(sorted(folder.iterdir(), key=lambda one: (one.stat().st_size, one.name))):
            archive.writestr(zipfile.ZipInfo(f"{number:04}"), path.read_bytes(), zipfile.ZIP_DEFLATED)


def _fuzz() -> None:
    import atheris  # type: ignore[import-not-found]  # only in an environment of its own

    with atheris.instrument_imports(include=["evaluation.licences", "evaluation.archives", "evaluation.tars"]):
        import evaluation.licences  # noqa: F401
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    atheris.Setup(sys.argv, lambda data: put(data, folder / "package"))
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--keep"]:
        keep(Path(sys.argv[2]))
    else:
        _fuzz()
