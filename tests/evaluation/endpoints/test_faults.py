"""Whatever an endpoint does, what went wrong is told apart from a wrong answer."""

import threading
import time
from collections.abc import Callable
from email.utils import formatdate

import pytest

from evaluation.endpoints import (
    Answers,
    End,
    Outcome,
    Retries,
)
from tests.evaluation.endpoints.serving import (
    CHOICES,
    Behaviour,
    Call,
    FakeClock,
    Served,
    chat,
    first,
    hangs,
    only,
    says,
    scored,
    status,
    well,
)

Put = Callable[..., Answers]


TRANSIENT: dict[str, Behaviour] = {
    "429": status(429),
    "408": status(408),
    "425": status(425),
    "500": status(500),
    "502 with a page": status(502, b"<html>Bad gateway</html>"),
    "503": status(503),
    "a page instead of JSON": says(b"<html>Please wait</html>"),
}


def hangs_up(call: Call) -> None:
    """Close the connection without a word."""
    call.handler.close_connection = True


def half(call: Call) -> None:
    """Send half of the body that was announced."""
    call.begin(1_000)
    call.handler.wfile.write(b'{"choices": [')
    call.handler.close_connection = True


TRANSIENT |= {"hung up": hangs_up, "a body sent by half": half}
AT_LAST = {
    "429": Outcome.THROTTLED, "408": Outcome.REJECTED, "425": Outcome.REJECTED, "500": Outcome.FAILED,
    "502 with a page": Outcome.FAILED, "503": Outcome.FAILED, "a page instead of JSON": Outcome.MALFORMED,
    "hung up": Outcome.UNREACHABLE, "a body sent by half": Outcome.UNREACHABLE,
}  # fmt: skip


@pytest.mark.parametrize("fault", TRANSIENT)
def test_a_passing_fault_is_tried_again_and_a_lasting_one_is_an_outcome(
    put: Put, server: Served, clock: FakeClock, fault: str
) -> None:
    server.behave = first(3, TRANSIENT[fault])
    found = put()
    assert (only(found).outcome, only(found).attempts, found.requests) == (Outcome.ANSWERED, 4, 4)
    assert [0.5 <= wait / 2**n <= 1 for n, wait in enumerate(clock.waits)] == [True] * 3
    assert len({seen.body for seen in server.seen}) == 1
    server.behave = TRANSIENT[fault]
    found = put()
    assert (only(found).outcome, only(found).attempts) == (AT_LAST[fault], 5)
    assert only(found).text is None


@pytest.mark.parametrize("code", [400, 402, 405, 409, 413, 422])
def test_a_refusal_is_not_tried_again(put: Put, server: Served, clock: FakeClock, code: int) -> None:
    server.behave = status(code, b'{"error": {"message": "prompt too\\nlong"}}')
    found = put(3)
    assert [(one.outcome, one.status, one.attempts, one.detail) for one in found.answers] == [
        (Outcome.REJECTED, code, 1, "prompt too long")
    ] * 3
    assert (found.end, found.requests, clock.waits) == (End.COMPLETE, 3, [])


@pytest.mark.parametrize("code", [401, 403, 404])
def test_whoever_is_shut_out_asks_no_further(put: Put, server: Served, code: int) -> None:
    server.behave = status(code)
    found = put(50)
    assert (found.end, len(server.seen)) == (End.SHUT_OUT, 1)
    assert found.outcomes == {Outcome.REJECTED: 1, Outcome.NOT_ASKED: 49}


def test_a_run_that_only_fails_is_given_up(put: Put, server: Served) -> None:
    server.behave = status(400)
    found = put(50)
    assert (found.end, found.requests) == (End.FAILING, 20)
    assert found.outcomes == {Outcome.REJECTED: 20, Outcome.NOT_ASKED: 30}


def test_what_the_server_says_about_waiting_is_obeyed(put: Put, server: Served, clock: FakeClock) -> None:
    server.behave = first(1, status(429, Retry_After="17"))
    assert only(put()).outcome is Outcome.ANSWERED
    assert sum(clock.waits) == 17
    clock.waits.clear()
    server.seen.clear()
    server.behave = first(1, status(503, Retry_After=formatdate(clock.date() + 40, usegmt=True)))
    assert only(put()).outcome is Outcome.ANSWERED
    assert 39 <= sum(clock.waits) <= 40


def test_what_the_server_says_about_waiting_has_an_end(put: Put, server: Served, clock: FakeClock) -> None:
    server.behave = first(1, status(429, Retry_After="999999999999"))
    assert only(put()).outcome is Outcome.ANSWERED
    assert sum(clock.waits) == 300


def test_all_wait_when_one_is_told_to(put: Put, server: Served, clock: FakeClock) -> None:
    """The others would only be refused as well, and be counted."""
    begun: list[float] = []
    told = threading.Event()

    def behave(call: Call) -> None:
        begun.append(clock.now)
        if call.number == 1:
            status(429, Retry_After="50")(call)
            told.set()
        else:
            # whoever was on the way beside it is answered once the other has heard that all are to wait
            told.wait()
            time.sleep(2 if clock.now < 1050 else 0)
            well(call)

    server.behave = behave
    found = put(20, concurrency=2)
    assert found.outcomes == {Outcome.ANSWERED: 20}
    assert sum(moment < 1050 for moment in begun) <= 2


def test_a_server_that_hangs_is_an_outcome(put: Put, server: Served) -> None:
    server.behave = hangs
    found = put(timeout=0.1, retries=Retries(attempts=2))
    assert (only(found).outcome, only(found).attempts) == (Outcome.TIMED_OUT, 2)
    assert only(found).detail == "no whole answer within 0.1 s"


def test_a_server_that_drips_is_not_waited_for(put: Put, server: Served) -> None:
    def drips(call: Call) -> None:
        call.begin(100_000)
        while not call.handler.server.release.wait(0.02):
            call.handler.wfile.write(b" ")

    server.behave = drips
    found = put(timeout=0.2, retries=Retries(attempts=1))
    assert only(found).outcome is Outcome.TIMED_OUT


def test_a_huge_body_is_not_read(put: Put, server: Served) -> None:
    sent = 0

    def pours(call: Call) -> None:
        nonlocal sent
        call.begin(2**30)
        for _ in range(1024):
            call.handler.wfile.write(b" " * 2**20)
            sent += 1

    server.behave = pours
    found = put()
    assert (only(found).outcome, only(found).attempts) == (Outcome.TOO_LARGE, 1)
    assert sent < 64


def test_a_compressed_body_is_not_unpacked(put: Put, server: Served) -> None:
    server.behave = status(200, b"\x1f\x8b" + b"\0" * 20, Content_Encoding="gzip")
    assert only(put()).outcome is Outcome.MALFORMED


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (chat(None), Outcome.EMPTY),
        (chat(""), Outcome.EMPTY),
        (chat(None, choice={"finish_reason": "length"}), Outcome.EMPTY),
        (chat("half a", choice={"finish_reason": "length"}), Outcome.CUT_OFF),
        (chat("so", choice={"finish_reason": "content_filter"}), Outcome.FILTERED),
        (chat(None, choice={"finish_reason": "content_filter"}), Outcome.FILTERED),
        (chat("a", choice={"finish_reason": None}), Outcome.ANSWERED),
        (chat("a", choice={"finish_reason": "eos_token"}), Outcome.ANSWERED),
        (chat("a", choice={"message": "a"}), Outcome.MALFORMED),
        (chat("a", choice={"message": {"content": ["a"]}}), Outcome.MALFORMED),
        (chat("a", choices=[]), Outcome.MALFORMED),
        (chat("a", choices=[1]), Outcome.MALFORMED),
        (chat("a", choices=[{}]), Outcome.MALFORMED),
        ({}, Outcome.MALFORMED),
        (b"[]", Outcome.MALFORMED),
        (b'{"choices": NaN}', Outcome.MALFORMED),
        (b"[" * 100_000, Outcome.MALFORMED),
        (b"\xff", Outcome.MALFORMED),
        (chat("\ud800"), Outcome.MALFORMED),
        (chat("a", usage=None, model="\ud800", choice={"finish_reason": "\ud800"}), Outcome.ANSWERED),
        (chat("a", usage={"prompt_tokens": -1}), Outcome.ANSWERED),
        (chat("a", usage={"prompt_tokens": 10**400}), Outcome.ANSWERED),
        (b"", Outcome.MALFORMED),
    ],
)
def test_what_is_no_answer_is_an_outcome_of_its_own(put: Put, server: Served, body: bytes, outcome: Outcome) -> None:
    server.behave = says(body)
    assert only(put()).outcome is outcome


def changed(**changes: object) -> Behaviour:
    """Answer choices with other log-probabilities."""

    def behave(call: Call) -> None:
        body = scored(call.seen)
        body["choices"][0]["logprobs"] = body["choices"][0]["logprobs"] | changes if changes else None
        call.handler.reply(body)

    return behave


@pytest.mark.parametrize(
    ("behave", "words"),
    [
        (changed(), "no log-probabilities"),
        (changed(text_offset=None), "for each token"),
        (changed(token_logprobs=[0.0]), "for each token"),
        (changed(text_offset=[0, 3, "7", 13]), "where tokens begin"),
        (changed(text_offset=[0, 3, 6, 13]), "across the end of the prompt"),
        (changed(token_logprobs=[None, -1, None, -1]), "for each token"),
        (changed(token_logprobs=[None, -1, 0.5, -1]), "is no logarithm of a probability"),
        (changed(token_logprobs=[None, -1, 10**400, -1]), "is no logarithm of a probability"),
    ],
)
def test_choices_that_cannot_be_scored_are_an_outcome(put: Put, server: Served, behave: Behaviour, words: str) -> None:
    server.behave = behave
    found = only(put(CHOICES))
    assert (found.outcome, found.scores) == (Outcome.UNSCORED, ())
    assert words in found.detail


def test_a_choice_that_is_missing_or_doubled_is_malformed(put: Put, server: Served) -> None:
    for cut in (lambda choices: choices[:1], lambda choices: [choices[0], choices[0]], lambda choices: choices * 2):
        server.behave = lambda call, cut=cut: call.handler.reply(
            scored(call.seen) | {"choices": cut(scored(call.seen)["choices"])}
        )
        assert only(put(CHOICES)).outcome is Outcome.MALFORMED
