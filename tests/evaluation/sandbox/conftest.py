"""Lays out the baits for attacks, and skips what needs a sandbox where none can be made."""

import os
from collections.abc import Iterator

import pytest

from evaluation.sandbox import why_not_untrusted
from tests.evaluation.sandbox.assault import PYTHON, interpreter_is_there
from tests.evaluation.sandbox.baits import Baits, laid_out


@pytest.fixture(scope="session")
def sandboxed() -> None:
    """Skip where this machine can make no sandbox."""
    why_not = why_not_untrusted()
    if why_not:
        pytest.skip(why_not)
    if not interpreter_is_there():
        pytest.skip(f"The attacks are programs for {PYTHON}, which is not installed.")


@pytest.fixture(scope="session")
def as_root(sandboxed: None) -> None:  # noqa: ARG001  # a fixture asks for another
    """Skip where the tests do not run as root."""
    if os.geteuid() != 0:
        pytest.skip("Only root can do this.")


@pytest.fixture(scope="session")
def baits(sandboxed: None) -> Iterator[Baits]:  # noqa: ARG001  # the same
    """Lay out what an attacker would want."""
    with laid_out() as baits:
        yield baits
