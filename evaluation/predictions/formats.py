"""A prediction file's format is told from its first bytes, never from its name."""

from enum import StrEnum

from evaluation.predictions.problems import Problems

HEAD = 512


class Format(StrEnum):
    """The formats a prediction file may have."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"PK", "a zip archive (or a spreadsheet); unpack it and send the prediction file itself."),
    (b"\x1f\x8b", "compressed with gzip; unpack it and send the prediction file itself."),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard; unpack it and send the prediction file itself."),
    (b"BZh", "compressed with bzip2; unpack it and send the prediction file itself."),
    (b"\xfd7zXZ", "compressed with xz; unpack it and send the prediction file itself."),
    (b"\xff\xfe", "UTF-16 text; save it as UTF-8."),
    (b"\xfe\xff", "UTF-16 text; save it as UTF-8."),
    (b"\x80", "a Python pickle, which is never opened; write CSV, JSON Lines or Parquet."),
    (b"\x93NUMPY", "a NumPy array; write CSV, JSON Lines or Parquet."),
    (b"\x89HDF", "an HDF5 file; write CSV, JSON Lines or Parquet."),
    (b"%PDF", "a PDF; write CSV, JSON Lines or Parquet."),
    (b"ARROW1", "an Arrow or Feather file; write CSV, JSON Lines or Parquet."),
)


def format_of(head: bytes, *, problems: Problems) -> Format:
    """Tell the format from a file's first bytes; stops with a problem when it is none of the three."""
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    for magic, sentence in _REFUSED:
        if head.startswith(magic):
            raise problems.stop(0, "", "", f"is {sentence}")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not text:
        raise problems.stop(0, "", "", "is empty; write a header and one prediction a line.")
    if text.startswith(b"["):
        raise problems.stop(0, "", "", "is a JSON array; write JSON Lines, one object a line.")
    if b"\0" in head:
        raise problems.stop(0, "", "", "is neither text nor Parquet; write CSV, JSON Lines or Parquet.")
    return Format.JSONL if text.startswith(b"{") else Format.CSV
