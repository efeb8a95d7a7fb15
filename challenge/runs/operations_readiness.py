"""Says whether models can be run on this machine, before the first one waits."""

from dataclasses import dataclass
from pathlib import Path

from evaluation.engines import EngineMissing
from evaluation.engines.engine import engine_for
from evaluation.models import ModelFormat
from evaluation.sandbox import layers


@dataclass(frozen=True)
class Readiness:
    """What stands in the way of running models here, and what is open although they can be run."""

    trouble: str = ""
    """Why no model can be run here, and what to do about it; empty where one can."""
    open: tuple[str, ...] = ()
    """What the sandbox of this machine does not hold, a sentence each."""


def readiness(engines: str = "") -> Readiness:
    """Look for the engine in a folder, else in the usual one, and try the sandbox once in the life of this process."""
    have = layers()
    if trouble := have.why_not_untrusted():
        return Readiness(trouble)
    try:
        engine_for(ModelFormat.HUGGING_FACE, folder=Path(engines) if engines else None)
    except EngineMissing as error:
        return Readiness(str(error))
    return Readiness(open=have.lost())
