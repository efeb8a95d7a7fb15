"""Money and hours go out as the call declares, through the platform's own operations: exact, capped, to nobody gated."""

import random
from dataclasses import replace
from typing import Any

import pytest

from challenge.awards import queries
from challenge.awards.records import Award
from challenge.awards.rules import why_not_official
from challenge.awards.states import AwardKind
from challenge.calls.callfile import parse_call
from challenge.calls.document import read_document
from challenge.compliance import queries as compliance
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.permits import Invalid
from challenge.submissions.records import Submission
from challenge.teams.records import EligibilityRuling
from tests.cast import Cast
from tests.challenge.awards.prize import judged, judged_apart, outcome, propose, sign, winners
from tests.challenge.calls.staging import EXAMPLE
from tests.challenge.judging.bench import Bench
from tests.stage import DOCUMENT

ONE = {**DOCUMENT["selection"], "winners": 1}
UNIT = "one module for one hour"


def lumi(hours: int, **bounds: Any) -> list[dict[str, Any]]:
    return [{"machine": "LUMI", "hours": hours, "unit": UNIT, **bounds}]


def awards(bench: Bench) -> dict[str, tuple[Award, dict[str, int], bool]]:
    """Propose and sign; return each team's award with its hours and whether it owes a release."""
    decision = propose(bench)
    sign(bench, decision)
    teams = {entry.id: team for team, entry in bench.field.entries.items()}
    with bench.cast.house.database.reading() as session:
        return {
            teams[one.submission_id]: (
                one,
                {each.machine: each.hours for each in queries.allocations_of(session, one.id)},
                queries.obligation_of(session, one.id) is not None,
            )
            for one in queries.awards_of(session, decision.id)
        }


def test_a_cap_holds_and_what_is_left_goes_down_the_reserve_list(cast: Cast) -> None:
    bench = judged(cast, selection=ONE, hours=lumi(2_500_000, cap=1_500_000, leftover="reserve"))
    granted = awards(bench)
    assert {team: hours for team, (_, hours, _) in granted.items()} == {
        "Alder": {"LUMI": 1_500_000}, "Birch": {"LUMI": 1_000_000}, "Cedar": {},
    }  # fmt: skip
    assert {team: owes for team, (_, _, owes) in granted.items()} == {"Alder": True, "Birch": True, "Cedar": False}
    assert granted["Birch"][0].kind is AwardKind.RESERVE


def test_without_a_word_in_the_call_what_is_left_stays_unassigned(cast: Cast) -> None:
    found = outcome(propose(judged(cast, selection=ONE, hours=lumi(2_500_000, cap=1_500_000))))
    assert (found.unassigned_hours, [one.hours["LUMI"] for one in found.reserve]) == ({"LUMI": 1_000_000}, [0, 0])


def test_whoever_would_get_less_than_the_minimum_gets_nothing(cast: Cast) -> None:
    found = outcome(
        propose(judged(cast, selection=ONE, hours=lumi(1_600_000, cap=1_500_000, minimum=200_000, leftover="reserve")))
    )
    assert [one.hours["LUMI"] for one in (*found.winners, *found.reserve)] == [1_500_000, 0, 0]
    assert found.unassigned_hours == {"LUMI": 100_000}


def test_a_shared_place_on_the_reserve_list_is_not_parted_by_accident(cast: Cast) -> None:
    bench = judged(
        cast, right={"Alder": 6, "Birch": 4, "Cedar": 4}, selection=ONE,
        hours=lumi(2_500_000, cap=1_500_000, leftover="reserve"),
    )  # fmt: skip
    found = outcome(propose(bench))
    assert [one.position for one in found.reserve] == [2, 2]
    assert [one.hours["LUMI"] for one in found.reserve] == [0, 0]
    assert found.notes == (
        "LUMI: trial-0002 and trial-0003 share a place on the reserve list, and what winners left is not enough for all "
        "of them; it stays unassigned from there on.",
    )


def test_a_minimum_that_the_machine_cannot_give_is_said(cast: Cast) -> None:
    with pytest.raises(Invalid, match="a minimum of 1000000 hours"):
        propose(judged(cast, hours=lumi(2_000_000, minimum=1_000_000)))


def test_money_follows_points_above_a_threshold_where_the_call_says_so(cast: Cast) -> None:
    prize = {**DOCUMENT["prize"], "above": "20"}
    found = outcome(propose(judged(cast, prize=prize)))
    # 100, 66.666667 and 33.333333 points: 80, 46.666667 and 13.333333 above
    assert [one.money_cents for one in found.winners] == [57_142_857, 33_333_334, 9_523_809]
    assert sum(one.money_cents for one in found.winners) == 100_000_000


def test_where_no_winner_is_above_the_threshold_money_is_equal(cast: Cast) -> None:
    prize = {**DOCUMENT["prize"], "above": "100"}
    found = outcome(propose(judged(cast, prize=prize)))
    assert [one.money_cents for one in found.winners] == [33_333_334, 33_333_333, 33_333_333]
    assert found.notes == ("No winner has more than 100 points, so the money is shared equally.",)


def test_ties_by_interval_are_declared_by_the_call(cast: Cast) -> None:
    by_interval = {**DOCUMENT["selection"], "winners": 1, "tie": "interval", "tie_break": ["panel_vote"]}
    found = outcome(propose(judged_apart(cast, selection=by_interval)))
    assert found.undecided == ("trial-0001", "trial-0002", "trial-0003")
    assert found.tied == found.undecided
    assert any("nobody is significantly better" in line for line in found.trail)


def test_by_default_only_equal_results_are_ties(cast: Cast) -> None:
    found = outcome(propose(judged_apart(cast, selection=ONE)))
    assert [one.team for one in found.winners] == ["Alder"]
    assert (found.line, found.tied, found.trail) == ("trial-0001", (), ())
    assert [one.apart for one in found.contenders] == [False, False, False]


def test_less_than_an_official_board_is_not_enough_where_the_call_asks_for_one() -> None:
    does_not = read_document(parse_call(EXAMPLE).document)
    asks = replace(does_not, ranking=replace(does_not.ranking, official=True, seed=7))
    few = why_not_official(asks, draws=2_000, seed=7)
    assert few == (
        "The call asks for an official board: 100,000 draws at least, with the seed 7. The private board has 2,000; "
        "it has to be computed again with as many."
    )
    assert "drawn with 8" in (why_not_official(asks, draws=100_000, seed=8) or "")
    assert why_not_official(asks, draws=100_000, seed=7) is None
    assert why_not_official(does_not, draws=2_000, seed=8) is None


@pytest.mark.parametrize("draws", [2_000, 100_000])
def test_an_official_board_is_on_record_however_many_draws_the_call_has_while_it_is_open(
    cast: Cast, draws: int
) -> None:
    ranking = {**DOCUMENT["ranking"], "official": True, "draws": draws}
    decision = propose(judged(cast, ranking=ranking))
    assert winners(decision) == ["Alder", "Birch", "Cedar"]
    board = queries.document_of(decision).board
    assert (board.draws, board.seed) == (100_000, 7)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_asked_and_gated_sums_are_exact_caps_hold_and_nobody_gated_is_awarded(
    cast: Cast, seed: int
) -> None:
    lots = random.Random(seed)
    teams = ("Alder", "Birch", "Cedar", "Dogwood", "Elm")
    total, cap = lots.randrange(1, 3_000_000), lots.randrange(1, 1_500_000)
    least = lots.randrange(0, min(cap, total // 3) + 1)
    prize = {**DOCUMENT["prize"], "cents": lots.randrange(1, 10**9)}
    if lots.random() < 0.5:
        prize["above"] = str(lots.randrange(0, 90))
    bench = judged(
        cast, right={team: lots.randrange(0, 7) for team in teams},
        selection={**DOCUMENT["selection"], "winners": 3, "tie_break": ["board_group", "new_country"]},
        prize=prize, hours=lumi(total, cap=cap, minimum=least, leftover="reserve"),
    )  # fmt: skip
    gated = set(lots.sample(teams, 2))
    with bench.writing() as session:
        for team in teams:
            entry = session.get(Submission, bench.entry(team).id)
            assert entry is not None
            entry.requests = {"LUMI": lots.randrange(0, 2_000_000)}
        unlicensed, ineligible = sorted(gated)
        examined = compliance.examination_of(session, bench.entry(unlicensed).id)
        assert examined is not None
        examined.verdict = LicenceVerdict.NON_COMPLIANT
        session.add(
            EligibilityRuling(
                team_id=bench.entry(ineligible).team_id, eligible=False, findings=[], made_at=cast.now,
                made_by=bench.admin.account_id, reason="Controlled from elsewhere.",
            )
        )  # fmt: skip
    found = outcome(propose(bench))
    awarded = [*found.winners, *found.reserve]
    assert not gated & {one.team for one in awarded}
    assert not {bench.entry(team).reference for team in gated} & set(found.undecided)
    given = [one.hours["LUMI"] for one in awarded]
    assert sum(given) + found.unassigned_hours["LUMI"] == total
    asked = {one.reference: one.requests["LUMI"] for one in found.contenders}
    assert all(0 <= one.hours["LUMI"] <= min(cap, asked[one.reference]) for one in awarded)
    assert all(one.hours["LUMI"] >= min(least, cap, asked[one.reference]) for one in found.winners)
    assert sum(one.money_cents for one in found.winners) == (prize["cents"] if found.winners else 0)
    assert all(one.money_cents == 0 for one in found.reserve)
