"""What is known of a model once it has been looked at: its files, its digest, its shape."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class ModelFormat(StrEnum):
    """The two forms in which a model may be handed in."""

    HUGGING_FACE = "hugging_face"
    ONNX = "onnx"


@dataclass(frozen=True)
class FileFacts:
    """One file: its name below the model's folder, its size in bytes, its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """What `inspect_model` found; nothing in it depends on whether the model came as a folder or as a zip.

    `parameters` counts the elements of all tensors that are stored, `dtypes` names their types, sorted; `size` is in
    bytes, of all files. `model_type` and `architecture` are what the configuration says, `None` where it says nothing.
    """

    format: ModelFormat
    digest: str
    files: tuple[FileFacts, ...]
    size: int
    parameters: int
    tensors: int
    dtypes: tuple[str, ...]
    model_type: str | None
    architecture: str | None
    chat_templates: int

    def to_data(self) -> dict[str, Any]:
        """Turn the facts into plain data for JSON."""
        return asdict(self) | {"format": self.format.value}


def model_digest(files: Iterable[FileFacts]) -> str:
    """Compute the SHA-256 over the sorted lines `sha256  name` of a model's files, as for a suite."""
    lines = sorted((file.name, file.sha256) for file in files)
    return hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in lines).encode()).hexdigest()
