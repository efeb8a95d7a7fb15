"""A team reads what its model said, an admin what it took and what is withheld; on wide and on narrow screens."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from challenge.calls.records import Call, CallSuite
from challenge.calls.states import EntryKind
from challenge.commands.demo.models import as_csv, train
from challenge.commands.demo.story import Stage
from challenge.runs.operations_papers import keep_papers, write_papers
from challenge.runs.records import Result, Run
from challenge.runs.records_papers import RunEvent, RunPaper
from challenge.runs.records_trials import Trial
from challenge.runs.states import Outcome, RunState
from challenge.submissions.records import Submission
from challenge.teams.records import Team
from tests.cast import Cast
from tests.journeys.conftest import PATIENCE, Walker, upload
from tests.journeys.test_02_a_team_hands_in import found_team

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def run_id(demonstration: Cast) -> int:
    """A scored run of Northlight's, with all that an engine would have left of a model."""
    house = demonstration.house
    with house.database.reading() as session:
        run = session.scalars(
            select(Run)
            .join(Submission, Submission.id == Run.submission_id)
            .join(Team, Team.id == Submission.team_id)
            .join(Result, Result.run_id == Run.id)
            .where(Team.name == "Northlight Models")
            .order_by(Run.id)
        ).first()
    assert run is not None
    said = [
        {"task": "digits", "item": f"digits-{n:04d}", "prompt": "A prompt of many words. " * 12 + "x" * 200,
         "choices": [f" {digit}" for digit in range(10)], "logprobs": [-0.1 * digit for digit in range(10)]}
        for n in range(60)
    ]  # fmt: skip
    usage = {"cpu_seconds": 90.5, "device": "cpu", "energy_joules": 69, "energy_method": "estimated",
             "peak_megabytes": 507, "seconds": 46.25}  # fmt: skip
    papers = {
        "outputs.public.jsonl": "".join(f"{json.dumps(line)}\n" for line in said).encode(),
        "outputs.private.jsonl": b"{}\n", "engine.log": b"words\n", "model.json": b"{}\n",
        "usage.json": json.dumps(usage).encode(),
    }  # fmt: skip
    kept = keep_papers(house.files, papers, eur_per_cpu_hour=Decimal("0.04"))
    with house.database.transaction() as session:
        write_papers(session, run.id, kept)
    return run.id


def test_a_captain_reads_what_the_model_said(walker: Walker, run_id: int) -> None:
    walker.sign_in("northlight")
    walker.go(f"/runs/{run_id}")
    assert walker.says("69 J, estimated")
    assert walker.says("It ended: scored.")
    walker.press("What the model said", role="link")
    assert walker.says("Items 1 to 25 of the 60 public items")
    walker.press("Next", role="link")
    walker.press("Next", role="link")
    assert walker.says("Items 51 to 60 of the 60 public items")
    assert walker.says("withheld until an admin releases it")


def test_an_admin_sees_what_runs_took_and_releases_with_a_reason(walker: Walker, run_id: int) -> None:
    walker.sign_in("olga")
    walker.go("/runs")
    walker.go(f"/runs/{run_id}/outputs")
    walker.press("Release")
    assert walker.says("Give the reason.")
    walker.write("Reason", "The items are retired, and the team asked for them.")
    walker.press("Release")
    assert walker.says("Released, on record")


def test_the_page_for_handing_in_a_model(walker: Walker, demonstration: Cast) -> None:
    """The practice call takes models for as long as the walk lasts."""
    practice = select(CallSuite).join(Call, Call.id == CallSuite.call_id).where(Call.key == "practice")

    def take(kind: EntryKind) -> None:
        with demonstration.house.database.transaction() as session:
            for suite in session.scalars(practice):
                suite.takes = kind

    take(EntryKind.MODEL)
    try:
        found_team(walker, "Mirko Zupan", "Sava Sentences")
        walker.page.locator("form[action$='/honour'] button").click()
        walker.go("/calls/practice")
        assert walker.says("The platform runs it on every task")
        walker.go("/calls/practice/submit")
        assert walker.says("You hand in no predictions")
    finally:
        take(EntryKind.PREDICTIONS)


def test_an_entry_is_tried_before_it_is_handed_in(walker: Walker, stage: Stage, run_id: int) -> None:
    found_team(walker, "Lenka Hribar", "Krka Characters")
    walker.page.locator("form[action$='/honour'] button").click()
    walker.go("/calls/practice/submit")
    walker.press("Try it first", role="link")
    walker.press("Try it")
    assert walker.says("Choose the file.")
    walker.page.get_by_label(re.compile("^Predictions")).set_input_files(
        [upload("mine.csv", as_csv(train("linear").rows))]
    )
    walker.press("Try it")
    assert walker.says("It waits for a worker that has no run to do.")
    stage.work()
    trial = walker.page.url.removeprefix(walker.site)
    with stage.house.database.transaction() as session:
        # the page also shows what a model said, which this trial of predictions has not
        paper = session.get_one(RunPaper, (run_id, "outputs.public.jsonl"))
        session.get_one(Trial, int(trial.rpartition("/")[2])).papers = {paper.name: paper.sha256}
    walker.go(trial)
    assert walker.says("It ended: scored.")
    walker.press("Next", role="link")
    walker.go("/calls/practice/trial")
    assert walker.says("2 of 3 trials within 24 hours are left.")


def test_the_page_of_a_run_at_work_keeps_itself_up_to_date(walker: Walker, demonstration: Cast, run_id: int) -> None:
    database, now = demonstration.house.database, demonstration.house.clock.now()
    with database.transaction() as session:
        known = session.get_one(Run, run_id)
        run = Run(
            submission_id=known.submission_id, suite_id=known.suite_id, suite_digest=known.suite_digest, round=90,
            state=RunState.RUNNING, token="0" * 32, lease_until=now + timedelta(hours=1), started_at=now, asked_at=now,
            done=100, total=1198, attempts=1, problems=[],
        )  # fmt: skip
        session.add(run)
        session.flush()
        session.add(RunEvent(run_id=run.id, at=now, sentence="The engine has begun."))
    walker.sign_in("northlight")
    walker.go(f"/runs/{run.id}")
    cell = walker.page.locator('[data-task="digits"]')
    assert cell.inner_text() == "100"
    with database.transaction() as session:
        session.get_one(Run, run.id).done = 150
        session.add(RunEvent(run_id=run.id, at=now, sentence="Something else happened."))
    expect(cell).to_have_text("150", timeout=PATIENCE)
    assert walker.says("Something else happened.")
    with database.transaction() as session:
        again = session.get_one(Run, run.id)
        again.state, again.outcome, again.token, again.lease_until = RunState.ENDED, Outcome.ENGINE_FAILED, None, None
        again.ended_at, again.explanation = now, "The engine broke off without a result."


def test_an_admin_has_a_run_evaluated_again_that_broke_down(walker: Walker, demonstration: Cast) -> None:
    with demonstration.house.database.reading() as session:
        broken = session.scalars(select(Run.id).where(Run.outcome == Outcome.ENGINE_FAILED)).one()
    walker.sign_in("olga")
    walker.go(f"/runs/{broken}")
    walker.press("Evaluate again")
    assert walker.says("Give the reason.")
    walker.write("Reason", "The machine ran out of disk that night.")
    walker.press("Evaluate again")
    assert walker.says("Nobody's quota moves.")
