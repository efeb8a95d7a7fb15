"""Hostile files are refused or do nothing, each with a finding, and never cost much memory or time."""

import bz2
import gzip
import io
import json
import os
import struct
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import ArchiveError
from evaluation.licences import Outcome, Verdict, default_policy, read_file, spdx2, verdict
from tests.evaluation.licences.conftest import WEIGHTS

Text = Callable[[str], str]
Maker = Callable[[Mapping[str, str | bytes]], Path]
SOUND = "---\nlicense: mit\n---\n# X\n"
MOST_BYTES = 120_000_000


def judged(path: Path) -> Verdict:
    """Judge a package under the policy that comes with the instrument."""
    return verdict(path, policy=default_policy())


def tarred(folder: Path, path: Path, mode: str) -> Path:
    """Pack a folder as a tar archive."""
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        archive.add(folder, arcname=".")
    return path


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_is_judged_as_its_folder_is(mode: str, package: Maker, text: Text, tmp_path: Path) -> None:
    path = package({"README.md": SOUND, "LICENSE": text("MIT")})
    assert judged(tarred(path, tmp_path / "p.tar", mode)) == judged(path)
    assert judged(path).outcome is Outcome.COMPLIANT


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("../LICENSE", tarfile.REGTYPE, "must not leave its folder"),
        ("/etc/passwd", tarfile.REGTYPE, "must be relative"),
        ("LICENSE", tarfile.SYMTYPE, "links are not allowed"),
        ("LICENSE", tarfile.LNKTYPE, "links are not allowed"),
        ("LICENSE", tarfile.FIFOTYPE, "only plain files"),
        ("LI\nCENSE", tarfile.REGTYPE, "control"),
    ],
)
def test_a_tar_that_reaches_out_is_refused(name: str, kind: bytes, words: str, tmp_path: Path) -> None:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    with tarfile.open(tmp_path / "p.tar", "w") as archive:
        archive.addfile(info)
    with pytest.raises(ArchiveError, match=words if words != "control" else "LI"):
        judged(tmp_path / "p.tar")


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress])
def test_a_compressed_bomb_is_refused_before_it_is_unpacked(compress: Callable[[bytes], bytes], tmp_path: Path) -> None:
    buffer = io.BytesIO()
    info = tarfile.TarInfo("LICENSE")
    info.size = 64_000_000
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(info, io.BytesIO(b"\0" * info.size))
    path = tmp_path / "p.tar.gz"
    path.write_bytes(compress(buffer.getvalue()))
    with pytest.raises(ArchiveError, match="unpacks to more than"):
        judged(path)


def test_a_tar_cut_off_is_refused(package: Maker, text: Text, tmp_path: Path) -> None:
    path = tarred(package({"LICENSE": text("GPL-3.0-only")}), tmp_path / "p.tar.gz", "w:gz")
    path.write_bytes(path.read_bytes()[:-900])
    with pytest.raises(ArchiveError, match="damaged"):
        judged(path)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"README.md": "---\na: &a [x, x]\nb: &b [*a, *a]\nlicense: *b\n---\n"}, "DECLARATION_UNREADABLE"),
        ({"README.md": "---\n" + "{a: " * 500 + "1" + "}" * 500 + "\n---\n"}, "DECLARATION_UNREADABLE"),
        ({"b.safetensors": (2**63).to_bytes(8, "little") + b"{}"}, "WEIGHTS_DAMAGED"),
        ({"b.safetensors": (10**8).to_bytes(8, "little") + b"{" * 1000}, "WEIGHTS_DAMAGED"),
        ({"b.gguf": b"GGUF" + struct.pack("<IQQ", 3, 1, 2**60) + b"x" * 64}, "DECLARATION_UNREADABLE"),
        ({"b.gguf": b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 2**62) + b"x" * 64}, "DECLARATION_UNREADABLE"),
        ({"LICENSE.txt": b"MIT " * 1_000_000}, "UNKNOWN_TEXT"),
        ({"LICENSE.html": b"<" * 400_000}, "UNKNOWN_TEXT"),
        ({"LICENSE.md": b"[" * 200_000 + b"](" * 50_000}, "UNKNOWN_TEXT"),
        ({"LICENSE.txt": b"PK\x03\x04" + b"MIT License"}, "NESTED_ARCHIVE"),
        ({"pyproject.toml": "a = " + "[" * 30_000}, "DECLARATION_UNREADABLE"),
        ({"mergekit_config.yml": "x: &x 1\ny: *x\n"}, "DECLARATION_UNREADABLE"),
    ],
)
def test_a_hostile_file_becomes_a_finding(files: dict[str, str | bytes], code: str, package: Maker, text: Text) -> None:
    begun = time.process_time()
    found = judged(package({"README.md": SOUND, "LICENSE": text("MIT"), **files}))
    assert code in {reason.code for reason in found.reasons}, found.reasons
    assert found.outcome is not Outcome.COMPLIANT
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("magic", [b"\x1f\x8b\x08\x00", b"BZh9", b"\xfd7zXZ\x00"])
def test_a_tar_that_is_damaged_within_is_refused_in_a_sentence(magic: bytes, tmp_path: Path, package: Maker) -> None:
    suffix = {b"\x1f": "gz", b"B": "bz2", b"\xfd": "xz"}[magic[:1]]
    path = tarred(package({"README.md": SOUND, "noise": os.urandom(200_000)}), tmp_path / "package.tar", f"w:{suffix}")
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="damaged"):
        judged(path)


def test_a_licence_with_an_exception_is_judged(package: Maker, text: Text) -> None:
    head = "// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0\n"
    found = judged(package({"README.md": SOUND, "LICENSE": text("MIT"), "src/train.java": head}))
    assert [reason.code for reason in found.reasons] == ["DECLARED_ONLY"]
    assert found.evidence is not None
    (training,) = (one for one in found.evidence.components if one.component == "training code")
    assert training.licence == "GPL-2.0-only WITH Classpath-exception-2.0"


def test_more_licence_files_than_anybody_reads_are_for_a_person(package: Maker, text: Text) -> None:
    files = {f"third/{number}/LICENSE": f"Part {number}, all its rights kept by nobody." for number in range(402)}
    found = judged(package({"README.md": SOUND, "LICENSE": text("MIT"), **files}))
    assert "UNKNOWN_TEXT" in {reason.code for reason in found.reasons}
    assert found.outcome is Outcome.NEEDS_REVIEW


def test_a_name_with_signs_of_control_is_refused(package: Maker) -> None:
    with pytest.raises(ArchiveError):
        judged(package({"LICENSE\x1b[2J": "x"}))


def test_a_licence_of_a_hundred_megabytes_and_weights_of_a_gigabyte_cost_little(package: Maker, text: Text) -> None:
    path = package({"README.md": SOUND, "LICENSE": text("MIT")})
    with (path / "LICENSE-2.txt").open("wb") as file:
        file.truncate(100_000_000)
    header = json.dumps({"w": {"dtype": "F16", "shape": [1], "data_offsets": [0, 10**9]}}).encode()
    with (path / "model.safetensors").open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        file.truncate(8 + len(header) + 10**9)
    program = (
        "import sys\nfrom evaluation.licences import default_policy, verdict\n"
        "found = verdict(sys.argv[1], policy=default_policy())\n"
        "peak = open('/proc/self/status').read().split('VmHWM:')[1].split()[0]\n"
        "print(found.outcome, peak)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    outcome, kilobytes = done.stdout.split()
    assert outcome == "needs_review"
    assert int(kilobytes) * 1024 < MOST_BYTES


def test_ten_thousand_files_are_judged_in_linear_time(tmp_path: Path, text: Text) -> None:
    spent = []
    for count in (1_000, 10_000):
        folder = tmp_path / str(count)
        folder.mkdir()
        (folder / "LICENSE").write_text(text("MIT"))
        (folder / "README.md").write_text(SOUND)
        for number in range(count - 3):
            (folder / f"part{number}.py").write_text(f"# SPDX-License-Identifier: MIT\n# part {number}\nimport torch\n")
        (folder / "model.safetensors").write_bytes(WEIGHTS)
        begun = time.process_time()
        found = judged(folder)
        spent.append(time.process_time() - begun)
        assert found.evidence is not None
        assert len(found.evidence.files) == count
        assert found.outcome is Outcome.COMPLIANT, found.reasons
        assert len(json.loads(spdx2(found))["files"]) == count
    # ten times the files in ten times the time; a step that looks at every pair would take a hundred times
    assert spent[1] < 25 * spent[0] + 0.5


REPEATED = st.builds(lambda part, times: part * times, st.text(min_size=1, max_size=12), st.integers(1, 3_000))


@given(st.one_of(st.binary(max_size=4_000), REPEATED.map(lambda text: text.encode("utf-8", "replace"))))
@settings(max_examples=80, deadline=None)
def test_no_content_raises_or_takes_long(content: bytes) -> None:
    begun = time.process_time()
    for file in ("LICENSE", "a.html", "b.md", "c.py", "d.json", "e.toml"):
        read_file(content, file=file)
    assert time.process_time() - begun < 5
