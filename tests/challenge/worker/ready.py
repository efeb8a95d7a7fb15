"""What the process has loaded from which a test's workers are forked: the house, and the texts of the licences."""

import pandas  # which Arrow asks for when it first reads rows

from evaluation.licences import default_policy
from evaluation.licences.expressions import parse_expression
from tests.challenge.worker import lives

parse_expression("Apache-2.0", policy=default_policy())

__all__ = ["lives", "pandas"]
