"""The engines that can run a model, each in an environment of its own that the platform never loads."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from evaluation.models import ModelFormat
from evaluation.tasks import BY_NUMBERS, BY_PROMPTS, By

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]


class EngineMissing(RuntimeError):
    """No engine that could run the model is installed; the message says how to install one."""


class FormatNotRun(EngineMissing):
    """No engine of the platform runs models of this format, or asks them as a task wants."""


@dataclass(frozen=True, kw_only=True)
class Kit:
    """An engine as the project knows it: what it runs, how it can ask, and the program that does."""

    name: str
    version: str
    program: str
    beside: tuple[str, ...] = ()
    """Files that the program imports."""
    runs: ModelFormat | None
    """None where it fetches models and runs none."""
    asks: frozenset[By]
    devices: frozenset[str]


LM_EVAL = Kit(
    name="lm-eval",
    version="0.4.13",
    program="lm_eval_program.py",
    beside=("contract.py", "drawing.py"),
    runs=ModelFormat.HUGGING_FACE,
    asks=BY_PROMPTS,
    devices=frozenset({"cpu", "cuda"}),
)
ONNX = Kit(
    name="onnx",
    version="1.32.0",
    program="onnx_program.py",
    beside=("contract.py",),
    runs=ModelFormat.ONNX,
    asks=BY_NUMBERS,
    devices=frozenset({"cpu"}),
)
HUB = Kit(
    name="hub", version="2.4.0", program="hub_program.py", runs=None, asks=frozenset(), devices=frozenset({"cpu"})
)
KITS = (LM_EVAL, ONNX)


@dataclass(frozen=True, kw_only=True)
class Engine:
    """An engine that is installed: its environment's folder and what pins it."""

    kit: Kit
    folder: Path
    lock: str
    """SHA-256 of the list of packages it was installed from; with another list it is another engine."""

    @property
    def python(self) -> Path:
        """The interpreter of its environment."""
        return self.folder / "bin" / "python"

    @property
    def folders(self) -> tuple[Path, ...]:
        """What its interpreter must be able to read: the environment, and the Python that it was made from."""
        home = next(
            line.partition("=")[2].strip()
            for line in (self.folder / "pyvenv.cfg").read_text().splitlines()
            if line.partition("=")[0].strip() == "home"
        )
        made_from = Path(home).resolve().parent
        return (self.folder,) if made_from == Path("/usr") else (self.folder, made_from)

    @property
    def program(self) -> Path:
        """The program that is run by it."""
        return HERE / "programs" / self.kit.program

    @property
    def beside(self) -> tuple[Path, ...]:
        """The files that the program imports."""
        return tuple(HERE / "programs" / name for name in self.kit.beside)

    @property
    def identity(self) -> dict[str, str]:
        """What of it goes into the key of every shard: its packages, and the program that asks by them."""
        content = b"".join(path.read_bytes() for path in (self.program, *self.beside))
        program = hashlib.sha256(content).hexdigest()
        return {"name": self.kit.name, "version": self.kit.version, "lock": self.lock, "program": program}

    @property
    def title(self) -> str:
        """Name it so that a score can be traced to it."""
        return f"{self.kit.name} {self.kit.version} ({self.lock[:12]})"


def engines_folder() -> Path:
    """Return where engines are installed: the variable ENGINES, else `.engines` in the project."""
    return Path(os.environ.get("ENGINES") or PROJECT / ".engines").resolve()


def engine_for(form: ModelFormat, *, folder: Path | None = None) -> Engine:
    """Return the installed engine that runs models of a format; raises EngineMissing."""
    kit = next((kit for kit in KITS if kit.runs is form), None)
    if kit is None:
        raise FormatNotRun(f"No engine of this platform runs models of the format {form.value}.")
    return installed(kit, folder=folder)


def installed(kit: Kit, *, folder: Path | None = None) -> Engine:
    """Return the environment that a kit was installed into; raises EngineMissing."""
    home = (folder or engines_folder()) / kit.name
    if not (home / "installed").is_file():
        raise EngineMissing(f"The engine {kit.name} is not installed: bin/engine install {kit.name}")
    lock = hashlib.sha256((HERE / "locks" / f"{kit.name}.txt").read_bytes()).hexdigest()
    return Engine(kit=kit, folder=home, lock=lock)
