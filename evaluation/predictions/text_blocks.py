"""Text files are read in blocks of whole lines, looked over quickly for all that a reader of columns is unsure of."""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from evaluation.predictions.rows import PredictionLimits

BLOCK = 4_194_304
BOM = b"\xef\xbb\xbf"
_NEWLINE = ord("\n")


class Unusual(Exception):
    """A file holds something that is left to the reader of rows, which accepts it or says what is wrong and where."""


def text_blocks(file: BinaryIO, *, limits: PredictionLimits, max_rows: int) -> Iterator[bytes]:
    """Yield the rest of a file in blocks of some four million bytes that end with a line.

    Each is UTF-8 without NUL, byte-order mark or carriage return of its own; raises Unusual for anything else, and
    where there are more lines than `max_rows` may have, with one for a header.
    """
    lines = 0
    while block := file.read(BLOCK):
        if not block.endswith(b"\n"):
            rest = file.readline(limits.line_bytes + 1)
            if len(rest) > limits.line_bytes:
                raise Unusual
            block += rest
        lines += int(np.count_nonzero(np.frombuffer(block, np.uint8) == _NEWLINE)) + (not block.endswith(b"\n"))
        if lines > limits.most_lines(max_rows) - 1 or b"\0" in block or block.startswith(BOM):
            raise Unusual
        if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
            raise Unusual
        if not block.isascii():
            try:
                block.decode()
            except UnicodeDecodeError as error:
                raise Unusual from error
        yield block
