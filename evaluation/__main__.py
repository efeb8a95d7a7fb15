"""`python -m evaluation` runs the instrument from the command line."""

import sys

from evaluation.commands import main

if __name__ == "__main__":
    sys.exit(main())
