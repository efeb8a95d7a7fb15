"""Failures of other platforms that cross several rooms here, each played through ours; docs/defects.md lists them all."""

import io
import json
import random
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from sqlalchemy import insert, select

from challenge.calls import queries as calls
from challenge.calls.records import CallSuite
from challenge.foundation.outbox import letters_of
from challenge.runs.executors_local import Bounds, LocalExecutor
from challenge.runs.states import Outcome
from challenge.standings import queries as standings
from challenge.standings.ranking import Ranking
from challenge.standings.states import Part
from challenge.submissions.records import FinalChoice, Submission
from challenge.teams.records import Membership, Team
from challenge.worker.evaluating import Evaluator
from tests.cast import Cast
from tests.challenge.awards.prize import judged, propose, sign
from tests.challenge.calls.staging import SOON, suite_zip
from tests.challenge.runs.scene import Scene
from tests.challenge.standings.harvest import Field, items_right, stage_field, stage_result, stage_waiting
from tests.stage import DOCUMENT, SUITE_SUMMARY, stage_team

MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("opens", "closes", "first", "end"),
    [
        ("2026-04-13T17:00:00+02:00", "2026-05-13T17:00:00+02:00", (4, 13, 15, 0), (5, 13, 15, 0)),
        ('"2026-04-13T17:00:00+02:00"', '"2026-05-13T17:00:00-09:30"', (4, 13, 15, 0), (5, 14, 2, 30)),
        ("2026-03-28T23:30:00Z", "2026-03-29T03:30:00+02:00", (3, 28, 23, 30), (3, 29, 1, 30)),
    ],
)
def test_a_call_opens_and_closes_at_the_instant_that_its_file_names(
    cast: Cast, opens: str, closes: str, first: tuple[int, ...], end: tuple[int, ...]
) -> None:
    """Defect 1: a date with an offset was cut to midnight and its offset dropped."""
    text = SOON.replace("opens: 1 March 2026, 10:00 CET", f"opens: {opens}", 1)
    text = text.replace("closes: 2 November 2026, 17:00 CET", f"closes: {closes}", 1)
    office = cast.browser(cast.admin())
    assert office.post("/calls/new", {"source": text}).status_code == 303
    upload = {"suite": "tabular", "archive": (io.BytesIO(suite_zip()), "small.zip")}
    assert office.post("/calls/soon/suites", upload).status_code == 303
    assert office.post("/calls/soon/open").status_code == 303
    with cast.house.database.reading() as session:
        call = calls.call_by_key(session, "soon")
    stage_team(cast, call, "Alder Models", cast.person("Ada"))
    opening, closing = (datetime(2026, *instant, tzinfo=UTC) for instant in (first, end))
    for instant, is_open in (
        (opening - MICROSECOND, False),
        (opening, True),
        (closing - MICROSECOND, True),
        (closing, False),
    ):
        cast.clock.instant = instant
        page = cast.browser(cast.person("Ada")).get("/calls/soon/submit").get_data(as_text=True)
        assert ('type="file"' in page) is is_open, instant


def test_no_entry_is_cut_off_however_many_came_after_it(cast: Cast) -> None:
    """Defect 10: a board took the newest 10,000 rows first and sorted afterwards."""
    field = stage_field(cast, {"Birch": 6, "Alder": 3})
    alder = field.entries["Alder"]
    columns = {
        column.name: getattr(alder, column.name) for column in Submission.__table__.columns if column.name != "id"
    }
    flood = [
        {**columns, "number": number, "reference": f"trial-{number:05d}", "idempotency_key": f"flood-{number}"}
        for number in range(3, 10_053)
    ]
    with cast.house.database.transaction() as session:
        session.execute(insert(Submission), flood)
        last = session.scalars(select(Submission).where(Submission.number == 10_052)).one()
    stage_result(cast, last, items=items_right(4))
    field.rebuild()
    assert field.ranks() == {"Birch": 1, "Alder": 2}
    assert [one.entrant for one in ranking(field).entries] == ["trial-0001", "trial-10052"]


def ranking(field: Field, part: Part = Part.PUBLIC) -> Ranking:
    """Return the ranking of a field's latest standing."""
    return standings.ranking_of(field.standing(part))


def two_tasks(cast: Cast, missing: str) -> Field:
    """Set up an open call whose suite has two tasks, topic and size, with a policy for missing ones."""
    field = stage_field(cast, ranking={**DOCUMENT["ranking"], "missing": missing})
    [topic] = SUITE_SUMMARY["tasks"]
    size = {**topic, "name": "size", "title": "Sizes", "floor": "0"}
    with cast.house.database.transaction() as session:
        suite = session.scalars(select(CallSuite).where(CallSuite.call_id == field.call.id)).one()
        suite.summary = json.dumps({"tasks": [topic, size]})
    return field


def answered(cast: Cast, field: Field, name: str, number: int, right: Mapping[str, Sequence[int]]) -> None:
    """Let a team hand in an entry with these values on the items of each task, on both parts."""
    rows = [
        (task, f"{part}{place}", part, value)
        for task, values in right.items()
        for part in ("public", "private")
        for place, value in enumerate(values)
    ]
    task, item, part, value = zip(*rows, strict=True)
    table = {"task": task, "item": item, "cluster": item, "part": part, "value": pa.array(value, pa.int64())}
    sheet = io.BytesIO()
    parquet.write_table(pa.table(table), sheet)
    sheet.seek(0)
    kept = cast.house.files.put(sheet, limit=10**6)
    stage_result(cast, field.enter(name, number), items_sha256=kept.sha256)


GOOD, FAIR = [10_000] * 6, [10_000] * 5 + [0]


@pytest.mark.parametrize(
    ("missing", "ranks", "apart"),
    [
        ("unranked", {"Alder": 1}, {"Birch": "no score for 6 of 6 items of task size",
                                    "Cedar": "no score for 2 of 6 items of task size"}),
        ("floor", {"Alder": 1, "Birch": 2}, {"Cedar": "no score for 2 of 6 items of task size"}),
    ],
)  # fmt: skip
def test_a_missing_task_is_treated_as_the_call_says_and_never_averaged_away(
    cast: Cast, missing: str, ranks: dict[str, int], apart: dict[str, str]
) -> None:
    """Defect 8: a mean over whichever scores exist would put the perfect half of Birch above Alder."""
    field = two_tasks(cast, missing)
    answered(cast, field, "Alder", 1, {"topic": FAIR, "size": FAIR})
    answered(cast, field, "Birch", 2, {"topic": GOOD})
    answered(cast, field, "Cedar", 3, {"topic": GOOD, "size": GOOD[:4]})
    field.rebuild()
    assert field.ranks() == ranks
    assert field.reasons() == apart
    page = cast.browser(cast.admin()).get(f"/boards/{field.board().id}").get_data(as_text=True)
    assert all(reason in page for reason in apart.values())
    if missing == "floor":
        assert {one.entrant: one.points for one in ranking(field).entries}["trial-0002"] == "50.000000"


def test_every_team_that_handed_in_is_on_the_board_or_beside_it_with_its_reason(cast: Cast) -> None:
    """Defect 14: a team with too many selected entries vanished from the final board."""
    field = stage_field(cast, {"Alder": 5, "Birch": 3})
    everybody, number = {"Alder", "Birch"}, 2
    for outcome in Outcome:
        number += 1
        stage_result(cast, field.enter(f"Team {outcome}", number), outcome=outcome, items=items_right(2))
        everybody.add(f"Team {outcome}")
    stage_waiting(cast, field.enter("Elder", 20))
    field.enter("Fir", 21)
    stage_result(cast, field.enter("Gorse", 22), items_sha256="e" * 64)
    stage_result(cast, field.enter("Hazel", 23), items={"public": [0] * 5, "private": [0] * 5})
    field.score("Withdrawn", 6, 24)
    chooser = field.score("Chooser", 1, 25)
    field.score("Chooser", 6, 26)
    stage_team(cast, field.call, "Ivy", cast.person("Ivo"), eligible=False)
    field.teams["Ivy"], field.captains["Ivy"] = _team(cast, "Ivy"), cast.person("Ivo")
    field.score("Ivy", 4, 27)
    with cast.house.database.transaction() as session:
        session.delete(
            session.get_one(Membership, (field.teams["Withdrawn"].id, field.captains["Withdrawn"].account_id))
        )
        session.add(
            FinalChoice(
                team_id=chooser.team_id, submission_id=chooser.id, chosen_at=cast.now,
                chosen_by=field.captains["Chooser"].account_id,
            )
        )  # fmt: skip
    everybody |= {"Elder", "Fir", "Gorse", "Hazel", "Withdrawn", "Chooser", "Ivy"}
    field.rebuild()
    field.publish()
    ranked, apart = field.ranks(), field.reasons()
    assert ranked.keys() | apart.keys() == everybody
    assert not ranked.keys() & apart.keys()
    assert all(apart.values())
    page = cast.browser().get(f"/boards/{field.board().id}").get_data(as_text=True)
    table = cast.browser().get(f"/boards/{field.board().id}.csv").get_data(as_text=True)
    for shown in (page, table):
        assert {name for name in everybody if name in shown} == everybody
        assert all(reason in shown for reason in apart.values())


def _team(cast: Cast, name: str) -> Team:
    with cast.house.database.reading() as session:
        return session.scalars(select(Team).where(Team.name == name)).one()


def test_with_the_decision_every_team_that_handed_in_gets_a_letter(cast: Cast) -> None:
    """Defect 14, at the end: nobody learns of the decision by not being on a list."""
    bench = judged(cast, selection={**DOCUMENT["selection"], "winners": 1, "finalists": 3})
    for name in ("Dogwood", "Elder"):
        bench.field.enter(name, 10 + len(name))
    sign(bench, propose(bench))
    subjects = {}
    with cast.house.database.reading() as session:
        for name, captain in bench.field.captains.items():
            subjects[name] = letters_of(session, captain.account_id or 0)[0].subject
    assert subjects == {
        "Alder": "Your entry is a winner of Trial Challenge",
        "Birch": "Your entry is on the reserve list of Trial Challenge",
        "Cedar": "Your entry is on the reserve list of Trial Challenge",
        "Dogwood": "The decision on Trial Challenge",
        "Elder": "The decision on Trial Challenge",
    }


def test_no_secret_of_the_house_is_in_what_an_engine_is_given(cast: Cast, tmp_path: Path) -> None:
    """Defect 15: the organiser's write token lay in the environment and in a file of the entry's folder."""
    scene, seen = Scene(cast, tmp_path), tmp_path / "seen"
    run, _ = scene.waiting()
    scene.waiting("Rival", content=b"task,item,prediction\ntopic,t0,the rival's\n")
    engine = tmp_path / "engine.py"
    engine.write_text(
        "import os, sys\n"
        "parts = [repr(dict(os.environ)), repr(sys.argv), repr(sys.orig_argv), open('/proc/self/cmdline').read()]\n"
        "for folder, _, names in os.walk('.'):\n"
        "    parts += [open(os.path.join(folder, name), 'rb').read().hex() for name in names]\n"
        "parts += [os.readlink('/proc/self/fd/' + one) for one in os.listdir('/proc/self/fd') if int(one) < 64\n"
        "          and os.path.exists('/proc/self/fd/' + one)]\n"
        f"open({str(seen)!r}, 'w').write('\\n'.join(parts))\n"
    )
    house = cast.house
    executor = LocalExecutor(house.settings.instance / "work", Bounds(20, 1024), (sys.executable, str(engine)))
    assert Evaluator(house, "w1", executor).evaluate_next()
    told = seen.read_text()
    key = (house.settings.instance / "receipts.key").read_bytes()
    assert b"trial-0001".hex() in told, "the engine saw its own folder"
    settings = house.settings
    for secret in (
        settings.secret_key, key.hex(), repr(key)[2:-1], settings.database_url, str(settings.files), "the rival's",
    ):  # fmt: skip
        assert secret not in told
        assert secret.encode().hex() not in told
    assert scene.run(run.id).token is None


@pytest.mark.parametrize("newcomer", [0, 3, 6])
def test_a_further_entry_moves_nobodys_points_nor_the_order_of_the_others(cast: Cast, newcomer: int) -> None:
    """Defect 17: orders by mean rank turn when an entry that has nothing to do with them comes or goes."""
    field = two_tasks(cast, "unranked")
    draw = random.Random(newcomer)
    for number, name in enumerate(("Alder", "Birch", "Cedar", "Dogwood"), start=1):
        values = {task: [draw.choice((0, 10_000)) for _ in range(6)] for task in ("topic", "size")}
        answered(cast, field, name, number, values)
    field.rebuild()
    before = ranking(field)
    right = [10_000] * newcomer + [0] * (6 - newcomer)
    answered(cast, field, "Newcomer", 5, {"topic": right, "size": right[::-1]})
    field.rebuild()
    after = ranking(field)
    others = [one for one in after.entries if one.entrant != "trial-0005"]
    assert [_own(one) for one in others] == [_own(one) for one in before.entries]
    came = after.entry("trial-0005")
    assert came is not None
    for old, new in zip(before.entries, others, strict=True):
        # what may move: ranks, by exactly those who came in ahead, and the rank intervals, which hold for all at once
        assert new.rank == old.rank + (Decimal(came.points) > Decimal(new.points))


def _own(entry: Any) -> tuple[object, ...]:
    return entry.entrant, entry.points, entry.se, entry.low, entry.high, entry.tasks
