"""Reads calls, their rules and their suites."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.calls.document import Rules, read_document
from challenge.calls.importing.originals import Original, original_in
from challenge.calls.records import Call, CallSuite, CallVersion
from challenge.calls.rules import why_not_know
from challenge.calls.states import CallState, EntryKind
from challenge.calls.suites import read_summary
from challenge.foundation.earlier import history_of
from challenge.foundation.permits import Actor, NotFound


def call(session: Session, call_id: int) -> Call:
    """Return a call; raise NotFound if there is none."""
    found = session.get(Call, call_id)
    if found is None:
        raise NotFound
    return found


def call_by_key(session: Session, key: str) -> Call:
    """Return the call of that key; raise NotFound if there is none."""
    found = session.scalar(select(Call).where(Call.key == key))
    if found is None:
        raise NotFound
    return found


def known_call(session: Session, actor: Actor, key: str) -> Call:
    """Return the call of that key; raise NotFound also for a draft that the actor may not know of."""
    found = call_by_key(session, key)
    if why_not_know(actor, state=found.state):
        raise NotFound
    return found


def known_calls(session: Session, actor: Actor) -> list[Call]:
    """Return the calls the actor may know of, newest first."""
    return [found for found in all_calls(session, drafts=True) if why_not_know(actor, state=found.state) is None]


def all_calls(session: Session, *, drafts: bool = False) -> list[Call]:
    """Return the calls, newest first; drafts only where asked for."""
    query = select(Call).order_by(Call.id.desc())
    if not drafts:
        query = query.where(Call.state != CallState.DRAFT)
    return list(session.scalars(query))


def version_of(session: Session, call_: Call, number: int | None = None) -> CallVersion:
    """Return one version of a call's rules, the one in force unless `number` is given."""
    wanted = number or call_.version
    found = session.scalar(select(CallVersion).where(CallVersion.call_id == call_.id, CallVersion.number == wanted))
    if found is None:
        raise NotFound
    return found


def digest_of(session: Session, call_: Call) -> str:
    """Return the digest of the rules that are in force for a call, without reading the rules."""
    in_force = (CallVersion.call_id == call_.id, CallVersion.number == call_.version)
    found = session.scalar(select(CallVersion.digest).where(*in_force))
    if found is None:
        raise NotFound
    return found


def versions_of(session: Session, call_: Call) -> list[CallVersion]:
    """Return all versions of a call's rules, newest first."""
    query = select(CallVersion).where(CallVersion.call_id == call_.id).order_by(CallVersion.number.desc())
    return list(session.scalars(query))


def original_of(session: Session, call_: Call) -> Original | None:
    """Return the bundle of another platform that a call was last made from; None where it was made of none."""
    lines = (line for line in history_of(session, f"call {call_.key}") if line.verb == "import_call")
    return next((found for line in lines if (found := original_in(json.loads(line.particulars)))), None)


def rules_of(session: Session, call_: Call) -> Rules:
    """Return the rules that are in force for a call."""
    return read_document(json.loads(version_of(session, call_).document))


def suites_of(session: Session, call_: Call) -> list[CallSuite]:
    """Return a call's suites in the order they were added."""
    return list(session.scalars(select(CallSuite).where(CallSuite.call_id == call_.id).order_by(CallSuite.id)))


def takes_of(session: Session, call_: Call) -> EntryKind:
    """Return what a call's entries are evaluated on; its suites agree from the opening on, and none is predictions."""
    query = select(CallSuite.takes).where(CallSuite.call_id == call_.id).order_by(CallSuite.id).limit(1)
    return session.scalar(query) or EntryKind.PREDICTIONS


def asked_of(session: Session, call_: Call) -> str:
    """Return how a call's suites ask models, as a summary has it; they agree from the opening on."""
    query = select(CallSuite.summary).where(CallSuite.call_id == call_.id).order_by(CallSuite.id).limit(1)
    summary = session.scalar(query)
    return read_summary(summary).asked if summary else ""


def suite_by_key(session: Session, call_: Call, key: str) -> CallSuite:
    """Return a call's suite of that key; raise NotFound if there is none."""
    found = session.scalar(select(CallSuite).where(CallSuite.call_id == call_.id, CallSuite.key == key))
    if found is None:
        raise NotFound
    return found


def suite(session: Session, suite_id: int) -> CallSuite:
    """Return a suite; raise NotFound if there is none."""
    found = session.get(CallSuite, suite_id)
    if found is None:
        raise NotFound
    return found
