"""Commands: what `python -m evaluation` can do, one function a command."""

import errno
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence

from evaluation.archives import ArchiveError
from evaluation.commands.exits import Exit
from evaluation.commands.fetch import run_fetch
from evaluation.commands.licences import run_licences
from evaluation.commands.model import run_model
from evaluation.commands.parsing import parser
from evaluation.commands.run import run_entry
from evaluation.commands.sandbox import run_sandbox
from evaluation.commands.score import run_score
from evaluation.commands.suite import run_starter, run_suite
from evaluation.licences import PolicyError
from evaluation.sandbox import SandboxError
from evaluation.suites import SuiteError

COMMANDS: Mapping[str, Callable[[Namespace], Exit]] = {
    "fetch": run_fetch,
    "licences": run_licences,
    "model": run_model,
    "run": run_entry,
    "sandbox": run_sandbox,
    "score": run_score,
    "starter": run_starter,
    "suite": run_suite,
}
OUT_OF_MEMORY = "Out of memory; give the process more, or send a smaller file."
_NEVER_MENDS = (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError, FileExistsError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every failure is printed as a sentence."""
    options = parser().parse_args(arguments)
    try:
        return COMMANDS[options.command](options)
    except (SuiteError, ArchiveError, PolicyError) as error:
        return _failed(str(error), Exit.BAD_INPUT)
    except _NEVER_MENDS as error:
        return _failed(f"{error.filename}: {error.strerror}", Exit.BAD_INPUT)
    except SandboxError as error:
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
