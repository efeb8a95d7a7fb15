"""An admin or auditor who is of a team in the call is, for that call, of that team and nothing else."""

import re

import pytest

from challenge.calls.states import CallState
from challenge.foundation.permits import Actor, Refused, Role
from challenge.people import operations as people
from challenge.runs import operations, queries_queue
from challenge.runs.records import Run
from challenge.runs.states import Outcome, RunState
from challenge.submissions.records import Submission
from challenge.teams.records import Team
from tests.cast import Browser
from tests.challenge.runs.papers import HIDDEN
from tests.challenge.runs.scene import Scene

REASON = "The machine lost its disk."
LISTS = ("/calls/trial/teams", "/calls/trial/submissions")
OTHERS = "only admins and auditors of no team in it may see this"


def officer(scene: Scene, actor: Actor, role: Role) -> Actor:
    """Give a role to somebody who is in a team already, and return them with it."""
    with scene.cast.house.database.transaction() as session:
        people.grant_role(
            session, actor=scene.cast.admin(), account_id=actor.account_id or 0, role=role, now=scene.cast.now
        )
    return Actor(actor.account_id, actor.name, actor.roles | {role})


@pytest.fixture
def rival(scene: Scene) -> Actor:
    """The captain of another team in the call, who is an admin since."""
    return officer(scene, scene.team("Birch")[1], Role.ADMIN)


def addresses(scene: Scene, run: Run) -> list[str]:
    """Return where something of a run's team can be read that its rivals may not know."""
    with scene.cast.house.database.reading() as session:
        submission = session.get_one(Submission, run.submission_id)
        reference, team = submission.reference, session.get_one(Team, submission.team_id).id
    return [
        f"/teams/{team}", f"/teams/{team}/submissions", f"/submissions/{reference}",
        f"/submissions/{reference}/files/predictions", f"/submissions/{reference}/receipt",
        f"/submissions/{reference}/receipt.json", f"/runs/of/{reference}", f"/runs/{run.id}",
        f"/runs/{run.id}/progress.json", f"/runs/{run.id}/outputs", f"/runs/{run.id}/papers/engine.log",
        f"/runs/{run.id}/papers/outputs.private.jsonl", f"/compliance/{reference}",
    ]  # fmt: skip


def main(browser: Browser, address: str) -> str:
    """Return what a page says between its head and its foot, without the tokens of its forms."""
    said = browser.get(address).get_data(as_text=True).split("<main")[1].split("</main>")[0]
    return re.sub(r'value="[^"]{40,}"', "", said)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_a_rival_with_an_office_reads_nothing_and_is_told_why(
    scene: Scene, scored: tuple[Run, Actor], role: Role
) -> None:
    run, _ = scored
    _, captain = scene.team("Birch")
    there = addresses(scene, run)
    plain = scene.cast.browser(captain)
    assert {address: plain.get(address).status_code for address in there} == dict.fromkeys(there, 404)
    inside = scene.cast.browser(officer(scene, captain, role))
    for address in there:
        answer = inside.get(address)
        assert (answer.status_code, OTHERS in answer.get_data(as_text=True)) == (403, True), address
    for address in LISTS:
        answer = inside.get(address)
        assert (answer.status_code, "You are a member of a team" in answer.get_data(as_text=True)) == (403, True)
    apart = scene.cast.browser(scene.cast.admin() if role is Role.ADMIN else scene.cast.auditor())
    for address in (*there, *LISTS):
        # what is staged has no receipt
        assert apart.get(address).status_code in ({404} if "receipt" in address else {200, 303}), address


@pytest.mark.usefixtures("scored")
def test_the_queue_leaves_out_what_a_rival_of_the_reader_waits_for(scene: Scene, rival: Actor) -> None:
    assert "Alpha" in scene.cast.browser(scene.cast.admin()).get("/runs").get_data(as_text=True)
    mine = scene.cast.browser(rival).get("/runs")
    assert mine.status_code == 200
    assert "Alpha" not in mine.get_data(as_text=True)
    with scene.cast.house.database.reading() as session:
        assert queries_queue.outcome_counts(session, scene.cast.admin().account_id) == {Outcome.SCORED: 1}
        assert queries_queue.outcome_counts(session, rival.account_id) == {}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_an_officer_reads_of_the_own_team_what_its_members_read(
    scene: Scene, scored: tuple[Run, Actor], role: Role
) -> None:
    run, captain = scored
    as_member = scene.cast.browser(captain)
    said = {address: as_member.get(address) for address in addresses(scene, run)}
    as_both = scene.cast.browser(officer(scene, captain, role))
    for address, answer in said.items():
        again = as_both.get(address)
        assert again.status_code == answer.status_code, address
        assert HIDDEN not in again.get_data(as_text=True)
    assert main(as_both, f"/runs/{run.id}") == main(as_member, f"/runs/{run.id}"), "scores on the hidden part, or more"


def test_a_rival_with_an_office_does_nothing_to_a_team(scene: Scene, scored: tuple[Run, Actor], rival: Actor) -> None:
    run, _ = scored
    inside, team = scene.cast.browser(rival), scene.team_of(run)
    with scene.cast.house.database.reading() as session:
        reference = session.get_one(Submission, run.submission_id).reference
    for address, sent in (
        (f"/teams/{team}/ruling", {"eligible": "no", "reason": REASON}),
        (f"/teams/{team}/quota", {"phase": "entry", "amount": "1", "reason": REASON}),
        (f"/runs/{run.id}/cancel", {}),
        (f"/runs/{run.id}/retry", {"reason": REASON}),
        (f"/runs/{run.id}/release", {"reason": REASON}),
        (f"/submissions/{reference}/fetch", {"reason": REASON}),
        (f"/compliance/{reference}", {"verdict": "non_compliant", "reason": REASON}),
    ):
        answer = inside.post(address, dict(sent))
        assert (answer.status_code, OTHERS in answer.get_data(as_text=True)) == (403, True), address


def test_the_operations_themselves_refuse_a_rival(scene: Scene, rival: Actor) -> None:
    run, _ = scene.waiting("Cedar")
    for deed in ("cancel", "retry", "rejudge"):
        with scene.cast.house.database.transaction() as session, pytest.raises(Refused, match="another admin"):
            match deed:
                case "cancel":
                    operations.cancel(session, actor=rival, run=run, now=scene.cast.now)
                case "retry":
                    operations.retry(session, actor=rival, run=run, reason=REASON, now=scene.cast.now)
                case _:
                    scene.call.state = CallState.OPEN
                    operations.rejudge(
                        session, actor=rival, call=scene.call, suite=scene.suite, reason=REASON, now=scene.cast.now
                    )
    assert "Trial Challenge" not in scene.cast.browser(rival).get("/runs/rejudge").get_data(as_text=True)
    assert scene.run(run.id).state is RunState.WAITING


def test_a_captain_with_an_office_still_cancels_the_first_round(scene: Scene) -> None:
    run, captain = scene.waiting()
    both = officer(scene, captain, Role.ADMIN)
    assert scene.cast.browser(both).post(f"/runs/{run.id}/cancel").status_code == 303
    assert scene.run(run.id).outcome is Outcome.CANCELLED
