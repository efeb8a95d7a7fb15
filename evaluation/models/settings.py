"""The settings of a model must be data: nothing in them may load code or lead out of the package.

Checked in every JSON file, at every depth, as libraries look for these keys in more places than they document.
"""

import re
from collections.abc import Collection
from typing import Any

from evaluation.models.json_reading import pairs
from evaluation.models.refusals import OwnCode, PointsElsewhere, SettingsBroken

_CODE = {
    "auto_map", "auto_mapping", "trust_remote_code", "custom_pipelines", "custom_pipeline", "custom_code",
    "custom_generate", "use_kernels", "kernel_config",
}  # fmt: skip
_ELSEWHERE = {"base_model_name_or_path", "pretrained_model_name_or_path"}
_IMPLEMENTATIONS = ("attn_implementation", "experts_implementation")
"""Keys that end so name a function of the library, or by a slash a repository whose code is fetched and run."""
_CLASS = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOKENIZER = re.compile(r"[A-Z][A-Za-z0-9]*(Tokenizer(Fast)?|Backend|Processor)")
_CLASS_KEYS = {"tokenizer_class", "processor_class", "image_processor_type", "feature_extractor_type"}


def check_settings(file: str, data: Any, *, files: Collection[str]) -> None:
    """Check the keys of a JSON file against the names of the package's files.

    Raises OwnCode for what would load code of the team's own, PointsElsewhere for what leads out of the package, and
    SettingsBroken for a class that is named by something other than a name.
    """
    name = file.rpartition("/")[2]
    if name in {"tokenizer.json", "vocab.json", "added_tokens.json"} and isinstance(data, dict):
        # The keys of a vocabulary are words; what is checked below are the keys beside it.
        data = {key: value for key, value in data.items() if key not in {"model", "added_tokens"} and name[0] == "t"}
    for key, value in pairs(data):
        if key in _CODE and value not in (None, False, {}, [], ""):
            raise OwnCode(
                file, f"{key!r} loads code of the team's own. Use an architecture of the library, and remove the key."
            )
        if key in _ELSEWHERE and value not in (None, ""):
            raise PointsElsewhere(
                file,
                f"{key!r} leads to another model ({str(value)[:80]!r}). Merge the adapter into its model, and hand in "
                "the whole.",
            )
        if key.endswith(_IMPLEMENTATIONS) and "/" in str(value):
            raise OwnCode(
                file, f"{key!r} fetches code ({str(value)[:80]!r}). Name one of the library, or remove the key."
            )
        if name == "modules.json" and key == "type" and not str(value).startswith("sentence_transformers."):
            raise OwnCode(file, f"it loads {str(value)[:80]!r}, which is no part of the library. Use those alone.")
        if key == "architectures":
            _check_architectures(file, value)
        if key in _CLASS_KEYS and value is not None:
            _check_class(file, key, value)
        if name == "tokenizer_config.json" and (key.endswith("_file") or key == "fast_tokenizer_files"):
            for one in value if isinstance(value, list) else [value]:
                _check_file(file, key, one, files)


def architecture_of(config: Any) -> tuple[str | None, str | None]:
    """Give the model type and the first architecture that a config.json names; `None` for what it does not say."""
    kind = config.get("model_type") if isinstance(config, dict) else None
    named = config.get("architectures") if isinstance(config, dict) else None
    first = named[0] if isinstance(named, list) and named else None
    return (kind if isinstance(kind, str) else None), (first if isinstance(first, str) else None)


def _check_architectures(file: str, value: Any) -> None:
    if value is None:
        return
    if not isinstance(value, list) or not all(isinstance(name, str) and _CLASS.fullmatch(name) for name in value):
        raise SettingsBroken(file, f"'architectures' is no list of names: {str(value)[:80]!r}. Name the class alone.")


def _check_class(file: str, key: str, value: Any) -> None:
    """Refuse a class that is named by a module or a repository, or as no class of the library is."""
    if not isinstance(value, str):
        raise SettingsBroken(file, f"{key!r} is not a text. Name a class of the library.")
    known = _TOKENIZER if key == "tokenizer_class" else _CLASS
    if not known.fullmatch(value):
        raise OwnCode(file, f"{key!r} is {value[:80]!r}, which is no class of the library. Name one of those.")


def _check_file(file: str, key: str, value: Any, files: Collection[str]) -> None:
    """Refuse a tokenizer that reads a file which is not beside it, such as one left from training."""
    if value is None or value == "":
        return
    folder = file.rpartition("/")[0]
    inside = isinstance(value, str) and (f"{folder}/{value}" if folder else value) in files
    if not inside or "/" in value:
        raise PointsElsewhere(
            file, f"{key!r} leads to {str(value)[:80]!r}, which is not in the package. Remove the key, or add the file."
        )
