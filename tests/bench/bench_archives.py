"""What it takes to write a call as one file, to prove it, and to bring it to another site."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.crowd import Yardstick, stage_crowd, stage_results
from tests.bench.figures import Figure
from tests.bench.ground import environment, ground
from tests.bench.serving import ROOT
from tests.challenge.archives.sites import on_record

SIZES = ((100, 1, 3), (1_000, 1, 3), (1_000, 10, 2))
"""Teams, submissions of each, rounds."""
RIVAL = "a copy of database and store, hashed and zipped"
Costs = dict[str, float]
"""`cpu` in seconds, `megabytes` at its peak, `bytes` of the file."""


def figures() -> Iterator[Figure]:
    """Yield CPU time and peak memory by number of submissions, each round in a fresh process."""
    yardstick = Yardstick.make()
    for teams, each, rounds in SIZES:
        with ground() as cast, tempfile.TemporaryDirectory() as folder:
            crowd = stage_crowd(cast, teams)
            stage_results(crowd, yardstick, each=each)
            on_record(crowd)
            here = environment(cast.house)
            written, proved, copied = [], [], []
            for number in range(rounds):
                target = Path(folder) / f"{number}.zip"
                written.append(_asked(here, "write", crowd.call.key, str(target)))
                proved.append(_asked(here, "check", str(target)))
                copied.append(_copied(cast.house.settings.instance, Path(folder)))
        size = f"{teams * each:,} submissions of {teams:,} teams"
        theirs = [one["cpu"] for one in copied]
        yield Figure(f"{size}: write", [one["cpu"] for one in written], "CPU-s", theirs, RIVAL)
        yield Figure("  prove everything, on a site of its own", [one["cpu"] for one in proved], "CPU-s", theirs, RIVAL)
        yield Figure("  peak of writing", [one["megabytes"] for one in written], "MB")
        yield Figure("  peak of proving", [one["megabytes"] for one in proved], "MB")
        yield Figure("  the archive", [one["bytes"] / 1e6 for one in written], "MB")


def _asked(here: dict[str, str], *words: str) -> Costs:
    """Type a command, and return what it took less what starting takes."""
    program = (
        "import json, resource, sys\n"
        "from challenge.app import create_app\n"
        "app = create_app()\n"
        "usage = lambda: resource.getrusage(resource.RUSAGE_SELF)\n"
        "before = usage()\n"
        "done = app.test_cli_runner().invoke(args=['archive', *sys.argv[1:]])\n"
        "after = usage()\n"
        "assert done.exit_code == 0, done.output\n"
        "spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime\n"
        "print(json.dumps({'cpu': spent, 'megabytes': after.ru_maxrss / 1024}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=ROOT, env={**os.environ, **here}, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    costs: Costs = json.loads(done.stdout.splitlines()[-1])
    return {**costs, "bytes": Path(words[-1]).stat().st_size}


def _copied(instance: Path, folder: Path) -> Costs:
    """Copy an installation as its operator might: every file hashed, and all of it in a zip that is not compressed."""
    before = os.times()
    target = folder / "copy.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(instance.rglob("*")):
            if path.is_file():
                with path.open("rb") as file:
                    hashlib.file_digest(file, "sha256")
                    file.seek(0)
                    with archive.open(
                        zipfile.ZipInfo(str(path.relative_to(instance))), "w", force_zip64=True
                    ) as member:
                        shutil.copyfileobj(file, member, 1 << 20)
    after = os.times()
    target.unlink()
    return {"cpu": after.user + after.system - before.user - before.system}
