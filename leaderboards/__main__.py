"""`python -m leaderboards` runs the instrument from the command line."""

import sys

from leaderboards.commands import main

if __name__ == "__main__":
    sys.exit(main())
