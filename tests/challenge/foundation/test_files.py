"""The file store keeps whole files under their SHA-256 and nothing else."""

import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.foundation import files
from challenge.foundation.files import FileStore, TooLarge


def test_a_file_comes_back_under_its_digest(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    stored = store.put(io.BytesIO(b"weights"), limit=7)
    assert (stored.sha256, stored.size) == (hashlib.sha256(b"weights").hexdigest(), 7)
    assert store.open(stored.sha256).read() == b"weights"
    assert store.put(io.BytesIO(b"weights"), limit=7) == stored


def test_a_new_folder_lasts_before_anybody_speaks_of_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(files, "_sync_folder", synced.append)
    store = FileStore(tmp_path)
    first = store.path(store.put(io.BytesIO(b"weights"), limit=7).sha256)
    assert synced == [first.parent, tmp_path]
    store.put(io.BytesIO(b"weights"), limit=7)
    assert synced == [first.parent, tmp_path, first.parent]
    # another process may have made the folder and not made it last yet
    FileStore(tmp_path).put(io.BytesIO(b"weights"), limit=7)
    assert synced[3:] == [first.parent, tmp_path]


def test_of_a_file_too_large_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="larger than the limit of 6 bytes"):
        FileStore(tmp_path).put(io.BytesIO(b"weights"), limit=6)
    assert list(tmp_path.rglob("*")) == []


class Torn(io.BytesIO):
    """A stream that breaks off."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise ConnectionResetError
        return super().read(3)


def test_of_a_torn_upload_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(ConnectionResetError):
        FileStore(tmp_path).put(Torn(b"weights"), limit=100)
    assert list(tmp_path.rglob("*")) == []


def test_what_a_killed_server_left_unfinished_is_cleared_after_a_day(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    assert store.clear_unfinished() == 0
    kept = store.put(io.BytesIO(b"weights"), limit=100)
    old, new = tmp_path / "unfinished-1", tmp_path / "unfinished-2"
    for path in (old, new, store.path(kept.sha256)):
        path.write_bytes(b"weights")
    for path in (old, store.path(kept.sha256)):
        os.utime(path, (0, 0))
    assert store.clear_unfinished() == 1
    assert (old.exists(), new.exists(), store.has(kept.sha256)) == (False, True, True)


def test_a_file_that_changed_in_the_store_is_not_whole(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    kept = store.put(io.BytesIO(b"weights"), limit=100)
    assert store.is_whole(kept.sha256)
    store.path(kept.sha256).write_bytes(b"weightz")
    assert not store.is_whole(kept.sha256)


@given(st.text() | st.from_regex(r"\.\./[0-9a-f]{61}", fullmatch=True) | st.from_regex(r"[0-9A-F]{64}", fullmatch=True))
def test_no_name_but_a_digest_becomes_a_path(name: str) -> None:
    if len(name) == 64 and set(name) <= set("0123456789abcdef"):
        return
    with pytest.raises(ValueError, match="not a SHA-256"):
        FileStore(Path("/nowhere")).path(name)


def aged(store: FileStore, content: bytes) -> str:
    """Keep a file that was put long ago."""
    sha256 = store.put(io.BytesIO(content), limit=100).sha256
    os.utime(store.path(sha256), (0, 0))
    return sha256


def test_what_was_put_long_ago_is_set_aside_and_forgotten_or_brought_back(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    old, other, young = aged(store, b"old"), aged(store, b"other"), store.put(io.BytesIO(b"young"), limit=9).sha256
    assert {stored.sha256 for stored in store.older_than(60)} == {old, other}
    assert [store.set_aside(name, older=60) for name in (old, other, young)] == [True, True, False]
    assert [store.has(name) for name in (old, other, young)] == [False, False, True]
    store.forget(old)
    store.bring_back(other)
    store.bring_back(other)
    assert [store.has(name) for name in (old, other)] == [False, True]
    assert store.is_whole(other)
    assert store.set_aside(old, older=60) is False
    assert list(tmp_path.glob("aside-*")) == []


def test_a_file_that_is_put_again_is_young_and_one_that_is_put_while_aside_stays(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    name = aged(store, b"again")
    store.put(io.BytesIO(b"again"), limit=9)
    assert store.set_aside(name, older=60) is False
    assert store.is_whole(name)
    os.utime(store.path(name), (0, 0))
    assert store.set_aside(name, older=60)
    store.put(io.BytesIO(b"again"), limit=9)
    store.bring_back(name)
    assert store.is_whole(name)
    assert list(store.older_than(60)) == [], "the newer one stayed"
    store.forget(name)
    assert store.is_whole(name)


def test_what_a_killed_clearing_had_set_aside_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path)
    name = aged(store, b"aside")
    store.set_aside(name, older=60)
    store.clear_unfinished()
    assert not store.has(name), "a clearing may just be at it"
    monkeypatch.setattr(files, "ASIDE_SECONDS", -1)
    store.clear_unfinished()
    assert store.is_whole(name)
