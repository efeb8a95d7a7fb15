"""What a desk shows: things that wait, each in a sentence with the way to it."""

from dataclasses import dataclass
from datetime import datetime

from challenge.calls.document import Phase, Rules

NOT_SCORED = frozenset(
    {"model_refused", "not_loadable", "gate_failed", "endpoint_refused", "endpoint_silent", "budget_spent"}
)
"""Endings of a model, or of an endpoint, that its team can do something about."""


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for the reader."""

    sentence: str
    address: str
    by: datetime | None = None
    """Until when, if there is a deadline."""
    zone: str = "UTC"
    """The zone of the call it is about."""


@dataclass(frozen=True)
class Line:
    """What became of one submission, in the words of all rooms."""

    reference: str
    title: str
    submitted_at: datetime
    is_final: bool
    run: str
    run_id: int | None
    licence: str
    fetch: str = ""
    """Of a model from a hub that is not here: waiting, refused (the team can do something about it) or failed."""


def next_phase(rules: Rules, now: datetime) -> Phase | None:
    """Return the phase that is on, else the next one to open, None when all are over."""
    ahead = sorted((phase for phase in rules.phases if phase.closes > now), key=lambda phase: phase.opens)
    return ahead[0] if ahead else None


def team_tasks(
    *, team_id: int, call_key: str, rules: Rules, now: datetime, eligible: bool | None, honour: bool, lines: list[Line]
) -> list[Waiting]:
    """List what a team has to do next, most urgent first; every entry is a sentence with its address."""
    open_phase = rules.open_phase(now)
    if open_phase is None:
        return []
    by, zone, tasks = open_phase.closes, rules.zone, []
    if rules.eligibility.honour and not honour:
        tasks.append(Waiting("Declare on honour that your organisation may enter.", f"/teams/{team_id}", by, zone))
    if eligible is False:
        sentence = "Your team is not eligible yet; read why and mend what you can."
        tasks.append(Waiting(sentence, f"/teams/{team_id}", by, zone))
    if not lines:
        tasks.append(Waiting("Hand in your first submission.", f"/calls/{call_key}/submit", by, zone))
    for line in lines:
        if line.run == "unreadable":
            sentence = f"{line.reference} could not be read; see which rows, and hand in again."
            tasks.append(Waiting(sentence, f"/runs/{line.run_id}", by, zone))
        if line.fetch == "refused":
            sentence = f"The model of {line.reference} was not taken from the hub; see why, and hand in again."
            tasks.append(Waiting(sentence, f"/submissions/{line.reference}", by, zone))
        if line.run in NOT_SCORED:
            sentence = f"The model of {line.reference} was not scored; see why, and hand in again."
            tasks.append(Waiting(sentence, f"/runs/{line.run_id}", by, zone))
        if line.is_final and line.licence in {"non_compliant", "needs_review"}:
            sentence = f"The licence of your final entry {line.reference} does not pass yet; see why."
            tasks.append(Waiting(sentence, f"/compliance/{line.reference}", by, zone))
    return tasks
