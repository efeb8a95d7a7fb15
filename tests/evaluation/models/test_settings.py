"""Settings that would load code, or lead out of the package, are refused at whatever depth they stand."""

import json
from collections.abc import Callable

import pytest

from evaluation.models import ModelRefused, OwnCode, PointsElsewhere, SettingsBroken, inspect_model
from tests.evaluation.models.making import Folder

SetKey = Callable[[str, str, object], None]
AUTO_MAP = {"AutoModelForCausalLM": "modeling_own.OwnModel"}


@pytest.mark.parametrize(
    ("file", "key", "value", "refusal", "words"),
    [
        ("config.json", "auto_map", AUTO_MAP, OwnCode, "loads code"),
        ("config.json", "auto_map", {"AutoModel": "someone/repo--modeling.Own"}, OwnCode, "loads code"),
        ("config.json", "trust_remote_code", True, OwnCode, "loads code"),
        ("config.json", "custom_pipelines", {"own": {"impl": "own.Pipeline"}}, OwnCode, "loads code"),
        ("config.json", "text_config", {"deep": [{"auto_map": AUTO_MAP}]}, OwnCode, "loads code"),
        ("generation_config.json", "custom_generate", "someone/repo", OwnCode, "loads code"),
        ("tokenizer_config.json", "auto_map", {"AutoTokenizer": ["own.T", None]}, OwnCode, "loads code"),
        ("tokenizer_config.json", "tokenizer_class", "own.Tokenizer", OwnCode, "no class of the library"),
        ("tokenizer_config.json", "tokenizer_class", "someone/repo--tok.Own", OwnCode, "no class of the library"),
        ("tokenizer_config.json", "tokenizer_class", "os", OwnCode, "no class of the library"),
        ("tokenizer_config.json", "tokenizer_class", ["A"], SettingsBroken, "not a text"),
        ("processor_config.json", "auto_map", {"AutoProcessor": "p.P"}, OwnCode, "loads code"),
        ("processor_config.json", "processor_class", "p.P", OwnCode, "no class of the library"),
        ("preprocessor_config.json", "image_processor_type", "p/P", OwnCode, "no class of the library"),
        ("config.json", "architectures", ["a.b"], SettingsBroken, "no list of names"),
        ("config.json", "architectures", "GPT2", SettingsBroken, "no list of names"),
        ("config.json", "attn_implementation", "someone/kernel", OwnCode, "fetches code"),
        ("config.json", "_attn_implementation", {"text_config": "someone/kernel@v1"}, OwnCode, "fetches code"),
        ("config.json", "kernel_config", {"a": "b"}, OwnCode, "loads code"),
        ("adapter_config.json", "auto_mapping", {"parent_library": "os"}, OwnCode, "loads code"),
        ("modules.json", "type", "own.Module", OwnCode, "no part of the library"),
        (
            "tokenizer_config.json",
            "fast_tokenizer_files",
            ["../tokenizer.4.json"],
            PointsElsewhere,
            "not in the package",
        ),
        ("adapter_config.json", "base_model_name_or_path", "someone/model", PointsElsewhere, "Merge the adapter"),
        ("adapter_config.json", "base_model_name_or_path", "/data/model", PointsElsewhere, "Merge the adapter"),
        ("tokenizer_config.json", "vocab_file", "/etc/passwd", PointsElsewhere, "not in the package"),
        ("tokenizer_config.json", "tokenizer_file", "../x.json", PointsElsewhere, "not in the package"),
        ("tokenizer_config.json", "merges_file", "missing.txt", PointsElsewhere, "not in the package"),
        ("tokenizer_config.json", "vocab_file", 1, PointsElsewhere, "not in the package"),
    ],
)
def test_a_setting_that_reaches_further_is_refused(
    model: Folder, set_key: SetKey, file: str, key: str, value: object, refusal: type[ModelRefused], words: str
) -> None:
    set_key(file, key, value)
    with pytest.raises(refusal, match=words) as refused:
        inspect_model(model.path)
    assert refused.value.file == file


@pytest.mark.parametrize(
    ("file", "key", "value"),
    [
        ("config.json", "_name_or_path", "/home/me/checkpoint-500"),
        ("config.json", "auto_map", {}),
        ("config.json", "auto_map", None),
        ("config.json", "trust_remote_code", False),
        ("config.json", "architectures", None),
        ("config.json", "attn_implementation", "sdpa"),
        ("modules.json", "type", "sentence_transformers.models.Pooling"),
        ("tokenizer_config.json", "vocab_file", None),
        ("tokenizer_config.json", "fast_tokenizer_files", ["tokenizer.json"]),
        ("tokenizer_config.json", "tokenizer_file", "tokenizer.json"),
        ("tokenizer_config.json", "tokenizer_class", "LlamaTokenizer"),
        ("tokenizer_config.json", "tokenizer_class", "TokenizersBackend"),
        ("tokenizer_config.json", "tokenizer_class", None),
        ("added_tokens.json", "trust_remote_code", 5),
    ],
)
def test_a_setting_that_does_no_harm_is_accepted(
    model: Folder, set_key: SetKey, file: str, key: str, value: object
) -> None:
    set_key(file, key, value)
    inspect_model(model.path)


def test_what_stands_beside_a_vocabulary_is_checked(model: Folder) -> None:
    model.put("tokenizer.json", json.dumps({"auto_map": AUTO_MAP, "model": {"vocab": {}}}))
    with pytest.raises(OwnCode, match=r"tokenizer\.json"):
        inspect_model(model.path)
