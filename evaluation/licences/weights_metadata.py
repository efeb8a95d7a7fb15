"""What weights say of themselves: the text fields at the beginning of a safetensors or GGUF file, never the weights."""

import struct
from collections.abc import Iterator, Mapping
from typing import Any

from evaluation.licences.data_reading import DataError, read_header
from evaluation.trees import Tree

_MAX_HEADER = 16_777_216  # bytes; the format allows 100 MB, which no honest header needs
_MAX_GGUF = 4_194_304  # bytes from the beginning in which a GGUF's own fields must lie
_MAX_FIELDS = 4_096
_MAX_TEXT = 65_536
_STRING, _ARRAY = 8, 9
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}


def safetensors_header(tree: Tree, name: str, size: int) -> Mapping[str, Any]:
    """Read the header: 8 bytes of length, then a JSON object; raises DataError where there is none."""
    length = int.from_bytes(tree.read(name, limit=8), "little")
    if not 2 <= length <= min(_MAX_HEADER, size - 8):
        raise DataError(f"its header says that it is {length:,} bytes long")
    return read_header(tree.read(name, limit=8 + length)[8:])


def safetensors_texts(tree: Tree, name: str, size: int) -> dict[str, str]:
    """Read the text fields of a safetensors file; raises DataError where its header cannot be read."""
    metadata = safetensors_header(tree, name, size).get("__metadata__", {})
    if not isinstance(metadata, dict):
        return {}
    return {key: value for key, value in metadata.items() if isinstance(key, str) and isinstance(value, str)}


def gguf_texts(tree: Tree, name: str) -> dict[str, str]:
    """Read the text fields `general.…` of a GGUF file; raises DataError where its header cannot be read."""
    content = tree.read(name, limit=_MAX_GGUF)
    try:
        return dict(_gguf_fields(content))
    except (struct.error, UnicodeDecodeError) as error:
        raise DataError("its header is cut off or damaged") from error


def _gguf_fields(content: bytes) -> Iterator[tuple[str, str]]:
    """Walk the fields in order; the format is GGUF version 2 and 3, little-endian."""
    magic, version, _tensors, count = struct.unpack_from("<4sIQQ", content, 0)
    if magic != b"GGUF" or version not in {2, 3} or count > _MAX_FIELDS:
        raise DataError("its header is not that of GGUF version 2 or 3")
    place = 24
    for _ in range(count):
        key, place = _gguf_string(content, place)
        (kind,) = struct.unpack_from("<I", content, place)
        place += 4
        if kind == _STRING:
            value, place = _gguf_string(content, place)
            if key.startswith("general."):
                yield key, value
        elif kind == _ARRAY:
            inner, length = struct.unpack_from("<IQ", content, place)
            place += 12
            if inner == _STRING:
                # what a model says of itself stands before its vocabulary, which may be long
                if length > _MAX_FIELDS:
                    return
                for _item in range(length):
                    _value, place = _gguf_string(content, place)
            elif inner in _SIZES:
                place += _SIZES[inner] * length
            else:
                return
        elif kind in _SIZES:
            place += _SIZES[kind]
        else:
            raise DataError("its header holds a field of an unknown kind")
        if place > len(content):
            return


def _gguf_string(content: bytes, place: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<Q", content, place)
    end = place + 8 + length
    if length > _MAX_TEXT or end > len(content):
        raise DataError("its header holds a text that is too long")
    return content[place + 8 : end].decode(), end
