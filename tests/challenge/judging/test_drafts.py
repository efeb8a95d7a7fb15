"""What a judge wrote is never lost: not by a refusal, not by a second window, not by an ended sitting or an old token."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from challenge.foundation.audit import AuditLine
from challenge.judging import operations
from challenge.judging.records import Declaration, Review
from challenge.judging.states import ReviewState
from challenge.judging.writing import Written
from challenge.people.operations import IDLE
from tests.cast import Browser, Cast
from tests.challenge.judging.bench import COMMENT, CRITERIA, STRENGTHS, WEAKNESSES, Bench, stage_bench

HERE = {"Sec-Fetch-Site": "same-origin"}


def opened(cast: Cast) -> tuple[Bench, Browser, str]:
    bench = stage_bench(cast, {"Alder": 5})
    bench.declare("Jonas", "Alder")
    browser = cast.browser(bench.judges["Jonas"])
    address = f"/judging/{bench.field.call.key}/{bench.entry('Alder').reference}"
    browser.get(address)
    return bench, browser, address


def typed(**more: str) -> dict[str, object]:
    marks = {f"halves_{name}": "7" for name in CRITERIA}
    comments = {f"comments_{name}": COMMENT for name in CRITERIA}
    whole = {"strengths": STRENGTHS, "weaknesses": WEAKNESSES, "confidence": "3"}
    return {**marks, **comments, **whole, "statement": "", **more}


def kept(bench: Bench) -> list[Review]:
    with bench.cast.house.database.reading() as session:
        return list(session.scalars(select(Review).order_by(Review.version)))


def test_a_script_keeps_the_draft_and_gets_a_word(cast: Cast) -> None:
    bench, browser, address = opened(cast)
    answer = browser.post(f"{address}/draft", typed(strengths="Zebra", basis=""))
    assert (answer.status_code, answer.json["kept"]) == (200, True)
    assert answer.json["sentence"].startswith("Draft kept at ")
    (review,) = kept(bench)
    assert (review.state, review.strengths, review.written.digest) == (ReviewState.DRAFT, "Zebra", answer.json["basis"])
    again = browser.post(f"{address}/draft", typed(strengths="Zebras", basis=answer.json["basis"]))
    assert again.json["kept"]
    with cast.house.database.reading() as session:
        count = session.scalar(select(func.count()).where(AuditLine.verb == "begin_draft"))
    assert count == 1, "the log says that a draft was begun, and not every pause in the typing"


def test_keeping_what_was_submitted_begins_no_new_version(cast: Cast) -> None:
    bench, browser, address = opened(cast)
    bench.review("Jonas", "Alder", 7, 7, 7)
    same = browser.post(f"{address}/draft", typed())
    assert same.json["kept"]
    assert [one.state for one in kept(bench)] == [ReviewState.SUBMITTED]


def test_a_second_window_overwrites_nothing_unasked(cast: Cast) -> None:
    bench, browser, address = opened(cast)
    first = browser.post(f"{address}/draft", typed(strengths="From the first window", basis=""))
    second = browser.post(f"{address}/draft", typed(strengths="From the second window", basis=""))
    assert (second.status_code, second.json["stop"]) == (409, True)
    by_hand = browser.post(address, typed(strengths="From the second window", basis="", deed="save"))
    page = by_hand.get_data(as_text=True)
    assert by_hand.status_code == 422
    assert "This review was changed in another window" in page
    assert "From the second window" in page
    assert kept(bench)[0].strengths == "From the first window"
    assert first.json["basis"] in page, "sent again, it takes the place of the other"
    browser.post(address, typed(strengths="From the second window", basis=first.json["basis"], deed="save"))
    assert kept(bench)[0].strengths == "From the second window"


def test_of_windows_that_send_at_once_one_is_kept_and_the_others_are_told(cast: Cast) -> None:
    bench, _, _ = opened(cast)
    together = threading.Barrier(6)

    def send(number: int) -> bool:
        together.wait(30)
        try:
            with bench.writing() as session:
                operations.keep_draft(
                    session, actor=bench.judges["Jonas"], submission=bench.entry("Alder"),
                    written=Written(strengths=f"From window {number}"), now=cast.now, basis="",
                )  # fmt: skip
        except operations.ChangedElsewhere:
            return False
        return True

    with ThreadPoolExecutor(6) as windows:
        answers = list(windows.map(send, range(6)))
    (review,) = kept(bench)
    assert answers.count(True) == 1
    assert review.strengths == f"From window {answers.index(True)}"


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"strengths": "Short."}, "The panel reads it beside your scores."),
        ({"confidence": ""}, "Say how near the entry is to your own field."),
        ({"halves_impact": ""}, "Choose a score for Impact."),
    ],
)
def test_a_refused_submission_is_a_kept_draft(cast: Cast, missing: dict[str, str], sentence: str) -> None:
    bench, browser, address = opened(cast)
    answer = browser.post(address, typed(deed="submit", basis="", **missing))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert "What you wrote is kept as a draft, so you may leave this page." in page
    (review,) = kept(bench)
    assert (review.state, review.weaknesses) == (ReviewState.DRAFT, WEAKNESSES)
    assert review.written.digest in page, "the form goes on from the draft"


def test_a_text_that_cannot_be_kept_is_shown_and_said(cast: Cast) -> None:
    bench, browser, address = opened(cast)
    answer = browser.post(address, typed(deed="submit", basis="", strengths="long " * 2_500))
    page = answer.get_data(as_text=True)
    assert "nor kept as a draft" in page
    assert "long long" in page
    assert kept(bench) == []


def test_after_the_phase_the_words_come_back(cast: Cast) -> None:
    bench, _, address = opened(cast)
    cast.clock.instant = cast.now + timedelta(days=60)
    fresh = cast.browser(bench.judges["Jonas"])
    fresh.get("/account")
    answer = fresh.post(address, typed(strengths="Zebra <b>", deed="submit"), headers=HERE)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert "Judging closed on" in page
    assert "Zebra &lt;b&gt;" in page
    assert "Send it again" not in page
    assert fresh.post(f"{address}/draft", typed()).json["stop"]


def test_an_ended_sitting_costs_no_word(cast: Cast) -> None:
    _, browser, address = opened(cast)
    cast.clock.advance(IDLE + timedelta(minutes=1))
    answer = browser.post(address, typed(strengths="Zebra", deed="submit"), headers=HERE)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert "You were signed out while you wrote" in page
    assert "Zebra" in page
    assert "Send it again" in page
    assert "Trial Challenge" not in page, "whoever is not signed in learns nothing of the entry"


def test_words_of_another_site_are_shown_to_nobody(cast: Cast) -> None:
    _, browser, address = opened(cast)
    for who in (cast.browser(), browser):
        for headers in ({}, {"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = who.client.post(address, data=typed(strengths="Zebra"), headers=headers)
            assert answer.status_code in {400, 403}
            assert "Zebra" not in answer.get_data(as_text=True), headers


def test_a_token_that_is_too_old_puts_the_words_back_into_the_form(cast: Cast) -> None:
    bench, browser, address = opened(cast)
    answer = browser.client.post(address, data=typed(strengths="Zebra", csrf_token="stale"), headers=HERE)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "The form lay open for more than twelve hours" in page
    assert "Zebra" in page
    assert kept(bench) == [], "a form without a good token changes nothing"


def test_abstaining_needs_its_reason_and_keeps_the_form(cast: Cast) -> None:
    bench, browser, address = opened(cast)
    unnamed = browser.post(f"{address}/abstain", typed(strengths="Zebra"))
    page = unnamed.get_data(as_text=True)
    assert unnamed.status_code == 422
    assert "Say what the conflict is." in page
    assert "Zebra" in page
    assert browser.post(f"{address}/abstain", typed(statement="I advise this organisation.")).status_code == 303
    with cast.house.database.reading() as session:
        assert session.scalars(select(Declaration)).one().conflict
    assert browser.get(address).status_code == 403
    assert bench.docket().missing(bench.entry("Alder").id)[0].name == "Mara"


def test_whoever_has_not_declared_cannot_look_in_by_abstaining(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    address = f"/judging/{bench.field.call.key}/{bench.entry('Alder').reference}/abstain"
    answer = cast.browser(bench.judges["Jonas"]).post(address, typed())
    assert answer.status_code == 403
    assert "Entry 1" not in answer.get_data(as_text=True)


def test_a_review_says_how_near_the_field_is_and_the_database_knows_the_scale(cast: Cast) -> None:
    bench, browser, address = opened(cast)
    bench.review("Jonas", "Alder", 7, 7, 7)
    page = browser.get(address).get_data(as_text=True)
    assert "in my own field" in page
    assert STRENGTHS in page
    with pytest.raises(Exception, match="confidence_is_from_1_to_3"), bench.writing() as session:
        session.execute(update(Review).values(confidence=4))


def test_a_call_may_say_what_its_marks_mean(cast: Cast) -> None:
    texts = ["nothing", "little", "some", "enough", "much", "everything one could ask for"]
    criterion = {"key": "worth", "title": "Worth", "question": "Is it worth it?", "threshold_halves": 6, "weight": 1}
    bench = stage_bench(
        cast, {"Alder": 5}, criteria=[{**criterion, "anchors": texts}, {**criterion, "key": "use", "title": "Use"}],
        total_threshold_halves=10,
    )  # fmt: skip
    bench.declare("Jonas", "Alder")
    address = f"/judging/{bench.field.call.key}/{bench.entry('Alder').reference}"
    page = cast.browser(bench.judges["Jonas"]).get(address).get_data(as_text=True)
    assert "everything one could ask for" in page
    assert "addresses every aspect of it; whatever is lacking is minor" in page, "the general scale for the other"
