"""Whoever is of a team in the call neither sits on its panel, nor keeps it, nor reads what it does."""

import pytest

from challenge.foundation.permits import Actor, Refused, Role
from challenge.judging import operations, queries
from challenge.judging.docket import Duty
from tests.cast import Cast
from tests.challenge.judging.bench import Bench, stage_bench
from tests.challenge.standings.readers import joined

FIELD = {"Alder": 6, "Birch": 5, "Cedar": 4}
SENTENCE = "You are a member of a team in this call; what concerns its panel is for others."
PAGES = ("/calls/trial/panel", "/calls/trial/panel/assignment", "/judging/trial/table", "/judging/trial/table.csv",
         "/judging/trial/scores.csv", "/judging/trial/outlook")  # fmt: skip


@pytest.fixture
def bench(cast: Cast) -> Bench:
    """A bench with its judges seated and finalists named."""
    return stage_bench(cast, FIELD)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_an_officer_who_competes_reads_nothing_of_the_panel(bench: Bench, role: Role) -> None:
    competing = bench.cast.browser(joined(bench.field, bench.cast.person("Petra", role)))
    apart = bench.cast.browser(bench.cast.person("Paula", role))
    for address in (*PAGES, f"/judging/trial/{bench.entry('Alder').reference}"):
        assert apart.get(address).status_code == 200, address
        answer = competing.get(address)
        said = answer.get_data(as_text=True)
        assert (answer.status_code, SENTENCE in said, "Alder" in said) == (403, True, False), address


def test_an_admin_who_competes_does_not_keep_the_panel(bench: Bench) -> None:
    petra = joined(bench.field, bench.cast.admin("Petra"))
    call, nora = bench.field.call, bench.cast.judge("Nora")

    def appoint(actor: Actor, judge: Actor) -> None:
        with bench.writing() as session:
            operations.appoint(
                session, actor=actor, call=call, account_id=judge.account_id or 0, affiliation="University of Ghent",
                is_chair=False, now=bench.cast.now,
            )  # fmt: skip

    with pytest.raises(Refused, match="You are a member of a team in this call"):
        appoint(petra, nora)
    with pytest.raises(Refused, match="You are a member of a team in this call"), bench.writing() as session:
        operations.name_finalists(session, actor=petra, call=call, now=bench.cast.now)
    jonas = bench.judges["Jonas"].account_id or 0
    with pytest.raises(Refused, match="You are a member of a team in this call"), bench.writing() as session:
        operations.dismiss(
            session, actor=petra, call=call, account_id=jonas, reason="They moved house.", now=bench.cast.now
        )
    rival = joined(bench.field, bench.cast.judge("Rita"))
    with pytest.raises(Refused, match="This person is a member of a team in this call, and nobody judges rivals"):
        appoint(bench.admin, rival)
    appoint(bench.admin, nora)


def test_a_judge_who_came_to_compete_is_kept_from_every_entry(bench: Bench) -> None:
    bench.declare("Jonas", "Alder")
    jonas = joined(bench.field, bench.judges["Jonas"])
    with bench.cast.house.database.reading() as session:
        docket = queries.docket_of(session, bench.field.call.id)
    duties = {team: docket.duty(jonas.account_id or 0, bench.entry(team).id) for team in FIELD}
    assert duties == dict.fromkeys(FIELD, Duty.RECUSED)
    links = {team: docket.links[jonas.account_id or 0, bench.entry(team).id] for team in FIELD}
    assert links["Birch"] == ("The judge is a member of the team.",)
    assert links["Alder"] == links["Cedar"] == ("The judge is a member of another team in this call.",)
    assert bench.cast.browser(jonas).get(f"/judging/trial/{bench.entry('Alder').reference}").status_code == 403
