"""Another model, or another answer to the same question, is found and measured."""

from collections.abc import Callable

import pytest

from evaluation.endpoints import (
    Answers,
    Drift,
    End,
    Finding,
    Outcome,
)
from tests.evaluation.endpoints.serving import (
    CHOICES,
    MODEL,
    Call,
    Served,
    chat,
    says,
    scored,
    status,
    well,
)

Put = Callable[..., Answers]


def test_a_change_of_the_model_during_a_run_is_found(put: Put, server: Served) -> None:
    def updated(call: Call) -> None:
        call.handler.reply(chat("a", system_fingerprint="fp-1" if call.number < 7 else "fp-2"))

    server.behave = updated
    found = put(10)
    assert found.findings == (Finding.MODEL_CHANGED,)
    assert found.versions == ((MODEL, "fp-1", 6), (MODEL, "fp-2", 4))
    assert [answer.fingerprint for answer in found.answers] == ["fp-1"] * 6 + ["fp-2"] * 4


def test_a_change_of_the_model_between_runs_is_found(put: Put, server: Served) -> None:
    kept = {answer.item: answer for answer in put(3).answers}
    server.behave = says(chat("a", system_fingerprint="fp-2"))
    assert put(6, answered=kept).findings == (Finding.MODEL_CHANGED,)


@pytest.mark.parametrize(("named", "finding"), [("tiny-2", Finding.MODEL_OTHER), (None, Finding.MODEL_UNNAMED)])
def test_a_model_of_another_name_is_found(put: Put, server: Served, named: str | None, finding: Finding) -> None:
    server.behave = says(chat("a", model=named))
    found = put(2)
    assert (found.findings, found.answers[0].model) == ((finding,), named)


def test_a_sample_is_asked_twice(put: Put, server: Served) -> None:
    found = put(40, again=0.1)
    assert (found.drift, found.requests, found.drift.share) == (Drift(4, 0, 0.0), 44, 0.0)
    assert [seen.body for seen in server.seen[40:]] != [seen.body for seen in server.seen[:4]]
    repeated = [seen.body for seen in server.seen[40:]]
    server.seen.clear()
    put(40, again=0.1, concurrency=5)
    assert sorted(seen.body for seen in server.seen[40:]) == sorted(repeated)
    assert put(3).drift == Drift()
    assert put(3).drift.share is None


def test_answers_that_differ_are_counted(put: Put, server: Served) -> None:
    def wavers(call: Call) -> None:
        even = int(call.seen.prompt.split()[-1]) % 2 == 0
        call.handler.reply(chat("same" if even else f"other {call.number}"))

    server.behave = wavers
    found = put(20, again=1.0)
    assert found.drift == Drift(asked=20, differing=10)
    assert found.drift.share == 0.5
    assert found.findings == (Finding.ANSWERS_DIFFER,)
    assert found.answers[1].text == "other 2"  # the first answer stands


def test_scores_that_differ_are_measured(put: Put, server: Served) -> None:
    def wavers(call: Call) -> None:
        body = scored(call.seen)
        if call.number == 2:
            for choice in body["choices"]:
                values = choice["logprobs"]["token_logprobs"]
                choice["logprobs"]["token_logprobs"] = [values[0], *(value - 0.25 for value in values[1:])]
        call.handler.reply(body)

    server.behave = wavers
    found = put(CHOICES, again=1.0)
    assert (found.drift, found.findings) == (Drift(1, 0, 0.25), ())


def test_a_second_answer_that_fails_is_not_compared(put: Put, server: Served) -> None:
    server.behave = lambda call: (well if call.number <= 3 else status(400))(call)
    found = put(3, again=1.0)
    assert (found.drift, found.outcomes, found.end) == (Drift(), {Outcome.ANSWERED: 3}, End.COMPLETE)
