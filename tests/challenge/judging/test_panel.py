"""A panel is seated, finalists are named, and both only by those and when the rules say so."""

import pytest
from sqlalchemy import select

from challenge.calls import queries as calls
from challenge.compliance import queries as compliance
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.audit import AuditLine
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Actor, Invalid, Refused, Role
from challenge.judging import operations, queries
from challenge.judging.records import Finalist
from tests.cast import Cast
from tests.challenge.judging.bench import Bench, examine, seat, stage_bench, stage_board
from tests.challenge.standings.harvest import Field, stage_field


def names(bench: Bench) -> list[str]:
    return [listed.team for listed in bench.docket().finalists]


def appoint(cast: Cast, field: Field, actor: Actor, judge: Actor, affiliation: str = "Institute") -> None:
    with cast.house.database.transaction() as session:
        operations.appoint(
            session, actor=actor, call=field.call, account_id=judge.account_id or 0, affiliation=affiliation,
            is_chair=False, now=cast.now,
        )  # fmt: skip


def test_a_judge_is_appointed_told_and_written_down(cast: Cast) -> None:
    field = stage_field(cast)
    appoint(cast, field, cast.admin(), cast.judge())
    with cast.house.database.reading() as session:
        (seated, _), *others = queries.panel_of(session, field.call.id)
        letters = letters_of(session, cast.judge().account_id or 0)
        verbs = list(session.scalars(select(AuditLine.verb).where(AuditLine.subject == f"call {field.call.id}")))
    assert (seated.affiliation, others, verbs) == ("Institute", [], ["appoint"])
    assert letters[0].subject == "You are on the panel of Trial Challenge"


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("outsider", "This person does not hold the role of a judge; grant it first."),
        ("seated", "This person has a seat on the panel already."),
    ],
)
def test_a_seat_is_for_a_judge_without_one(cast: Cast, who: str, sentence: str) -> None:
    field, admin = stage_field(cast), cast.admin()
    judge = cast.person("Odo") if who == "outsider" else cast.judge()
    if who == "seated":
        appoint(cast, field, admin, judge)
    with pytest.raises(Refused) as refused:
        appoint(cast, field, admin, judge)
    assert refused.value.sentence == sentence


def test_only_an_admin_changes_the_panel(cast: Cast) -> None:
    field = stage_field(cast)
    for actor in (cast.judge(), cast.auditor(), cast.person("Ada")):
        with pytest.raises(Refused, match="Only an admin may change the panel"):
            appoint(cast, field, actor, cast.judge("Mara"))


def test_an_affiliation_is_needed_because_links_are_found_by_it(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        appoint(cast, stage_field(cast), cast.admin(), cast.judge(), affiliation=" ")
    assert refused.value.field_name == "affiliation"


def test_a_new_chair_takes_the_chair(cast: Cast) -> None:
    field, admin = stage_field(cast), cast.admin()
    for name in ("Jonas", "Mara"):
        seat(cast, field, name, admin=admin, is_chair=True)
    with cast.house.database.reading() as session:
        chairs = [account.name for place, account in queries.panel_of(session, field.call.id) if place.is_chair]
    assert chairs == ["Mara"]


def test_finalists_are_named_once_the_call_is_frozen_and_its_board_stands(cast: Cast) -> None:
    field, admin = stage_field(cast, {"Alder": 5}), cast.admin()

    def name() -> None:
        with cast.house.database.transaction() as session:
            call = calls.call(session, field.call.id)
            operations.name_finalists(session, actor=admin, call=call, now=cast.now)

    with pytest.raises(Refused, match="Freeze the call first"):
        name()
    field.freeze_call()
    with pytest.raises(Refused, match="There is no private board yet"):
        name()
    field.rebuild()
    name()


def test_gates_and_board_decide_who_is_judged(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 6, "Birch": 5, "Cedar": 4})
    examine(cast, field.entries["Alder"])
    examine(cast, field.entries["Birch"], LicenceVerdict.NON_COMPLIANT)
    field.enter("Dogwood", 4)
    examine(cast, field.entries["Dogwood"])
    field.rebuild()
    field.freeze_call()
    admin = cast.admin()
    with cast.house.database.transaction() as session:
        call = calls.call(session, field.call.id)
        chosen = operations.name_finalists(session, actor=admin, call=call, now=cast.now)
    assert [one.entry.team for one in chosen.named] == ["Alder"]
    assert {one.entry.team: one.reason for one in chosen.left_out} == {
        "Birch": "trial-0002 is not on the list: gate licence not passed (licence verdict non-compliant).",
        "Cedar": "trial-0003 is not on the list: gate licence not passed (licence verdict none yet).",
        "Dogwood": "trial-0004 is not on the list: gate board not passed (not ranked).",
    }


def test_naming_again_adds_and_takes_off_only_whom_nobody_declared_on(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5, "Birch": 4})
    bench.declare("Jonas", "Alder")
    examine(cast, bench.field.enter("Cedar", 3))
    with bench.writing() as session:
        for finalist in session.scalars(select(Finalist)):
            assert finalist.reason
        for team in ("Alder", "Birch"):
            found = compliance.examination_of(session, bench.entry(team).id)
            assert found is not None
            found.verdict = LicenceVerdict.NON_COMPLIANT
    bench.name_finalists()
    assert names(bench) == ["Alder"]


def test_a_judge_leaves_with_a_reason_and_their_review_stops_counting(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    for judge, mark in (("Jonas", 6), ("Mara", 9)):
        bench.declare(judge, "Alder")
        bench.review(judge, "Alder", mark, mark, mark)
    with pytest.raises(Invalid), bench.writing() as session:
        operations.dismiss(
            session, actor=bench.admin, call=bench.field.call, account_id=bench.judges["Mara"].account_id or 0,
            reason="ill", now=cast.now,
        )  # fmt: skip
    with bench.writing() as session:
        operations.dismiss(
            session, actor=bench.admin, call=bench.field.call, account_id=bench.judges["Mara"].account_id or 0,
            reason="Ill until after the judging.", now=cast.now,
        )  # fmt: skip
    docket = bench.docket()
    assert list(docket.reports_on(bench.entry("Alder").id)) == [bench.judges["Jonas"].account_id]
    with cast.house.database.reading() as session:
        assert len(queries.reviews_of(session, bench.entry("Alder").id)) == 2


def test_nobody_leaves_once_the_panel_has_begun_to_agree(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.judge_all({"Alder": (7, 7, 7)})
    with pytest.raises(Refused, match="so its members stay"), bench.writing() as session:
        operations.dismiss(
            session, actor=bench.admin, call=bench.field.call, account_id=bench.judges["Mara"].account_id or 0,
            reason="Too strict for this field.", now=cast.now,
        )  # fmt: skip


def test_an_admin_seats_a_panel_and_names_finalists_by_hand(cast: Cast) -> None:
    field = stage_board(cast, {"Alder": 5})
    admin = cast.person("Olga", Role.ADMIN)
    judge, browser = cast.judge(), cast.browser(admin)
    page = f"/calls/{field.call.key}/panel"
    assert "Nobody has a seat yet." in browser.get(page).get_data(as_text=True)
    short = browser.post(page, {"account_id": judge.account_id, "affiliation": ""})
    assert short.status_code == 422
    assert "Write where the judge works." in short.get_data(as_text=True)
    assert browser.post(page, {"account_id": judge.account_id, "affiliation": "Institute"}).status_code == 303
    assert browser.post(f"/calls/{field.call.key}/finalists").status_code == 303
    text = browser.get(page).get_data(as_text=True)
    assert "best possible rank 1" in text
    assert "jonas" not in text.lower().split("appoint a judge")[1].split("</select>")[0], (
        "seated judges are not offered"
    )


def test_an_auditor_reads_the_panel_and_changes_nothing(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    browser, key = cast.browser(cast.auditor()), bench.field.call.key
    page = browser.get(f"/calls/{key}/panel")
    assert page.status_code == 200
    assert "Appoint a judge" not in page.get_data(as_text=True)
    jonas = bench.judges["Jonas"].account_id
    for path in (f"/calls/{key}/panel", f"/calls/{key}/finalists", f"/calls/{key}/panel/{jonas}/dismiss"):
        assert browser.post(path, {"reason": "Because I can."}).status_code == 403
    assert len(bench.docket().seats) == 2
