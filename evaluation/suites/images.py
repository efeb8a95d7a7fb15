"""Images of a suite are PNG files in base64, each of just the size that its task declares.

Nothing scales or crops them, so every model gets the same pixels whatever library reads them. Only the plainest form is
taken: 8 bits a channel, shades of grey or red, green and blue, not interlaced. See https://www.w3.org/TR/png-3/.
"""

import base64
import binascii
import struct
import zlib

MAX_IMAGE = 4_000_000
"""Characters of base64."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = {1: 0, 3: 2}
"""The colour type by the number of channels."""


class ImageRefused(ValueError):
    """A text is no image of the declared form; the message goes on from the image's name."""


def check_image(text: object, *, size: tuple[int, int], channels: int) -> None:
    """Check that a text holds a whole PNG file of a size (height, width) and of so many channels."""
    if not isinstance(text, str):
        raise ImageRefused("is missing; write a PNG file in base64")
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImageRefused("is not base64; write a PNG file in base64") from error
    pixels = zlib.decompressobj()
    length = size[0] * (1 + size[1] * channels)
    try:
        chunks = _chunks(content)
        width, height, *form = struct.unpack(">IIBBBBB", chunks[0][1])
        found = pixels.decompress(b"".join(data for name, data in chunks if name == b"IDAT"), length + 1)
    except (ValueError, struct.error, zlib.error) as error:
        raise ImageRefused("is no whole PNG file; write it anew") from error
    if (height, width) != size:
        raise ImageRefused(f"is {height} x {width} pixels and not {size[0]} x {size[1]}; scale all images alike before")
    if form != [8, _COLOURS[channels], 0, 0, 0]:
        raise ImageRefused(f"has not {channels} channels of 8 bits, or is interlaced; save it as such")
    if len(found) != length or not pixels.eof:
        raise ImageRefused("has not as many pixels as it says; write it anew")


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    """Return the name and data of every chunk from IHDR to IEND; raises ValueError or struct.error."""
    if not content.startswith(_SIGNATURE):
        raise ValueError("no signature")
    found: list[tuple[bytes, bytes]] = []
    place = len(_SIGNATURE)
    while not found or found[-1][0] != b"IEND":
        length, name = struct.unpack_from(">I4s", content, place)
        data = content[place + 8 : place + 8 + length]
        (check,) = struct.unpack_from(">I", content, place + 8 + length)
        if check != zlib.crc32(name + data):
            raise ValueError("a checksum is wrong")
        found.append((name, data))
        place += 12 + length
    if found[0][0] != b"IHDR" or place != len(content):
        raise ValueError("chunks out of place")
    return found
