"""Packs release packages, good and bad, and has them examined."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from challenge.calls.records import Call
from challenge.compliance import operations, operations_decide, queries
from challenge.compliance.records import DecisionProposal, Examination, OfficerDecision
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.audit import AuditLine
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Actor
from challenge.submissions.records import Submission
from challenge.teams.records import Team
from evaluation.licences import known_texts
from evaluation.publications.looking import Registry
from tests.cast import Cast
from tests.stage import stage_call, stage_submission, stage_team

REASON = "The text was changed in its title only; the licence stands."
HEADER = json.dumps({"w": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]}}).encode()
WEIGHTS = len(HEADER).to_bytes(8, "little") + HEADER + b"\0\0\0\0"


def licence(spdx: str) -> str:
    """Return the text of a licence as published."""
    return known_texts()[spdx]


def card(front: str) -> str:
    """Write a model card."""
    return f"---\n{front}\n---\n# A model\n"


def zipped(entries: Mapping[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    """Pack entries just as they are named."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def package(changes: Mapping[str, str | bytes | None] | None = None) -> bytes:
    """Pack a sound release under Apache-2.0 with `changes` to its files; a change to None leaves the file out."""
    files: dict[str, str | bytes | None] = {
        "README.md": card("license: apache-2.0"),
        "LICENSE": licence("Apache-2.0"),
        "metadata.json": json.dumps({"licence": "Apache-2.0", "release": "weights"}),
        "model.safetensors": WEIGHTS,
        **(changes or {}),
    }
    return zipped({name: content for name, content in files.items() if content is not None})


@dataclass
class Bureau:
    """A call with one team, whose packages are examined."""

    cast: Cast
    call: Call
    team: Team
    captain: Actor
    numbers: int = 0

    def submission(self, packed: bytes | None, **changes: Any) -> Submission:
        """Return a new submission of the team with a package, or without one."""
        self.numbers += 1
        return stage_submission(self.cast, self.team, self.captain, self.numbers, package=packed, **changes)

    def asked(self, submission: Submission) -> Examination | None:
        """Ask for a submission's examination."""
        with self.cast.house.database.transaction() as session:
            return operations.ask_for(session, submission=submission, now=self.cast.now)

    def examine_next(self, registry: Registry | None = None) -> bool:
        """Let the platform make the examination that waits longest."""
        house = self.cast.house
        return operations.examine_next(house.database, house.files, now=self.cast.now, registry=registry)

    def again(
        self, submission: Submission, *, actor: Actor | None = None, reason: str = "The policy is newer."
    ) -> Examination:
        """Have a submission examined once more, as Henrik unless said otherwise."""
        with self.cast.house.database.transaction() as session:
            return operations.examine_again(
                session, actor=actor or self.cast.admin("Henrik"), submission=submission, reason=reason,
                now=self.cast.now,
            )  # fmt: skip

    def propose(
        self, submission: Submission, verdict: LicenceVerdict = LicenceVerdict.COMPLIANT, *,
        actor: Actor | None = None, reason: str = REASON,
    ) -> DecisionProposal:  # fmt: skip
        """Propose a decision, as Olga unless said otherwise."""
        with self.cast.house.database.transaction() as session:
            return operations_decide.propose(
                session, actor=actor or self.cast.admin(), submission=submission, verdict=verdict, reason=reason,
                now=self.cast.now,
            )  # fmt: skip

    def open_proposal(self, submission: Submission) -> int | None:
        """Return the number of the proposal that is open, as its page names it; None if none is."""
        with self.cast.house.database.reading() as session:
            found = queries.open_proposal_of(session, submission.id)
        return found.id if found else None

    def confirm(
        self, submission: Submission, *, actor: Actor | None = None, read: DecisionProposal | None = None
    ) -> OfficerDecision:
        """Confirm what is proposed, or what was `read`, as Henrik unless said otherwise."""
        proposal_id = read.id if read else self.open_proposal(submission)
        with self.cast.house.database.transaction() as session:
            return operations_decide.confirm(
                session, actor=actor or self.cast.admin("Henrik"), submission=submission, proposal_id=proposal_id,
                now=self.cast.now,
            )  # fmt: skip

    def decide(
        self, submission: Submission, verdict: LicenceVerdict = LicenceVerdict.COMPLIANT, *, reason: str = REASON
    ) -> OfficerDecision:
        """Have Olga propose and Henrik confirm."""
        self.propose(submission, verdict, reason=reason)
        return self.confirm(submission)

    def submission_of(self, examination: Examination) -> Submission:
        """Return what was examined."""
        with self.cast.house.database.reading() as session:
            return session.get_one(Submission, examination.submission_id)

    def examined(self, packed: bytes | None, **changes: Any) -> Examination:
        """Hand a package in, and return its examination once it is made."""
        submission = self.submission(packed, **changes)
        self.asked(submission)
        assert self.examine_next()
        return self.examination(submission)

    def examination(self, submission: Submission) -> Examination:
        """Return the examination of a submission as it is now."""
        with self.cast.house.database.reading() as session:
            found = queries.examination_of(session, submission.id)
        assert found is not None
        return found

    def examinations(self) -> list[Examination]:
        """Return every examination, in the order in which they were asked for."""
        with self.cast.house.database.reading() as session:
            return list(session.scalars(select(Examination).order_by(Examination.id)))

    def letters(self, who: Actor | None = None) -> list[tuple[str, str]]:
        """Return subject and body of somebody's letters, the captain's unless said otherwise, newest first."""
        with self.cast.house.database.reading() as session:
            found = letters_of(session, (who or self.captain).account_id or 0)
            return [(letter.subject, letter.body) for letter in found]

    def verbs(self, submission: Submission) -> list[str]:
        """Return what the log says was done to a submission's examination."""
        query = select(AuditLine.verb).where(AuditLine.subject == f"submission {submission.reference}")
        with self.cast.house.database.reading() as session:
            return list(session.scalars(query.order_by(AuditLine.number)))


def stage_bureau(cast: Cast) -> Bureau:
    """Set up an open call with one team."""
    captain, call = cast.person("Ada"), stage_call(cast)
    return Bureau(cast, call, stage_team(cast, call, "Alder Models", captain), captain)


def codes(examination: Examination) -> list[str]:
    """Return the codes of an examination's reasons, in their order."""
    return [str(reason["code"]) for reason in examination.reasons]


def sentences(examination: Examination) -> str:
    """Return everything an examination says, sentence and remedy."""
    return "\n".join(f"{reason['sentence']} {reason['remedy']}" for reason in examination.reasons)
