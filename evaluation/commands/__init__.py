"""Commands: what `python -m evaluation` can do, one function a command."""

import errno
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from evaluation.commands.exits import Exit
from evaluation.commands.parsing import parser

# A command loads what it needs when it is asked for: judging a licence needs none of the libraries that score.
COMMANDS: Mapping[str, str] = {
    "european": "european.run_european",
    "every-eval-ever": "every_eval_ever.run_every_eval_ever",
    "fetch": "fetch.run_fetch",
    "licences": "licences.run_licences",
    "model": "model.run_model",
    "public-sets": "public_sets.run_public_sets",
    "run": "run.run_entry",
    "sandbox": "sandbox.run_sandbox",
    "score": "score.run_score",
    "starter": "suite.run_starter",
    "suite": "suite.run_suite",
}
OUT_OF_MEMORY = "Out of memory; give the process more, or send a smaller file."
_NEVER_MENDS = (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError, FileExistsError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every failure is printed as a sentence."""
    options = parser().parse_args(arguments)
    try:
        return _command(options.command)(options)
    except _bad_inputs() as error:
        return _failed(str(error), Exit.BAD_INPUT)
    except _NEVER_MENDS as error:
        return _failed(f"{error.filename}: {error.strerror}", Exit.BAD_INPUT)
    except _sandbox_error() as error:
        return _failed(str(error), Exit.TRY_AGAIN)
    except MemoryError:
        return _failed(OUT_OF_MEMORY, Exit.OUT_OF_MEMORY)
    except OSError as error:
        if error.errno == errno.ENOMEM:
            return _failed(OUT_OF_MEMORY, Exit.OUT_OF_MEMORY)
        return _failed(f"{error}; nothing is wrong with the input, try again later.", Exit.TRY_AGAIN)


def _failed(sentence: str, code: Exit) -> Exit:
    sys.stderr.write(f"{sentence}\n")
    return code


def _command(name: str) -> Callable[[Namespace], Exit]:
    file, _, function = COMMANDS[name].partition(".")
    found: Callable[[Namespace], Exit] = getattr(import_module(f"evaluation.commands.{file}"), function)
    return found


def _bad_inputs() -> tuple[type[Exception], ...]:
    """List what says that the input is wrong; asked for only when something was raised."""
    from evaluation.archives import ArchiveError
    from evaluation.licences import PolicyError, RegistryError
    from evaluation.suites import SuiteError

    return SuiteError, ArchiveError, PolicyError, RegistryError


def _sandbox_error() -> type[Exception]:
    from evaluation.sandbox import SandboxError

    return SandboxError
