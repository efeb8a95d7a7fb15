"""A scene for runs: a call with a real small suite in the store, and teams whose submissions wait."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from challenge.calls.records import Call, CallSuite
from challenge.foundation.permits import Actor
from challenge.runs import operations, queries
from challenge.runs.records import Run
from challenge.submissions.records import Quota, QuotaEntry, Submission
from challenge.submissions.states import QuotaMove
from challenge.teams.records import Team
from evaluation import load_suite, pack_suite
from tests.cast import Cast
from tests.stage import stage_call, stage_submission, stage_team

MANIFEST = """\
name: small
version: "1"
title: Small suite
split: {seed: 7, public_share: 0.5}
tasks:
- {name: topic, title: Topics, kind: classification, metric: accuracy, floor: 0.5, ceiling: 1, labels: ["yes", "no"]}
- {name: size, title: Sizes, kind: regression, metric: absolute_error, floor: 10, ceiling: 0, unit: 1000}
"""
TRUTH = {
    "topic": {f"t{n}": "yes" if n % 3 else "no" for n in range(12)},
    "size": {f"s{n}": str(n) for n in range(10)},
}
LEASE = timedelta(seconds=5)


def predictions(changes: Mapping[str, str] | None = None) -> bytes:
    """Write a file that answers everything right, but for `changes` by item."""
    lines = ["task,item,prediction"]
    lines += [
        f"{task},{item},{(changes or {}).get(item, label)}"
        for task, rows in TRUTH.items()
        for item, label in rows.items()
    ]
    return ("\n".join(lines) + "\n").encode()


def packed_suite(folder: Path) -> bytes:
    """Write the small suite into a folder and pack it."""
    (folder / "items").mkdir(parents=True)
    (folder / "suite.yaml").write_text(MANIFEST)
    for task, rows in TRUTH.items():
        lines = ["item,label", *(f"{item},{label}" for item, label in rows.items())]
        (folder / "items" / f"{task}.csv").write_text("\n".join(lines) + "\n")
    return pack_suite(folder)


@dataclass
class Scene:
    """A call, its suite, and what happens to submissions on it."""

    cast: Cast
    folder: Path
    call: Call = field(init=False)
    suite: CallSuite = field(init=False)
    numbers: int = 0

    def __post_init__(self) -> None:
        """Put the suite into the store and into the call."""
        self.call = stage_call(self.cast)
        packed = packed_suite(self.folder / "suite")
        stored = self.cast.house.files.put(io.BytesIO(packed), limit=10**7)
        with self.cast.house.database.transaction() as session:
            suite = session.query(CallSuite).filter_by(call_id=self.call.id).one()
            suite.file_sha256 = stored.sha256
            suite.digest = load_suite(self.cast.house.files.path(stored.sha256)).digest
        self.suite = suite

    def team(self, name: str) -> tuple[Team, Actor]:
        """Return a new team with its captain, who is called Captain of it."""
        captain = self.cast.person(f"Captain{name}")
        return stage_team(self.cast, self.call, name, captain), captain

    def submission(self, team: Team, captain: Actor, content: bytes | None = None, **changes: object) -> Submission:
        """Return a new submission of a team, its place in the quota taken."""
        self.numbers += 1
        content = predictions() if content is None else content
        submission = stage_submission(self.cast, team, captain, self.numbers, predictions=content, **changes)
        with self.cast.house.database.transaction() as session:
            quota = session.get_one(Quota, (team.id, "entry"))
            quota.used += 1
            session.add(
                QuotaEntry(
                    team_id=team.id, phase="entry", submission_id=submission.id, kind=QuotaMove.RESERVED, amount=1,
                    reason="accepted", at=self.cast.now,
                )
            )  # fmt: skip
        return submission

    def opened(self, submission: Submission) -> Run:
        """Open the run of a submission and return it."""
        with self.cast.house.database.transaction() as session:
            [run] = operations.open_runs(session, submission=submission, suites=[self.suite], now=self.cast.now)
        return run

    def waiting(self, name: str = "Alpha", content: bytes | None = None) -> tuple[Run, Actor]:
        """Return a waiting run of a new team, and the team's captain."""
        team, captain = self.team(name)
        return self.opened(self.submission(team, captain, content)), captain

    def claim(self, worker: str = "w1") -> operations.Claim | None:
        """Take the run whose turn it is."""
        with self.cast.house.database.transaction() as session:
            return operations.claim(session, worker=worker, lease=LEASE, now=self.cast.now)

    def run(self, run_id: int) -> Run:
        """Return a run as it is now."""
        with self.cast.house.database.reading() as session:
            return queries.run(session, run_id)

    def team_of(self, run: Run) -> int:
        """Return the number of the team whose run it is."""
        with self.cast.house.database.reading() as session:
            return session.get_one(Submission, run.submission_id).team_id

    def quota(self, team_id: int) -> tuple[int, int]:
        """Return how many places a team has used, and how many failures."""
        with self.cast.house.database.reading() as session:
            quota = session.get_one(Quota, (team_id, "entry"))
            return quota.used, quota.failed
