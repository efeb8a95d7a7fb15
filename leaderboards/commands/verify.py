"""The command `verify` recomputes a published decision from its bundle."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from leaderboards.commands.exits import DIFFERENT, DONE
from leaderboards.commands.telling import tell
from leaderboards.printing import plain
from leaderboards.verification import verify_bundle

if TYPE_CHECKING:
    from leaderboards.commands.parsing import Commands


def add_verify(commands: Commands) -> None:
    """Say what `verify` takes."""
    parser = commands.add_parser("verify", help="recompute a published decision from its bundle")
    parser.add_argument("bundle", type=Path)
    parser.set_defaults(run=_run)


def _run(chosen: Namespace) -> int:
    verdict = verify_bundle(chosen.bundle)
    if verdict.ok:
        tell([f"same SHA-256 {verdict.sha256}: every result follows from the inputs in {plain(chosen.bundle.name)}"])
        return DONE
    tell([f"different: {verdict.first_difference}"])
    return DIFFERENT
