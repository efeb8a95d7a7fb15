"""A tiny model that is sound, as a folder of files, for tests to break in one place each."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.evaluation.models.making import Folder, safetensors

CONFIG = {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": 4, "_name_or_path": "old/place"}
TOKENIZER = {"tokenizer_class": "PreTrainedTokenizerFast", "chat_template": "{{ messages[0]['content'] }}"}


@pytest.fixture
def model(tmp_path: Path) -> Folder:
    """Make a Hugging Face folder with two tensors."""
    weights = {"wte": np.arange(8, dtype="<f4").reshape(4, 2), "bias": np.zeros(3, dtype="<f2")}
    folder = Folder(tmp_path / "model")
    folder.put("config.json", json.dumps(CONFIG))
    folder.put("tokenizer_config.json", json.dumps(TOKENIZER))
    folder.put("tokenizer.json", json.dumps({"model": {"type": "BPE", "vocab": {"auto_map": 1, "a": 0}, "merges": []}}))
    folder.put("model.safetensors", safetensors(weights))
    folder.put("README.md", "# A model\n")
    return folder


@pytest.fixture
def set_key(model: Folder) -> Callable[[str, str, object], None]:
    """Give a function that sets one key of one JSON file of the model."""

    def put(file: str, key: str, value: object) -> None:
        path = model.path / file
        data = json.loads(path.read_text()) if path.exists() else {}
        model.put(file, json.dumps(data | {key: value}))

    return put


@pytest.fixture
def put(tmp_path: Path) -> Callable[[onnx.ModelProto | bytes], Path]:
    """Give a function that writes a model into a folder of its own."""

    def write(model: onnx.ModelProto | bytes) -> Path:
        content = model if isinstance(model, bytes) else model.SerializeToString()
        Folder(tmp_path / "m").put("model.onnx", content)
        return tmp_path / "m"

    return write
