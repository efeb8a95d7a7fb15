"""Attacks by what is left in /out and said: links, pipes, names, swaps while the parent looks, and hostile text."""

from collections.abc import Callable

from evaluation.sandbox import Reason
from tests.evaluation.sandbox.assault import Attack, Seen, within
from tests.evaluation.sandbox.baits import SECRET

_LINKS = """
import os
os.symlink(os.environ["DATABASE"], "/out/database.json")
os.symlink("/etc/shadow", "/out/shadow")
os.symlink("../proc/1/root" + os.environ["DATABASE"], "/out/around")
os.symlink("/in/model.bin", "/out/inside")
os.mkfifo("/out/pipe")
os.mkdir("/out/folder")
open("/out/folder/deep", "w").write("x")
import socket
socket.socket(socket.AF_UNIX).bind("/out/socket")
open("/out/one", "w").write("x")
os.link("/out/one", "/out/two")
for deed, arguments in ((os.link, ("/usr/bin/python3", "/out/python")), (os.link, ("/in/model.bin", "/out/model")),
                        (os.mknod, ("/out/memory", 0o20666, os.makedev(1, 1))), (os.mknod, ("/out/disk", 0o60666, os.makedev(254, 0)))):
    try:
        deed(*arguments)
        print("DID", deed.__name__, arguments)
    except OSError as error:
        print(error)
open("/out/secret", "w").write("x")
os.chmod("/out/secret", 0)
open("/out/ok.json", "w").write("{}")
"""
_NAMES = r"""
for name in (b"line\nfeed", b"\xff\xfe", b"a" * 255, b"-rf", b"..x", b"space here", b"\x1b[2J", b"a;rm", b"`id`", b"$(id)",
             b".hidden", b"half.tmp", "ü".encode(), b"CON", b"a\\b", b"'", b'"', b"%n", b"\r", b"~"):
    open(b"/out/" + name, "w").write("q")
open("/out/Good_name-1.json", "w").write("{}")
"""
_SWAPS = """
import os, time
database = os.environ["DATABASE"]
for name in ("a", "b", "c", "d"):
    if os.fork() == 0:
        ends_at = time.time() + 4
        path, spare = f"/out/{name}", f"/out/.{name}"
        while time.time() < ends_at:
            for make in (lambda: os.symlink(database, spare), lambda: open(spare, "w").write("x" * 100), lambda: os.mkfifo(spare),
                         lambda: os.link("/out/.plain", spare), lambda: open(spare, "w").write("y" * 50)):
                try:
                    open("/out/.plain", "a").close()
                    make()
                    os.rename(spare, path)
                except OSError:
                    pass
        os._exit(0)
for _ in range(4):
    os.wait()
print("swapped")
"""
_FOLDER_SWAP = """
import os, time
for deed in (lambda: os.rename("/out", "/tmp/out"), lambda: os.rmdir("/out"), lambda: os.chmod("/out", 0)):
    try:
        deed()
        print("did")
    except OSError as error:
        print(error)
time.sleep(1.5)
print("swapped")
"""
_REPLACED = """
import os, time
def write(name, text):
    open(f"/out/{name}.tmp", "w").write(text)
    os.rename(f"/out/{name}.tmp", f"/out/{name}")
write("shard-1", "first version")
time.sleep(4)
write("shard-1", "second version, better")
write("shard-2", "x")
time.sleep(5)
open("/out/shard-2", "w").write("much longer than before")
os.remove("/out/shard-1")
write("shard-1", "third version, better still")
"""
_GROWING = """
import os, time
if os.fork() == 0:
    with open("/out/growing", "wb", buffering=0) as file:
        for _ in range(1000):
            file.write(b"x" * 10_000)
            time.sleep(0.001)
    os._exit(0)
os.wait()
"""
_HOSTILE_TEXT = r"""
import os
os.write(1, b"\x1b[2J\x1b]0;owned\x07\0\0\xff\xfe\xc3\x28\r\n" * 100)
os.write(2, b"\x1b[31m\0\xff" * 100)
for _ in range(50):
    os.write(1, b"A" * 100_000)
os.write(1, b"end")
"""
_MANY = """
for number in range(400):
    open(f"/out/file-{number}", "w").write("x")
"""


def _only(*names: str) -> Callable[[Seen], bool]:
    """Return a judgement: these files were taken and no others."""
    return lambda seen: set(seen.taken) == set(names) and seen.end.code == 0


def _no_secret(seen: Seen) -> bool:
    contents = b"".join(seen.taken.values())
    return SECRET.encode() not in contents and b"SQLite" not in contents


def _first_versions(seen: Seen) -> bool:
    said = " ".join(seen.end.refused)
    return seen.taken == {"shard-1": b"first version", "shard-2": b"x"} and "shard-1: changed after" in said


ATTACKS = [
    Attack(
        "links and devices",
        _LINKS,
        lambda seen: (
            set(seen.taken) <= {"ok.json", "secret"}
            and "ok.json" in seen.taken
            and b"DID" not in seen.said
            and len(seen.end.refused) >= 8
        ),
    ),
    Attack("names", _NAMES, _only("Good_name-1.json", "CON")),
    Attack(
        "swaps while the parent looks",
        _SWAPS,
        lambda seen: (
            b"swapped" in seen.said
            and _no_secret(seen)
            and all(content.strip(b"xy") == b"" for content in seen.taken.values())
        ),
    ),
    Attack("the folder itself", _FOLDER_SWAP, lambda seen: b"swapped" in seen.said and not seen.taken),
    Attack("a shard replaced", _REPLACED, _first_versions),
    Attack("a file that grows", _GROWING, lambda seen: seen.end.code == 0 and len(seen.taken) <= 1),
    Attack(
        "hostile text",
        _HOSTILE_TEXT,
        lambda seen: (
            seen.end.reason is Reason.EXIT
            and seen.said.endswith(b"AAAend")
            and len(seen.said) == 65_536
            and seen.heard > 5_000_000
        ),
    ),
    Attack(
        "more files than allowed",
        _MANY,
        lambda seen: len(seen.taken) == 100 and "the most" in " ".join(seen.end.refused),
        within(files=100),
    ),
]
