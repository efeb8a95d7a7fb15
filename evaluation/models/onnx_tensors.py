"""One tensor of an ONNX file: as many numbers as its dimensions ask for, all of them finite, or a place outside."""

from dataclasses import dataclass, field

from evaluation.models.finite import BITS, first_not_finite
from evaluation.models.onnx_schema import MESSAGES, TYPES
from evaluation.models.refusals import WeightsNotFinite
from evaluation.models.safetensors_files import product
from evaluation.models.wire import Wire, WireReader

EXTERNAL = 1
_MOST_VARINTS = 1_000_000
_FIELDS = MESSAGES["TensorProto"]
_TYPED = {"float_data": 4, "double_data": 8}
_VARINTS = {"int32_data", "int64_data", "uint64_data"}
_LARGEST = 2**53
_MAX_TEXT = 4_096


@dataclass
class OnnxTensor:
    """What was read of a tensor; `stored` counts bytes of numbers, or numbers where they are varints or texts."""

    constant: bool
    """Whether it is a constant of the program, such as a mask, which may hold infinities; weights may not."""
    dims: list[int] = field(default_factory=list)
    dtype: str = ""
    name: str = ""
    external: dict[str, str] = field(default_factory=dict)
    location: int = 0
    stored: dict[str, int] = field(default_factory=dict)
    finite: bool = True

    @property
    def elements(self) -> int:
        """Count the elements: the product of the dimensions, 1 where there is none."""
        return product(tuple(self.dims))

    @property
    def size(self) -> int:
        """How many bytes the elements take, in raw data."""
        return -(-self.elements * BITS.get(self.dtype, 0) // 8)

    @property
    def where(self) -> str:
        """Name the tensor in a sentence."""
        return f"the tensor {self.name[:80]!r}" if self.name else "a tensor without a name"


def read_tensor(reader: WireReader, end: int, *, file: str, constant: bool) -> OnnxTensor:
    """Read a TensorProto that ends at `end`; raises the reader's refusal, or WeightsNotFinite.

    Dimensions and type must come before the numbers, as every writer writes them, so that the numbers can be judged as
    they pass.
    """
    tensor = OnnxTensor(constant)
    seen: set[int] = set()
    while reader.position < end:
        number, kind = reader.tag(end)
        known = _FIELDS.get(number)
        if known is None or (number in seen and not known.often):
            raise reader.broken(f"a tensor has the field {number}, which is unknown or came before")
        seen.add(number)
        if known.name in {"dims", "data_type"} and tensor.stored:
            raise reader.broken(f"{tensor.where} has its {known.name} after its numbers")
        _read_field(reader, end, kind, known.name, tensor)
    _check_whole(reader, tensor)
    if not tensor.finite:
        raise not_finite(tensor.where, constant=tensor.constant, file=file)  # only now is its name known
    return tensor


def _read_field(reader: WireReader, end: int, kind: Wire, name: str, tensor: OnnxTensor) -> None:
    if name in {"data_type", "data_location"}:
        value = _varint(reader, kind, end)
        if name == "data_location":
            tensor.location = value
        elif value not in TYPES:
            raise reader.broken(f"a tensor has the unknown type {value}")
        else:
            tensor.dtype = TYPES[value]
    elif name == "dims":
        tensor.dims += _varints(reader, kind, end)
        if len(tensor.dims) > 64 or any(value > _LARGEST for value in tensor.dims):
            raise reader.broken("a tensor has negative or huge dimensions")
    elif name == "name":
        tensor.name = text(reader, kind, end)
    elif name == "external_data":
        key, place = _entry(reader, kind, end)
        if key in tensor.external:
            raise reader.broken(f"{tensor.where} names its {key[:40]!r} twice")
        tensor.external[key] = place
    elif name == "raw_data" or name in _TYPED or name in _VARINTS or name == "string_data":
        if not tensor.dtype:
            raise reader.broken("a tensor has its numbers before its type")
        _read_numbers(reader, end, kind, name, tensor)
    else:
        reader.skip(kind, end)


def _read_numbers(reader: WireReader, end: int, kind: Wire, name: str, tensor: OnnxTensor) -> None:
    """Read numbers in whichever way they are written, count them and judge them."""

    def judge(content: bytes) -> None:
        tensor.finite &= first_not_finite(content, tensor.dtype, infinite=tensor.constant) is None

    tensor.stored.setdefault(name, 0)
    if name == "string_data":
        reader.skip(kind, end)
        tensor.stored[name] += 1
    elif name in _VARINTS:
        values = _varints(reader, kind, end) if tensor.dtype.startswith(("F", "BF")) else None
        if values is not None:
            width = BITS[tensor.dtype] // 8 or 1
            judge(b"".join((value & (2 ** (8 * width) - 1)).to_bytes(width, "little") for value in values))
        tensor.stored[name] += len(values) if values is not None else _count_varints(reader, kind, end)
    elif name == "raw_data" or kind is Wire.BYTES:
        stop = _stop(reader, kind, end)
        length = stop - reader.position
        if name in _TYPED and length % _TYPED[name]:
            raise reader.broken(f"{tensor.where} ends within a number")
        tensor.stored[name] += length
        if name == "raw_data" and length != tensor.size:
            raise reader.broken(f"{tensor.where} holds {length:,} bytes of numbers and needs {tensor.size:,}")
        reader.pieces(stop, judge)
    else:
        content = reader.bytes_of(_TYPED[name], end)
        tensor.stored[name] += len(content)
        judge(content)


def not_finite(where: str, *, constant: bool, file: str) -> WeightsNotFinite:
    """Make the refusal of a tensor that holds NaN, or infinity where it is no constant."""
    what = "NaN" if constant else "NaN or infinity"
    return WeightsNotFinite(file, f"{where} holds {what}. Hand in weights that are finite.")


def _check_whole(reader: WireReader, tensor: OnnxTensor) -> None:
    """See that a tensor's numbers are stored in one place and are as many as its dimensions ask for."""
    if (tensor.location == EXTERNAL) != bool(tensor.external) or tensor.location not in {0, EXTERNAL}:
        raise reader.broken(f"{tensor.where} does not say clearly whether it lies outside")
    if not tensor.dtype:
        raise reader.broken(f"{tensor.where} has no type")
    if tensor.external:
        if tensor.stored or tensor.dtype == "STRING":
            raise reader.broken(f"{tensor.where} lies both within the file and outside")
        return
    if len(tensor.stored) > 1:
        raise reader.broken(f"{tensor.where} holds its numbers in two ways")
    for name, stored in tensor.stored.items():
        wanted = tensor.size if name == "raw_data" or name in _TYPED else tensor.elements
        if name == "int32_data" and BITS.get(tensor.dtype, 8) < 8:
            wanted = tensor.size
        if stored != wanted:
            raise reader.broken(f"{tensor.where} holds {stored:,} of {wanted:,}")
    if not tensor.stored and tensor.elements:
        raise reader.broken(f"{tensor.where} holds no numbers")


def text(reader: WireReader, kind: Wire, end: int) -> str:
    """Read a text of at most 4,096 bytes."""
    stop = _stop(reader, kind, end)
    if stop - reader.position > _MAX_TEXT:
        raise reader.broken(f"a name is longer than {_MAX_TEXT:,} bytes")
    return reader.bytes_of(stop - reader.position, stop).decode("utf-8", errors="replace")


def _entry(reader: WireReader, kind: Wire, end: int) -> tuple[str, str]:
    """Read a pair of texts, each given just once."""
    stop = _stop(reader, kind, end)
    found: dict[int, str] = {}
    while reader.position < stop:
        number, inner = reader.tag(stop)
        if number not in MESSAGES["StringStringEntryProto"] or number in found:
            raise reader.broken("an entry is no pair of texts")
        found[number] = text(reader, inner, stop)
    return found.get(1, ""), found.get(2, "")


def _stop(reader: WireReader, kind: Wire, end: int) -> int:
    if kind is not Wire.BYTES:
        raise reader.broken("a number stands where a text or a message is expected")
    return reader.length(end)


def _varint(reader: WireReader, kind: Wire, end: int) -> int:
    if kind is not Wire.VARINT:
        raise reader.broken("something else stands where a number is expected")
    return reader.varint(end)


def _varints(reader: WireReader, kind: Wire, end: int) -> list[int]:
    """Read one varint, or a packed row of them."""
    if kind is Wire.VARINT:
        return [reader.varint(end)]
    stop = _stop(reader, kind, end)
    values = []
    while reader.position < stop:
        values.append(reader.varint(stop))
        if len(values) > _MOST_VARINTS:
            raise reader.broken("too many numbers are written one by one; store them as raw_data")
    return values


def _count_varints(reader: WireReader, kind: Wire, end: int) -> int:
    """Count the varints of a field without decoding them: each ends in a byte below 0x80."""
    if kind is Wire.VARINT:
        reader.varint(end)
        return 1
    stop = _stop(reader, kind, end)
    ends: list[int] = []
    reader.pieces(stop, lambda piece: ends.append(sum(piece.count(byte) for byte in range(0x80))))
    return sum(ends)
