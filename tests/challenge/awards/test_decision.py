"""Winners are those whom gates, thresholds, board, panel and nothing else make winners."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from challenge.awards import operations, queries
from challenge.awards.deliberation import Deliberation, Vote, Withheld
from challenge.awards.records import Decision
from challenge.compliance import queries as compliance
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.canonical import digest
from challenge.foundation.permits import Invalid, Refused
from challenge.teams.records import EligibilityRuling
from tests.cast import Cast
from tests.challenge.awards.prize import GOOD, judged, outcome, propose, winners, withdraw
from tests.challenge.judging.bench import Bench, stage_bench
from tests.stage import DOCUMENT

ONE_WINNER = {**DOCUMENT["selection"], "winners": 1}


def bundle_of(bench: Bench, decision: Decision) -> Path:
    return bench.cast.house.files.path(decision.bundle_sha256)


def verify(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "leaderboards", "verify", str(path)], capture_output=True, text=True, check=False
    )


def rule(bench: Bench, team: str, verdict: LicenceVerdict) -> None:
    """Put another verdict in force on a team's licence."""
    with bench.writing() as session:
        found = compliance.examination_of(session, bench.entry(team).id)
        assert found is not None
        found.verdict = verdict


def test_winners_come_in_the_order_of_the_composite(cast: Cast) -> None:
    decision = propose(judged(cast))
    assert winners(decision) == ["Alder", "Birch", "Cedar"]
    assert outcome(decision).reserve == ()


def test_beyond_the_last_place_there_is_a_reserve_list(cast: Cast) -> None:
    found = outcome(propose(judged(cast, selection=ONE_WINNER)))
    assert [one.team for one in found.winners] == ["Alder"]
    assert [(one.position, one.team, one.money_cents) for one in found.reserve] == [(2, "Birch", 0), (3, "Cedar", 0)]


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        ((5, 10, 10), "excellence: 5 half marks, the threshold is 6"),
        ((6, 6, 7), "total: 19 half marks, the threshold is 20"),
    ],
)
def test_under_a_threshold_nobody_wins_whatever_the_board_says(
    cast: Cast, marks: tuple[int, int, int], reason: str
) -> None:
    found = outcome(propose(judged(cast, {"Alder": marks})))
    assert [one.team for one in found.winners] == ["Birch", "Cedar"]
    assert [one.reasons for one in found.out] == [(reason,)]


def test_a_gate_is_never_made_up_for_by_scores(cast: Cast) -> None:
    bench = judged(cast, {"Alder": (10, 10, 10)})
    rule(bench, "Alder", LicenceVerdict.NON_COMPLIANT)
    with bench.writing() as session:
        session.add(
            EligibilityRuling(
                team_id=bench.entry("Birch").team_id, eligible=False, findings=[], made_at=cast.now,
                made_by=bench.admin.account_id, reason="Controlled from elsewhere.",
            )
        )  # fmt: skip
    decision = propose(bench)
    assert winners(decision) == ["Cedar"]
    assert {one.reference: one.reasons for one in outcome(decision).out} == {
        bench.entry("Alder").reference: ("gate licence not passed (licence verdict non-compliant)",),
        bench.entry("Birch").reference: ("gate eligibility not passed (the team is not eligible)",),
    }


def test_no_award_at_all_is_a_decision_too(cast: Cast) -> None:
    decision = propose(judged(cast, dict.fromkeys(("Alder", "Birch", "Cedar"), (4, 4, 4))))
    found = outcome(decision)
    assert (found.winners, found.reserve, found.undecided) == ((), (), ())
    assert found.unassigned_hours == {"LUMI": 4_000_000, "Leonardo": 4_000_000}


def test_a_panel_may_hold_an_award_back_with_its_reason(cast: Cast) -> None:
    bench = judged(cast)
    reference = bench.entry("Alder").reference
    said = Deliberation(withheld=(Withheld(reference, "The training data are not described at all."),))
    decision = propose(bench, said)
    assert winners(decision) == ["Birch", "Cedar"]
    assert outcome(decision).out[0].reasons == (
        "gate recommendation not passed (The training data are not described at all.)",
    )


def test_holding_back_needs_a_reason_and_a_finalist(cast: Cast) -> None:
    bench = judged(cast)
    for withheld in (Withheld(bench.entry("Alder").reference, "Because."), Withheld("trial-0099", "x" * 30)):
        with pytest.raises(Invalid):
            propose(bench, Deliberation(withheld=(withheld,)))


def test_a_tie_that_no_step_breaks_waits_for_the_panel_s_vote(cast: Cast) -> None:
    bench = judged(cast, right={"Alder": 5, "Birch": 5}, selection=ONE_WINNER)
    first = propose(bench)
    tied = [bench.entry(team).reference for team in ("Alder", "Birch")]
    assert (winners(first), list(outcome(first).undecided)) == ([], tied)
    withdraw(bench, first)
    votes = tuple(
        Vote(reference, count, "Its plan is the clearer one.") for reference, count in zip(tied, (1, 4), strict=True)
    )
    second = propose(bench, Deliberation(votes=votes))
    assert winners(second) == ["Birch"]
    assert any("compared on panel_vote" in line for line in outcome(second).log)
    assert (second.number, second.before) == (2, first.digest)


def test_the_time_of_submission_never_breaks_a_tie(cast: Cast) -> None:
    bench = judged(cast, right={"Zelkova": 5, "Alder": 5}, selection=ONE_WINNER)
    assert len(outcome(propose(bench)).undecided) == 2


def test_money_and_hours_add_up_and_stay_under_the_requests(cast: Cast) -> None:
    found = outcome(propose(judged(cast)))
    assert [one.money_cents for one in found.winners] == [33_333_334, 33_333_333, 33_333_333]
    assert sum(one.hours["LUMI"] for one in found.winners) == 4_000_000
    assert sum(one.hours["Leonardo"] for one in found.winners) == 3_000_000
    assert all(one.hours["LUMI"] <= 2_000_000 and one.hours["Leonardo"] <= 1_000_000 for one in found.winners)
    assert found.unassigned_hours == {"LUMI": 0, "Leonardo": 1_000_000}


def test_nothing_is_proposed_before_the_panel_has_agreed(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 6})
    with pytest.raises(Refused, match=f"The panel has not agreed on {bench.entry('Alder').reference} yet"):
        propose(bench)


def test_nothing_is_proposed_while_somebody_qualifies_and_is_not_named(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 6, "Birch": 5}, judges=("Jonas",))
    rule(bench, "Birch", LicenceVerdict.NON_COMPLIANT)
    bench.name_finalists()
    bench.judge_all({"Alder": GOOD})
    rule(bench, "Birch", LicenceVerdict.COMPLIANT)
    with pytest.raises(Refused, match=f"not named as finalists: {bench.entry('Birch').reference}"):
        propose(bench)


def test_what_changes_between_computing_and_proposing_is_noticed(cast: Cast) -> None:
    bench = judged(cast)
    house = cast.house
    computed = operations.prepare(house.database, house.files, actor=bench.admin, call_id=bench.field.call.id)
    bench.agree("Alder", 9, 9, 9, reason="The panel looked at it once more.")
    with pytest.raises(Invalid, match="has changed just now"), bench.writing() as session:
        operations.propose(session, actor=bench.admin, call=bench.field.call, proposal=computed, now=cast.now)


def test_anybody_recomputes_the_decision_from_its_bundle(cast: Cast) -> None:
    bench = judged(cast, {"Cedar": (9, 10, 9)})
    decision = propose(bench)
    found = verify(bundle_of(bench, decision))
    assert (found.returncode, found.stderr) == (0, "")
    assert decision.bundle_sha256 in found.stdout


def test_a_changed_bundle_is_refused_with_the_field_that_differs(cast: Cast, tmp_path: Path) -> None:
    bench = judged(cast)
    plain = json.loads(bundle_of(bench, propose(bench)).read_bytes())
    plain["inputs"]["candidates"][2]["criteria"][0]["halves"] = 10
    changed = tmp_path / "bundle.json"
    changed.write_text(json.dumps(plain, sort_keys=True, separators=(",", ":")) + "\n")
    found = verify(changed)
    assert found.returncode == 1
    assert "different: results.selection" in found.stdout


def test_a_decision_s_digest_is_that_of_its_document(cast: Cast) -> None:
    bench = judged(cast)
    decision = propose(bench)
    said = json.loads(decision.document)
    assert digest(said) == decision.digest
    assert said["bundle_sha256"] == decision.bundle_sha256
    assert (said["number"], said["before"]) == (1, "0" * 64)
    assert "Jonas" not in decision.document


def test_the_same_ground_gives_the_same_bundle_to_the_byte(cast: Cast) -> None:
    bench = judged(cast)
    first = propose(bench)
    withdraw(bench, first)
    second = propose(bench)
    assert (first.bundle_sha256, outcome(first)) == (second.bundle_sha256, outcome(second))
    with cast.house.database.reading() as session:
        assert [one.number for one in queries.decisions_of(session, bench.field.call.id)] == [2, 1]


def test_an_entry_without_a_rank_is_out_and_the_bundle_still_verifies(cast: Cast) -> None:
    bench = judged(cast)
    entry = bench.field.enter("Dogwood", 9)
    decision = propose(bench)
    (out,) = outcome(decision).out
    assert (out.reference, out.reasons[1]) == (entry.reference, "gate board not passed (not ranked)")
    assert verify(bundle_of(bench, decision)).returncode == 0
