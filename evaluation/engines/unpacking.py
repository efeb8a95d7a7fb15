"""A model that was looked at is laid out as plain files for an engine to read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evaluation.models import ModelFacts, PackageDamaged
from evaluation.models.package import MODEL_LIMITS, opened

PIECE = 1 << 20


@contextmanager
def laid_out(model: Path, facts: ModelFacts) -> Iterator[Path]:
    """Give the folder of a model's own files, unpacked where it is a zip; raises PackageDamaged or OSError.

    Whatever is read by the engine is what was looked at: each file is hashed again while it is written. A folder that
    everybody may read is used as it lies there, which is for whoever runs their own model at home.
    """
    as_it_lies = _folder_of(model, facts)
    if as_it_lies is not None:
        yield as_it_lies
        return
    with tempfile.TemporaryDirectory(prefix="model-") as name:
        target = Path(name)
        target.chmod(0o755)
        with opened(model, MODEL_LIMITS) as package:
            for known in facts.files:
                path = target / known.name
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
                with package.reading(known.name, raw=True) as file, path.open("xb") as here:
                    while piece := file.read(PIECE):
                        here.write(piece)
                if package.files[known.name].sha256 != known.sha256:
                    raise PackageDamaged(known.name, "it changed while it was read; hand in the model anew.")
        yield target


def _folder_of(model: Path, facts: ModelFacts) -> Path | None:
    """Return the folder in which a model's files lie, if there is one and the sandbox's user may read them."""
    if not model.is_dir():
        return None
    for folder in (model, *sorted(path for path in model.iterdir() if path.is_dir())):
        if all((folder / file.name).is_file() for file in facts.files):
            is_open = all((folder / file.name).stat().st_mode & 0o004 for file in facts.files)
            return folder if is_open and folder.stat().st_mode & 0o005 == 0o005 else None
    return None
