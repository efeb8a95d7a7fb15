"""Starts workers whose lives are watched, kills and freezes them from outside, and keeps count of how they ended."""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from challenge.foundation.settings import Settings
from tests.challenge.worker.lives import End, Stage, Word, live

LONGEST = 120.0
"""Seconds after which a life that neither ends nor says a word has failed."""
# One process loads the house once; every worker is a fork of it, and like a fresh one but for the loading.
_house = multiprocessing.get_context("forkserver")
_house.set_forkserver_preload(["__main__", "tests.challenge.worker.ready"])


class WatchedWorker:
    """One worker process and what it has told so far."""

    def __init__(self, settings: Settings, end: End | None = None) -> None:
        self.words: list[Word] = []
        self._heard, tell = _house.Pipe(duplex=False)
        self.process: BaseProcess = _house.Process(target=live, args=(settings, tell, end))
        self.process.start()
        tell.close()

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self.process.pid or 0

    def hear(self, kind: str = "", stage: Stage | None = None, seconds: float = LONGEST) -> bool:
        """Listen until it tells of this; False if it is silent for some seconds, or ends before."""
        while self._heard.poll(seconds):
            try:
                word: Word = self._heard.recv()
            except EOFError:
                return False
            self.words.append(word)
            if word.kind == kind and stage in (None, word.stage):
                return True
        return False

    def kill(self) -> None:
        """Kill it from outside."""
        os.kill(self.pid, signal.SIGKILL)

    def is_frozen(self) -> bool:
        """Tell whether it was stopped by SIGSTOP."""
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2][0] == "T"

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def ended(self) -> int | None:
        """Hear it to its end and return its exit code: 0, or -9 where it was killed."""
        self.hear()
        self.process.join(LONGEST)
        return self.process.exitcode


@dataclass
class Evening:
    """What became of many workers."""

    settings: Settings
    struck: Counter[Stage] = field(default_factory=Counter)
    """Workers killed at a step of a stage, by the stage."""
    interrupted: Counter[Stage] = field(default_factory=Counter)
    """Workers killed from outside at any moment, by the stage they were in."""
    steps: dict[Stage, int] = field(default_factory=dict)
    """How many steps each stage had when it was last gone through."""
    codes: Counter[int | None] = field(default_factory=Counter)
    refused: int = 0
    troubles: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """How many workers were killed."""
        return self.struck.total() + self.interrupted.total()

    def strike(self, stage: Stage, chance: random.Random) -> None:
        """Let a worker live until some step of a stage, mostly of the first run that it takes up."""
        end = End(stage, chance.randint(1, self.steps.get(stage, 1)), turn=chance.choice([1, 1, 1, 1, 1, 2]))
        self._keep(WatchedWorker(self.settings, end))

    def interrupt(self, stage: Stage, seconds: float) -> None:
        """Let a worker live until some time after it has reached a stage."""
        worker = WatchedWorker(self.settings)
        if worker.hear("reached", stage):
            time.sleep(seconds)
            worker.kill()
        self._keep(worker)

    def live(self) -> None:
        """Let a worker live until nothing waits."""
        self._keep(WatchedWorker(self.settings))

    def _keep(self, worker: WatchedWorker) -> None:
        code = worker.ended()
        self.codes[code] += 1
        last = Stage.BEFORE
        for word in worker.words:
            last = word.stage if word.kind == "reached" else last
            if word.kind == "steps" and int(word.text):
                self.steps[word.stage] = int(word.text)
            self.refused += word.kind == "refused"
            self.troubles += [word.text] if word.kind == "trouble" else []
        if code == -signal.SIGKILL:
            (self.struck if any(word.kind == "struck" for word in worker.words) else self.interrupted)[last] += 1


def processes_in(folder: Path) -> list[int]:
    """Return the numbers of the processes that work in a folder or below."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(folder):
                found.append(int(process.name))
        except OSError:
            continue
    return found
