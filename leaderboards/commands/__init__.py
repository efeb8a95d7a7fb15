"""Commands: what `python -m leaderboards` can do, all without the site; a file for each."""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from leaderboards.commands.agree import add_agree
from leaderboards.commands.assign import add_assign
from leaderboards.commands.exits import BAD_INPUT, DONE
from leaderboards.commands.parsing import Parser
from leaderboards.commands.rank import add_rank
from leaderboards.commands.split import add_split
from leaderboards.commands.verify import add_verify
from leaderboards.printing import plain
from leaderboards.refusals import Refusal

COMMANDS = {
    "agree": add_agree,
    "assign": add_assign,
    "rank": add_rank,
    "split": add_split,
    "verify": add_verify,
}
"""Each adds its own arguments to the parser, and with `run` the function that takes them and returns a status."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 the bundle differs, 2 bad input."""
    chosen = parser().parse_args(arguments)
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal without ± shall show an escape, not end the program.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status: int = chosen.run(chosen)
        sys.stdout.flush()
    except Refusal as problem:
        return _complain(str(problem))
    except BrokenPipeError:
        # The reader has gone, as with `| head`; a second flush at exit must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as problem:
        return _complain(f"{problem.filename or 'a file'}: {problem.strerror or problem}.")
    return status


def parser() -> Parser:
    """Build the parser of `python -m leaderboards`."""
    top = Parser(prog="python -m leaderboards", description="Ranks, splits and verifies, offline.")
    commands = top.add_subparsers(required=True, metavar=" | ".join(COMMANDS))
    for add in COMMANDS.values():
        add(commands)
    return top


def _complain(sentence: str) -> int:
    sys.stderr.write(f"{plain(sentence)}\n")
    return BAD_INPUT
