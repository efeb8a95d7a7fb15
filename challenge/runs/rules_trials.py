"""Who may try an entry on the public part, how often, and who sees what came of it."""

from challenge.calls.states import CallState
from challenge.foundation.permits import WhyNot
from challenge.submissions.rules import NOT_MEMBER, Situation, why_closed

TRIALS_A_DAY = 3
"""So many trials a team has within 24 hours."""
TRIAL_SECONDS = 600
"""A trial gets no more: it is to show whether a model runs or answers, and a worker has other things to do."""
TRIAL_REQUESTS, TRIAL_TOKENS = 2_000, 500_000
"""What a trial may take of an endpoint, where a run may take as much."""
NO_ENDPOINTS = "This call takes no endpoints."
NO_MORE_TODAY = (
    f"Your team has tried {TRIALS_A_DAY} times within the last 24 hours, which is all it may. Try again later; "
    "at home you may run the starter as often as you like."
)


def why_not_try(situation: Situation, *, tried: int) -> WhyNot:
    """A member tries for an eligible team until the last deadline, a few times a day; no quota is asked."""
    if not situation.is_member:
        return NOT_MEMBER
    if situation.state is CallState.DRAFT:
        return "The call is not open yet."
    if situation.state is CallState.FROZEN or situation.now >= situation.rules.last_deadline:
        return f"Trials are over. {why_closed(situation.rules, situation.now)}"
    if not situation.eligible:
        return "Your team is not eligible yet. " + " ".join(situation.reasons)
    return NO_MORE_TODAY if tried >= TRIALS_A_DAY else None


def trial_key_context(trial_id: int) -> str:
    """Name what the key of a trial is sealed for, so that it opens for no other."""
    return f"endpoint key of trial {trial_id}"
