"""A parser whose complaint is one sentence, like every other complaint here, and the kinds of argument it knows."""

import argparse
from typing import TYPE_CHECKING, NoReturn

from leaderboards.commands.exits import BAD_INPUT

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction["Parser"]


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one sentence and leaves."""

    def error(self, message: str) -> NoReturn:
        """Leave with the status of bad input."""
        self.exit(BAD_INPUT, f"{self.prog}: {message}; see {self.prog} --help.\n")


def count(text: str) -> int:
    """Read a whole number of at least 0, as argparse asks for it."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 0")
    return int(text)
