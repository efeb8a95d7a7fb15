"""The pages of a Parquet column are looked over before any is unpacked, since the file's own summary may be untrue.

A column chunk is pages one after another, each behind a header in Thrift's compact protocol. A header that is in any
way out of the ordinary is not read, so that Arrow cannot read it otherwise. Sources: apache/parquet-format,
parquet.thrift and Encodings.md; apache/thrift, doc/specs/thrift-compact-protocol.md.
"""

from typing import BinaryIO

import pyarrow.parquet as pq

_INTEGERS, _BINARY, _STRUCT, _BOOLEANS = (5, 6), 8, 12, (1, 2)
_DATA, _DICTIONARY, _DATA_2 = 0, 2, 3
_HEADERS = {_DATA: (5, 1, 2), _DICTIONARY: (7, 1, 2), _DATA_2: (8, 1, 4)}
"""By the type of page: the field that describes it, and in that the fields of the count of values and the encoding."""
_SPELT_OUT = {0, 2, 8}
"""Plain, and places in a dictionary by either number. Of others, one makes long texts of a few bytes."""
_LONGEST_HEADER = 65_536


class _Odd(ValueError):
    """A header is not one that is read here."""


def unpacked_bytes(file: BinaryIO, chunk: pq.ColumnChunkMetaData) -> int | None:
    """Return the bytes that a chunk's pages unpack to; None where it is not ordinary pages of texts written out."""
    begins = [chunk.data_page_offset, chunk.dictionary_page_offset or 0]
    place = min(offset for offset in begins if offset > 0) if max(begins) > 0 else 0
    end = place + chunk.total_compressed_size
    values = total = 0
    try:
        while place < end:
            file.seek(place)
            header = _Header(file.read(min(_LONGEST_HEADER, end - place)))
            kind, unpacked, packed = (header.page[field] for field in (1, 2, 3))
            described, count, encoding = _HEADERS[kind]
            about = header.parts[described]
            if about[encoding] not in _SPELT_OUT or min(unpacked, packed, about[count]) < 0:
                return None
            values += about[count] if kind != _DICTIONARY else 0
            total += unpacked
            place += header.length + packed
    except (_Odd, KeyError, IndexError):
        return None
    return total if place == end and values == chunk.num_values else None


class _Header:
    """One page's header: its own numbers, and those of the structures within it, by the number of the field."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.length = 0
        self.parts: dict[int, dict[int, int]] = {}
        self.page = self._struct(1)

    def _struct(self, depth: int) -> dict[int, int]:
        """Read fields up to the structure's end; raises _Odd or IndexError."""
        found: dict[int, int] = {}
        field = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            if step == 0 or depth > 3:
                raise _Odd
            field += step
            if kind in _INTEGERS:
                number = self._number()
                found[field] = (number >> 1) ^ -(number & 1)
                if kind == _INTEGERS[0] and not -(2**31) <= found[field] < 2**31:
                    raise _Odd
                if kind != _INTEGERS[0] and depth < 3:
                    raise _Odd
            elif kind == _BINARY:
                size = self._number()
                self.length += size
            elif kind == _STRUCT:
                part = self._struct(depth + 1)
                if depth == 1:
                    self.parts[field] = part
            elif kind not in _BOOLEANS:
                raise _Odd
        return found

    def _byte(self) -> int:
        value = self._content[self.length]
        self.length += 1
        return value

    def _number(self) -> int:
        """Read an unsigned number of at most ten bytes, seven bits each, the lowest first."""
        value = 0
        for shift in range(0, 70, 7):
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
        raise _Odd
