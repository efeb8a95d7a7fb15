"""Keeps what the engine left beside a report, and lets a team read what speaks of hidden items, on record."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.foundation.audit import write_line
from challenge.foundation.files import FileStore, Stored
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.runs import rules
from challenge.runs.operations_events import note
from challenge.runs.records import Run
from challenge.runs.records_papers import PaperRelease, RunPaper, RunUsage
from challenge.runs.usage import cost_micros
from challenge.submissions import queries as submissions
from challenge.submissions.records import Submission

MOST = 2**53
METHODS = ("measured", "estimated", "none")
USAGE = "usage.json"
LARGEST_PAPER = 256 * 2**20


@dataclass(frozen=True)
class Papers:
    """What is kept beside a result: files that lie in the store already, and what the run took."""

    files: Mapping[str, Stored]
    usage: Mapping[str, object] | None


def keep_papers(files: FileStore, papers: Mapping[str, bytes], *, eur_per_cpu_hour: Decimal) -> Papers:
    """Put papers into the store, and read what the run took; outside of any transaction."""
    kept = {name: files.put(io.BytesIO(content), limit=LARGEST_PAPER) for name, content in papers.items()}
    return Papers(kept, read_usage(papers[USAGE], eur_per_cpu_hour) if USAGE in papers else None)


def read_usage(content: bytes, eur_per_cpu_hour: Decimal) -> Mapping[str, object] | None:
    """Return the columns of RunUsage from a usage.json; None where it is not one, for a score never hangs on it."""
    try:
        found = json.loads(content)
        numbers = {name: float(found[name]) for name in ("seconds", "cpu_seconds", "peak_megabytes", "energy_joules")}
        method, device = str(found["energy_method"]), str(found["device"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not all(0 <= number * 1000 < MOST for number in numbers.values()) or method not in METHODS:
        return None
    spent = round(numbers["cpu_seconds"] * 1000)
    return {
        "milliseconds": round(numbers["seconds"] * 1000),
        "cpu_milliseconds": spent,
        "peak_megabytes": min(round(numbers["peak_megabytes"]), 2**31 - 1),
        "device": "".join(letter if letter.isprintable() else " " for letter in device)[:80],
        "energy_joules": round(numbers["energy_joules"]),
        "energy_method": method,
        "cost_micros": cost_micros(spent, eur_per_cpu_hour),
    }


def write_papers(session: Session, run_id: int, papers: Papers) -> None:
    """Note a run's papers and what it took; its result is written in the same transaction."""
    session.add_all(
        RunPaper(run_id=run_id, name=name, sha256=stored.sha256, size=stored.size)
        for name, stored in papers.files.items()
    )
    if papers.usage is not None:
        write_usage(session, run_id, papers.usage)


def write_usage(session: Session, run_id: int, usage: Mapping[str, object]) -> None:
    """Note what running a model took, in the transaction that ends its run."""
    session.add(RunUsage(run_id=run_id, **usage))


def release_papers(session: Session, *, actor: Actor, run: Run, reason: str, now: datetime) -> None:
    """Let a run's team read what its model said to hidden items, and the engine's words; raise Refused or Invalid."""
    session.execute(select(Run.id).where(Run.id == run.id).with_for_update())  # two admins who press together
    submission = session.get_one(Submission, run.submission_id)
    names = session.scalars(select(RunPaper.name).where(RunPaper.run_id == run.id))
    demand(
        rules.why_not_release(
            actor,
            submissions.stake_in(session, actor.account_id, submission),
            withheld=bool(rules.WITHHELD & set(names)),
            released=session.get(PaperRelease, run.id) is not None,
        )
    )
    if sentence := rules.why_not_reason(reason):
        raise Invalid(sentence, "reason")
    release = PaperRelease(
        run_id=run.id, released_by=actor.account_id or 0, released_at=now, reason=reason.strip()[:2000]
    )
    session.add(release)
    note(session, run.id, "The organiser released what the model said to hidden items, and the engine's words.", now)
    session.flush()
    particulars: dict[str, object] = {"submission": submission.reference, "reason": release.reason}
    write_line(session, actor=actor, verb="release_outputs", subject=f"run {run.id}", now=now, particulars=particulars)
