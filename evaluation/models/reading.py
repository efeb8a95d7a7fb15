"""A file of a model is read once, from its beginning to its end, and hashed on the way."""

import hashlib
from types import TracebackType
from typing import Self

from evaluation.archives import DAMAGE
from evaluation.models.refusals import PackageDamaged
from evaluation.trees import Tree

HEAD = 65_536
"""So many bytes at the beginning of a file tell what it is."""
TAIL = 65_557
"""The end of a zip archive lies within so many bytes of the end of a file (APPNOTE 4.3.16: 22 and a comment)."""
CHUNK = 4 * 2**20
"""Tensors are looked at in pieces of so many bytes, a multiple of every width of a number."""
_PIECE = 2**20


class Reading:
    """One file being read; what was read goes into its digest, and its head and tail are kept for a look at them."""

    def __init__(self, tree: Tree, path: str, *, name: str, size: int) -> None:
        """Open the file `path` of the tree, known to the team as `name`; raises ArchiveError when it cannot be."""
        self.name = name
        self.size = size
        self.position = 0
        self.head = tree.read(path, limit=HEAD)
        self.tail = b""
        self._stream = tree.stream(path)
        self._hash = hashlib.sha256()
        self._buffer = b""
        self._used = 0

    def __enter__(self) -> Self:
        """Return the reading itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._stream.close()

    @property
    def left(self) -> int:
        """How many bytes are still to be read."""
        return self.size - self.position

    def read(self, count: int) -> bytes:
        """Read the next `count` bytes, fewer only at the end; raises PackageDamaged."""
        parts = [self._buffer[self._used : self._used + count]]
        self._used += len(parts[0])
        got = len(parts[0])
        while got < count and self._fill():
            parts.append(self._buffer[: count - got])
            self._used = len(parts[-1])
            got += self._used
        self.position += got
        return b"".join(parts)

    def byte(self) -> int:
        """Read one byte; raises PackageDamaged at the end."""
        if self._used >= len(self._buffer):
            return self.exactly(1)[0]
        self._used += 1
        self.position += 1
        return self._buffer[self._used - 1]

    def _fill(self) -> bool:
        """Take the next piece of the file into the buffer, its digest and its tail; False at the end."""
        try:
            content = self._stream.read(_PIECE)
        except DAMAGE as error:
            raise PackageDamaged(self.name, f"it cannot be read ({error}); pack and hand in the model anew.") from error
        self._buffer, self._used = content, 0
        self._hash.update(content)
        self.tail = (self.tail + content)[-TAIL:]
        return bool(content)

    def exactly(self, count: int) -> bytes:
        """Read the next `count` bytes; raises PackageDamaged when there are fewer, as the size was known before."""
        content = self.read(count)
        if len(content) < count:
            raise PackageDamaged(
                self.name, "it ends before the size that was announced for it; hand in the model anew."
            )
        return content

    def rest(self) -> None:
        """Read whatever is left, in pieces; raises PackageDamaged when the file has another size than announced."""
        while self.read(CHUNK):
            pass
        if self.position != self.size:
            raise PackageDamaged(
                self.name, f"{self.position:,} bytes could be read and not {self.size:,}; hand in the model anew."
            )

    def sha256(self) -> str:
        """Give the digest of a file that has been read to its end, in hexadecimal."""
        return self._hash.hexdigest()
