"""The language track of the demonstration: its suite, its models, and what the platform makes of them."""

import json
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select

from challenge.app import create_app
from challenge.calls import queries as calls
from challenge.calls.callfile import parse_call
from challenge.calls.records import CallSuite
from challenge.commands.demo import languages, play
from challenge.runs.records import Run
from challenge.runs.states import Outcome
from challenge.standings import queries as standings
from challenge.standings.languages import Score
from challenge.standings.operations_languages import Parallel, in_languages
from challenge.standings.policy import read_tasks, tasks_of
from challenge.standings.records import Board
from challenge.standings.states import Part
from challenge.submissions.records import Submission
from challenge.web.house import House
from evaluation import load_suite
from evaluation.engines.engine import HERE, EngineMissing, engine_for
from evaluation.european import LANGUAGES
from evaluation.models import ModelFormat, inspect_model
from evaluation.models.refusals import PickleFound
from evaluation.sandbox import why_not_untrusted
from tests.cast import Cast

QUICK = ("10", "20", "30")
"""Steps of training: too few to be good, enough to be three models."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite and three models that were hardly trained, under the names that the play expects."""
    if why_not := why_not_untrusted():
        pytest.skip(why_not)
    try:
        engine = engine_for(ModelFormat.HUGGING_FACE)
    except EngineMissing as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("tiny")
    program = HERE / "programs" / "tiny_models_program.py"
    subprocess.run([engine.python, "-P", program, folder, *QUICK], check=True, capture_output=True)
    for steps, name in zip(QUICK, ("tiny-250", "tiny-750", "tiny-1500"), strict=True):
        (folder / f"tiny-{steps}").rename(folder / name)
    return folder


def test_the_call_file_holds_and_names_its_suite() -> None:
    parsed = parse_call(languages.CALL_FILE.read_text(encoding="utf-8"))
    assert [suite["key"] for suite in parsed.document["suites"]] == [languages.TINY, languages.EUROPEAN]


@pytest.mark.slow
@pytest.mark.xdist_group("engine")
def test_packages_hold_a_model_and_a_pickle_is_one(trained: Path, tmp_path: Path) -> None:
    for pickled in (False, True):
        packed = languages.packed(trained / "tiny-250", name="Somebody", title="Anything", pickled=pickled)
        (tmp_path / "model.zip").write_bytes(packed)
        if pickled:
            with pytest.raises(PickleFound):
                inspect_model(tmp_path / "model.zip")
        else:
            assert inspect_model(tmp_path / "model.zip").parameters > 100_000


@pytest.mark.slow
@pytest.mark.xdist_group("engine")
def test_the_track_is_played_with_the_real_engine(trained: Path, house: House) -> None:
    said: list[str] = []
    stage = play.play(house, say=said.append, acts=2)  # the call is open, and the teams are there
    languages.play_languages(stage, trained)
    with house.database.reading() as session:
        call = calls.call_by_key(session, languages.KEY)
        found = session.execute(
            select(Submission.title, CallSuite.key, Run.outcome)
            .join(Run, Run.submission_id == Submission.id)
            .join(CallSuite, CallSuite.id == Run.suite_id)
            .where(Submission.call_id == call.id)
        ).all()
        key_of = {suite.id: suite.key for suite in calls.suites_of(session, call)}
        boards = {(key_of[one.suite_id], one.part): one for one in standings.boards_of_call(session, call.id)}
    expected = {
        (entry.title, suite): Outcome.MODEL_REFUSED if entry.pickled else Outcome.SCORED
        for entry in languages.ENTRIES
        for suite in (languages.TINY, languages.EUROPEAN)
    }
    assert {(row.title, row.key): row.outcome for row in found} == expected
    shown = {one for one, board in boards.items() if board.published_at is not None}
    assert shown == {(languages.TINY, Part.PUBLIC), (languages.EUROPEAN, Part.PUBLIC)}
    assert load_suite(trained / "suite").size == 720
    assert said[-1].startswith("The models are evaluated")
    for part in Part:
        check_that_all_guess(house, boards[languages.EUROPEAN, part])
    check_addresses(house)


def check_that_all_guess(house: House, board: Board) -> None:
    """Hold every entry's intervals against a quarter, what guessing gets: over all languages, and in each."""
    with house.database.reading() as session:
        standing = standings.standing_of(session, board)
        assert standing is not None
        (task,) = tasks_of(read_tasks(calls.suite(session, board.suite_id).summary), board.part)
    parallel, files = Parallel.of(task), house.files
    scored = [in_languages(files, standing.scores_sha256, parallel, one, 0.95) for one in json.loads(standing.names)]
    entries = [found for found in scored if found is not None]
    assert len(entries) == 3
    for found in entries:
        assert found.by_language.keys() == LANGUAGES.keys()
        assert {score.items for score in found.by_language.values()} == {36}
        assert holds_chance(found.everywhere), found.everywhere
        beside = [tag for tag, score in found.by_language.items() if not holds_chance(score)]
        # of 24 intervals at 95 % one or two may miss
        assert len(beside) <= 3, beside


def holds_chance(score: Score) -> bool:
    """Tell whether an interval leaves room for a quarter."""
    return score.low is not None and score.high is not None and score.low < 0.25 < score.high


def check_addresses(house: House) -> None:
    """Open the pages that the demonstration points to, as a visitor."""
    visitor = Cast(house, create_app(house)).browser()
    answers = [visitor.get(sentence.split()[0]) for sentence in languages.where_to_look(house)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    tiny, european, by_language = (answer.get_data(as_text=True) for answer in answers)
    assert "The larger of two numbers" in tiny
    assert "The Union in its languages" in european
    assert "on average over 24 languages" in by_language
    assert all(language.name in by_language for language in LANGUAGES.values())
