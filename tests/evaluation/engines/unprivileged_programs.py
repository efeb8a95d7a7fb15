"""Tries every trick as a user without rights and prints what came of each, as JSON: `python -m …` as root.

Without a user of its own for the sandbox, a program can reach the very pipe in which it is said that it passed. The
modules are read before the rights are given up, since that user may not be able to read this Python's folder.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import evaluation.engines.testing as module
from evaluation.sandbox import layers
from tests.evaluation.engines.hostile_programs import RIGHT, TESTS, TRICKS

NOBODY_IN_PARTICULAR = 1234


def main() -> None:
    """Become another user, then test; at last once more without a secret, which shows what the secret is for."""
    with tempfile.TemporaryDirectory(prefix="unprivileged-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.chown(folder, NOBODY_IN_PARTICULAR, NOBODY_IN_PARTICULAR)
        folder.chmod(0o755)
        module.TESTING = Path(shutil.copy(module.TESTING, folder))
        module.TESTING.chmod(0o644)
        tempfile.tempdir = str(folder)
        os.chdir("/")
        os.setgroups([])
        os.setresgid(*[NOBODY_IN_PARTICULAR] * 3)
        os.setresuid(*[NOBODY_IN_PARTICULAR] * 3)
        have = layers()
        assert not have.own_uid, "still root"
        assert have.why_not_untrusted() is None, have
        found = {name: module.tried(program, TESTS).outcome for name, program in {**TRICKS, "right": RIGHT}.items()}
        module.secrets.token_hex = lambda _nbytes=None: ""
        found["without a secret"] = module.tried(TRICKS["prints that it passed"], TESTS).outcome
        json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
