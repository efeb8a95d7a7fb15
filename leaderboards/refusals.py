"""The ways in which this instrument says no: each carries one sentence for the person who gave the input."""


class Refusal(ValueError):
    """What was given cannot be used; the message says what is wrong, where, and what to do."""


class PolicyError(Refusal):
    """A ranking policy that cannot be used, with the path of the key that is wrong."""


class ScoreError(Refusal):
    """A table of scores that cannot be used, with file, row and column."""


class SplitError(Refusal):
    """A pot that cannot be split as asked."""


class SelectionError(Refusal):
    """Candidates or rules from which no winners can be chosen."""


class BundleError(Refusal):
    """A file that is not a bundle at all, as against one whose numbers do not agree."""


class ReviewError(Refusal):
    """A table of judges' marks that cannot be used, with file, row and column."""


class AssignmentError(Refusal):
    """Entries and judges that cannot be brought together as asked, with whoever cannot be served and why."""
