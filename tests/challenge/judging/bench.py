"""Seats a panel before finalists whose boards were really built: everything up to the first declaration."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.compliance.records import Examination
from challenge.compliance.states import ExaminationState, LicenceVerdict
from challenge.foundation.permits import Actor, Role
from challenge.judging import operations, queries
from challenge.judging.docket import Docket
from challenge.judging.records import Consensus, Review
from challenge.judging.writing import Written
from challenge.people.records import Account
from challenge.standings.states import Part
from challenge.submissions.records import Submission
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, stage_field

CRITERIA = ("excellence", "impact", "implementation")
COMMENT = "Sound, and its limits are stated plainly."
STRENGTHS, WEAKNESSES = "Every step can be followed.", "The risks are named too briefly."
STATEMENT = "The panel agreed after it had heard every review."


@dataclass
class Bench:
    """A frozen call with its panel; the clock stands in the judging phase."""

    field: Field
    judges: dict[str, Actor]
    admin: Actor

    @property
    def cast(self) -> Cast:
        """The people of the test."""
        return self.field.cast

    def entry(self, team: str) -> Submission:
        """Return a team's entry."""
        return self.field.entries[team]

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction."""
        with self.cast.house.database.transaction() as session:
            yield session

    def docket(self) -> Docket:
        """Return what the panel has before it."""
        with self.cast.house.database.reading() as session:
            return queries.docket_of(session, self.field.call.id)

    def name_finalists(self) -> None:
        """Name the finalists."""
        with self.writing() as session:
            operations.name_finalists(session, actor=self.admin, call=self.field.call, now=self.cast.now)

    def declare(self, judge: str, team: str, *, conflict: bool = False) -> None:
        """Let a judge declare on a team."""
        statement = "I advise this organisation." if conflict else ""
        with self.writing() as session:
            operations.declare(
                session, actor=self.judges[judge], submission=self.entry(team), conflict=conflict, statement=statement,
                now=self.cast.now,
            )  # fmt: skip

    def review(self, judge: str, team: str, *halves: int, submit: bool = True) -> Review:
        """Let a judge review a team with half marks for the three criteria."""
        operation = operations.submit_review if submit else operations.save_review
        marks = dict(zip(CRITERIA, halves, strict=False))
        written = Written(marks, dict.fromkeys(CRITERIA, COMMENT), STRENGTHS, WEAKNESSES, 3)
        with self.writing() as session:
            return operation(
                session, actor=self.judges[judge], submission=self.entry(team), written=written, now=self.cast.now
            )

    def agree(self, team: str, *halves: int, reason: str = "", actor: Actor | None = None) -> Consensus:
        """Record what the panel agreed on for a team."""
        with self.writing() as session:
            return operations.record_consensus(
                session, actor=actor or self.admin, submission=self.entry(team),
                halves=dict(zip(CRITERIA, halves, strict=True)), statement=STATEMENT, reason=reason, now=self.cast.now,
            )  # fmt: skip

    def judge_all(self, marks: Mapping[str, tuple[int, int, int]]) -> None:
        """Let every judge declare and review, and the panel agree, with the same marks for a team throughout."""
        for team, halves in marks.items():
            for judge in self.judges:
                self.declare(judge, team)
                self.review(judge, team, *halves)
            self.agree(team, *halves)


def seat(cast: Cast, field: Field, name: str, *, admin: Actor, is_chair: bool = False, **more: str) -> Actor:
    """Appoint a judge who has nothing to do with any team, unless address or affiliation say so."""
    judge = cast.judge(name)
    with cast.house.database.transaction() as session:
        account = session.get(Account, judge.account_id)
        assert account is not None
        account.email = more.get("email", f"{name.lower()}@{name.lower()}.example")
    with cast.house.database.transaction() as session:
        operations.appoint(
            session, actor=admin, call=field.call, account_id=judge.account_id or 0,
            affiliation=more.get("affiliation", f"Institute of {name}"), is_chair=is_chair, now=cast.now,
        )  # fmt: skip
    return judge


def examine(cast: Cast, submission: Submission, verdict: LicenceVerdict = LicenceVerdict.COMPLIANT) -> None:
    """Write the platform's verdict on an entry."""
    with cast.house.database.transaction() as session:
        session.add(
            Examination(
                submission_id=submission.id, state=ExaminationState.ENDED, verdict=verdict, reasons=[],
                asked_at=cast.now, ended_at=cast.now,
            )
        )  # fmt: skip


def stage_board(cast: Cast, right: Mapping[str, int], **changes: Any) -> Field:
    """Set up a frozen call in which teams got so many of 6 private items right, with licences and frozen boards."""
    field = stage_field(cast, right, **changes)
    for submission in field.entries.values():
        examine(cast, submission)
    field.rebuild()
    field.freeze_call()
    field.freeze(Part.PRIVATE)
    with cast.house.database.reading() as session:
        field.call = calls.call(session, field.call.id)
    cast.clock.advance(timedelta(days=25))
    return field


def stage_bench(
    cast: Cast, right: Mapping[str, int], *, judges: tuple[str, ...] = ("Jonas", "Mara"), **changes: Any
) -> Bench:
    """Seat a panel, the first of `judges` in the chair, before the finalists of a frozen call."""
    field, admin = stage_board(cast, right, **changes), cast.person("Olga", Role.ADMIN)
    seated = {name: seat(cast, field, name, admin=admin, is_chair=name == judges[0]) for name in judges}
    bench = Bench(field, seated, admin)
    bench.name_finalists()
    return bench
