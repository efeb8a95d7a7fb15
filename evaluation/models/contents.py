"""What a file is by its bytes, whatever its name says: a pickle, an archive, a program.

Nothing is unpacked and nothing is loaded.
"""

import struct
import zlib

from evaluation.models.pickles import is_pickle
from evaluation.models.reading import Reading
from evaluation.models.refusals import ArchiveWithin, PickleFound, ProgramFound, UnexpectedFile

REMEDY_PICKLE = (
    "a pickle runs whatever it says when it is loaded. Save the weights as safetensors and remove this file."
)
REMEDY_ARCHIVE = "Unpack it, and hand in the files themselves."
REMEDY_PROGRAM = "Remove it: a model consists of data alone."
_ARCHIVES = (
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"PK\x07\x08", "a zip archive"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"\x1f\x9d", "compressed with compress"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ\0", "compressed with xz"),
    (b"\x5d\x00\x00", "compressed with lzma"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"\x04\x22\x4d\x18", "compressed with lz4"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"MSCF\0", "a cabinet"),
)
_PROGRAMS = (
    (b"\x7fELF", "a program or library for Linux"),
    (b"#!", "a script"),
    (b"\0asm", "a WebAssembly program"),
    (b"\xfe\xed\xfa\xce", "a program for macOS"),
    (b"\xfe\xed\xfa\xcf", "a program for macOS"),
    (b"\xce\xfa\xed\xfe", "a program for macOS"),
    (b"\xcf\xfa\xed\xfe", "a program for macOS"),
    (b"\xca\xfe\xba\xbe", "a program for macOS or Java"),
)
_TAR = slice(257, 262)
_SAFETENSORS_HEADER = 100_000_000


def refuse_by_head(file: Reading) -> None:
    """Refuse what the first bytes of a file show; raises PickleFound, ArchiveWithin or ProgramFound."""
    head = file.head
    if head.startswith(b"\x93NUMPY"):
        _refuse_array(file)
    if is_safetensors(file):
        return  # its first bytes are a length and may look like anything; the header is checked to the last byte
    for magic, what in _ARCHIVES:
        if head.startswith(magic):
            raise ArchiveWithin(file.name, f"it is {what}. {REMEDY_ARCHIVE}")
    if head[_TAR] == b"ustar":
        raise ArchiveWithin(file.name, f"it is a tar archive. {REMEDY_ARCHIVE}")
    for magic, what in _PROGRAMS:
        if head.startswith(magic):
            raise ProgramFound(file.name, f"it is {what}. {REMEDY_PROGRAM}")
    if head.startswith(b"MZ") and b"\0" in head[:64]:
        raise ProgramFound(file.name, f"it is a program for Windows. {REMEDY_PROGRAM}")
    if is_pickle(head, whole=file.size <= len(head)):
        raise PickleFound(file.name, f"by its bytes it is a pickle; {REMEDY_PICKLE}")
    if _is_deflated(head):
        raise ArchiveWithin(file.name, f"it is compressed with zlib. {REMEDY_ARCHIVE}")


def refuse_by_tail(file: Reading) -> None:
    """Refuse a file, read to its end, that a program for zip archives would open: those are read from the end."""
    end = file.tail.rfind(b"PK\x05\x06")
    while end >= 0:
        record = file.tail[end:]
        if len(record) >= 22 and len(record) == 22 + struct.unpack_from("<H", record, 20)[0]:
            raise ArchiveWithin(file.name, f"a zip archive is hidden at its end. {REMEDY_ARCHIVE}")
        end = file.tail.rfind(b"PK\x05\x06", 0, end)


def is_safetensors(file: Reading) -> bool:
    """Say whether a file begins as safetensors do: a sensible length, and then a brace."""
    length = int.from_bytes(file.head[:8], "little")
    return file.head[8:9] == b"{" and 2 <= length <= min(file.size - 8, _SAFETENSORS_HEADER)


def _refuse_array(file: Reading) -> None:
    """Refuse a numpy array: as a pickle where it holds objects, else as a file that no model needs."""
    header = file.head[: 12 + int.from_bytes(file.head[8:10], "little")]
    if b"'|O'" in header or b"'O'" in header or b'"|O"' in header:
        raise PickleFound(file.name, f"it is a numpy array of objects; {REMEDY_PICKLE}")
    raise UnexpectedFile(file.name, "it is a numpy array; store its numbers as safetensors.")


def _is_deflated(head: bytes) -> bool:
    """Say whether bytes are a zlib stream (RFC 1950), as joblib writes them."""
    if len(head) < 6 or head[0] & 0x0F != 8 or int.from_bytes(head[:2], "big") % 31:
        return False
    try:
        return bool(zlib.decompressobj().decompress(head[:4096], 64))
    except zlib.error:
        return False
