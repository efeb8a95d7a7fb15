"""Proves the logs that came along: that each line stood in a signed log, and that tables and lines say the same."""

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.archives.operations_held import demand_held
from challenge.archives.proofs import Proof
from challenge.archives.pseudonyms import TELLING, pseudonym
from challenge.awards.records import Decision
from challenge.calls.records import Call, CallVersion
from challenge.foundation.audit import line_hash
from challenge.foundation.earlier import EarlierLine, EarlierLog, head_document, lines_of
from challenge.foundation.merkle import root_from
from challenge.foundation.permits import Invalid
from challenge.foundation.signing import is_signed
from challenge.standings.records import Board, Standing
from challenge.submissions.records import Submission

Vouched = set[tuple[str, int, int]]
"""What lines of the logs vouch for: verb, number of the thing, and its version, 0 where it has none."""


def prove_logs(session: Session, call: Call, logs: Sequence[EarlierLog]) -> list[Proof]:
    """Prove every line of the logs, and that a line vouches for every submission, standing, decision and rules version.

    Raises Invalid with the first that does not hold.
    """
    proofs, vouched = [], set[tuple[str, int, int]]()
    for log in logs:
        if not is_signed(head_document(log.size, log.root), log.signature, log.public_key):
            raise Invalid(f"The head of log {log.number} is not signed by its key.")
        lines = lines_of(session, log)
        for line in lines:
            _prove_line(log, line)
            deed = f"{line.verb.replace('_', ' ')} of {line.subject}"
            sentence = f"Line {line.number} of log {log.number}, {deed}, does not fit what the tables say."
            demand_held(sentence, _fits_tables, session, call, line, vouched)
        hidden = sum(bool(line.withheld) for line in lines)
        said = f"each among the {log.size:,} of the log that is signed by {log.public_key}"
        if hidden:
            said += f"; {hidden:,} with people under pseudonyms, so that what they say is not proved"
        proofs.append(Proof(f"lines of log {log.number}", len(lines), said))
    for what, verb, number, version in _to_be_vouched(session, call):
        if (verb, number, version) not in vouched:
            raise Invalid(f"No line of any log vouches for {what}.")
    return proofs


def _prove_line(log: EarlierLog, line: EarlierLine) -> None:
    proof = [bytes.fromhex(beside) for beside in line.proof]
    reached = root_from(bytes.fromhex(line.hash), index=line.number - 1, size=log.size, proof=proof)
    if reached is None or reached.hex() != log.root:
        raise Invalid(f"Line {line.number} of log {log.number} is not in the log whose head is signed.")
    if not line.withheld:
        if line_hash(line) != line.hash:
            raise Invalid(
                f"Line {line.number} of log {log.number} was changed: it does not say what its hash stands for."
            )
        return
    told, covered = json.loads(line.particulars), pseudonym(line.account_id or 0)
    if line.actor_name != covered or any(told.get(key) for key in TELLING):
        raise Invalid(
            f"Line {line.number} of log {log.number} says that people are under pseudonyms in it, and they are not."
        )


def _fits_tables(session: Session, call: Call, line: EarlierLine, vouched: Vouched) -> bool:
    """Tell whether the tables hold what a line says was accepted, ranked, proposed or imported, by its digests."""
    said, number = json.loads(line.particulars), line.subject.rpartition(" ")[2]
    if line.verb == "accept":
        submission = session.get_one(Submission, int(number))
        files = submission.predictions_sha256, submission.package_sha256
        vouched.add((line.verb, submission.id, 0))
        return bool(submission.reference == said["reference"] and files == (said["predictions"], said["package"]))
    if line.verb == "rebuild_board":
        ranked = select(Standing).where(Standing.board_id == int(number), Standing.version == said["version"])
        standing = session.scalars(ranked).one()
        vouched.add((line.verb, standing.board_id, standing.version))
        return bool((standing.ranking_digest, standing.scores_sha256) == (said["ranking"], said["scores"]))
    if line.verb == "propose":
        decision = session.get_one(Decision, int(number))
        vouched.add((line.verb, decision.id, 0))
        return bool(decision.digest == said["digest"])
    if line.verb == "import_call":
        rules = select(CallVersion).where(CallVersion.call_id == call.id, CallVersion.number == said["version"])
        version = session.scalars(rules).one()
        vouched.add((line.verb, call.id, version.number))
        return bool(version.digest == said["digest"])
    return True


def _to_be_vouched(session: Session, call: Call) -> Iterable[tuple[str, str, int, int]]:
    """Yield whatever a line must vouch for: in words, and as `Vouched` has it."""
    for version in session.scalars(select(CallVersion.number).where(CallVersion.call_id == call.id)):
        yield f"version {version} of the rules", "import_call", call.id, version
    for number, reference in session.execute(
        select(Submission.id, Submission.reference).where(Submission.call_id == call.id)
    ):
        yield f"the submission {reference}", "accept", number, 0
    on_boards = select(Standing.board_id, Standing.version).join(Board).where(Board.call_id == call.id)
    for board, version in session.execute(on_boards):
        yield f"version {version} of board {board}", "rebuild_board", board, version
    for number, place in session.execute(select(Decision.id, Decision.number).where(Decision.call_id == call.id)):
        yield f"decision {place}", "propose", number, 0
