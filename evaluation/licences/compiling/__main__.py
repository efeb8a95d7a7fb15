"""Compile the index of licence texts: `python -m evaluation.licences.compiling FOLDER DATE`.

FOLDER holds the pinned packages (a missing one is named with the command that fetches it); DATE is the day, as
2026-11-26. The same packages and the same date give the same bytes.
"""

import sys
from pathlib import Path

from evaluation.licences.compiling.index import compiled
from evaluation.licences.compiling.packages import PackageError
from evaluation.licences.texts.index import INDEX

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        INDEX.write_bytes(compiled(Path(sys.argv[1]), date=sys.argv[2]))
    except PackageError as error:
        sys.exit(str(error))
