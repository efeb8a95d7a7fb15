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

    Whatever is read by the engine is what was looked at: each file is hashed again while it is written. A folder is
    used as it lies there, which is for whoever runs their own model at home.
    """
    if model.is_dir():
        tops = {file.name for file in facts.files}
        yield next(
            folder for folder in (model, *sorted(model.iterdir())) if all((folder / name).is_file() for name in tops)
        )
        return
    with tempfile.TemporaryDirectory(prefix="model-") as name:
        target = Path(name)
        target.chmod(0o755)
        with opened(model, MODEL_LIMITS) as package:
            for known in facts.files:
                path = target / known.name
                path.parent.mkdir(parents=True, exist_ok=True)
                with package.reading(known.name, raw=True) as file, path.open("xb") as here:
                    while piece := file.read(PIECE):
                        here.write(piece)
                if package.files[known.name].sha256 != known.sha256:
                    raise PackageDamaged(known.name, "it changed while it was read; hand in the model anew.")
        yield target
