"""What a judge is shown of one entry: rights, recusals, measures, gates and flags, each with what it rests on."""

import json
from datetime import timedelta

from sqlalchemy import select

from challenge.calls.records import CallSuite
from challenge.foundation.permits import Actor
from challenge.judging.records import Finalist
from challenge.judging.stances import stances
from challenge.runs.records import Result, Run
from challenge.runs.records_papers import RunUsage
from challenge.runs.states import Outcome, RunState
from tests.cast import Cast
from tests.challenge.judging.bench import Bench, seat, stage_bench
from tests.challenge.standings.harvest import stage_result

FIELD = {"Alder": 6, "Birch": 5, "Cedar": 4}


def page(bench: Bench, who: Actor, team: str = "Alder") -> str:
    reference = bench.entry(team).reference
    answer = bench.cast.browser(who).get(f"/judging/{bench.field.call.key}/{reference}")
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def opened(cast: Cast) -> Bench:
    bench = stage_bench(cast, FIELD)
    bench.declare("Jonas", "Alder")
    return bench


def test_points_and_ranks_are_drawn_and_written(cast: Cast) -> None:
    bench = opened(cast)
    text = page(bench, bench.judges["Jonas"])
    assert 'aria-label="Points between 100.00 and 100.00 of 100"' in text
    assert 'aria-label="Rank 1 to 3 of 3"' in text
    assert "At 95% confidence it is one of the best 4: even its worst possible rank is 3." in text
    assert "Cannot be separated from: Birch, Cedar." in text


def test_each_task_stands_between_its_anchors_with_its_points(cast: Cast) -> None:
    bench = opened(cast)
    bench.declare("Jonas", "Birch")
    text = page(bench, bench.judges["Jonas"], "Birch")
    assert "Topics: 0.667 of the way from floor to ceiling, between" in text
    assert 'of 100.00</span></td><td class="number">6</td>' in text
    assert bench.field.standing(bench.field.board().part).ranking_digest not in text, "the public part decides nothing"
    assert "Ranking, SHA-256" in text


def test_an_entry_that_is_not_ranked_says_why(cast: Cast) -> None:
    bench = opened(cast)
    late = bench.field.enter("Dogwood", 4)
    bench.field.rebuild()
    with bench.writing() as session:
        session.add(
            Finalist(submission_id=late.id, call_id=bench.field.call.id, reason="Named by hand.", named_at=cast.now)
        )
    text = page(bench, bench.admin, "Dogwood")
    assert "Not ranked: it is not on the private board." in text


def test_what_may_be_done_is_said_with_its_end(cast: Cast) -> None:
    bench = opened(cast)
    text = page(bench, bench.judges["Jonas"])
    assert "Score the entry, and change your scores" in text
    assert "or until the panel agrees on the entry" in text
    assert "Record what the panel agreed on" in text, "Jonas has the chair"
    bench.declare("Mara", "Alder")
    assert "Record what the panel agreed on" not in page(bench, bench.judges["Mara"])
    cast.clock.advance(timedelta(days=60))
    assert "Judging closed on 1 May 2026" in page(bench, bench.judges["Jonas"])


def test_who_stands_back_is_named_with_the_reason_as_far_as_it_is_not_private(cast: Cast) -> None:
    bench = opened(cast)
    bench.declare("Mara", "Alder", conflict=True)
    seat(cast, bench.field, "Vera", admin=bench.admin, affiliation="Alder GmbH")
    fellow, office = page(bench, bench.judges["Jonas"]), page(bench, bench.admin)
    assert "The platform found: The judge&#39;s affiliation bears the team&#39;s name." in fellow
    assert "Declared a conflict of interest." in fellow
    assert "I advise this organisation." not in fellow
    assert "Declared: I advise this organisation." in office
    found = {
        one.seat.name: one for one in stances(bench.docket(), bench.entry("Alder").id, reader=None, in_office=False)
    }
    assert found["Jonas"].why == ()
    key = bench.field.call.key
    own = cast.browser(bench.judges["Mara"]).get(f"/judging/{key}").get_data(as_text=True)
    assert "You declared a conflict: I advise this organisation." in own


def test_gates_stand_with_their_evidence_and_lead_the_office_to_it(cast: Cast) -> None:
    bench = opened(cast)
    fellow, office = page(bench, bench.judges["Jonas"]), page(bench, bench.admin)
    for text in (fellow, office):
        assert "The team is eligible, the platform&#39;s tests say." in text
        assert "country: As staged." in text
        assert "Verdict compliant, the platform concluded." in text
    address = f'href="/compliance/{bench.entry("Alder").reference}"'
    assert address in office
    assert address not in fellow, "the examination's own page is not open to judges"


def test_a_draft_of_another_judge_is_not_given_away(cast: Cast) -> None:
    bench = opened(cast)
    bench.declare("Mara", "Alder")
    bench.review("Mara", "Alder", 7, submit=False)
    assert "draft kept" not in page(bench, bench.judges["Jonas"])
    assert "draft kept" in page(bench, bench.judges["Mara"])


def report(score: str) -> str:
    task = {"task": "topic", "part": "private", "metric": "accuracy", "items": 6, "score": score}
    return json.dumps({"tasks": [task], "notes": []})


def test_a_second_round_that_differs_raises_a_flag(cast: Cast) -> None:
    bench = opened(cast)
    assert "Evaluated once; nothing to compare it with." in page(bench, bench.judges["Jonas"])
    stage_result(cast, bench.entry("Alder"), items=None, round_=2)
    with bench.writing() as session:
        query = select(Result).join(Run, Run.id == Result.run_id).where(Run.submission_id == bench.entry("Alder").id)
        for result, score in zip(session.scalars(query.order_by(Run.round)), ("0.500000", "0.900000"), strict=True):
            result.report, result.intervals = report(score), '[["0.800000","1.000000"]]'
    text = page(bench, bench.judges["Jonas"])
    assert "the scores differ by more than chance on the items explains." in text
    assert "Topics: 0.5000 in round 1, 0.9000 in round 2; the earlier lies outside" in text


def test_energy_is_told_with_the_way_it_was_found(cast: Cast) -> None:
    bench = opened(cast)
    assert "Not reported: running the model was not measured here." in page(bench, bench.judges["Jonas"])
    with bench.writing() as session:
        run = session.scalars(select(Run).where(Run.submission_id == bench.entry("Alder").id)).one()
        suite = session.get_one(CallSuite, run.suite_id)
        assert (run.state, run.outcome, suite.key) == (RunState.ENDED, Outcome.SCORED, "small")
        session.add(
            RunUsage(
                run_id=run.id, milliseconds=2_000, cpu_milliseconds=1_500, peak_megabytes=300, device="CPU",
                energy_joules=69, energy_method="estimated", cost_micros=12_500,
            )
        )  # fmt: skip
    text = page(bench, bench.judges["Jonas"])
    assert "69 J, estimated; 2.0 s on CPU, 1.5 s of processors, 300 MB at most, EUR 0.0125 of processor time." in text
