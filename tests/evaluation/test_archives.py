"""Hostile archives are refused with a sentence, and nothing is ever written to disk."""

import io
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.archives import ArchiveError, ArchiveLimits, Entry, ZipTree
from evaluation.trees import FolderTree, open_tree

LIMITS = ArchiveLimits(entries=100, total=10_000_000)


def zipped(entries: list[tuple[str | zipfile.ZipInfo, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a zip of entries in the order given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def opened(path: Path, content: bytes, limits: ArchiveLimits = LIMITS) -> tuple[Entry, ...]:
    """Write a zip to a path and list it."""
    path.write_bytes(content)
    with open_tree(path, limits=limits) as tree:
        return tree.entries


def link(name: str) -> zipfile.ZipInfo:
    """Make the entry of a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    return info


def fifo(name: str) -> zipfile.ZipInfo:
    """Make the entry of a named pipe."""
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o010644 << 16
    return info


def test_an_honest_archive_is_listed_and_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped([("b/x.txt", b"hello"), ("a.txt", b"")]))
    with ZipTree(path, limits=LIMITS) as tree:
        assert tree.entries == (Entry("a.txt", 0), Entry("b/x.txt", 5))
        assert tree.read("b/x.txt", limit=3) == b"hel"
        with pytest.raises(ArchiveError, match="not in the archive"):
            tree.read("../a.txt", limit=3)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([("../evil", b"x")], "must not leave its folder"),
        ([("a/../../evil", b"x")], "must not leave its folder"),
        ([("/etc/passwd", b"x")], "must be relative"),
        ([("C:/evil", b"x")], "must be relative"),
        ([("a\\b", b"x")], "must be relative"),
        ([("a//b", b"x")], "must not leave its folder"),
        ([("a\x1b[2Jb", b"x")], "control or invisible"),
        ([("a\u202egpj.py", b"x")], "control or invisible"),
        ([("n" * 241, b"x")], "1 to 240 characters"),
        ([(link("l"), b"/etc/passwd")], "links are not allowed"),
        ([(fifo("p"), b"")], "only plain files"),
        ([("A", b"1"), ("a", b"2")], "two entries"),
        ([("bomb", b"\0" * 5_000_000)], "unpacks to more than 100 times"),
        ([(f"f{n}", b"\1" * n) for n in range(101)], "101 entries"),
        ([(f"f{n}", bytes(range(256)) * 20_000) for n in range(3)], "unpacks to more than 10,000,000 bytes"),
    ],
)
def test_hostile_entries_are_refused(tmp_path: Path, entries: list[tuple[str, bytes]], words: str) -> None:
    with pytest.raises(ArchiveError, match=words):
        opened(tmp_path / "a.zip", zipped(entries, zipfile.ZIP_DEFLATED if "bomb" in entries[0] else 0))
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_ten_thousand_entries_are_refused_before_they_are_listed(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="10,000 entries; at most 100"):
        opened(tmp_path / "a.zip", zipped([(f"f{n}", b"") for n in range(10_000)]))


def test_a_directory_that_lies_about_its_count_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped([(f"f{n}", b"") for n in range(5_000)]))
    struct.pack_into("<HH", content, len(content) - 22 + 8, 1, 1)
    with pytest.raises(ArchiveError, match=r"entries; at most 100|5,000 entries"):
        opened(tmp_path / "a.zip", bytes(content))


def test_overlapping_entries_are_refused(tmp_path: Path) -> None:
    content = bytearray(zipped([("a", b"x" * 1000), ("b", b"y" * 1000)], zipfile.ZIP_STORED))
    second = content.rfind(b"PK\x01\x02")
    struct.pack_into("<LL", content, second + 20, 100_000, 1_000)
    with pytest.raises(ArchiveError, match="overlap"):
        opened(tmp_path / "a.zip", bytes(content))


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped([("a", b"x")]))
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ArchiveError, match="encrypted"):
        opened(tmp_path / "a.zip", bytes(content))


def test_a_damaged_entry_is_refused_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped([("a", b"hello")], zipfile.ZIP_STORED).replace(b"hello", b"hallo"))
    with ZipTree(path, limits=LIMITS) as tree, pytest.raises(ArchiveError, match="damaged"):
        tree.read("a", limit=100)


@given(st.binary(max_size=300), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_no_bytes_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes, at: int, new: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.zip"
    content = bytearray(zipped([("a/b.txt", b"hello"), ("c", b"\0" * 100)]))
    content[at : at + len(new)] = new
    for data in (bytes(content), bytes(content) + tail, b"PK" + tail):
        path.write_bytes(data)
        with suppress(ArchiveError), ZipTree(path, limits=LIMITS) as tree:
            for entry in tree.entries:
                tree.read(entry.name, limit=1_000)


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "passwd").symlink_to("/etc/passwd")
    with pytest.raises(ArchiveError, match="links are not allowed"):
        FolderTree(folder, limits=LIMITS)


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "etc").symlink_to("/etc")
    with pytest.raises(ArchiveError, match="links are not allowed"):
        FolderTree(folder, limits=LIMITS)


def test_what_is_neither_folder_nor_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("no zip")
    with pytest.raises(ArchiveError, match="neither a folder nor a zip"):
        open_tree(tmp_path / "a.zip", limits=LIMITS)
    with pytest.raises(ArchiveError, match="no such file"):
        open_tree(tmp_path / "b.zip", limits=LIMITS)
