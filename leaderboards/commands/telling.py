"""What a command says goes to standard output line by line, or into a file as canonical JSON."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from leaderboards.canonical import canonical_bytes
from leaderboards.writing import write_whole


def tell(lines: Iterable[str]) -> None:
    """Print lines."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def tell_or_write(found: dict[str, Any], lines: Iterable[str], *, json: str | None) -> None:
    """Print lines, after writing the finding into the file `json`; with "-" print the finding in place of the lines."""
    content = canonical_bytes(found)
    if json == "-":
        sys.stdout.write(content.decode("ascii"))
        return
    if json is not None:
        write_whole(Path(json), content)
    tell(lines)
