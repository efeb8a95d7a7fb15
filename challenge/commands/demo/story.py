"""Plays the demonstration's call, act by act, through the same operations as the web.

Every act moves the clock; the evaluations, the ranking, the licences and the awards are computed then and there.
"""

import io
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from challenge.calls import operations as call_operations
from challenge.calls import queries as calls
from challenge.calls.callfile import parse_call
from challenge.calls.operations_suite import PreparedSuite, keep_suite, prepare_suite
from challenge.calls.records import Call
from challenge.commands.demo import suites
from challenge.commands.demo.cast import ADMINS, AUDITOR, ENTRANTS, JUDGES, LATE, PASSWORD, Entrant, Entry, address
from challenge.commands.demo.models import RECIPES, Row, Trained, as_csv, as_jsonl, as_parquet, train
from challenge.commands.demo.packages import pack
from challenge.foundation.clock import SetClock
from challenge.foundation.permits import PLATFORM, Actor, Refused, Role
from challenge.people import operations as people_operations
from challenge.people import queries as people
from challenge.people.passwords import NewPassword
from challenge.submissions import operations as submission_operations
from challenge.submissions.entry import Entry as HandedIn
from challenge.submissions.records import Submission
from challenge.teams import operations as team_operations
from challenge.teams import queries as teams
from challenge.teams.organisation import OrganisationFacts
from challenge.web.house import House
from challenge.worker.round import do_whatever_waits

KEY, PRACTICE = "lagc-2026", "practice"
CALL_FILES = {
    KEY: Path(__file__).parents[2] / "calls" / "examples" / "lagc-2026.yaml",
    PRACTICE: Path(__file__).parent / "practice.yaml",
}
WRITERS: dict[str, Callable[[list[Row]], bytes]] = {
    "csv": as_csv,
    "jsonl": as_jsonl,
    "parquet": as_parquet,
}


@dataclass
class Stage:
    """Where the play happens: a house whose clock can be set, and everybody in it."""

    house: House
    say: Callable[[str], None]
    people: dict[str, Actor] = field(default_factory=dict)
    trained: dict[str, Trained] = field(default_factory=dict)

    @property
    def clock(self) -> SetClock:
        """The clock of the play; raises TypeError in a house whose clock cannot be set."""
        if not isinstance(self.house.clock, SetClock):
            raise TypeError("The demonstration needs a house whose clock can be set.")
        return self.house.clock

    @property
    def now(self) -> datetime:
        """What the play's clock shows."""
        return self.clock.now()

    def at(self, *moment: int) -> None:
        """Set the clock to a moment in UTC: year, month, day, hour, minute, second."""
        self.clock.instant = datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type]

    def call(self, key: str = KEY) -> Call:
        """Return a call of the play."""
        with self.house.database.reading() as session:
            return calls.call_by_key(session, key)

    def person(self, key: str, name: str, *roles: Role) -> Actor:
        """Sign somebody up, once, and give them their roles."""
        if key not in self.people:
            email, password = address(key), NewPassword.of(PASSWORD)
            with self.house.database.transaction() as session:
                account = people.account_by_email(session, email) or people_operations.sign_up(
                    session, email=email, name=name, password=password, now=self.now
                )
                for role in roles:
                    people_operations.grant_role(
                        session, actor=PLATFORM, account_id=account.id, role=role, now=self.now
                    )
                self.people[key] = people.actor_of(session, account.id)
        return self.people[key]

    def work(self) -> None:
        """Let the worker do whatever waits."""
        while do_whatever_waits(self.house):
            pass


def opening(stage: Stage) -> None:
    """The office signs up, imports the call, adds its suite and opens it."""
    stage.at(2026, 2, 16, 9)
    office = [stage.person(key, name, Role.ADMIN) for key, name in ADMINS]
    stage.person(*AUDITOR, Role.AUDITOR)
    for key, name, _ in JUDGES:
        stage.person(key, name, Role.JUDGE)
    for key, opens in ((KEY, (2026, 3, 2, 9)), (PRACTICE, (2026, 3, 2, 9, 5))):
        stage.at(2026, 2, 16, 10)
        publish(stage, office[0], key)
        stage.at(*opens)
        with stage.house.database.transaction() as session:
            call = calls.call_by_key(session, key)
            call_operations.open_call(session, actor=office[0], call=call, now=stage.now)
    stage.say("The call is open: EUR 1,000,000, up to four winners, hours on LUMI and Leonardo.")


def publish(stage: Stage, admin: Actor, key: str) -> None:
    """Import a call file and pack the suite of real data that it measures by."""
    with tempfile.TemporaryDirectory() as folder:
        suites.write_suite(Path(folder) / "suite")
        import_with_suites(stage, admin, CALL_FILES[key], {"tabular": prepare_suite(Path(folder) / "suite")})


def import_with_suites(stage: Stage, admin: Actor, call_file: Path, prepared: Mapping[str, PreparedSuite]) -> None:
    """Import a call file, and give the call the suites it names, by their keys."""
    parsed = parse_call(call_file.read_text(encoding="utf-8"))
    kept = {key: keep_suite(stage.house.files, one) for key, one in prepared.items()}
    with stage.house.database.transaction() as session:
        call = call_operations.import_call(session, actor=admin, parsed=parsed, now=stage.now)
        for key, one in prepared.items():
            file, starter = kept[key]
            call_operations.add_suite(
                session,
                actor=admin,
                call=call,
                key=key,
                title=one.title,
                digest=one.digest,
                file=file,
                starter=starter,
                summary=one.summary,
                takes=one.takes,
                now=stage.now,
            )


def entering(stage: Stage) -> None:
    """Teams are founded, declare on honour, and learn whether they may enter."""
    for day, entrant in enumerate(ENTRANTS):
        stage.at(2026, 3, 9 + day, 10)
        captain = stage.person(entrant.key, entrant.captain)
        with stage.house.database.transaction() as session:
            call = calls.call_by_key(session, KEY)
            team = team_operations.found_team(session, actor=captain, call=call, facts=facts(entrant), now=stage.now)
            team_operations.declare_honour(session, actor=captain, team=team, now=stage.now)
            ruling = teams.ruling_of(session, team.id)
        verdict = "eligible" if ruling and ruling.eligible else "not eligible"
        stage.say(f"{entrant.name} ({entrant.country}) enters: {verdict}.")


def facts(entrant: Entrant) -> OrganisationFacts:
    """Return what an entrant says about its organisation."""
    return OrganisationFacts(
        name=entrant.name,
        country=entrant.country,
        controlled_from=entrant.control or entrant.country,
        headcount=entrant.headcount,
        turnover_cents=entrant.turnover_euros * 100,
        balance_cents=entrant.turnover_euros * 80,
        founded=entrant.founded,
        registration="",
        experience="Trained a language model of 7 billion parameters on 400,000 GPU-hours; report on request.",
    )


def handing_in(stage: Stage) -> None:
    """Teams train their models and hand them in; the worker evaluates them day by day."""
    for round_ in range(2):
        for number, entrant in enumerate(ENTRANTS):
            if len(entrant.entries) > round_:
                stage.at(2026, 4, 13 + 7 * round_, 8, 5 * number)
                hand_in(stage, entrant, entrant.entries[round_])
        stage.work()
    stage.at(2026, 5, 5, 15, 0, 0)
    late = next(entrant for entrant in ENTRANTS if entrant.key == LATE)
    try:
        hand_in(stage, late, Entry("forest", "csv", "MIT", "MIT"))
    except Refused as refused:
        stage.say(f"{late.name} comes with its better model on the stroke of the deadline: {refused.sentence}")
    else:
        raise AssertionError("A submission was taken after the deadline.")


def hand_in(stage: Stage, entrant: Entrant, entry: Entry, *, key: str = KEY) -> None:
    """Train an entry's model and submit its predictions and its package as the web would."""
    if entry.recipe not in stage.trained:
        stage.trained[entry.recipe] = train(entry.recipe)
    model = stage.trained[entry.recipe]
    rows = list(model.rows)
    if entry.wrong_row:
        rows[411] = (rows[411][0], rows[411][1], "seven")
    captain, name = stage.people[entrant.key], f"predictions.{entry.format}"
    title = RECIPES[entry.recipe].title
    package = pack(
        name=entrant.name,
        recipe=title,
        weights=model.weights,
        declared=entry.declared,
        text=entry.text,
        route=entry.route,
        doi=entry.doi,
        altered=entry.altered,
    )
    files = stage.house.files
    handed_in = HandedIn(
        title=title,
        abstract=f"{title} for four classic tasks: how far do well-understood methods carry, and at what cost?",
        declared_licence=entry.declared,
        route=entry.route,
        doi=entry.doi,
        requests=dict(entrant.wishes) or {"LUMI": 100_000, "Leonardo": 100_000},
        predictions=files.put(io.BytesIO(WRITERS[entry.format](rows)), limit=10**8),
        predictions_name=name,
        package=files.put(io.BytesIO(package), limit=10**8),
        package_name="package.zip",
        idempotency_key=f"{entrant.key}-{entry.recipe}-{entry.wrong_row}-{stage.now.isoformat()}",
    )
    submission = accepted(stage, captain, key, handed_in)
    stage.say(f"{entrant.name} hands in {submission.reference}: {title.lower()}, {entry.format}.")
    stage.clock.advance(timedelta(minutes=1))


def accepted(stage: Stage, captain: Actor, key: str, handed_in: HandedIn) -> Submission:
    """Submit what a captain hands in to a call as the web would; raises LookupError for somebody without a team."""
    with stage.house.database.transaction() as session:
        call = calls.call_by_key(session, key)
        team = teams.team_of(session, call_id=call.id, account_id=captain.account_id or 0)
        if team is None:
            raise LookupError(f"Account {captain.account_id} has no team in the call {key}.")
        return submission_operations.accept(
            session,
            actor=captain,
            call=call,
            rules=calls.rules_of(session, call),
            team=team,
            entry=handed_in,
            signer=stage.house.signer,
            now=stage.now,
        )
