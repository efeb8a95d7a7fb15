"""The second half of the contract: what an engine wrote is data from outside, taken in row by row and with limits."""

import hashlib
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from evaluation.engines.requests import Request
from evaluation.engines.spec import Shard
from evaluation.reports import write_whole
from evaluation.tasks import UNANSWERED, By, Kind, Task

ROWS_END, META_END = ".jsonl", ".meta.json"
MAX_SHARD = 64 * 2**20
MAX_META = 64 * 2**10
LARGEST = 1e9
MAX_TEXT = 40_000
"""Characters of one answer that are kept."""


class ShardRefused(ValueError):
    """A shard is not what the engine was asked for; the message names it and says why."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a model said to one item; which of the fields are set follows from how it was asked."""

    item: str
    cut: bool
    """Whether the model saw only the end of the prompt."""
    logprobs: tuple[float | None, ...] = ()
    """Of each choice, or of the one text; None where the model's number is not finite."""
    texts: tuple[str, ...] = ()
    """What it wrote; of a model of numbers or images the label that it named, empty where it is none of the task's."""
    truncated: tuple[bool, ...] = ()
    numbers: tuple[float | None, ...] = ()
    """Of each label, or the one number asked for; None where it is not finite or beyond LARGEST in size."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a shard took: wall and processor seconds, the most memory, and the device."""

    seconds: float
    cpu_seconds: float
    peak_megabytes: int
    device: str


@dataclass(frozen=True)
class ShardStore:
    """A folder of finished shards, each under its key, out of reach of the engines that wrote them."""

    folder: Path

    def missing(self, shards: Iterable[Shard]) -> list[Shard]:
        """Return the shards that are not there yet, or are damaged."""
        return [shard for shard in shards if not self._is_there(shard)]

    def take_in(self, shard: Shard, content: bytes, meta: bytes) -> None:
        """Check a shard and keep it, its meta file last; raises ShardRefused, or OSError where the disk is full."""
        read_rows(shard, content)
        read_cost(shard, content, meta)
        self.folder.mkdir(parents=True, exist_ok=True)
        for ending, data in ((ROWS_END, content), (META_END, meta)):
            write_whole(self.folder / f"{shard.name}{ending}", data)

    def rows(self, shard: Shard) -> list[Row]:
        """Read a shard's rows; raises ShardRefused where it is damaged, OSError where it is not there."""
        return read_rows(shard, (self.folder / f"{shard.name}.jsonl").read_bytes())

    def cost(self, shard: Shard) -> Cost:
        """Read what a shard took; raises as `rows`."""
        path = self.folder / shard.name
        return read_cost(shard, Path(f"{path}.jsonl").read_bytes(), Path(f"{path}.meta.json").read_bytes())

    def _is_there(self, shard: Shard) -> bool:
        try:
            self.rows(shard)
            self.cost(shard)
        except (OSError, ShardRefused):
            return False
        return True


def read_cost(shard: Shard, content: bytes, meta: bytes) -> Cost:
    """Read a shard's meta file and hold it against the shard; raises ShardRefused."""
    try:
        if len(meta) > MAX_META:
            raise ShardRefused(f"{shard.name}.meta.json: larger than {MAX_META:,} bytes")
        found = json.loads(meta)
        if found["key"] != shard.key or found["sha256"] != hashlib.sha256(content).hexdigest():
            raise ShardRefused(f"{shard.name}.meta.json: speaks of another shard")
        numbers = [float(found[name]) for name in ("seconds", "cpu_seconds", "peak_megabytes")]
        if not all(0 <= number < 1e9 for number in numbers):
            raise ShardRefused(f"{shard.name}.meta.json: a cost is below zero or beyond all bounds")
        return Cost(
            seconds=numbers[0],
            cpu_seconds=numbers[1],
            peak_megabytes=int(numbers[2]),
            device=_printable(str(found["device"]))[:80],
        )
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        if isinstance(error, ShardRefused):
            raise
        raise ShardRefused(f"{shard.name}.meta.json: not the file an engine writes ({type(error).__name__})") from error


def read_rows(shard: Shard, content: bytes) -> list[Row]:
    """Read a shard's rows, which are exactly the items asked, in their order; raises ShardRefused."""
    if len(content) > MAX_SHARD:
        raise ShardRefused(f"{shard.name}.jsonl: larger than {MAX_SHARD:,} bytes")
    asked = shard.batch.requests[shard.first : shard.last]
    lines = content.split(b"\n")
    if lines[-1] or len(lines) != len(asked) + 1:
        raise ShardRefused(f"{shard.name}.jsonl: {len(lines) - 1:,} rows where {len(asked):,} items were asked")
    read = _READERS[shard.batch.ask.by]
    rows = []
    for number, (line, request) in enumerate(zip(lines, asked, strict=False), start=1):
        try:
            data = json.loads(line)
            if data["item"] != request.item or not isinstance(data["cut"], bool):
                raise ShardRefused(f"answers {str(data['item'])[:60]!r} where {request.item!r} was asked")
            rows.append(read(data, request, shard.batch.task))
        except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
            why = (
                str(error)
                if isinstance(error, ShardRefused)
                else f"not a row an engine writes ({type(error).__name__})"
            )
            raise ShardRefused(f"{shard.name}.jsonl: line {number}: {why}") from error
    return rows


def _by_choices(data: dict[str, object], request: Request, _task: Task) -> Row:
    return Row(
        item=str(data["item"]), cut=bool(data["cut"]), logprobs=_logprobs(data["logprobs"], len(request.choices))
    )


def _by_likelihood(data: dict[str, object], _request: Request, _task: Task) -> Row:
    return Row(item=str(data["item"]), cut=bool(data["cut"]), logprobs=_logprobs([data["logprob"]], 1))


def _by_numbers(data: dict[str, object], _request: Request, task: Task) -> Row:
    if "label" not in data:
        numbers = _finite(data["numbers"], len(task.labels) or 1)
        small = tuple(number if number is not None and abs(number) <= LARGEST else None for number in numbers)
        return Row(item=str(data["item"]), cut=bool(data["cut"]), numbers=small)
    label = data["label"]
    if task.kind is not Kind.CLASSIFICATION or label not in (*task.labels, UNANSWERED):
        raise ShardRefused(f"names the label {str(label)[:60]!r}, which the task does not have")
    return Row(item=str(data["item"]), cut=bool(data["cut"]), texts=(str(label),))


def _by_text(data: dict[str, object], _request: Request, task: Task) -> Row:
    samples = task.samples
    texts, truncated = data["texts"], data["truncated"]
    if not isinstance(texts, list) or not isinstance(truncated, list) or not len(texts) == len(truncated) == samples:
        raise ShardRefused(f"holds not {samples} answers")
    if not all(isinstance(text, str) and len(text) <= MAX_TEXT for text in texts):
        raise ShardRefused(f"an answer is no text of at most {MAX_TEXT:,} characters")
    if not all(isinstance(flag, bool) for flag in truncated):
        raise ShardRefused("does not say whether an answer was cut off")
    for text in texts:
        text.encode()  # half of a surrogate pair is no text; raises ValueError
    return Row(item=str(data["item"]), cut=bool(data["cut"]), texts=tuple(texts), truncated=tuple(truncated))


def _logprobs(found: object, count: int) -> tuple[float | None, ...]:
    """Read logarithms of probabilities: beyond a rounding error above 0 a number is none."""
    return tuple(number if number is not None and -1e9 < number <= 1e-3 else None for number in _finite(found, count))


def _finite(found: object, count: int) -> tuple[float | None, ...]:
    if not isinstance(found, list) or len(found) != count:
        raise ShardRefused(f"holds not {count} numbers")
    numbers: list[float | None] = []
    for number in found:
        if number is None:
            numbers.append(None)
            continue
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise ShardRefused("a number is none")
        value = float(number)
        numbers.append(value if math.isfinite(value) else None)
    return tuple(numbers)


_READERS: dict[By, Callable[[dict[str, object], Request, Task], Row]] = {
    By.CHOICES: _by_choices,
    By.TEXT: _by_text,
    By.LIKELIHOOD: _by_likelihood,
    By.FEATURES: _by_numbers,
    By.IMAGE: _by_numbers,
}


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
