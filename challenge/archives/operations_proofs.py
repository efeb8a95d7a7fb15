"""What of a call proves itself: signed receipts, digests that are taken again, and the lines of the log."""

import json
from collections.abc import Set

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.archives.operations_held import demand_held
from challenge.archives.operations_logs import prove_logs
from challenge.archives.proofs import Proof
from challenge.awards.records import Decision
from challenge.calls.records import Call, CallVersion
from challenge.foundation.audit import BEGINNING
from challenge.foundation.canonical import canonical, digest
from challenge.foundation.earlier import earlier_logs
from challenge.foundation.permits import Invalid
from challenge.foundation.signing import is_signed
from challenge.runs.records import Result, Run
from challenge.standings.ranking import plain_of, read_ranking
from challenge.standings.records import Board, Standing
from challenge.submissions.queries_receipts import document_of
from challenge.submissions.records import Receipt, Submission
from leaderboards import Ranking


def prove(session: Session, call: Call) -> list[Proof]:
    """Prove whatever can be proved of a call that came by an archive; raise Invalid with the first that does not hold.

    A log's line whose names are under pseudonyms is proved to have stood in the log, but not to have said this.
    """
    logs = earlier_logs(session, f"call {call.key}")
    keys = {log.public_key for log in logs}
    return [
        Proof("versions of the rules", _rules(session, call), "the digest is that of the rules"),
        Proof("receipts", _receipts(session, call, keys), "signed by the site of a log, and true of the submission"),
        Proof("results", _results(session, call), "the digest is that of report and items"),
        Proof("standings", _standings(session, call), "the digest is that of the ranking"),
        Proof("decisions", _decisions(session, call), "the digest is that of the document, and names the one before"),
        *prove_logs(session, call, logs),
    ]


def _rules(session: Session, call: Call) -> int:
    versions = session.scalars(select(CallVersion).where(CallVersion.call_id == call.id)).all()
    for version in versions:
        sentence = f"Version {version.number} of the rules is not the one that its digest stands for."
        demand_held(sentence, _has_digest, version.document, version.digest)
    return len(versions)


def _receipts(session: Session, call: Call, keys: Set[str]) -> int:
    query = select(Submission, Receipt).outerjoin(Receipt).where(Submission.call_id == call.id)
    count = 0
    for submission, receipt in session.execute(query.execution_options(yield_per=500)):
        reference = submission.reference
        if receipt is None:
            raise Invalid(f"The submission {reference} has no receipt.")
        if receipt.public_key not in keys:
            raise Invalid(f"The receipt of {reference} is signed by the key of no site that the call was on.")
        demand_held(f"The receipt of {reference} is not signed by its key.", _is_signed, receipt)
        demand_held(f"The receipt of {reference} speaks of another submission.", _is_true, receipt, submission, call)
        count += 1
    return count


def _is_signed(receipt: Receipt) -> bool:
    return is_signed(json.loads(receipt.document), receipt.signature, receipt.public_key)


def _is_true(receipt: Receipt, submission: Submission, call: Call) -> bool:
    """Tell whether a receipt is the one that would be written of a submission now, but for the team's name then."""
    document = json.loads(receipt.document)
    anew = document_of(submission, call=call.key, team=document["team"], before=document["audit_before"])
    return bool(document == json.loads(canonical(anew)))


def _results(session: Session, call: Call) -> int:
    query = select(Result, Submission.reference).join(Run, Run.id == Result.run_id).join(Submission)
    count = 0
    found = session.execute(query.where(Submission.call_id == call.id).execution_options(yield_per=200))
    for result, reference in found:
        if digest([result.report, result.items_sha256]) != result.digest:
            raise Invalid(f"The result of run {result.run_id}, of {reference}, is not what its digest stands for.")
        count += 1
    return count


def _standings(session: Session, call: Call) -> int:
    query = select(Standing).join(Board, Board.id == Standing.board_id).where(Board.call_id == call.id)
    count = 0
    for standing in session.scalars(query.execution_options(yield_per=20)):
        sentence = f"Version {standing.version} of board {standing.board_id} is not what its digest stands for."
        demand_held(sentence, _is_ranking, standing)
        count += 1
    return count


def _is_ranking(standing: Standing) -> bool:
    return Ranking.from_dict(plain_of(read_ranking(standing.ranking))).digest() == standing.ranking_digest


def _decisions(session: Session, call: Call) -> int:
    query = select(Decision).where(Decision.call_id == call.id).order_by(Decision.number)
    before, decisions = BEGINNING, session.scalars(query).all()
    for decision in decisions:
        sentence = f"Decision {decision.number} is not the one that its digest stands for."
        demand_held(sentence, _has_digest, decision.document, decision.digest)
        if decision.before != before:
            raise Invalid(f"Decision {decision.number} does not follow the one before it.")
        before = decision.digest
    return len(decisions)


def _has_digest(document: str, sha256: str) -> bool:
    return digest(json.loads(document)) == sha256
