"""Which rows of which tables are a call's, which files they name, and what is left out on purpose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Select, Table, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from challenge.archives.contents import FileKind
from challenge.awards.records import Allocation, Award, Decision, Extension, Obligation, Usage
from challenge.awards.records_checks import ReleaseCheck
from challenge.calls.records import Call, CallSuite, CallVersion
from challenge.compliance.records import DecisionProposal, Examination, ExaminationEvidence, OfficerDecision
from challenge.foundation.database import Record
from challenge.foundation.leases import Leased
from challenge.judging.records import Consensus, Declaration, Finalist, Panellist, Review, SettledTie
from challenge.people.records import Account
from challenge.runs.records import Result, Run
from challenge.runs.records_papers import PaperRelease, RunEvent, RunPaper, RunUsage
from challenge.runs.states import Outcome, RunState
from challenge.standings.records import Board, Standing
from challenge.standings.records_likeness import LikenessNote
from challenge.submissions.records import FinalChoice, Quota, QuotaEntry, Receipt, Submission
from challenge.submissions.records_fetches import Fetch
from challenge.teams.records import EligibilityRuling, Membership, Team

Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """The rows of one table that belong to a call: those that point, by `by`, at a row of `of` that does."""

    record: type[Record]
    by: InstrumentedAttribute[Any]
    of: type[Record] = Call

    @property
    def table(self) -> Table:
        """The table."""
        return self.record.__table__  # type: ignore[return-value]  # no record is mapped to a join


PARTS = (
    Part(Call, Call.id),
    Part(CallVersion, CallVersion.call_id),
    Part(CallSuite, CallSuite.call_id),
    Part(Team, Team.call_id),
    Part(Membership, Membership.call_id),
    Part(EligibilityRuling, EligibilityRuling.team_id, Team),
    Part(Submission, Submission.call_id),
    Part(Receipt, Receipt.submission_id, Submission),
    Part(Quota, Quota.team_id, Team),
    Part(QuotaEntry, QuotaEntry.team_id, Team),
    Part(FinalChoice, FinalChoice.team_id, Team),
    Part(Fetch, Fetch.submission_id, Submission),
    Part(Examination, Examination.submission_id, Submission),
    Part(ExaminationEvidence, ExaminationEvidence.examination_id, Examination),
    Part(DecisionProposal, DecisionProposal.submission_id, Submission),
    Part(OfficerDecision, OfficerDecision.examination_id, Examination),
    Part(Run, Run.submission_id, Submission),
    Part(Result, Result.run_id, Run),
    Part(RunEvent, RunEvent.run_id, Run),
    Part(RunUsage, RunUsage.run_id, Run),
    Part(RunPaper, RunPaper.run_id, Run),
    Part(PaperRelease, PaperRelease.run_id, Run),
    Part(Board, Board.call_id),
    Part(Standing, Standing.board_id, Board),
    Part(LikenessNote, LikenessNote.suite_id, CallSuite),
    Part(Panellist, Panellist.call_id),
    Part(Finalist, Finalist.call_id),
    Part(SettledTie, SettledTie.call_id),
    Part(Declaration, Declaration.submission_id, Submission),
    Part(Review, Review.submission_id, Submission),
    Part(Consensus, Consensus.submission_id, Submission),
    Part(Decision, Decision.call_id),
    Part(Award, Award.decision_id, Decision),
    Part(Allocation, Allocation.award_id, Award),
    Part(Usage, Usage.allocation_id, Allocation),
    Part(Obligation, Obligation.award_id, Award),
    Part(Extension, Extension.obligation_id, Obligation),
    Part(ReleaseCheck, ReleaseCheck.obligation_id, Obligation),
)
"""Parents before children, which is the order in which rows are written into an empty site."""

ACCOUNTS: Table = Account.__table__  # type: ignore[assignment]  # no record is mapped to a join
TABLES: tuple[Table, ...] = (ACCOUNTS, *(part.table for part in PARTS))

LEFT_OUT = {
    "role_grants": "what people may do on a site is that site's to say",
    "sittings": "keys of browsers",
    "failed_attempts": "they guard one site",
    "letters": "they were sent",
    "invitations": "keys to a team",
    "endpoint_keys": "secrets of teams, sealed with the site's own",
    "trials": "no entries, and forgotten after some days",
    "workers": "machines of one site",
    "fetchers": "machines of one site",
    "audit_lines": "the lines about the call lie in the logs, with their proofs",
    "audit_head": "the logs carry signed heads",
    "earlier_logs": "they lie in the logs",
    "earlier_lines": "they lie in the logs",
    "archives": "no part of the call",
    "brought_archives": "no part of the call",
}
"""Tables that are in no archive, and why."""
COLUMNS_LEFT_OUT = {"accounts": ("password_hash",), "standings": ("bundle_sha256",)}
"""Nobody signs in elsewhere by what an archive holds; and a standing's bundle is made whenever a reader asks for it."""

FILES = {
    "call_suites": {"file_sha256": FileKind.LABELS, "starter_sha256": FileKind.STARTERS},
    "submissions": {"predictions_sha256": FileKind.ENTRIES, "package_sha256": FileKind.ENTRIES},
    "fetches": {"package_sha256": FileKind.ENTRIES},
    "results": {"items_sha256": FileKind.OUTPUTS},
    "run_papers": {"sha256": FileKind.OUTPUTS},
    "standings": {"scores_sha256": FileKind.SCORES},
    "decisions": {"bundle_sha256": FileKind.SCORES},
}
"""Columns that name a file of the store."""
NOT_IN_STORE = {"obligations": ("proof_sha256",), "release_checks": ("sha256",)}
"""Columns that name a file which lies elsewhere and is not fetched."""

WAITING, RUNNING = "waiting", "running"
CANCELLED = "It was stopped before the call was written as an archive, as was asked for."


def columns_of(table: Table) -> list[Column[Any]]:
    """Return the columns of a table that an archive holds, in the table's own order."""
    left_out = COLUMNS_LEFT_OUT.get(table.name, ())
    return [column for column in table.columns if column.name not in left_out]


def rows_of(session: Session, part: Part, call_id: int) -> Iterator[Row]:
    """Yield a call's rows of one table in the order of their keys, as they stand once nothing is under way."""
    columns, keys = columns_of(part.table), [column.name for column in part.table.primary_key]
    query = select(*columns).where(part.by.in_(_keys(part.of, call_id)))
    found = session.execute(query.order_by(*part.table.primary_key).execution_options(yield_per=500))
    rows: Iterator[Row] = (_at_rest(part.record, dict(row)) for row in found.mappings())
    if all(column.type.python_type is int for column in part.table.primary_key):
        yield from rows
    else:  # databases do not agree on the order of texts
        yield from sorted(rows, key=lambda row: tuple(row[key] for key in keys))


def accounts(session: Session, ids: set[int]) -> Iterator[Row]:
    """Yield the accounts of these numbers, in their order."""
    columns = columns_of(ACCOUNTS)
    for number in sorted(ids):
        for row in session.execute(select(*columns).where(ACCOUNTS.c.id == number)).mappings():
            yield dict(row)


def people_in(table: Table, row: Mapping[str, Any]) -> Iterator[int]:
    """Yield the accounts that a row points at."""
    for column in columns_of(table):
        if any(key.column.table is ACCOUNTS for key in column.foreign_keys) and row[column.name] is not None:
            yield row[column.name]


def files_in(table: Table, row: Mapping[str, Any]) -> Iterator[tuple[str, FileKind]]:
    """Yield the files that a row names, each with what it is."""
    for column, kind in FILES.get(table.name, {}).items():
        if row[column]:
            yield row[column], kind
    if table.name == "examination_evidence":
        for document in row["documents"].values():
            yield document["sha256"], FileKind.EVIDENCE


def _keys(record: type[Record], call_id: int) -> Select[Any]:
    """Select the keys of a call's rows of one table."""
    if record is Call:
        return select(Call.id).where(Call.id == call_id)
    part = next(part for part in PARTS if part.record is record)
    (key,) = part.table.primary_key
    return select(key).where(part.by.in_(_keys(part.of, call_id)))


def _at_rest(record: type[Record], row: Row) -> Row:
    """Let what a worker of this site is at wait: its lease is worth nothing anywhere else, and no attempt is counted.

    What somebody has asked to stop is stopped.
    """
    if issubclass(record, Leased) and row["state"] == RUNNING:
        blank: Row = {name: type(row[name])() for name in ("done", "total", "doing") if name in row}
        row = {**row, **blank, "token": None, "lease_until": None}
        if row.get("cancel_asked_at") is not None:
            stopped = {"state": RunState.ENDED, "outcome": Outcome.CANCELLED, "ended_at": row["cancel_asked_at"]}
            return {**row, **stopped, "explanation": CANCELLED}
        return {**row, "state": type(row["state"])(WAITING), "attempts": max(row["attempts"] - 1, 0)}
    return row
