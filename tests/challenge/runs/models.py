"""Models for tests: a suite that asks them, and one tiny enough to be made and run within seconds."""

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from challenge.calls.operations_suite import summarise
from challenge.calls.records import CallSuite
from challenge.calls.states import EntryKind
from challenge.calls.suites import write_summary
from challenge.foundation.permits import Actor
from challenge.runs.records import Run
from evaluation import load_suite, pack_suite
from evaluation.engines import EngineMissing
from evaluation.engines.engine import Engine, engine_for
from evaluation.models import ModelFormat
from evaluation.sandbox import why_not_untrusted
from tests.cast import Cast
from tests.challenge.runs.scene import Scene

ITEMS = 600
"""Of each task; with 500 in a shard, each task has several shards, and a run can be broken off between two."""
TASK = """\
- name: {name}
  title: {name}
  kind: classification
  metric: accuracy
  floor: 0.5
  ceiling: 1
  labels: ["even", "odd"]
  ask: {{by: choices, prompt: "{{{{ question }}}}", choices: [" even", " odd"]}}
"""
MANIFEST = """\
name: parity
version: "1"
title: Parity
split: {seed: 3, public_share: 0.3}
tasks:
"""
CARD = "---\nlicense: apache-2.0\n---\n# A tiny model\n"
MAKING = """\
import sys
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
words = {"<unk>": 0, "<s>": 1, "</s>": 2, "even": 3, "odd": 4, "is": 5, **{str(n): 6 + n for n in range(1000)}}
tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
torch.manual_seed(7)
sizes = dict(vocab_size=len(words), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2)
LlamaForCausalLM(LlamaConfig(**sizes, max_position_embeddings=64)).save_pretrained(sys.argv[1])
PreTrainedTokenizerFast(
    tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>"
).save_pretrained(sys.argv[1])
"""


def engine_or_skip() -> Engine:
    """Return the installed engine; skip the test where it, or a sandbox, is missing, and say what is."""
    if sentence := why_not_untrusted():
        pytest.skip(sentence)
    try:
        return engine_for(ModelFormat.HUGGING_FACE)
    except EngineMissing as error:
        pytest.skip(str(error))


def make_model(folder: Path) -> Path:
    """Write a tiny model of random weights into a folder, by the engine's own libraries."""
    engine = engine_or_skip()
    script = folder.with_suffix(".py")
    script.write_text(MAKING)
    subprocess.run([engine.python, script, folder], check=True, capture_output=True)
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    return folder


def packed_model(folder: Path, *, more: dict[str, bytes] | None = None) -> bytes:
    """Pack a model with its card, its licence and its metadata, and whatever else is given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
        archive.writestr("README.md", CARD)
        archive.writestr("LICENSE", "Apache License, Version 2.0\n")
        archive.writestr("metadata.json", json.dumps({"licence": "Apache-2.0", "release": "weights"}))
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def packed_asking_suite(folder: Path, *, items: int = ITEMS) -> bytes:
    """Write a suite of two tasks that models are asked, and pack it."""
    for name in ("items", "inputs"):
        (folder / name).mkdir(parents=True)
    (folder / "suite.yaml").write_text(MANIFEST + "".join(TASK.format(name=name) for name in ("first", "second")))
    for shift, task in enumerate(("first", "second")):
        labels = "".join(f"i{n},{'odd' if (n + shift) % 2 else 'even'}\n" for n in range(items))
        (folder / "items" / f"{task}.csv").write_text("item,label\n" + labels)
        asked = (json.dumps({"item": f"i{n}", "question": f"{(n + shift) % 1000} is"}) for n in range(items))
        (folder / "inputs" / f"{task}.jsonl").write_text("".join(f"{line}\n" for line in asked))
    return pack_suite(folder)


class ModelScene(Scene):
    """A call whose suite asks models, and teams whose models wait."""

    def __init__(self, cast: Cast, folder: Path, *, items: int = ITEMS) -> None:
        """Put the asking suite in the place of the small one."""
        super().__init__(cast, folder)
        stored = cast.house.files.put(io.BytesIO(packed_asking_suite(folder / "asking", items=items)), limit=10**8)
        whole = load_suite(cast.house.files.path(stored.sha256))
        with cast.house.database.transaction() as session:
            suite = session.get_one(CallSuite, self.suite.id)
            suite.file_sha256, suite.digest, suite.takes = stored.sha256, whole.digest, EntryKind.MODEL
            suite.summary = write_summary(summarise(whole))
        self.suite = suite

    def model(self, package: bytes, name: str = "Alpha") -> tuple[Run, Actor]:
        """Return the waiting run of a new team's model, and the team's captain."""
        team, captain = self.team(name)
        without = {"predictions_sha256": None, "predictions_name": "", "predictions_size": 0}
        return self.opened(
            self.submission(team, captain, b"", entry=EntryKind.MODEL, package=package, **without)
        ), captain
