"""Text files are read line by line with a bound on the length of a line and strict UTF-8."""

from collections.abc import Iterator
from typing import BinaryIO

from evaluation.predictions.problems import Problems
from evaluation.predictions.rows import PredictionLimits, too_many

_BOM = b"\xef\xbb\xbf"


def text_lines(file: BinaryIO, *, limits: PredictionLimits, max_rows: int, problems: Problems) -> Iterator[str]:
    """Yield the lines with their endings, a leading byte-order mark removed.

    Stops at bytes that are not UTF-8, at a line too long, and at more lines than `max_rows` may have.
    """
    number = 0
    while line := file.readline(limits.line_bytes + 1):
        number += 1
        if number > limits.most_lines(max_rows):
            raise problems.stop(number, "", "", too_many(max_rows))
        if len(line) > limits.line_bytes:
            raise problems.stop(
                number, "", "", f"longer than {limits.line_bytes:,} bytes; write one prediction a line."
            )
        try:
            yield (line.removeprefix(_BOM) if number == 1 else line).decode()
        except UnicodeDecodeError as error:
            found = line[error.start : error.start + 4].hex(" ")
            raise problems.stop(
                number, "", found, f"byte {error.start + 1} is not UTF-8; save the file as UTF-8."
            ) from error
