"""What is kept beside a result: who reads what, what running took, the log, and a further round after a fault."""

import json
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from challenge.calls.suites import TaskSummary
from challenge.foundation.audit import AuditLine
from challenge.foundation.permits import Actor, Role
from challenge.people import operations as people
from challenge.runs import operations, queries, queries_papers
from challenge.runs.counting import TaskCount, task_counts
from challenge.runs.operations_papers import read_usage
from challenge.runs.records import Run
from challenge.runs.records_papers import RunUsage
from challenge.runs.states import Outcome, RunState
from challenge.runs.usage import cost_micros, cost_words, energy_words
from tests.challenge.runs.papers import HIDDEN, USAGE
from tests.challenge.runs.scene import LEASE, TRUTH, Scene
from tests.challenge.worker.hands import hands
from tests.stage import SUITE_SUMMARY

REASON = "An auditor asked for the whole log."


def test_the_team_reads_what_its_model_said_to_public_items(scene: Scene, scored: tuple[Run, Actor]) -> None:
    run, captain = scored
    browser = scene.cast.browser(captain)
    page = browser.get(f"/runs/{run.id}/outputs").get_data(as_text=True)
    assert "Is t3 so?" in page
    assert "-0.500" in page
    assert "not a number" in page
    assert ">right<" in page
    assert f"/runs/{run.id}/outputs" in browser.get(f"/runs/{run.id}").get_data(as_text=True)
    file = browser.get(f"/runs/{run.id}/papers/outputs.public.jsonl")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert len(file.get_data().splitlines()) == len(TRUTH["topic"])
    assert browser.get(f"/runs/{run.id}/outputs?page=2").status_code == 404
    stranger = scene.cast.browser(scene.cast.person("Eve"))
    assert stranger.get(f"/runs/{run.id}/outputs").status_code == 404
    assert stranger.get(f"/runs/{run.id}/papers/outputs.public.jsonl").status_code == 404


def test_what_speaks_of_hidden_items_is_withheld_until_an_admin_releases_it(
    scene: Scene, scored: tuple[Run, Actor]
) -> None:
    run, captain = scored
    team, office = scene.cast.browser(captain), scene.cast.browser(scene.cast.admin())
    withheld = [f"/runs/{run.id}/papers/{name}" for name in ("outputs.private.jsonl", "engine.log")]
    for address in withheld:
        refused = team.get(address)
        assert refused.status_code == 403
        assert HIDDEN not in refused.get_data(as_text=True)
        assert office.get(address).status_code == 200
    assert team.post(f"/runs/{run.id}/release", {"reason": REASON}).status_code == 403
    assert office.post(f"/runs/{run.id}/release", {"reason": "short"}).status_code == 422
    assert office.post(f"/runs/{run.id}/release", {"reason": REASON}).status_code == 303
    assert office.post(f"/runs/{run.id}/release", {"reason": REASON}).status_code == 403
    for address in withheld:
        assert HIDDEN in team.get(address).get_data(as_text=True)
    assert REASON in team.get(f"/runs/{run.id}/outputs").get_data(as_text=True)
    with scene.cast.house.database.reading() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.verb == "release_outputs")).one()
    assert REASON in line.particulars


def test_an_admin_does_not_release_to_a_team_of_their_own(scene: Scene, scored: tuple[Run, Actor]) -> None:
    run, captain = scored
    with scene.cast.house.database.transaction() as session:
        people.grant_role(
            session, actor=scene.cast.admin(), account_id=captain.account_id or 0, role=Role.ADMIN, now=scene.cast.now
        )
    both = scene.cast.browser(captain)
    assert both.get(f"/runs/{run.id}/papers/engine.log").status_code == 403
    answer = both.post(f"/runs/{run.id}/release", {"reason": REASON})
    assert answer.status_code == 403
    assert "another admin has to release it" in answer.get_data(as_text=True)


def test_what_a_run_took_stands_on_its_page_and_in_the_queue_and_not_in_the_report(
    scene: Scene, scored: tuple[Run, Actor]
) -> None:
    run, captain = scored
    page = scene.cast.browser(captain).get(f"/runs/{run.id}").get_data(as_text=True)
    for words in ("46.2 s", "90.5 s of processors", "507 MB at most", "69 J, estimated", "EUR 0.001006"):
        assert words in page
    with scene.cast.house.database.reading() as session:
        result = queries.result_of(session, run.id)
        assert queries_papers.usage_of(session, run.id) is not None
    assert result is not None
    assert "joules" not in result.report
    assert "seconds" not in result.report


def test_costs_and_energy_in_words() -> None:
    assert cost_micros(3_600_000, Decimal("0.04")) == 40_000
    assert cost_words(40_000) == "EUR 0.04"
    assert cost_words(1_234_500_000) == "EUR 1,234.50"
    assert cost_words(0) == ""
    assert energy_words(0, "none") == "none; an earlier attempt had all answers"
    assert energy_words(1234, "measured") == "1,234 J, measured"


@pytest.mark.parametrize(
    "changes", [{"seconds": -1}, {"seconds": "much"}, {"energy_method": "guessed"}, {"cpu_seconds": 1e300}]
)
def test_a_usage_that_cannot_be_is_not_kept(changes: dict[str, object]) -> None:
    assert read_usage(json.dumps(USAGE).encode(), Decimal(0)) is not None
    assert read_usage(json.dumps(USAGE | changes).encode(), Decimal(0)) is None


def test_the_database_refuses_an_unknown_way_of_finding_energy(scene: Scene, scored: tuple[Run, Actor]) -> None:
    with pytest.raises(IntegrityError), scene.cast.house.database.transaction() as session:
        session.get_one(RunUsage, scored[0].id).energy_method = "guessed"


def test_the_log_tells_what_happened_in_its_order_and_in_the_answer_that_the_page_asks_for(scene: Scene) -> None:
    run, captain = scene.waiting()
    claim = scene.claim()
    assert claim is not None
    with scene.cast.house.database.transaction() as session:
        operations.beat(
            session, run_id=run.id, token=claim.token, done=6, total=12, doing="topic", lease=LEASE, now=scene.cast.now,
            sentences=["The engine has begun."],
        )  # fmt: skip
    browser = scene.cast.browser(captain)
    answer = browser.get(f"/runs/{run.id}/progress.json").get_json()
    assert [event["sentence"] for event in answer["events"]] == [
        "It waits for a worker.", "A worker took it up; attempt 1 of 3.", "The engine has begun.",
    ]  # fmt: skip
    assert answer["events"][0]["at"] == "2 March 2026, 10:00 CET (09:00 UTC)"
    assert answer["tasks"] == [{"task": "topic", "done": 6, "total": 12}]
    assert 'data-task="topic">6<' in browser.get(f"/runs/{run.id}").get_data(as_text=True)
    scene.cast.clock.advance(LEASE)
    with scene.cast.house.database.transaction() as session:
        operations.sweep(session, now=scene.cast.now)
    hands(scene.cast).evaluate_next()
    with scene.cast.house.database.reading() as session:
        told = [event.sentence for event in queries_papers.events_of(session, run.id)]
    assert told[3].startswith("Its worker was not heard of any more")
    assert told[4] == "A worker took it up; attempt 2 of 3."
    assert told[-1] == "It ended: scored."


def test_a_model_is_counted_public_part_first() -> None:
    tasks = [task_named(name) for name in ("first", "second")]
    assert task_counts(tasks, 9, is_model=True) == [TaskCount("first", 6, 12), TaskCount("second", 3, 12)]
    assert task_counts(tasks, 14, is_model=True) == [TaskCount("first", 8, 12), TaskCount("second", 6, 12)]
    assert task_counts(tasks, 14, is_model=False) == [TaskCount("first", 12, 12), TaskCount("second", 2, 12)]
    assert task_counts(tasks, 99, is_model=True, only_public=True) == [
        TaskCount("first", 6, 6), TaskCount("second", 6, 6),
    ]  # fmt: skip


def task_named(name: str) -> TaskSummary:
    return TaskSummary(**{**SUITE_SUMMARY["tasks"][0], "name": name})


def test_an_admin_has_one_run_evaluated_again_after_a_fault_of_the_platform(scene: Scene) -> None:
    run, captain = scene.waiting()
    claim = scene.claim()
    assert claim is not None
    office, team = scene.cast.browser(scene.cast.admin()), scene.cast.browser(captain)
    assert office.post(f"/runs/{run.id}/retry", {"reason": REASON}).status_code == 403, "it has not ended"
    with scene.cast.house.database.transaction() as session:
        operations.report_failed(
            session, run_id=run.id, token=claim.token, outcome=Outcome.ENGINE_FAILED, explanation="", problems=(),
            now=scene.cast.now,
        )  # fmt: skip
    quota = scene.quota(scene.team_of(run))
    assert "Evaluate this run again" in office.get(f"/runs/{run.id}").get_data(as_text=True)
    assert team.post(f"/runs/{run.id}/retry", {"reason": REASON}).status_code == 403
    assert office.post(f"/runs/{run.id}/retry", {"reason": "short"}).status_code == 422
    answer = office.post(f"/runs/{run.id}/retry", {"reason": REASON})
    assert answer.status_code == 303
    again = scene.run(int(answer.headers["Location"].rpartition("/")[2]))
    assert (again.submission_id, again.round, again.state) == (run.submission_id, 2, RunState.WAITING)
    assert office.post(f"/runs/{run.id}/retry", {"reason": REASON}).status_code == 403, "asked for already"
    hands(scene.cast).evaluate_next()
    assert scene.run(again.id).outcome is Outcome.SCORED
    assert scene.quota(scene.team_of(run)) == quota
    with scene.cast.house.database.reading() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.verb == "retry_run")).one()
    assert REASON in line.particulars


def test_what_the_team_brought_about_is_not_evaluated_again_for_it(scene: Scene, scored: tuple[Run, Actor]) -> None:
    run, _ = scored
    answer = scene.cast.browser(scene.cast.admin()).post(f"/runs/{run.id}/retry", {"reason": REASON})
    assert answer.status_code == 403
    assert "did not end by a fault of the platform" in answer.get_data(as_text=True)
