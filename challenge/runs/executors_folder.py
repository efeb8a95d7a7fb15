"""Takes files in and out of an evaluation's own folder, trusting nothing that lies in it afterwards."""

import hashlib
import json
import os
import shutil
import stat
import time
from contextlib import suppress
from pathlib import Path

PIECE = 1 << 20
LEFT_BEHIND_SECONDS = 86_400
SHARDS = "shards"
SHARDS_KEPT_SECONDS = 7 * 86_400
"""So long finished shards are kept: a run that was killed is taken up again within hours."""
LARGEST_META = 4 * 2**20
LARGEST_ITEMS = 64 * 2**20
LARGEST_PROBLEMS = 256 * 2**10


class FileLost(Exception):
    """Raised where the store lacks a file, or holds other bytes under its name; the text names the file."""


class BadOutput(Exception):
    """Raised where the engine's output is not what it may be; the text is for the office."""


def copy_in(source: Path, target: Path, *, sha256: str, what: str) -> None:
    """Copy a file from the store for reading only, and check on the way that it is the one that was accepted.

    A copy and not a link: whoever owns a linked file could change it in the store itself.
    """
    hashed = hashlib.sha256()
    try:
        with source.open("rb") as there, target.open("xb") as here:
            while piece := there.read(PIECE):
                hashed.update(piece)
                here.write(piece)
    except FileNotFoundError as error:
        raise FileLost(f"The store has no file for {what}.") from error
    if hashed.hexdigest() != sha256:
        raise FileLost(f"The store's file for {what} is not the one that was accepted.")
    target.chmod(0o400)


def take_out(folder: Path, name: str, *, limit: int) -> bytes:
    """Return a plain file of the engine's output; raise BadOutput for a link, a pipe, or more than `limit` bytes."""
    try:
        inside = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise BadOutput(f"{folder.name}: not a folder of the engine's own ({error.strerror}).") from error
    try:
        # without following a link, and without waiting for somebody at the other end of a pipe
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=inside)
    except OSError as error:
        raise BadOutput(f"{name}: not a file that can be read ({error.strerror}).") from error
    finally:
        os.close(inside)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise BadOutput(f"{name}: not a plain file.")
    with os.fdopen(file, "rb") as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise BadOutput(f"{name}: larger than {limit:,} bytes.")
    return content


def problem_sentences(content: bytes) -> tuple[str, ...]:
    """Return the sentences of a problems.json; raise BadOutput where it is not one."""
    try:
        found = json.loads(content.decode())
        sentences = [printable(problem["sentence"]) for problem in found["problems"][:20]]
        more = int(found["count"]) - len(sentences)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadOutput("problems.json: not the list of problems that the engine writes.") from error
    if not sentences:
        raise BadOutput("problems.json: names no problem.")
    # the last place is kept for the count of those that are not shown
    return (
        (*sentences[:19], f"{more + len(sentences[19:]):,} more problems are not shown.") if more > 0 else (*sentences,)
    )


def kind_of_problems(content: bytes) -> str:
    """Return the kind of ending that a problems.json names; the empty text where it names none."""
    try:
        return str(json.loads(content.decode())["kind"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""


def printable(text: str) -> str:
    """Return a text without control characters, no longer than a sentence needs to be."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:400])


def clear_left_behind(folder: Path) -> int:
    """Delete the folders of evaluations whose worker died more than a day ago, and old shards; return how many."""
    gone = _clear_shards(folder / SHARDS)
    for path in (*folder.glob("run-*"), *folder.glob("sample-*"), *folder.glob("archive-*")):
        with suppress(FileNotFoundError):  # its own worker, or another, has just deleted it
            if time.time() - path.lstat().st_mtime > LEFT_BEHIND_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
                gone += 1
    return gone


def _clear_shards(folder: Path) -> int:
    """Delete the finished shards that nobody has asked for again in a week; return how many files."""
    gone = 0
    for path in sorted(folder.rglob("*"), reverse=True):  # what is in a folder before the folder
        with suppress(FileNotFoundError, OSError):  # a folder that is not empty stays
            if time.time() - path.lstat().st_mtime > SHARDS_KEPT_SECONDS:
                if path.is_dir() and not path.is_symlink():
                    path.rmdir()
                else:
                    path.unlink()
                    gone += 1
    return gone
