"""How long the key of an endpoint is kept: as long as a run that needs it may still be asked for."""

from datetime import datetime, timedelta

from challenge.calls.document import PhaseKind, Rules

EVALUATING = frozenset({PhaseKind.SUBMISSION, PhaseKind.JUDGING})
"""Phases in which a submission may be evaluated, or evaluated again: afterwards the decision stands."""


def kept_until(rules: Rules, days: int) -> datetime:
    """Return from when on a call's keys are kept no longer: so many days after its last phase that evaluates."""
    return max(phase.closes for phase in rules.phases if phase.kind in EVALUATING) + timedelta(days=days)
