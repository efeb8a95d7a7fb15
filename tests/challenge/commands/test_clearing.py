"""Files of which no record speaks go, once they are old; all others stay, and so does what comes in meanwhile."""

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from challenge.commands import clearing
from challenge.commands.clearing import clear_files, spoken_of
from challenge.foundation.audit import AuditLine
from challenge.foundation.files import FileStore
from challenge.runs import queries
from challenge.runs.records import Result
from challenge.runs.records_papers import RunPaper
from challenge.runs.records_trials import Trial
from challenge.runs.states import RunState
from challenge.submissions.records import Submission
from challenge.worker.loop import work
from challenge.worker.trying import forget_old_trials
from tests.cast import Cast
from tests.challenge.commands.test_entrance import run
from tests.challenge.runs.scene import Scene, predictions
from tests.challenge.runs.test_trials import try_out


@pytest.fixture
def scene(cast: Cast, tmp_path: Path) -> Scene:
    """A call with a small suite."""
    return Scene(cast, tmp_path)


def put(scene: Scene, content: bytes) -> str:
    """Put a file of which no record speaks."""
    return scene.cast.house.files.put(io.BytesIO(content), limit=10**6).sha256


def names(store: FileStore) -> set[str]:
    """Return the names of all files."""
    return {path.name for path in store.folder.glob("??/*")}


def age(store: FileStore) -> None:
    """Let every file be from long ago."""
    for path in store.folder.glob("??/*"):
        os.utime(path, (0, 0))


def test_everything_that_a_record_speaks_of_stays_and_the_rest_goes(scene: Scene) -> None:
    waiting, captain = scene.waiting("Alpha")
    browser = scene.cast.browser(captain)
    assert try_out(browser, predictions({"t1": "no"})).status_code == 303  # type: ignore[attr-defined]
    for _ in range(2):
        work(scene.cast.house, once=True)
    house, orphan = scene.cast.house, put(scene, b"a refused form")
    age(house.files)
    fresh = put(scene, b"a form that is just read")
    with house.database.reading() as session:
        kept = {scene.suite.file_sha256, *session.scalars(select(Submission.predictions_sha256))}
        kept |= {*session.scalars(select(Result.items_sha256)), *session.scalars(select(RunPaper.sha256))}
        for trial in session.scalars(select(Trial)):
            kept |= {trial.file_sha256, trial.items_sha256, *trial.papers.values()}
    assert len(kept) >= 5
    before = names(house.files)
    assert before >= {name for name in kept if name}
    told = clear_files(house, days=7, dry=True)
    assert (told.files, told.size, names(house.files)) == (1, len(b"a refused form"), before)
    done = clear_files(house, days=7, dry=False)
    assert (done, names(house.files)) == (told, before - {orphan})
    assert fresh in names(house.files)
    with house.database.reading() as session:
        assert queries.run(session, waiting.id).state is RunState.ENDED
    assert browser.get(f"/runs/{waiting.id}").status_code == 200
    assert clear_files(house, days=7, dry=False).files == 0


def test_a_trial_is_forgotten_after_its_days_and_its_files_go_unless_others_have_them(scene: Scene) -> None:
    house, (_, captain) = scene.cast.house, scene.team("Alpha")
    browser = scene.cast.browser(captain)
    scene.waiting("Beta")  # hands in the very predictions that Alpha tries first
    assert try_out(browser, predictions()).status_code == 303  # type: ignore[attr-defined]
    assert try_out(browser, predictions({"t1": "no"})).status_code == 303  # type: ignore[attr-defined]
    for _ in range(3):
        work(house, once=True)
    with house.database.reading() as session:
        shared, own = session.scalars(select(Trial).order_by(Trial.id))
        [handed_in] = session.scalars(select(Submission.predictions_sha256))
    assert shared.file_sha256 == handed_in
    scene.cast.clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert forget_old_trials(house) == 0
    scene.cast.clock.advance(timedelta(seconds=1))
    assert forget_old_trials(house) == 2
    assert forget_old_trials(house) == 0
    age(house.files)
    clear_files(house, days=7, dry=False)
    assert house.files.is_whole(shared.file_sha256)
    assert not house.files.has(own.file_sha256)
    assert not house.files.has(own.items_sha256)
    page = scene.cast.browser(captain).get(f"/trials/{own.id}").get_data(as_text=True)
    assert "Its file and its results were deleted, 30 days after its end." in page
    assert "It ended: scored." in page
    with house.database.reading() as session:
        assert "forget_trial" in session.scalars(select(AuditLine.verb)).all()


@pytest.mark.parametrize("again", ["put", "spoken of"])
def test_what_comes_in_while_files_are_cleared_stays(scene: Scene, monkeypatch: pytest.MonkeyPatch, again: str) -> None:
    """The worst instant: after the look at the database, before the files are set aside, or just after that."""
    house, name = scene.cast.house, put(scene, b"handed in again")
    age(house.files)
    looks = 0
    looked: Callable[..., set[str]] = spoken_of

    def look(*given: object) -> set[str]:
        nonlocal looks
        looks += 1
        found = looked(*given)
        if looks == 1:
            if again == "put":
                put(scene, b"handed in again")
            with house.database.transaction() as session:
                session.query(type(scene.suite)).update({"starter_sha256": name})
        return found

    monkeypatch.setattr(clearing, "spoken_of", look)
    assert clear_files(house, days=7, dry=False).files == 0
    assert looks == 2
    assert house.files.is_whole(name)


def test_the_command_says_what_goes(scene: Scene) -> None:
    name = put(scene, b"a refused form")
    age(scene.cast.house.files)
    told = run(scene.cast, "files", "clear", "--dry-run")
    assert (told.exit_code, "Files that would go: 1, with 14 bytes" in told.output) == (0, True), told.output
    assert scene.cast.house.files.has(name)
    told = run(scene.cast, "files", "clear")
    assert "Files that are gone: 1, with 14 bytes; none younger than 7 days." in told.output
    assert not scene.cast.house.files.has(name)
    assert run(scene.cast, "files", "clear", "--days", "0").exit_code == 2


def test_less_than_a_day_is_refused(scene: Scene) -> None:
    with pytest.raises(ValueError, match="may still be on their way"):
        clear_files(scene.cast.house, days=0, dry=True)
