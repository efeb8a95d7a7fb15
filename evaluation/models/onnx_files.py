"""An ONNX file is walked from its first byte to its last: operators, constants, weights, and where they lie.

No library reads it, so that nothing depends on what a library does with a hostile file; see `onnx_schema` for the
fields. A field that may occur once and occurs twice is refused: a parser would merge them into what was not checked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from evaluation.models.onnx_schema import BUILT_IN_DOMAINS, MESSAGES, RUNS_CODE, STANDARD_DOMAINS, Content, Field
from evaluation.models.onnx_tensors import OnnxTensor, read_tensor, text
from evaluation.models.reading import Reading
from evaluation.models.refusals import OnnxBroken, OnnxOperatorUnknown
from evaluation.models.wire import Wire, WireReader

AGAIN = "Export the model again, and run onnx.checker.check_model on it."
_MAX_DEPTH = 32
_KEPT = {"op_type", "domain", "name", "producer_name"}


@dataclass
class OnnxFacts:
    """What one ONNX file holds."""

    producer: str = ""
    weights: int = 0
    """Elements of all initialisers."""
    tensors: int = 0
    dtypes: set[str] = field(default_factory=set)
    operators: set[tuple[str, str]] = field(default_factory=set)
    """Domain and name of each operator that is used."""
    functions: set[tuple[str, str]] = field(default_factory=set)
    """Domain and name of each function that the file itself defines."""
    outside: list[OnnxTensor] = field(default_factory=list)
    """Tensors that lie in other files."""


def read_onnx(file: Reading) -> OnnxFacts:
    """Walk an ONNX file.

    Raises OnnxBroken for one that is cut off or cannot be checked, WeightsNotFinite for NaN or infinity, and
    OnnxOperatorUnknown for an operator that needs a library of its own.
    """
    walker = _Walker(WireReader(file, OnnxBroken, AGAIN), file.name)
    if not file.size:
        raise OnnxBroken(file.name, f"it is empty. {AGAIN}")
    seen = walker.message("ModelProto", file.size, depth=0, constant=False)
    for needed in ("ir_version", "opset_import", "graph"):
        if needed not in seen:
            raise OnnxBroken(file.name, f"it ends without its {needed}. {AGAIN}")
    _check_operators(file.name, walker.found)
    return walker.found


def _check_operators(file: str, found: OnnxFacts) -> None:
    for domain, name in sorted(found.operators - found.functions):
        if domain not in STANDARD_DOMAINS | BUILT_IN_DOMAINS:
            raise OnnxOperatorUnknown(
                file,
                f"the operator {name[:60]!r} of {domain[:60]!r} needs a library of its own. Use standard operators, or "
                "define it as a function within the file.",
            )
        if name in RUNS_CODE and domain not in STANDARD_DOMAINS:
            raise OnnxOperatorUnknown(
                file, f"the operator {name!r} of {domain!r} runs code from outside the file. Use standard operators."
            )


class _Walker:
    """Walks messages by the table of their fields and gathers what was found."""

    def __init__(self, reader: WireReader, file: str) -> None:
        self.found = OnnxFacts()
        self._reader = reader
        self._file = file

    def message(self, name: str, end: int, *, depth: int, constant: bool) -> dict[str, str]:
        """Walk a message that ends at `end`; gives the fields that it has, with the texts of those that are kept."""
        if depth > _MAX_DEPTH:
            raise self._reader.broken(f"graphs are nested more than {_MAX_DEPTH} deep")
        seen: dict[str, str] = {}
        for known, kind in self._fields(name, end, seen):
            if known.message:
                self._inner(known, self._stop(kind, end), depth=depth, constant=constant or name == "AttributeProto")
            elif known.name in _KEPT:
                seen[known.name] = text(self._reader, kind, end)
            else:
                self._reader.skip(kind, end)
        self._keep(name, seen)
        return seen

    def _fields(self, name: str, end: int, seen: dict[str, str]) -> Iterator[tuple[Field, Wire]]:
        """Yield each field of a message, known and in its own form; its value is for the caller to read."""
        while self._reader.position < end:
            number, kind = self._reader.tag(end)
            known = MESSAGES[name].get(number)
            if known is None:
                raise self._reader.broken(f"{name} has the unknown field {number}")
            packed = known.often and kind is Wire.BYTES
            if kind is not known.content.value and not (packed and known.content is not Content.BYTES):
                raise self._reader.broken(f"the field {known.name!r} of {name} is written as something else")
            if known.name in seen and not known.often:
                raise self._reader.broken(f"the field {known.name!r} of {name} is given twice")
            seen.setdefault(known.name, "")
            yield known, kind

    def _inner(self, known: Field, stop: int, *, depth: int, constant: bool) -> None:
        if known.message != "TensorProto":
            # A graph within an attribute has weights of its own again.
            constant = constant and known.message != "GraphProto"
            self.message(known.message, stop, depth=depth + 1, constant=constant)
            return
        tensor = read_tensor(self._reader, stop, file=self._file, constant=constant)
        self.found.dtypes.add(tensor.dtype)
        if not constant:
            self.found.weights += tensor.elements
            self.found.tensors += 1
        if tensor.external:
            self.found.outside.append(tensor)

    def _keep(self, name: str, seen: dict[str, str]) -> None:
        match name:
            case "NodeProto":
                self.found.operators.add((seen.get("domain", ""), seen.get("op_type", "")))
            case "FunctionProto":
                self.found.functions.add((seen.get("domain", ""), seen.get("name", "")))
            case "ModelProto":
                self.found.producer = seen.get("producer_name", "")

    def _stop(self, kind: Wire, end: int) -> int:
        if kind is not Wire.BYTES:
            raise self._reader.broken("a number stands where a message is expected")
        return self._reader.length(end)
