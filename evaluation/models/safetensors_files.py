"""A safetensors file is checked to the last byte: its header must account for every one of them, just once.

The layout (https://huggingface.co/docs/safetensors): 8 bytes N, little-endian; N bytes of a JSON object that begins
with a brace and may end in blanks; then the tensors, each `[begin, end)` relative to the end of the header, without
gaps and without overlap.
"""

from dataclasses import dataclass
from typing import Any

from evaluation.models.finite import BITS, first_not_finite
from evaluation.models.json_reading import parsed
from evaluation.models.reading import CHUNK, Reading
from evaluation.models.refusals import SafetensorsBroken, WeightsNotFinite

MAX_HEADER = 16_777_216
"""Bytes; the format allows 100 MB, but an honest tensor takes about a hundred bytes, so this is room for 160,000."""
AGAIN = "Save it again with the safetensors library."
DTYPES = frozenset(BITS) - {"C128", "U4", "I4", "U2", "I2"}
_LARGEST = 2**53
_DIMENSIONS = 64


@dataclass(frozen=True)
class Tensor:
    """One tensor: its name, type, shape, and the bytes `[begin, end)` after the header."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def elements(self) -> int:
        """Count the elements: the product of the dimensions, 1 where there is none."""
        return product(self.shape)


def read_safetensors(file: Reading) -> tuple[Tensor, ...]:
    """Check a file's header and every number in it, in the order of the bytes.

    Raises SafetensorsBroken where header and bytes do not fit, WeightsNotFinite for NaN or infinity.
    """
    tensors = read_header(file)
    for tensor in tensors:
        _check_numbers(file, tensor)
    return tensors


def read_header(file: Reading) -> tuple[Tensor, ...]:
    """Read the header and check it against the size of the file; gives the tensors in the order of their bytes."""
    if file.size < 10:
        raise SafetensorsBroken(file.name, f"it has {file.size} bytes and is cut off. {AGAIN}")
    length = int.from_bytes(file.exactly(8), "little")
    if length > file.size - 8:
        raise SafetensorsBroken(
            file.name, f"its header is said to have {length:,} bytes, and the file has {file.size:,}. {AGAIN}"
        )
    if length > MAX_HEADER:
        raise SafetensorsBroken(file.name, f"its header has {length:,} bytes; at most {MAX_HEADER:,} are read.")
    content = file.exactly(length)
    if not content.startswith(b"{"):
        raise SafetensorsBroken(file.name, f"its header does not begin with a brace. {AGAIN}")
    header = parsed(content, file=file.name, refusal=SafetensorsBroken)
    tensors = [_tensor(file.name, name, entry) for name, entry in header.items() if name != "__metadata__"]
    _check_metadata(file.name, header.get("__metadata__", {}))
    if not tensors:
        raise SafetensorsBroken(file.name, "it holds no tensor. Hand in the weights.")
    tensors.sort(key=lambda tensor: (tensor.begin, tensor.end))
    _check_cover(file, tensors)
    return tuple(tensors)


def _check_metadata(file: str, found: Any) -> None:
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise SafetensorsBroken(file, f"its __metadata__ is not an object of texts. {AGAIN}")


def _tensor(file: str, name: str, entry: Any) -> Tensor:
    """Turn an entry of the header into a tensor; its bytes must be as many as type and shape ask for."""
    where = f"the tensor {name[:80]!r}"
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise SafetensorsBroken(file, f"{where} needs just dtype, shape and data_offsets. {AGAIN}")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise SafetensorsBroken(file, f"{where} has the unknown type {str(dtype)[:40]!r}. {AGAIN}")
    if not _counts(shape) or len(shape) > _DIMENSIONS:
        raise SafetensorsBroken(file, f"{where} has a shape that is none: {str(shape)[:80]}. {AGAIN}")
    if not _counts(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise SafetensorsBroken(file, f"{where} has offsets that are none: {str(offsets)[:80]}. {AGAIN}")
    tensor = Tensor(name, dtype, tuple(shape), *offsets)
    bits = tensor.elements * BITS[dtype]
    if tensor.elements > _LARGEST or bits != 8 * (tensor.end - tensor.begin):
        raise SafetensorsBroken(
            file,
            f"{where}, {dtype} of shape {str(list(shape))[:80]}, needs {-(-bits // 8):,} bytes and is given "
            f"{tensor.end - tensor.begin:,}. {AGAIN}",
        )
    return tensor


def _check_cover(file: Reading, tensors: list[Tensor]) -> None:
    """See that the tensors, sorted by their bytes, fill the rest of the file without gap, overlap or remainder."""
    reached = 0
    for tensor in tensors:
        if tensor.begin != reached:
            what = "overlaps the one before it" if tensor.begin < reached else "leaves a gap before it"
            raise SafetensorsBroken(file.name, f"the tensor {tensor.name[:80]!r} {what}. {AGAIN}")
        reached = tensor.end
    if reached > file.left:
        raise SafetensorsBroken(
            file.name, f"its tensors end {reached - file.left:,} bytes after the end of the file. {AGAIN}"
        )
    if reached < file.left:
        raise SafetensorsBroken(file.name, f"{file.left - reached:,} bytes at its end belong to no tensor. {AGAIN}")


def _check_numbers(file: Reading, tensor: Tensor) -> None:
    """Read a tensor's bytes in pieces of whole numbers and refuse the first that is no number."""
    left, place = tensor.end - tensor.begin, 0
    while left:
        content = file.exactly(min(left, CHUNK))
        found = first_not_finite(content, tensor.dtype)
        if found is not None:
            element = (place + found) * 8 // BITS[tensor.dtype]
            raise WeightsNotFinite(
                file.name,
                f"the tensor {tensor.name[:80]!r} holds NaN or infinity, first at its element {element:,}. "
                "Hand in weights that are finite.",
            )
        left -= len(content)
        place += len(content)


def product(shape: tuple[int, ...]) -> int:
    """Multiply dimensions; exact, as Python's integers are."""
    total = 1
    for length in shape:
        total *= length
    return total


def _counts(values: Any) -> bool:
    """Say whether a value is a list of whole numbers from 0 to 2**53."""
    return isinstance(values, list) and all(type(value) is int and 0 <= value <= _LARGEST for value in values)
