"""Names the entries that the panel judges, and settles a tie at the maximum of their list."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from challenge.calls.records import Call
from challenge.foundation.audit import write_line
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.judging import queries, rules
from challenge.judging.operations_shortlist import shortlist_of
from challenge.judging.records import Declaration, Finalist, SettledTie
from challenge.judging.shortlist import Shortlist, TieWord
from challenge.teams.prose import listed, tidy_text, why_not_text
from challenge.teams.queries import is_competitor


def name_finalists(session: Session, *, actor: Actor, call: Call, now: datetime) -> Shortlist:
    """Name the entries that the panel judges, from gates and the private board, and return who is on and off.

    Naming again adds who has come to qualify; who no longer does leaves the list only while nobody has declared
    on them. Raises Refused by rule, Invalid while entries are tied at the maximum and nobody has decided on them.
    """
    stands = queries.deciding_standing(session, call.id) is not None
    competes = is_competitor(session, actor.account_id, call.id)
    demand(rules.why_not_name_finalists(actor, competes=competes, state=call.state, board_stands=stands))
    chosen = shortlist_of(session, call)
    if chosen.tied:
        raise Invalid(f"{listed(chosen.references_tied)} are tied at the maximum of the list; decide on them first.")
    before = {finalist.submission_id: finalist for finalist in queries.finalists_of(session, call.id)}
    for choice in chosen.named:
        finalist = before.pop(choice.entry.submission_id, None)
        if finalist is None:
            finalist = Finalist(
                submission_id=choice.entry.submission_id, call_id=call.id, reason=choice.reason, named_at=now
            )
            session.add(finalist)
        finalist.reason = choice.reason
    for submission_id, finalist in before.items():
        query = select(func.count()).select_from(Declaration).where(Declaration.submission_id == submission_id)
        if not session.scalar(query):
            session.delete(finalist)
    session.flush()
    references = [choice.entry.reference for choice in chosen.named]
    _note(session, actor, "name_finalists", call, now, {"finalists": references})
    for seat, account in queries.panel_of(session, call.id):
        write_letter(
            session,
            account_id=seat.account_id,
            subject=f"The finalists of {call.title} are named",
            body=f"Dear {account.name},\n\nthe finalists of {call.title} are named. Declare for each whether you have "
            f"a conflict of interest; the entries you may judge open to you at once.\n\nYour page: /judging/{call.key}",
            now=now,
        )
    return chosen


def settle_tie(
    session: Session, *, actor: Actor, call: Call, taken: Collection[str], reason: str, now: datetime
) -> SettledTie:
    """Decide which of the entries that are tied at the maximum come before the panel; `taken` holds references.

    Raises Refused by rule, Invalid where nobody is tied, for an entry that is not, for too many, without a reason.
    """
    stands = queries.deciding_standing(session, call.id) is not None
    competes = is_competitor(session, actor.account_id, call.id)
    demand(rules.why_not_name_finalists(actor, competes=competes, state=call.state, board_stands=stands))
    chosen = shortlist_of(session, call)
    if not chosen.tied:
        raise Invalid("Nobody is tied at the maximum of the list; name the finalists.")
    if sentence := rules.why_not_take(taken, tied=chosen.references_tied, places=chosen.places):
        raise Invalid(sentence)
    reason = tidy_text(reason)
    if sentence := why_not_text(reason, least=rules.LEAST_REASON, most=2000):
        raise Invalid(sentence, "reason")
    word = TieWord(chosen.references_tied, tuple(sorted(taken)), reason)
    settled = SettledTie(
        call_id=call.id,
        tied=list(word.tied),
        taken=list(word.taken),
        reason=reason,
        settled_by=actor.account_id,
        at=now,
    )
    session.add(settled)
    session.flush()
    particulars: dict[str, object] = {"tied": list(word.tied), "taken": list(word.taken), "reason": reason}
    _note(session, actor, "settle_tie", call, now, particulars)
    return settled


def _note(session: Session, actor: Actor, verb: str, call: Call, now: datetime, particulars: dict[str, object]) -> None:
    write_line(session, actor=actor, verb=verb, subject=f"call {call.id}", now=now, particulars=particulars)
