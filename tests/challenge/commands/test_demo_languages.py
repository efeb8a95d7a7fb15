"""The language track of the demonstration: its suite, its models, and what the platform makes of them."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select

from challenge.calls import queries as calls
from challenge.calls.callfile import parse_call
from challenge.commands.demo import languages, play
from challenge.runs.records import Run
from challenge.runs.states import Outcome
from challenge.standings import queries as standings
from challenge.standings.states import Part
from challenge.submissions.records import Submission
from challenge.web.house import House
from evaluation import load_suite
from evaluation.engines.engine import HERE, EngineMissing, engine_for
from evaluation.models import ModelFormat, inspect_model
from evaluation.models.refusals import PickleFound
from evaluation.sandbox import why_not_untrusted

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
    assert [suite["key"] for suite in parsed.document["suites"]] == ["tiny"]


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
            select(Submission.title, Run.outcome)
            .join(Run, Run.submission_id == Submission.id)
            .where(Submission.call_id == call.id)
        ).all()
        boards = standings.boards_of_call(session, call.id)
        shown = {board.part for board in boards if board.published_at is not None}
    expected = {entry.title: Outcome.MODEL_REFUSED if entry.pickled else Outcome.SCORED for entry in languages.ENTRIES}
    assert {row.title: row.outcome for row in found} == expected
    assert shown == {Part.PUBLIC}
    assert load_suite(trained / "suite").size == 720
    assert said[-1].startswith("The models are evaluated")
