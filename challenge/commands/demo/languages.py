"""The language track: teams hand in tiny models that were trained just now, and the platform runs them itself.

It runs them on two suites: the one they were trained for, where they are clearly apart, and the European suite, where
they can only guess.
"""

import io
import json
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from challenge.calls import operations as call_operations
from challenge.calls import queries as calls
from challenge.calls.operations_suite import prepare_suite
from challenge.commands.demo.cast import ADMINS, ENTRANTS
from challenge.commands.demo.packages import DATE, TEXTS
from challenge.commands.demo.story import Stage, accepted, facts, import_with_suites
from challenge.standings import operations as standing_operations
from challenge.standings import queries as standings
from challenge.standings.states import Part
from challenge.submissions.entry import Entry as HandedIn
from challenge.teams import operations as team_operations
from challenge.web.house import House
from evaluation.european import write_european

KEY = "languages"
TINY, EUROPEAN = "tiny", "european"
EUROPEAN_SEED, EUROPEAN_PUBLIC = 2026, Decimal("0.5")
"""How the European suite is split: half of it public, for only the public part has a board before a call is frozen."""
CALL_FILE = Path(__file__).with_name("languages.yaml")
PICKLE = b"\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x08builtins\x94\x8c\x04eval\x94\x93\x94."


@dataclass(frozen=True)
class ModelEntry:
    """Which team hands in which of the trained models, and what it says about it."""

    team: str
    model: str
    title: str
    pickled: bool = False
    """Whether the team packs its weights in a way that runs whatever they say."""


ENTRIES = (
    ModelEntry("loire", "tiny-250", "Ten seconds of training"),
    ModelEntry("danube", "tiny-750", "Half a minute of training"),
    ModelEntry("northlight", "tiny-1500", "A whole minute of training"),
    ModelEntry("cork", "tiny-1500", "Weights as a pickle", pickled=True),
)


def play_languages(stage: Stage, trained: Path) -> None:
    """Open the call, hand in the models, have the real engine run them, and publish the board."""
    stage.at(2026, 11, 13, 8)
    admin = stage.people[ADMINS[0][0]]
    with tempfile.TemporaryDirectory() as folder:
        write_european(Path(folder) / "suite", EUROPEAN_SEED, public_share=EUROPEAN_PUBLIC)
        european = prepare_suite(Path(folder) / "suite")
    import_with_suites(stage, admin, CALL_FILE, {TINY: prepare_suite(trained / "suite"), EUROPEAN: european})
    stage.at(2026, 11, 13, 9, 30)
    with stage.house.database.transaction() as session:
        call = calls.call_by_key(session, KEY)
        call_operations.open_call(session, actor=admin, call=call, now=stage.now)
    stage.say("A second call opens: it takes language models, and the platform runs them itself.")
    for entry in ENTRIES:
        hand_in(stage, entry, trained)
    stage.work()
    with stage.house.database.transaction() as session:
        call = calls.call_by_key(session, KEY)
        for board in standings.boards_of_call(session, call.id):
            if board.part is Part.PRIVATE:
                continue  # shown only once a call is frozen
            standing_operations.publish_board(session, actor=admin, board=board, now=stage.now)
    stage.say("The models are evaluated: one was refused unopened, three are on the boards of both suites.")


def where_to_look(house: House) -> list[str]:
    """Say at which addresses the public boards of this call stand, and what there is to see."""
    with house.database.reading() as session:
        call = calls.call_by_key(session, KEY)
        key_of = {suite.id: suite.key for suite in calls.suites_of(session, call)}
        shown = [board for board in standings.boards_of_call(session, call.id) if board.published_at is not None]
        address = {key_of[board.suite_id]: f"/boards/{board.id}" for board in shown}
        version = {key_of[board.suite_id]: board.version for board in shown}
    return [
        f"{address[TINY]} ranks them by what they were trained for: they are clearly apart.",
        f"{address[EUROPEAN]} ranks them by what they know of the Union: all are at chance, 25%.",
        f"{address[EUROPEAN]}/versions/{version[EUROPEAN]}/languages says so for each of its 24 languages.",
    ]


def hand_in(stage: Stage, entry: ModelEntry, trained: Path) -> None:
    """Found a team's entry in this call and submit its model as the web would."""
    entrant = next(one for one in ENTRANTS if one.key == entry.team)
    captain = stage.people[entrant.key]
    package = packed(trained / entry.model, name=entrant.name, title=entry.title, pickled=entry.pickled)
    handed_in = HandedIn(
        title=entry.title,
        abstract="A model of 190,000 parameters for three tiny languages: how much does a minute of training buy?",
        declared_licence="Apache-2.0",
        route="weights",
        doi="",
        requests={"LUMI": 1_000},
        predictions=None,
        predictions_name="",
        package=stage.house.files.put(io.BytesIO(package), limit=10**8),
        package_name="model.zip",
        idempotency_key=f"{entry.team}-{entry.model}-{entry.pickled}",
    )
    with stage.house.database.transaction() as session:
        call = calls.call_by_key(session, KEY)
        team = team_operations.found_team(session, actor=captain, call=call, facts=facts(entrant), now=stage.now)
        team_operations.declare_honour(session, actor=captain, team=team, now=stage.now)
    submission = accepted(stage, captain, KEY, handed_in)
    stage.say(f"{entrant.name} hands in {submission.reference}: {entry.title.lower()}.")
    stage.clock.advance(timedelta(minutes=10))


def packed(model: Path, *, name: str, title: str, pickled: bool) -> bytes:
    """Return a release package: the model's own files, a card, a licence text and metadata."""
    card = (
        f"---\nlicense: Apache-2.0\nlibrary_name: transformers\n---\n# {name}\n\n{title}, on three made-up languages.\n"
    )
    files = {path.name: path.read_bytes() for path in sorted(model.iterdir()) if path.is_file()}
    files |= {
        "README.md": card.encode(),
        "LICENSE": (TEXTS / "Apache-2.0.txt").read_bytes(),
        "metadata.json": json.dumps({"release": "weights", "licence": "Apache-2.0"}, indent=1).encode(),
    }
    if pickled:
        del files["model.safetensors"]
        files["pytorch_model.bin"] = PICKLE
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, DATE), content, compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
