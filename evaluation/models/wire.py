"""The wire format of protocol buffers, read from a stream within limits and without a schema compiler.

https://protobuf.dev/programming-guides/encoding: a message is a row of fields, each a varint `number << 3 | type`
followed by a varint (type 0), eight bytes (1), a length and so many bytes (2), or four bytes (5).
"""

from collections.abc import Callable
from enum import IntEnum

from evaluation.models.reading import CHUNK, Reading
from evaluation.models.refusals import ModelRefused


class Wire(IntEnum):
    """How a field is written."""

    VARINT = 0
    EIGHT = 1
    BYTES = 2
    FOUR = 5


class WireReader:
    """Reads fields from a file; whatever is cut off or malformed raises `refusal`."""

    def __init__(self, file: Reading, refusal: type[ModelRefused], remedy: str) -> None:
        """Read from where the file stands; `remedy` ends the sentences of refusals."""
        self._file = file
        self._refusal = refusal
        self._remedy = remedy

    @property
    def position(self) -> int:
        """How many bytes of the file were read."""
        return self._file.position

    def broken(self, what: str) -> ModelRefused:
        """Make the refusal that says what is wrong and where."""
        return self._refusal(self._file.name, f"at byte {self.position:,} {what}. {self._remedy}")

    def tag(self, end: int) -> tuple[int, Wire]:
        """Read the number of the next field and how it is written."""
        tag = self.varint(end)
        number, kind = tag >> 3, tag & 7
        if number == 0 or number >= 2**29 or kind not in set(Wire):
            raise self.broken("it is no field of a protocol buffer")
        return number, Wire(kind)

    def varint(self, end: int) -> int:
        """Read a whole number of up to 64 bits."""
        value = 0
        for shift in range(0, 70, 7):
            if self._file.position >= end:
                raise self.broken("the file is cut off")
            byte = self._file.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value & 0xFFFF_FFFF_FFFF_FFFF
        raise self.broken("a number is longer than ten bytes")

    def length(self, end: int) -> int:
        """Read the length of what follows and give the position where that ends."""
        stop = self.varint(end)
        stop += self.position
        if stop > end:
            raise self.broken(f"a field of {stop - self.position:,} bytes does not fit; the file is cut off or damaged")
        return stop

    def bytes_of(self, count: int, end: int) -> bytes:
        """Read so many bytes of a message that ends at `end`."""
        if self.position + count > end:
            raise self.broken("the file is cut off")
        return self._file.exactly(count)

    def pieces(self, stop: int, take: Callable[[bytes], None]) -> None:
        """Hand the bytes up to `stop` to a function, in pieces of at most 4 MiB."""
        while self.position < stop:
            take(self.bytes_of(min(CHUNK, stop - self.position), stop))

    def skip(self, kind: Wire, end: int) -> None:
        """Read past the value of a field."""
        match kind:
            case Wire.VARINT:
                self.varint(end)
            case Wire.EIGHT:
                self.bytes_of(8, end)
            case Wire.FOUR:
                self.bytes_of(4, end)
            case Wire.BYTES:
                stop = self.length(end)
                while self.position < stop:
                    self.bytes_of(min(CHUNK, stop - self.position), stop)


def check_message(reader: WireReader, end: int, *, first: int) -> None:
    """See that the bytes up to `end` are one message whose first field is `first`, a row of messages or texts."""
    begun = False
    while reader.position < end:
        number, kind = reader.tag(end)
        if not begun and (number, kind) != (first, Wire.BYTES):
            raise reader.broken(f"it does not begin with field {first}")
        begun = True
        reader.skip(kind, end)
