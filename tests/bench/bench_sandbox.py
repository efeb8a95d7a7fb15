"""What the sandbox costs before its command does anything, beside the command alone, and beside bubblewrap bare."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from evaluation.sandbox import Ended, Limits, run, why_not_untrusted
from tests.bench.figures import Figure

ROUNDS = 41
PYTHON = ("/usr/bin/python3", "-I", "-c", "pass")
SHARD = 64 << 20
BARE = ("bwrap", "--ro-bind", "/", "/", "--unshare-all", "--proc", "/proc", "--dev", "/dev", *PYTHON)
WRITES = ("/usr/bin/python3", "-I", "-c", f"open('/out/shard', 'wb').write(bytes({SHARD}))")


def figures() -> Iterator[Figure]:
    """Yield wall times, warm, of starting Python within and without; where no sandbox can be made, nothing."""
    why_not = why_not_untrusted()
    if why_not or not Path(PYTHON[0]).exists():
        sys.stderr.write(f"{why_not or PYTHON[0] + ' is not installed.'}\n")
        return
    deeds: dict[str, Callable[[], object]] = {
        "plain": lambda: subprocess.run(PYTHON, check=True),
        "bare": lambda: subprocess.run(BARE, check=True),
        "ours": lambda: _well(run(PYTHON)),
        "reading": lambda: _well(run(PYTHON, read_only={f"/in/{place}": "/usr/share" for place in range(4)})),
        "writing": lambda: _well(run(WRITES, on_files=lambda _files: True, limits=Limits(memory=1 << 30))),
    }
    rounds: dict[str, list[float]] = {name: [] for name in deeds}
    for name, deed in deeds.items():
        deed()
        rounds[name].clear()
    for _ in range(ROUNDS):
        for name, deed in deeds.items():
            began = time.perf_counter()
            deed()
            rounds[name].append((time.perf_counter() - began) * 1000)
    alone = "the same, in no sandbox"
    yield Figure("Python started in the sandbox and ended", rounds["ours"], "ms", rounds["plain"], alone)
    yield Figure("  the same, four folders to read", rounds["reading"], "ms", rounds["plain"], alone)
    yield Figure("  the same", rounds["ours"], "ms", rounds["bare"], "bubblewrap with two options")
    more = [ours - plain for ours, plain in zip(rounds["ours"], rounds["plain"], strict=True)]
    yield Figure("  what the sandbox adds", more, "ms")
    more = [ours - plain for ours, plain in zip(rounds["writing"], rounds["ours"], strict=True)]
    yield Figure(f"  a shard of {SHARD >> 20} MiB written and taken out adds", more, "ms")


def _well(ended: Ended) -> None:
    assert ended.code == 0, ended
