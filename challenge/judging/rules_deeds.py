"""What a reader of one entry may do, until when, and why not what they may not."""

from dataclasses import dataclass
from datetime import datetime

from challenge.calls.document import PhaseKind, Rules
from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.judging import rules
from challenge.judging.docket import Docket


@dataclass(frozen=True)
class Deed:
    """One thing that can be done with an entry: whether the reader may, and what ends it."""

    words: str
    why_not: WhyNot
    until: datetime | None = None
    ends: str = ""
    """What else ends it, as a clause."""


def deeds(docket: Docket, actor: Actor, submission_id: int, *, call_rules: Rules, now: datetime) -> tuple[Deed, ...]:
    """List what can be done with an entry, for a panellist or for somebody of the office."""
    phase, seat = call_rules.phase(PhaseKind.JUDGING), docket.seat(actor.account_id)
    closes = phase.closes if phase else None
    found = []
    if seat is not None:
        review = rules.why_not_review(docket, actor, submission_id, rules=call_rules, now=now)
        abstain = rules.why_not_declare(docket, actor, submission_id, conflict=True)
        found += [
            Deed("Score the entry, and change your scores", review, closes, "the panel agrees on the entry"),
            Deed("Abstain because of a conflict", abstain, None, "your review is submitted"),
        ]
    found += [
        Deed("Read the panel's scores of it", rules.why_not_see_others(docket, actor, submission_id)),
        Deed("Read the panel's table", rules.why_not_table(docket, actor)),
    ]
    if actor.has(Role.ADMIN) or (seat is not None and seat.is_chair):
        agree = rules.why_not_agree(docket, actor, submission_id, rules=call_rules, now=now)
        found.append(Deed("Record what the panel agreed on", agree, closes))
    return tuple(found)
