"""The first half of the contract with an engine: `spec.json`, which says what is asked of which model, and how.

Items are asked in shards, and a shard's key is the SHA-256 over everything that its answers depend on: the model, what
is asked, the engine with its packages, the settings, and which of how many shards it is. Equal keys mean equal answers,
whoever asked, so a run that was killed takes up what is there already. How many shards a batch has follows from its
size alone and never from the machine: with another number every key would be another.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evaluation.engines.requests import Batch
from evaluation.tasks import By

CONTRACT = 1
ROWS = {By.CHOICES: 500, By.LIKELIHOOD: 500, By.TEXT: 250, By.FEATURES: 5_000, By.IMAGE: 1_000}
"""How many items a shard holds at most: some tens of seconds of a small model's work, far less for features."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a model is run; part of a shard's key, as results depend on each of these."""

    dtype: str = "float32"
    device: str = "cpu"
    batch_size: int = 16
    max_length: int = 0
    """Tokens a model may see at once; 0 is what its own configuration says."""
    seed: int = 1234
    threads: int = 1


@dataclass(frozen=True, kw_only=True)
class Shard:
    """Some consecutive requests of a batch: rows first to last, the last not included."""

    batch: Batch
    number: int
    of: int
    first: int
    last: int
    key: str

    @property
    def name(self) -> str:
        """Name its file, without the ending."""
        return f"{self.batch.name}.{self.number:04d}-of-{self.of:04d}.{self.key[:16]}"


@dataclass(frozen=True, kw_only=True)
class Spec:
    """All shards of a run, and what they have in common."""

    engine: Mapping[str, str]
    """Its name, version, and the SHA-256 of the list of its packages."""
    model: str
    """Digest of the model's files."""
    settings: Settings
    shards: tuple[Shard, ...]

    def only(self, shards: Sequence[Shard]) -> "Spec":
        """Return the same with some of its shards."""
        return replace(self, shards=tuple(shards))

    def write(self, folder: Path, *, seen_as: str, model_path: str) -> None:
        """Write spec.json and the requests into a folder that the engine will see under another name."""
        tasks: list[dict[str, Any]] = []
        for batch in dict.fromkeys(shard.batch for shard in self.shards):
            content = batch.content()
            (folder / f"{batch.name}.jsonl").write_bytes(content)
            tasks.append(
                {
                    "name": batch.task.name,
                    "part": batch.part.value,
                    "by": batch.ask.by.value,
                    "requests": f"{seen_as}/{batch.name}.jsonl",
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "rows": len(batch.requests),
                    "stop": list(batch.ask.stop),
                    "tokens": batch.ask.tokens,
                    "samples": batch.task.samples,
                    **batch.form,
                    "shards": [
                        {"number": one.number, "of": one.of, "first": one.first, "last": one.last, "key": one.key}
                        for one in self.shards
                        if one.batch is batch
                    ],
                }
            )
        data = {
            "contract": CONTRACT,
            "engine": dict(self.engine),
            "model": {"path": model_path, "digest": self.model},
            "settings": asdict(self.settings),
            "tasks": tasks,
        }
        (folder / "spec.json").write_text(json.dumps(data, indent=1, sort_keys=True) + "\n")


def plan(
    batches: Sequence[Batch],
    *,
    model: str,
    engine: Mapping[str, str],
    settings: Settings,
    rows: Mapping[By, int] = ROWS,
) -> Spec:
    """Divide the batches into shards and give each its key."""
    shards: list[Shard] = []
    for batch in batches:
        size = len(batch.requests)
        of = -(-size // rows[batch.ask.by])
        for number in range(of):
            first, last = size * number // of, size * (number + 1) // of
            depends_on = {
                "contract": CONTRACT,
                "model": model,
                "asked": batch.digest,
                "engine": dict(engine),
                "settings": asdict(settings),
                "shard": [number, of],
            }
            key = hashlib.sha256(json.dumps(depends_on, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
            shards.append(Shard(batch=batch, number=number, of=of, first=first, last=last, key=key))
    return Spec(engine=engine, model=model, settings=settings, shards=tuple(shards))
