"""Runs all attacks as a user without rights and prints what did not hold, as JSON: `python -m …` as root.

The modules are read before the rights are given up, since that user may not be able to read this Python's folder.
"""

import json
import os
import sys

from evaluation.sandbox import layers
from tests.evaluation.sandbox.assault import judged
from tests.evaluation.sandbox.attacks import ATTACKS
from tests.evaluation.sandbox.baits import laid_out

NOBODY_IN_PARTICULAR = 1234


def main() -> None:
    """Lay out the baits as root, become another user, and attack."""
    with laid_out() as baits:
        for path in (baits.folder, *baits.folder.rglob("*")):
            os.chown(path, NOBODY_IN_PARTICULAR, NOBODY_IN_PARTICULAR, follow_symlinks=False)
        os.chdir("/")
        os.setgroups([])
        os.setresgid(*[NOBODY_IN_PARTICULAR] * 3)
        os.setresuid(*[NOBODY_IN_PARTICULAR] * 3)
        have = layers()
        assert not have.own_uid, "still root"
        assert have.why_not_untrusted() is None, have
        chosen = sys.argv[1:] or list(ATTACKS)
        json.dump({name: judged(ATTACKS[name], baits) for name in chosen}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
