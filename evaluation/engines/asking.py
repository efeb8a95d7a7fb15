"""Runs an engine in the sandbox until every shard of a spec is there, and takes each in as soon as it is finished."""

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from evaluation.engines.engine import Engine
from evaluation.engines.shards import MAX_META, MAX_SHARD, META_END, ROWS_END, ShardRefused, ShardStore
from evaluation.engines.spec import Shard, Spec
from evaluation.sandbox import Ended, Limits, Reason, run

MODEL, SPEC, PROGRAM, CONTRACT = "/in/model", "/in/spec", "/in/program.py", "/in/contract.py"
LONGEST_LINE = 8_192

Progress = Callable[[int, int, str], None]


class EngineFailed(RuntimeError):
    """The engine broke off, or wrote what was not asked; nothing is said about the model. `words` are its last ones."""

    def __init__(self, sentence: str, words: str = "") -> None:
        """Keep the sentence and the engine's last words."""
        super().__init__(sentence)
        self.words = words


class TryAgain(EngineFailed):
    """The engine could not work just now."""


class NotLoadable(ValueError):
    """The engine cannot load the model, though its files are sound; the message is the engine's own."""


class TooMuchMemory(ValueError):
    """The model needs more memory than a run is given."""


class TooMuchTime(ValueError):
    """The model was not done within the time a run is given; what is finished is kept."""


@dataclass
class _Intake:
    """Takes finished shards in and hears how far the engine is."""

    store: ShardStore
    awaited: dict[str, Shard]
    progress: Progress | None
    before: int
    total: int
    contents: dict[str, bytes] = field(default_factory=dict)
    refused: str = ""
    rest: bytes = b""

    def files(self, found: Mapping[str, BinaryIO]) -> bool:
        """Take in what is new; False, which ends the run, where something is not as it was asked."""
        try:
            for name in sorted(found):  # rows before their meta file
                self._file(name, found[name])
        except ShardRefused as error:
            self.refused = str(error)
        return not self.refused

    def _file(self, name: str, stream: BinaryIO) -> None:
        ending = next((one for one in (ROWS_END, META_END) if name.endswith(one)), "")
        base = name.removesuffix(ending)
        shard = self.awaited.get(base)
        if shard is None or not ending:
            raise ShardRefused(f"{ascii(name)[:120]}: not a file that was asked for")
        if ending == ROWS_END:
            self.contents[base] = _bounded(stream, MAX_SHARD, name)
        else:
            content = self.contents.pop(base, None)
            if content is None:
                raise ShardRefused(f"{name}: came without its rows")
            self.store.take_in(shard, content, _bounded(stream, MAX_META, name))

    def output(self, piece: bytes) -> None:
        """Hear of progress; whatever is no progress is passed over."""
        *lines, self.rest = (self.rest + piece).split(b"\n")
        self.rest = self.rest[-LONGEST_LINE:]
        for line in lines:
            try:
                said = json.loads(line[:LONGEST_LINE])
                done, task = int(said["done"]), str(said["task"])
            except (ValueError, TypeError, KeyError, RecursionError):
                continue
            if self.progress and 0 <= done <= self.total - self.before:
                self.progress(self.before + done, self.total, task[:80])


def ask(
    spec: Spec,
    *,
    engine: Engine,
    model: Path,
    store: ShardStore,
    limits: Limits,
    progress: Progress | None = None,
    on_ended: Callable[[Ended], None] | None = None,
) -> Ended | None:
    """Have an engine do the shards of a spec that the store lacks; None where it lacks none.

    `on_ended` hears of the engine's end before it is judged, and so also where this raises.

    Raises NotLoadable, TooMuchMemory and TooMuchTime, which are the model's affair; EngineFailed, TryAgain and the
    errors of the sandbox, which are not. Finished shards are in the store whichever way this ends.
    """
    missing = store.missing(spec.shards)
    total = sum(shard.last - shard.first for shard in spec.shards)
    left = sum(shard.last - shard.first for shard in missing)
    if progress:
        progress(total - left, total, "")
    if not missing:
        return None
    intake = _Intake(store, {shard.name: shard for shard in missing}, progress, total - left, total)
    with tempfile.TemporaryDirectory(prefix="spec-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the sandbox is another user
        spec.only(missing).write(folder, seen_as=SPEC, model_path=MODEL)
        ended = run(
            [str(engine.python), "-P", "-s", "-B", PROGRAM, f"{SPEC}/spec.json", "/out"],
            read_only={
                **{str(path): path for path in engine.folders},
                PROGRAM: engine.program,
                **{f"/in/{path.name}": path for path in engine.beside},
                SPEC: folder,
                MODEL: model,
            },
            environment={
                "HF_HOME": "/tmp/hf",  # noqa: S108  # the sandbox's own
                "OMP_NUM_THREADS": str(spec.settings.threads),
                "OPENBLAS_NUM_THREADS": str(spec.settings.threads),
            },
            limits=limits,
            on_files=intake.files,
            on_output=intake.output,
        )
    if on_ended:
        on_ended(ended)
    _judge(ended, intake, limits)
    if store.missing(spec.shards):
        raise EngineFailed("The engine ended as if it were done, and shards are missing.", _words(ended))
    return ended


def _judge(ended: Ended, intake: _Intake, limits: Limits) -> None:
    """Raise what an ending means, unless the engine is done."""
    words = _words(ended)
    if intake.refused:
        raise EngineFailed(f"The engine wrote what was not asked: {intake.refused}", words)
    if ended.reason is Reason.OOM or ended.code == 5:
        raise TooMuchMemory(f"The model needs more than the {limits.memory // 10**6:,} MB of memory it is given.")
    if ended.reason is Reason.TIMEOUT:
        raise TooMuchTime(f"The model was not done within {limits.wall_seconds:,.0f} seconds and was stopped.")
    if ended.reason is not Reason.EXIT:
        raise EngineFailed(f"The engine was ended: {ended.reason.value}.", words)
    if ended.code == 3:
        raise NotLoadable(_last_line(words) or "The engine cannot load the model.")
    if ended.code == 75:
        raise TryAgain("The engine could not work just now.", words)
    if ended.code:
        raise EngineFailed(f"The engine broke off with {ended.code}.", words)


def _bounded(stream: BinaryIO, limit: int, name: str) -> bytes:
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise ShardRefused(f"{name}: larger than {limit:,} bytes")
    return content


def _words(ended: Ended) -> str:
    """Return the end of what an engine said on standard error, as harmless text."""
    text = ended.stderr.decode(errors="replace")
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)[-8_000:]


def _last_line(words: str) -> str:
    return next((line.strip()[:500] for line in reversed(words.split("\n")) if line.strip()), "")
