"""The shortlist asks who cannot be kept from the first ranks, says for everybody why, and cuts nobody silently."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

import leaderboards
from challenge.awards.operations_propose import prepare
from challenge.calls.document import read_document
from challenge.foundation.audit import AuditLine
from challenge.foundation.permits import Actor, Invalid, Refused, Role
from challenge.judging import operations
from challenge.judging.contestants import Contestant, gates_before_panel
from challenge.judging.operations_outlook import candidate
from challenge.judging.operations_shortlist import in_words, listing_rules
from challenge.judging.shortlist import Shortlist, TieWord
from challenge.teams.records import Membership
from tests.cast import TODAY, Cast
from tests.challenge.awards.prize import propose
from tests.challenge.judging.bench import Bench, seat, stage_bench, stage_board
from tests.stage import DOCUMENT, _plain


def entry(number: int, **changes: Any) -> Contestant:
    """Return an entry that passes every gate and may be the best, unless `changes` say otherwise."""
    said = {"eligible": True, "verdict": "compliant", "licence_passes": True, "rank_low": 1, "points": "50"} | changes
    ranked = said["rank_low"] is not None
    gates = gates_before_panel(
        eligible=said["eligible"], verdict=said["verdict"], licence_passes=said["licence_passes"], ranked=ranked
    )
    return Contestant(
        reference=f"trial-{number:04d}", submission_id=number, team_id=number, team=f"Team {number}", country="BE",
        gates=gates, points=said["points"] if ranked else None, rank_low=said["rank_low"],
        rank_high=20 if ranked else None, is_finalist=False, halves={}, requests={},
    )  # fmt: skip


def listed(entries: list[Contestant], *, places: int = 12, most: int | None = None) -> Shortlist:
    """List entries by the rules of a call."""
    selection = {**DOCUMENT["selection"], "finalists": places} | ({"most_finalists": most} if most else {})
    rules = read_document(_plain({**DOCUMENT, "selection": selection}))
    found = leaderboards.shortlist([candidate(one) for one in entries], listing_rules(rules))
    return in_words(found, entries, rules)


def reason_for(**changes: Any) -> str:
    (only,) = listed([entry(1, **changes)]).left_out
    return only.reason


def test_the_interval_decides_and_not_the_point() -> None:
    chosen = listed([entry(n, rank_low=n) for n in (14, 12, 13, 1)])
    assert [one.entry.rank_low for one in chosen.named] == [1, 12]
    assert [one.entry.rank_low for one in chosen.left_out] == [13, 14]


def test_more_than_the_number_come_in_where_the_board_cannot_tell_them_apart() -> None:
    assert len(listed([entry(n, rank_low=2) for n in range(20)]).named) == 20


def test_a_finalist_is_told_why() -> None:
    (only,) = listed([entry(1, rank_low=3)]).named
    assert only.reason == (
        "Eligible, licence verdict compliant, best possible rank 3 of the first 12 on the private board."
    )


def test_each_gate_leaves_out_with_its_own_sentence() -> None:
    off = "trial-0001 is not on the list:"
    assert reason_for(eligible=False) == f"{off} gate eligibility not passed (the team is not eligible)."
    assert (
        reason_for(verdict=None, licence_passes=False) == f"{off} gate licence not passed (licence verdict none yet)."
    )
    assert reason_for(verdict="needs_review", licence_passes=False) == (
        f"{off} gate licence not passed (licence verdict needs review)."
    )
    assert reason_for(rank_low=None) == f"{off} gate board not passed (not ranked)."
    assert "12 entries are significantly better" in reason_for(rank_low=13)
    assert reason_for(eligible=False, rank_low=None) == (
        f"{off} gate eligibility not passed (the team is not eligible); gate board not passed (not ranked)."
    )


FACTS = st.tuples(st.booleans(), st.booleans(), st.none() | st.integers(1, 15), st.integers(0, 4))


@settings(deadline=None)
@given(st.lists(FACTS, max_size=14), st.integers(4, 12))
def test_without_a_maximum_gates_and_the_best_possible_rank_decide_alone(facts: list[Any], places: int) -> None:
    entries = [
        entry(n, eligible=eligible, licence_passes=passes, rank_low=low, points=str(points))
        for n, (eligible, passes, low, points) in enumerate(facts)
    ]
    chosen = listed(entries, places=places)
    wanted = [n for n, (eligible, passes, low, _) in enumerate(facts) if eligible and passes and low and low <= places]
    assert [one.entry.submission_id for one in chosen.named] == wanted
    assert (chosen.tied, len(chosen.named) + len(chosen.left_out)) == ((), len(entries))


def test_a_maximum_takes_those_with_more_points_and_names_the_equal_ones_at_its_end() -> None:
    field = [entry(1, points="90"), entry(2, points="80"), entry(3, points="80"), entry(4, points="70")]
    chosen = listed(field, places=4, most=4)
    assert (len(chosen.named), chosen.tied) == (4, ())
    field += [entry(5, points="70"), entry(6, points="60")]
    chosen = listed(field, places=4, most=4)
    assert [one.entry.submission_id for one in chosen.named] == [1, 2, 3]
    assert (chosen.references_tied, chosen.places) == (("trial-0004", "trial-0005"), 1)
    assert chosen.tied[0].reason == (
        "trial-0004 has equal points with 1 more at the maximum of 4, and 1 place is left for these 2."
    )
    assert chosen.left_out[0].reason.startswith("trial-0006 may belong to the best 4, but so may 6 entries")


def test_a_word_settles_its_own_tie_and_no_other() -> None:
    chosen = listed([entry(n, points="80" if n < 4 else "70") for n in range(1, 6)], places=4, most=4)
    word = TieWord(("trial-0004", "trial-0005"), ("trial-0005",), "Drawn by lot before the panel.")
    settled = chosen.settled(word)
    assert [one.entry.submission_id for one in settled.named] == [1, 2, 3, 5]
    assert settled.left_out[0].reason.endswith("by an admin's decision: Drawn by lot before the panel.")
    assert (settled.tied, settled.word) == ((), word)
    assert chosen.settled(TieWord(("trial-0004",), (), "On another tie.")) == chosen
    assert chosen.settled(None) == chosen


EQUAL = {"Alder": 5, "Birch": 5, "Cedar": 5}
AT_MOST_TWO = {**DOCUMENT["selection"], "winners": 1, "finalists": 2, "most_finalists": 2}
REASON = "Both were drawn by lot in public, before the panel met."


def tied(cast: Cast) -> Bench:
    """Three entries with equal points before a panel that takes two of them; no finalist is named yet."""
    field, admin = stage_board(cast, EQUAL, selection=AT_MOST_TWO), cast.person("Olga", Role.ADMIN)
    return Bench(field, {"Jonas": seat(cast, field, "Jonas", admin=admin, is_chair=True)}, admin)


def settle(bench: Bench, teams: tuple[str, ...], *, reason: str = REASON, actor: Actor | None = None) -> None:
    with bench.writing() as session:
        operations.settle_tie(
            session, actor=actor or bench.admin, call=bench.field.call,
            taken=[bench.entry(team).reference for team in teams], reason=reason, now=bench.cast.now,
        )  # fmt: skip


def test_nobody_is_named_while_a_tie_at_the_maximum_is_open(cast: Cast) -> None:
    bench = tied(cast)
    with pytest.raises(Invalid, match="trial-0001, trial-0002 and trial-0003 are tied at the maximum of the list"):
        bench.name_finalists()
    with pytest.raises(Refused, match="tied at the maximum of the shortlist; decide on them: trial-0001, trial-0002"):
        propose(bench)
    assert bench.docket().finalists == ()


def test_who_settles_a_tie_gives_a_reason_takes_no_more_than_fit_and_does_not_compete(cast: Cast) -> None:
    bench = tied(cast)
    with pytest.raises(Invalid, match=r"[Aa]t least"):
        settle(bench, ("Alder",), reason="because")
    with pytest.raises(Invalid, match="At most 2 of them can come before the panel, and 3 are chosen"):
        settle(bench, tuple(EQUAL))
    with pytest.raises(Refused, match="Only an admin"):
        settle(bench, ("Alder",), actor=cast.judge())
    rival = cast.person("Petra", Role.ADMIN)
    with bench.writing() as session:
        team = bench.field.teams["Cedar"]
        session.add(
            Membership(team_id=team.id, account_id=rival.account_id, call_id=team.call_id, is_captain=False, joined_at=TODAY)
        )  # fmt: skip
    with pytest.raises(Refused, match="You are a member of a team in this call"):
        settle(bench, ("Cedar",), actor=rival)
    settle(bench, ("Alder", "Cedar"))
    with pytest.raises(Invalid, match="Nobody is tied"):
        settle(bench, ("Alder",))


def test_a_settled_tie_is_on_record_in_the_log_and_in_the_decision(cast: Cast) -> None:
    bench = tied(cast)
    settle(bench, ("Alder", "Cedar"))
    bench.name_finalists()
    assert [one.team for one in bench.docket().finalists] == ["Alder", "Cedar"]
    with cast.house.database.reading() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.verb == "settle_tie")).one()
    assert (json.loads(line.particulars) if isinstance(line.particulars, str) else line.particulars) == {
        "tied": ["trial-0001", "trial-0002", "trial-0003"], "taken": ["trial-0001", "trial-0003"], "reason": REASON,
    }  # fmt: skip
    bench.judge_all({"Alder": (8, 8, 8), "Cedar": (9, 9, 9)})
    made = prepare(cast.house.database, cast.house.files, actor=bench.admin, call_id=bench.field.call.id).document
    assert made.outcome.tie_at_maximum == TieWord(
        ("trial-0001", "trial-0002", "trial-0003"), ("trial-0001", "trial-0003"), REASON
    )
    assert made.outcome.listed == ("trial-0001", "trial-0003")
    assert [one.reference for one in made.outcome.left_out] == ["trial-0002"]
    path = cast.house.files.path(made.bundle_sha256)
    assert leaderboards.verify_bundle(path).ok
    assert json.loads(path.read_bytes())["results"]["shortlist"]["undecided"] == [
        "trial-0001", "trial-0002", "trial-0003",
    ]  # fmt: skip


def test_the_office_settles_a_tie_by_hand(cast: Cast) -> None:
    bench = tied(cast)
    browser, page = cast.browser(bench.admin), f"/calls/{bench.field.call.key}/panel"
    text = browser.get(page).get_data(as_text=True)
    assert "Tied at the maximum" in text
    assert "At most 2 of these" in text
    address = f"/calls/{bench.field.call.key}/finalists"
    assert browser.post(address).status_code == 422
    refused = browser.post(address, {"reason": REASON, **{f"take_trial-000{n}": "y" for n in (1, 2, 3)}})
    assert refused.status_code == 422
    assert "At most 2 of them can come before the panel" in refused.get_data(as_text=True)
    assert browser.post(address, {"reason": REASON, "take_trial-0002": "y"}).status_code == 303
    text = " ".join(browser.get(page).get_data(as_text=True).split())
    assert f"before the panel comes trial-0002. The reason on record: {REASON}" in text
    assert "Not on the list: 2 entries" in text


def test_what_is_named_is_what_the_bundle_says(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 6, "Birch": 5, "Cedar": 1}, judges=("Jonas",))
    bench.judge_all(dict.fromkeys(("Alder", "Birch", "Cedar"), (8, 8, 8)))
    made = prepare(cast.house.database, cast.house.files, actor=bench.admin, call_id=bench.field.call.id).document
    found = json.loads(cast.house.files.path(made.bundle_sha256).read_bytes())["results"]["shortlist"]
    assert found["listed"] == sorted(one.reference for one in bench.docket().finalists) == list(made.outcome.listed)
