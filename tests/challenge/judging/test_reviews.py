"""Reviews are a judge's own until submitted, never changed after, and closed when time or the panel says so."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from challenge.foundation.audit import AuditLine
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Invalid, Refused
from challenge.judging import operations, queries
from challenge.judging.records import Consensus, Review
from challenge.judging.states import ReviewState
from challenge.judging.writing import Written
from tests.cast import TODAY, Cast
from tests.challenge.judging.bench import COMMENT, CRITERIA, STRENGTHS, WEAKNESSES, Bench, stage_bench


def lines(bench: Bench, verb: str) -> int:
    with bench.cast.house.database.reading() as session:
        return session.scalar(select(func.count()).where(AuditLine.verb == verb)) or 0


def typed(*halves: int, deed: str = "submit", comment: str = COMMENT) -> dict[str, object]:
    chosen = [*map(str, halves), "", "", ""]  # a browser sends what is not chosen as the empty choice
    marks = {f"halves_{name}": value for name, value in zip(CRITERIA, chosen, strict=False)}
    whole = {"strengths": STRENGTHS, "weaknesses": WEAKNESSES, "confidence": "3"}
    return {"deed": deed, **marks, **{f"comments_{name}": comment for name in CRITERIA}, **whole}


def test_a_draft_may_be_unfinished_and_is_its_judge_s_own(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.declare("Jonas", "Alder")
    key, reference = bench.field.call.key, bench.entry("Alder").reference
    mine = cast.browser(bench.judges["Jonas"])
    assert mine.post(f"/judging/{key}/{reference}", typed(7, deed="save", comment="Zebra")).status_code == 303
    page = mine.get(f"/judging/{key}/{reference}").get_data(as_text=True)
    assert "Zebra" in page
    assert '<option selected value="7">' in page
    bench.declare("Mara", "Alder")
    bench.review("Mara", "Alder", 5, 5, 5)
    for other in (bench.judges["Mara"], bench.admin, cast.auditor()):
        browser = cast.browser(other)
        for path in (f"/judging/{key}/{reference}", f"/judging/{key}/table"):
            assert "Zebra" not in browser.get(path).get_data(as_text=True), path


def test_a_draft_that_is_saved_again_stays_one_version(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.declare("Jonas", "Alder")
    for mark in (5, 6, 7):
        review = bench.review("Jonas", "Alder", mark, submit=False)
    assert (review.version, review.halves, review.state) == (1, {"excellence": 7}, ReviewState.DRAFT)
    assert lines(bench, "save_review") == 3


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (typed(7, 7), "Choose a score for Implementation."),
        (typed(7, 7, 7, comment="Good."), "Write at least 20 characters. A score stands on its reason."),
        ({**typed(7, 7, 7), "halves_impact": "11"}, "Not a valid choice."),
    ],
)
def test_what_is_missing_from_a_review_is_said_and_what_was_typed_kept(
    cast: Cast, values: dict[str, object], sentence: str
) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.declare("Jonas", "Alder")
    address = f"/judging/{bench.field.call.key}/{bench.entry('Alder').reference}"
    answer = cast.browser(bench.judges["Jonas"]).post(address, values)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert '<option selected value="7">' in page
    assert "What you wrote is kept as a draft, so you may leave this page." in page
    with cast.house.database.reading() as session:
        (kept,) = session.scalars(select(Review))
        assert (kept.state, kept.strengths) == (ReviewState.DRAFT, STRENGTHS)


@pytest.mark.parametrize("halves", [{"excellence": 11}, {"excellence": -1}, {"beauty": 6}])
def test_an_operation_takes_half_marks_of_the_call_s_criteria_only(cast: Cast, halves: dict[str, int]) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.declare("Jonas", "Alder")
    with pytest.raises(Invalid, match="from 0 to 5 in half marks"), bench.writing() as session:
        operations.save_review(
            session, actor=bench.judges["Jonas"], submission=bench.entry("Alder"), written=Written(halves), now=cast.now
        )


def test_a_submitted_review_is_superseded_and_never_changed(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.declare("Jonas", "Alder")
    bench.review("Jonas", "Alder", 7, 7, 7)
    bench.review("Jonas", "Alder", 4, 4, 4, submit=False)
    docket = bench.docket()
    jonas, alder = bench.judges["Jonas"].account_id or 0, bench.entry("Alder").id
    assert docket.reports_on(alder)[jonas].halves["excellence"] == 7, "a draft of a change does not count"
    bench.review("Jonas", "Alder", 5, 5, 5)
    with cast.house.database.reading() as session:
        versions = queries.versions_of(session, alder)
        (latest,) = queries.reviews_of(session, alder)
    assert [(one.version, one.halves["excellence"]) for one in versions] == [(1, 7), (2, 5)]
    assert latest.version == 2


def test_nobody_reads_the_others_before_the_own_review_is_in(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    for judge in bench.judges:
        bench.declare(judge, "Alder")
    bench.review("Mara", "Alder", 1, 2, 3)
    address = f"/judging/{bench.field.call.key}/{bench.entry('Alder').reference}"
    browser = cast.browser(bench.judges["Jonas"])
    before = browser.get(address).get_data(as_text=True)
    assert "The panel&#39;s scores are shown to you once you have submitted your own review." in before
    assert COMMENT not in before
    table = browser.get(f"/judging/{bench.field.call.key}/table").get_data(as_text=True)
    assert "own review first" in table, "the chair sees the table, and no score on it before the own review"
    assert "Scores for Alder" not in table
    browser.post(address, typed(7, 7, 7))
    after = browser.get(address).get_data(as_text=True)
    assert "Mara, version 1" in after


def test_the_table_opens_to_a_judge_with_the_last_own_review(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5, "Birch": 4})
    browser, table = cast.browser(bench.judges["Mara"]), f"/judging/{bench.field.call.key}/table"
    for team in ("Alder", "Birch"):
        closed = browser.get(table)
        assert closed.status_code == 403
        assert "The panel&#39;s table opens once you have submitted all your reviews." in closed.get_data(as_text=True)
        bench.declare("Mara", team)
        bench.review("Mara", team, 7, 7, 7)
    assert browser.get(table).status_code == 200


def test_judges_who_are_apart_are_asked_to_talk(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    for judge, halves in (("Jonas", (6, 6, 6)), ("Mara", (9, 8, 6))):
        bench.declare(judge, "Alder")
        bench.review(judge, "Alder", *halves)
    page = cast.browser(bench.admin).get(f"/judging/{bench.field.call.key}/table").get_data(as_text=True)
    assert "Judges are 1.5 marks apart or more on Excellence: talk it over before agreeing." in page
    assert "3.75" in page


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (19, "Judging opens on 22 March 2026, 10:00 CET."),
        (60, "Judging closed on 1 May 2026, 11:00 CEST."),
    ],
)
def test_a_panel_works_within_its_phase(cast: Cast, days: int, sentence: str) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.declare("Jonas", "Alder")
    cast.clock.instant = TODAY + timedelta(days=days)
    with pytest.raises(Refused) as refused:
        bench.review("Jonas", "Alder", 7, 7, 7)
    assert refused.value.sentence == sentence


def test_the_phase_ends_to_the_microsecond(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.declare("Jonas", "Alder")
    closes = TODAY + timedelta(days=60)
    cast.clock.instant = closes - timedelta(microseconds=1)
    bench.review("Jonas", "Alder", 7, 7, 7)
    cast.clock.instant = closes
    with pytest.raises(Refused, match="Judging closed"):
        bench.review("Jonas", "Alder", 6, 6, 6)


def test_the_panel_agrees_once_every_review_is_in(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    for judge in bench.judges:
        bench.declare(judge, "Alder")
    bench.review("Jonas", "Alder", 7, 7, 7)
    with pytest.raises(Refused, match="missing: Mara"):
        bench.agree("Alder", 7, 7, 7)
    bench.review("Mara", "Alder", 7, 7, 7)
    agreed = bench.agree("Alder", 7, 7, 7, actor=bench.judges["Jonas"])
    assert agreed.version == 1
    with pytest.raises(Refused, match="The panel has agreed on this entry already"):
        bench.review("Mara", "Alder", 9, 9, 9)


def test_only_the_chair_or_an_admin_records_it(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.judge_all({"Alder": (7, 7, 7)})
    for actor in (bench.judges["Mara"], cast.auditor(), bench.field.captains["Alder"]):
        with pytest.raises(Refused, match="The chair of the panel or an admin records what it agreed on"):
            bench.agree("Alder", 8, 8, 8, reason="It deserves more than that, we think.", actor=actor)


def test_a_change_of_what_was_agreed_needs_its_reason_and_keeps_the_first(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.judge_all({"Alder": (7, 7, 7)})
    with pytest.raises(Invalid) as refused:
        bench.agree("Alder", 8, 7, 7)
    assert refused.value.field_name == "reason"
    bench.agree("Alder", 8, 7, 7, reason="A shortcoming had been counted twice.")
    with cast.house.database.reading() as session:
        versions = queries.consensus_versions(session, bench.entry("Alder").id)
        letters = letters_of(session, bench.judges["Mara"].account_id or 0)
    assert [(one.version, one.halves["excellence"]) for one in versions] == [(2, 8), (1, 7)]
    assert sum("agreement" in letter.subject for letter in letters) == 2
    assert lines(bench, "record_consensus") == 2


def test_the_database_itself_asks_for_the_reason(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.judge_all({"Alder": (7, 7, 7)})
    with pytest.raises(IntegrityError, match="a_changed_consensus_has_a_reason"), bench.writing() as session:
        session.add(
            Consensus(
                submission_id=bench.entry("Alder").id, version=2, halves={}, statement="x" * 20, reason="",
                recorded_by=bench.admin.account_id, at=cast.now,
            )
        )  # fmt: skip


def test_two_versions_of_one_review_cannot_bear_one_number(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.declare("Jonas", "Alder")
    bench.review("Jonas", "Alder", 7, 7, 7)
    with pytest.raises(IntegrityError), bench.writing() as session:
        session.execute(
            text(
                "INSERT INTO reviews (account_id, submission_id, version, state, halves, comments, saved_at) "
                "SELECT account_id, submission_id, version, 'draft', halves, comments, saved_at FROM reviews"
            )
        )


def test_the_chair_records_by_hand_what_was_agreed(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    for judge in bench.judges:
        bench.declare(judge, "Alder")
        bench.review(judge, "Alder", 7, 7, 5)
    browser, key = cast.browser(bench.judges["Jonas"]), bench.field.call.key
    address = f"/judging/{key}/{bench.entry('Alder').reference}/consensus"
    marks = {f"halves_{name}": value for name, value in zip(CRITERIA, ("7", "7", "5"), strict=True)}
    short = browser.post(address, {**marks, "statement": "Fine."})
    assert short.status_code == 422
    assert "Write at least 20 characters." in short.get_data(as_text=True)
    assert browser.post(address, {**marks, "statement": "The plan leaves the last third open."}).status_code == 303
    page = browser.get(f"/judging/{key}/table").get_data(as_text=True)
    assert "Implementation is 2.5; the threshold is 3.0. The total is 9.5; the threshold is 10.0." in page


def test_an_auditor_reads_reviews_and_writes_none(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.judge_all({"Alder": (7, 7, 7)})
    browser, key = cast.browser(cast.auditor()), bench.field.call.key
    reference = bench.entry("Alder").reference
    page = browser.get(f"/judging/{key}/{reference}").get_data(as_text=True)
    assert "Jonas, version 1" in page
    assert "Submit the review" not in page
    assert browser.post(f"/judging/{key}/{reference}", typed(9, 9, 9)).status_code == 403
    assert browser.post(f"/judging/{key}/{reference}/consensus", typed(9, 9, 9)).status_code == 403
    assert browser.post(f"/judging/{key}/{reference}/declare", {f"{reference}-conflict": "no"}).status_code == 403
