"""Who may see how places moved between the two boards of a suite."""

from challenge.foundation.permits import WhyNot


def why_not_shake_up(*, known: bool, veiled: bool, built: bool) -> WhyNot:
    """Only whoever may see both boards, and reads the names on both, may follow an entry from one to the other."""
    if not known:
        return "How places moved is shown once the public and the private board are both published."
    if veiled:
        return (
            "How places moved is shown once the entries of both boards are named. Pseudonyms are drawn for each board "
            "apart, so that nobody can be followed from one to the other."
        )
    return None if built else "How places moved is shown once both boards have been built."
