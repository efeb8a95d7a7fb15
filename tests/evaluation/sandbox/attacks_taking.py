"""Attacks that take more than their share: processes, memory, disk, time, output, open files."""

from evaluation.sandbox import Reason
from tests.evaluation.sandbox.assault import MEBIBYTE, Attack, Seen, within

_FORKS = """
import os, time
count = 0
try:
    for _ in range(3000):
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        count += 1
except OSError as error:
    print(f"stopped: {count}", flush=True)
os._exit(0)
"""
_THREADS = """
import os, threading, time
count = 0
try:
    for _ in range(3000):
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        count += 1
except RuntimeError:
    os.write(1, b"stopped: %d" % count)
os._exit(0)
"""
_ONE_HOG = """
kept = []
for _ in range(512):
    kept.append(bytearray(16 << 20))
    for page in range(0, 16 << 20, 4096):
        kept[-1][page] = 1
print("got 8 GiB")
"""
_EIGHT_HOGS = """
import os, time
for number in range(8):
    if os.fork() == 0:
        block = bytearray(200 << 20)
        for page in range(0, len(block), 4096):
            block[page] = 1
        time.sleep(2)
        open(f"/out/{number}", "w").write("x")
        os._exit(0)
for _ in range(8):
    os.wait()
"""
_FILL = """
import os
for folder in ("/dev/shm", "/tmp", "/out", "/dev", "", "/in"):
    count = 0
    try:
        with open(f"{folder}/.filled", "wb") as file:
            for _ in range(300):
                file.write(bytes(1 << 20))
                file.flush()
                count += 1
    except OSError as error:
        pass
    print(f"{folder or '/'}: {count}", flush=True)
"""
_MEMORY_BY_FILES = """
import os
total = 0
for place in ("/tmp", "/out", "/dev/shm"):
    try:
        for number in range(300):
            with open(f"{place}/.{number}", "wb") as file:
                file.write(bytes(1 << 20))
            total += 1
    except OSError:
        pass
for make in (os.memfd_create, lambda name: os.open("/tmp", os.O_TMPFILE | os.O_RDWR)):
    try:
        nameless = make("nameless")
        for _ in range(300):
            os.write(nameless, bytes(1 << 20))
            total += 1
    except OSError:
        pass
print(f"megabytes: {total}")
"""
_MILLION_FILES = """
for folder in ("/out", "/tmp", "/dev/shm"):
    count = 0
    try:
        for number in range(1_000_000):
            open(f"{folder}/f{number}", "w").close()
            count += 1
    except OSError:
        pass
    print(f"{folder}: {count}", flush=True)
"""
_SPARSE = """
import os
for size in (1 << 50, 20 << 20):
    try:
        open("/out/.sparse", "w").close()
        os.truncate("/out/.sparse", size)
        os.rename("/out/.sparse", f"/out/sparse-{size}")
        print(f"made: {size}")
    except OSError as error:
        print(error)
"""
_FLOOD = """
import os
while True:
    os.write(1, b"A" * 100_000)
    os.write(2, b"B" * 100_000)
"""
_ENDLESS = """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
"""
_EIGHT_BUSY = """
import os, time
ends_at = time.time() + 3
for _ in range(8):
    if os.fork() == 0:
        while time.time() < ends_at:
            pass
        spent = os.times()
        os.write(1, b"%f\\n" % (spent.user + spent.system))
        os._exit(0)
for _ in range(8):
    os.wait()
"""
_FILES_OPEN = """
import os, time
total = 0
for _ in range(20):
    read, write = os.pipe()
    if os.fork() == 0:
        count = 0
        try:
            while True:
                os.open("/dev/null", os.O_RDONLY)
                count += 1
        except OSError as error:
            os.write(write, b"%d" % count)
        time.sleep(1)
        os._exit(0)
    total = max(total, int(os.read(read, 20)))
print(f"most: {total}")
"""
_STOPS_ITSELF = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"


def _spent(seen: Seen) -> float:
    return sum(float(line) for line in seen.said.split())


def _megabytes(seen: Seen) -> dict[str, int]:
    return {name.decode(): int(rest) for name, rest in seen.words().items()}


def _filled(seen: Seen) -> bool:
    got = list(_megabytes(seen).values())
    return got[0] <= 16 and got[1] <= 64 and got[2] <= 32 and got[3:] == [0, 0, 0]


ATTACKS = [
    Attack("fork bomb", _FORKS, lambda seen: 0 < int(seen.words()[b"stopped"]) < 100),
    Attack("thread bomb", _THREADS, lambda seen: 0 < int(seen.words()[b"stopped"]) < 100),
    Attack(
        "memory of one process",
        _ONE_HOG,
        lambda seen: b"got" not in seen.said and (seen.end.reason is Reason.OOM or b"MemoryError" in seen.end.stderr),
    ),
    Attack("total memory", _EIGHT_HOGS, lambda seen: len(seen.taken) < 4),
    Attack(
        "every folder filled",
        _FILL,
        _filled,
        within(memory=1024 * MEBIBYTE, scratch_bytes=64 * MEBIBYTE, out_bytes=32 * MEBIBYTE),
    ),
    Attack(
        "memory by files",
        _MEMORY_BY_FILES,
        lambda seen: 60 < int(seen.words()[b"megabytes"]) <= 64 + 32 + 16,
        within(scratch_bytes=64 * MEBIBYTE, out_bytes=32 * MEBIBYTE),
    ),
    Attack("a million files", _MILLION_FILES, lambda seen: 0 < max(_megabytes(seen).values()) < 4096),
    Attack(
        "sparse files",
        _SPARSE,
        lambda seen: b"made: 1125" not in seen.said and not seen.taken and "sparse" in str(seen.end.refused),
        within(file_bytes=64 * MEBIBYTE, taken_bytes=10 * MEBIBYTE),
    ),
    Attack(
        "endless output",
        _FLOOD,
        lambda seen: (
            seen.end.reason is Reason.OUTPUT
            and len(seen.end.stdout) == len(seen.end.stderr) == 65_536
            and seen.heard < 3 * MEBIBYTE
        ),
        within(output_bytes=2 * MEBIBYTE),
    ),
    Attack("endless loop", _ENDLESS, lambda seen: seen.end.reason is Reason.TIMEOUT, within(wall_seconds=2)),
    Attack(
        "CPU of one process", "while True: pass", lambda seen: seen.end.reason is Reason.SIGNAL, within(cpu_seconds=1)
    ),
    Attack("total CPU", _EIGHT_BUSY, lambda seen: 0 < _spent(seen) < 1.2, within(cores=0.25)),
    Attack("open files", _FILES_OPEN, lambda seen: 0 < int(seen.words()[b"most"]) < 256),
    Attack("stops itself", _STOPS_ITSELF, lambda seen: seen.end.reason is Reason.TIMEOUT, within(wall_seconds=2)),
]
