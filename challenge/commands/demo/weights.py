"""Writes what a model has learned as safetensors: a header that says where each array lies, then the arrays."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

KINDS = {"f": (np.float32, "F32"), "i": (np.int64, "I64"), "u": (np.int64, "I64")}


def learned(name: str, model: Any) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """Yield every numeric array that a fitted scikit-learn model holds, with its name."""
    if hasattr(model, "steps"):
        for step, inner in model.steps:
            yield from learned(f"{name}.{step}", inner)
        return
    if hasattr(model, "tree_"):
        yield f"{name}.threshold", model.tree_.threshold
        yield f"{name}.feature", model.tree_.feature
        yield f"{name}.value", model.tree_.value
    for attribute, value in sorted(vars(model).items()):
        if isinstance(value, np.ndarray) and value.dtype == object:
            value = list(value.ravel())
        if isinstance(value, np.ndarray) and value.dtype.kind in KINDS and value.size:
            yield f"{name}.{attribute.strip('_')}", value
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                if isinstance(inner, np.ndarray) and inner.dtype.kind in KINDS:
                    yield f"{name}.{attribute.strip('_')}.{number}", inner
                elif hasattr(inner, "fit"):
                    yield from learned(f"{name}.{attribute.strip('_')}.{number}", inner)


def as_safetensors(arrays: Mapping[str, np.ndarray[Any, Any]]) -> bytes:
    """Return the arrays in the safetensors format: 8 bytes of header length, a JSON header, the arrays' bytes."""
    header: dict[str, object] = {}
    pieces, offset = [], 0
    for name, array in sorted(arrays.items()):
        kind, word = KINDS[array.dtype.kind]
        piece = np.ascontiguousarray(array, dtype=kind).tobytes()
        header[name] = {"dtype": word, "shape": list(array.shape), "data_offsets": [offset, offset + len(piece)]}
        pieces.append(piece)
        offset += len(piece)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(pieces)
