"""What changes calls: import a version of the rules, add a suite, open, freeze."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.calls import queries, rules
from challenge.calls.callfile import ParsedCall
from challenge.calls.importing.originals import Original
from challenge.calls.operations_suite import PreparedSuite, keep_suite, prepare_suite, prepare_upload
from challenge.calls.records import Call, CallSuite, CallVersion
from challenge.calls.states import MOVES, CallState, EntryKind
from challenge.calls.suites import read_summary
from challenge.foundation.audit import write_line
from challenge.foundation.canonical import canonical
from challenge.foundation.files import Stored
from challenge.foundation.moves import move
from challenge.foundation.permits import Actor, Invalid, NotFound, demand

__all__ = [
    "PreparedSuite",
    "add_suite",
    "freeze_call",
    "import_call",
    "keep_suite",
    "open_call",
    "prepare_suite",
    "prepare_upload",
]

UNCHANGED = "These rules are in force already, to the letter; nothing was imported."


def import_call(
    session: Session,
    *,
    actor: Actor,
    parsed: ParsedCall,
    now: datetime,
    call: Call | None = None,
    original: Original | None = None,
) -> Call:
    """Make a new draft of a call file, or a new version of the draft that has its key.

    With `call` given, the file must be one for that call. Suites that a new version no longer names are
    removed from the draft. `original` is the bundle that the file was made from: the file and the log name it, and so
    it stays in the store. Raises Refused once the call is open, Invalid where the file is for another call or changes
    nothing.
    """
    key = str(parsed.document["key"])
    if original:
        parsed = parsed.naming(original.sha256)
    if call is not None and call.key != key:
        raise Invalid(
            f"The file is for the call {key!r}. Write key: {call.key} to make it a version of this one.", "text"
        )
    found = session.scalar(select(Call).where(Call.key == key).with_for_update())
    demand(rules.why_not_import(actor, state=found.state if found else None))
    removed: list[str] = []
    if found is None:
        state = CallState.DRAFT
        found = Call(key=key, title=parsed.document["title"], state=state, version=1, created_at=now)
        session.add(found)
        session.flush()
    else:
        in_force = queries.version_of(session, found)
        if (in_force.digest, in_force.text) == (parsed.digest, parsed.text):
            raise Invalid(UNCHANGED, "source")
        found.version, found.title = in_force.number + 1, parsed.document["title"]
        removed = _remove_suites(session, found, keep={suite["key"] for suite in parsed.document["suites"]})
    _add_version(session, found, parsed, actor, now)
    particulars: dict[str, object] = {"version": found.version, "digest": parsed.digest}
    if removed:
        particulars["suites_removed"] = removed
    if original:
        particulars |= original.noted()
    _note(session, actor, "import_call", found, now, particulars)
    return found


def add_suite(
    session: Session,
    *,
    actor: Actor,
    call: Call,
    key: str,
    title: str,
    digest: str,
    file: Stored,
    starter: Stored,
    summary: str,
    now: datetime,
    takes: EntryKind = EntryKind.PREDICTIONS,
) -> CallSuite:
    """Add a suite to a draft, or replace the one of that key; its files lie in the store already.

    `summary` is what `suites.write_summary` wrote, `takes` what `prepare_suite` found. Raises Refused once the
    call is open, Invalid where the call's rules name no such suite.
    """
    call = _take(session, call)
    demand(rules.why_not_add_suite(actor, state=call.state))
    known = [suite.key for suite in queries.rules_of(session, call).suites]
    if key not in known:
        raise Invalid(f"The call's rules name no suite {key!r}; they name {', '.join(known)}.", "suite")
    of_key = select(CallSuite).where(CallSuite.call_id == call.id, CallSuite.key == key)
    suite = session.scalar(of_key) or CallSuite(call_id=call.id, key=key)
    suite.title, suite.digest, suite.summary, suite.added_at = title, digest, summary, now
    suite.takes, suite.file_sha256, suite.starter_sha256 = takes, file.sha256, starter.sha256
    session.add(suite)
    session.flush()
    _note(session, actor, "add_suite", call, now, {"suite": key, "digest": digest, "file": file.sha256})
    return suite


def open_call(session: Session, *, actor: Actor, call: Call, now: datetime) -> None:
    """Open a draft: its rules and suites stand from now on; raise Refused with the reason where it may not be."""
    call = _take(session, call)
    added = queries.suites_of(session, call)
    suites = {suite.key: suite.digest for suite in added}
    takes = {suite.key: suite.takes for suite in added}
    in_force = queries.rules_of(session, call)
    asked = {suite.key: read_summary(suite.summary).asked for suite in added}
    why_not = rules.why_not_open(actor, state=call.state, rules=in_force, suites=takes, asked=asked, now=now)
    demand(why_not)
    move(call, CallState.OPEN, MOVES)
    call.opened_at = now
    digest = queries.version_of(session, call).digest
    _note(session, actor, "open_call", call, now, {"version": call.version, "digest": digest, "suites": suites})


def freeze_call(session: Session, *, actor: Actor, call: Call, now: datetime) -> None:
    """Freeze an open call after its last deadline; raise Refused with the reason where it may not be."""
    call = _take(session, call)
    in_force = queries.rules_of(session, call)
    demand(rules.why_not_freeze(actor, state=call.state, rules=in_force, now=now))
    move(call, CallState.FROZEN, MOVES)
    call.frozen_at = now
    _note(session, actor, "freeze_call", call, now, {})


def _take(session: Session, call: Call) -> Call:
    """Load a call for change; whoever else would change it waits."""
    found = session.get(Call, call.id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _add_version(session: Session, call: Call, parsed: ParsedCall, actor: Actor, now: datetime) -> None:
    session.add(
        CallVersion(
            call_id=call.id,
            number=call.version,
            text=parsed.text,
            document=canonical(parsed.document).decode(),
            digest=parsed.digest,
            imported_at=now,
            imported_by=actor.account_id,
        )
    )
    session.flush()


def _remove_suites(session: Session, call: Call, *, keep: set[str]) -> list[str]:
    """Remove the suites that the new rules no longer name; nothing was measured by them yet."""
    gone = [suite for suite in queries.suites_of(session, call) if suite.key not in keep]
    for suite in gone:
        session.delete(suite)
    return [suite.key for suite in gone]


def _note(session: Session, actor: Actor, verb: str, call: Call, now: datetime, particulars: dict[str, object]) -> None:
    write_line(session, actor=actor, verb=verb, subject=f"call {call.key}", now=now, particulars=particulars)
