"""Weights that an ONNX file keeps in other files must lie beside it, and are judged there."""

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.models.finite import first_not_finite
from evaluation.models.onnx_tensors import OnnxTensor, not_finite
from evaluation.models.reading import CHUNK, Reading
from evaluation.models.refusals import OnnxBroken, OnnxOutside

AGAIN = "Save the model again with its data in one file beside it."


@dataclass(frozen=True, order=True)
class Region:
    """The bytes `[begin, end)` of a file, which hold one tensor."""

    begin: int
    end: int
    dtype: str
    constant: bool
    tensor: str


def regions_of(tensors: list[OnnxTensor], *, file: str, sizes: Mapping[str, int]) -> dict[str, list[Region]]:
    """Give the regions of each file in which tensors lie, sorted; `sizes` are those of the package's files, in bytes.

    Raises OnnxOutside for a place outside of the package, OnnxBroken for one that is not there or too short.
    """
    found: dict[str, set[Region]] = {}
    for tensor in tensors:
        name = _inside(tensor, file)
        if name not in sizes:
            raise OnnxBroken(file, f"{tensor.where} lies in {name[:80]!r}, which is missing. Add the file.")
        begin = _number(tensor, "offset", 0, file)
        length = _number(tensor, "length", tensor.size, file)
        if length != tensor.size:
            raise OnnxBroken(file, f"{tensor.where} needs {tensor.size:,} bytes and is given {length:,}. {AGAIN}")
        if begin + length > sizes[name]:
            raise OnnxBroken(file, f"{tensor.where} ends after the end of {name[:80]!r}. {AGAIN}")
        found.setdefault(name, set()).add(Region(begin, begin + length, tensor.dtype, tensor.constant, tensor.where))
    return {name: sorted(regions) for name, regions in found.items()}


def read_regions(file: Reading, regions: list[Region]) -> None:
    """Judge the numbers in sorted regions; raises OnnxBroken where two overlap, and WeightsNotFinite."""
    last: Region | None = None
    for region in regions:
        if last is not None and (region.begin, region.end, region.dtype) == (last.begin, last.end, last.dtype):
            continue  # one tensor that is used under two names, and judged as the stricter of them: False sorts first
        if region.begin < file.position and region.end > region.begin:
            raise OnnxBroken(file.name, f"{region.tensor} overlaps another. {AGAIN}")
        _take(file, region.begin - file.position, None)
        _take(file, region.end - region.begin, region)
        last = region


def _take(file: Reading, left: int, region: Region | None) -> None:
    """Read so many bytes in pieces of whole numbers, and judge them where they belong to a region."""
    while left > 0:
        content = file.exactly(min(left, CHUNK))
        if region is not None and first_not_finite(content, region.dtype, infinite=region.constant) is not None:
            raise not_finite(region.tensor, constant=region.constant, file=file.name)
        left -= len(content)


def _inside(tensor: OnnxTensor, file: str) -> str:
    """Give the name, in the package, of the file that a tensor names relative to its own; raises OnnxOutside."""
    location = tensor.external.get("location", "")
    parts = location.split("/")
    if "\\" in location or ":" in location or "\0" in location or any(part in {"", ".", ".."} for part in parts):
        raise OnnxOutside(file, f"{tensor.where} lies at {location[:80]!r}, outside of the package. {AGAIN}")
    folder = file.rpartition("/")[0]
    return f"{folder}/{location}" if folder else location


def _number(tensor: OnnxTensor, key: str, default: int, file: str) -> int:
    written = tensor.external.get(key)
    if written is None:
        return default
    if not (written.isascii() and written.isdigit() and len(written) <= 18):
        raise OnnxBroken(file, f"{tensor.where} has the {key} {written[:40]!r}, which is no number. {AGAIN}")
    return int(written)
