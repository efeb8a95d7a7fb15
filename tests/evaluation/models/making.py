"""Files of models, sound and hostile, are made here byte by byte."""

import json
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

DTYPES = {
    "<f8": "F64", "<f4": "F32", "<f2": "F16", "|u1": "U8", "|i1": "I8", "<i8": "I64", "<i4": "I32", "<i2": "I16",
    "<u2": "U16", "<u4": "U32", "<u8": "U64", "|b1": "BOOL", "<c8": "C64",
}  # fmt: skip


@dataclass
class Folder:
    """A folder that files are put into."""

    path: Path

    def put(self, name: str, content: str | bytes) -> Path:
        """Write a file, and the folders it lies in."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def zipped(self, path: Path, *, top: str = "", stored: bool = False) -> Path:
        """Pack the folder, below a folder `top` where one is given."""
        way = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(path, "w", way) as archive:
            for file in sorted(self.path.rglob("*")):
                if file.is_file():
                    archive.write(file, top + file.relative_to(self.path).as_posix())
        return path


def safetensors(tensors: Mapping[str, NDArray[Any]], **changes: Any) -> bytes:
    """Write arrays as safetensors by the layout of the format, not by its library."""
    header: dict[str, Any] = {}
    data = b""
    for name, array in tensors.items():
        content = array.tobytes()
        header[name] = {
            "dtype": DTYPES[array.dtype.str],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(content)],
        }
        data += content
    return with_header({**header, **changes}, data)


def with_header(header: object, data: bytes) -> bytes:
    """Put a header, as JSON or as bytes, before some data."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def raw(dtype: str, content: bytes, *, count: int) -> bytes:
    """Write one tensor of a type that numpy does not have."""
    return with_header({"x": {"dtype": dtype, "shape": [count], "data_offsets": [0, len(content)]}}, content)
