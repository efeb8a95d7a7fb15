"""Looks at the first bytes of an upload: cheap enough for every request; what the file says is read in the run."""

from challenge.foundation.permits import WhyNot

HEAD = 4096
"""So many bytes are looked at."""

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PK", "a zip archive or a spreadsheet. Unpack it and send the file itself"),
    (b"\x1f\x8b", "packed with gzip. Unpack it and send the file itself"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard. Unpack it and send the file itself"),
    (b"BZh", "packed with bzip2. Unpack it and send the file itself"),
    (b"\xfd7zXZ", "packed with xz. Unpack it and send the file itself"),
    (b"\xff\xfe", "text in UTF-16. Save it as UTF-8"),
    (b"\xfe\xff", "text in UTF-16. Save it as UTF-8"),
    (b"%PDF", "a PDF. Send CSV, JSON Lines or Parquet"),
    (b"\x89PNG", "a picture. Send CSV, JSON Lines or Parquet"),
    (b"\x80", "a Python pickle, which is never opened here. Send CSV, JSON Lines or Parquet"),
)


def why_not_predictions(head: bytes) -> WhyNot:
    """Return None if a file may be predictions (Parquet, or text for CSV and JSON Lines), else what it seems to be."""
    if head.startswith(b"PAR1"):
        return None
    for magic, seems in _FOREIGN:
        if head.startswith(magic):
            return f"This file is {seems}."
    if not head.strip():
        return "This file holds only blanks. Send predictions as CSV, JSON Lines or Parquet."
    if b"\0" in head or not _is_text(head):
        return "This file is neither UTF-8 text nor Parquet. Send predictions as CSV, JSON Lines or Parquet."
    return None


def why_not_package(head: bytes) -> WhyNot:
    """Return None if a file begins like a zip archive with something in it, else what to send."""
    if head.startswith(b"PK\x03\x04"):
        return None
    if head.startswith(b"PK\x05\x06"):
        return "This zip archive is empty. Put README.md, LICENSE and metadata.json into it."
    return "This file is no zip archive. Pack README.md, LICENSE and metadata.json into a .zip."


def _is_text(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # a letter cut in two by the end of the head is no fault of the file
        return len(head) >= HEAD and error.start >= len(head) - 3
    return True
