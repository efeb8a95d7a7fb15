"""A run's page shows scores with their intervals, the private part to the office alone; a submission leads to it."""

import re

from challenge.runs import queries
from challenge.runs.records import Result
from tests.challenge.runs.scene import Scene
from tests.challenge.worker.hands import hands

BETWEEN = re.compile(r'<td class="number">(\d\.\d{4} – \d\.\d{4})</td>')


def scored(scene: Scene) -> int:
    """Have a perfect submission evaluated by the real engine; return the number of its run."""
    run, _ = scene.waiting()
    hands(scene.cast).evaluate_next()
    return run.id


def page(scene: Scene, who: str, run_id: int) -> str:
    """Read the run's page as a person of the scene."""
    reader = scene.cast.admin() if who == "admin" else scene.cast.person(who)
    return scene.cast.browser(reader).get(f"/runs/{run_id}").get_data(as_text=True)


def test_every_score_is_kept_with_its_interval(scene: Scene) -> None:
    run_id = scored(scene)
    with scene.cast.house.database.reading() as session:
        result = queries.result_of(session, run_id)
        assert result is not None
        told = queries.task_scores(result, private=True)
    assert [(line.task, line.part) for line in told] == [
        ("topic", "public"), ("topic", "private"), ("size", "public"), ("size", "private"),
    ]  # fmt: skip
    # all right: Wilson's interval says how little twelve items prove; no error at all has no spread to go by
    for line in told:
        assert (line.interval is None) == (line.task == "size")
        if line.interval:
            assert (0.3 < float(line.interval[0]) < 0.8, line.interval[1]) == (True, "1.000000")


def test_the_team_sees_the_public_part_with_its_interval_and_the_office_both(scene: Scene) -> None:
    run_id = scored(scene)
    team, office = page(scene, "CaptainAlpha", run_id), page(scene, "admin", run_id)
    assert (len(BETWEEN.findall(team)), len(BETWEEN.findall(office))) == (1, 2)
    assert "<td>private</td>" in office
    assert "private" not in team.partition("<h2>Scores</h2>")[2].partition("</table>")[0]


def test_a_result_from_before_intervals_were_kept_is_shown_without(scene: Scene) -> None:
    run_id = scored(scene)
    with scene.cast.house.database.transaction() as session:
        session.query(Result).one().intervals = "[]"
    shown = page(scene, "CaptainAlpha", run_id)
    assert "1.0000" in shown
    assert not BETWEEN.findall(shown)


def test_a_submission_leads_to_its_newest_run_once_there_is_one(scene: Scene) -> None:
    team, captain = scene.team("Alpha")
    submission = scene.submission(team, captain)
    browser = scene.cast.browser(captain)
    before = browser.get(f"/runs/of/{submission.reference}")
    assert (before.status_code, before.location) == (303, f"/submissions/{submission.reference}")
    run = scene.opened(submission)
    after = browser.get(f"/runs/of/{submission.reference}")
    assert (after.status_code, after.location) == (303, f"/runs/{run.id}")
    assert scene.cast.browser(scene.cast.person("Stranger")).get(f"/runs/of/{submission.reference}").status_code == 404
