"""Every item is asked by the same bytes and answered in its order; a run goes on where it ended."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluation.endpoints import (
    Answer,
    Answers,
    Budget,
    Choices,
    End,
    Generation,
    Outcome,
    Request,
    Route,
)
from tests.evaluation.endpoints.serving import (
    MODEL,
    Call,
    Served,
    logprob,
    only,
    well,
)

Put = Callable[..., Answers]


MIXED: list[Request] = [
    Generation("g1", "hello", stop=("\n",), max_tokens=8),
    Choices("c1", "Question: sky? Answer:", (" blue", " very green", " red")),
    Generation("g2", "wörld", system="Be brief."),
]


def test_generations_and_choices_are_answered_in_their_order(put: Put) -> None:
    found = put(MIXED)
    assert [answer.item for answer in found.answers] == ["g1", "c1", "g2"]
    assert [answer.text for answer in found.answers] == ["olleh", None, "dlröw"]
    one = found.answers[1]
    expected = (logprob(" blue"), logprob(" very") + logprob(" green"), logprob(" red"))
    assert (one.scores, one.lengths, one.best) == (expected, (1, 2, 1), 2)
    assert (found.end, found.findings, found.requests, found.tokens) == (End.COMPLETE, (), 3, 16)
    assert found.versions == ((MODEL, "fp-1", 3),)
    assert found.outcomes == {Outcome.ANSWERED: 3}


def test_what_is_sent(put: Put, server: Served) -> None:
    put(MIXED)
    first_one, second, third = server.seen
    assert first_one.path == "/v1/chat/completions"
    assert first_one.data == {
        "model": MODEL, "messages": [{"role": "user", "content": "hello"}], "stop": ["\n"], "max_tokens": 8,
        "temperature": 0.0, "top_p": 1.0, "seed": 0,
    }  # fmt: skip
    prompts = ["Question: sky? Answer: blue", "Question: sky? Answer: very green", "Question: sky? Answer: red"]
    assert second.path == "/v1/completions"
    assert second.data == {
        "model": MODEL, "prompt": prompts, "echo": True, "logprobs": 1, "max_tokens": 1,
        "temperature": 0.0, "top_p": 1.0, "seed": 0,
    }  # fmt: skip
    assert third.data["messages"][0] == {"role": "system", "content": "Be brief."}
    assert third.headers["accept-encoding"] == "identity"


def test_completions_generate_too(put: Put, server: Served) -> None:
    found = put([MIXED[2]], endpoint=replace(server.endpoint, route=Route.COMPLETIONS, seed=None))
    assert server.seen[0].path == "/v1/completions"
    assert server.seen[0].data["prompt"] == "Be brief.\n\nwörld"
    assert "seed" not in server.seen[0].data
    assert only(found).text == "dlröw\n\n.feirb eB"


def test_the_bytes_that_are_sent_do_not_depend_on_how_many_are_sent_at_once(put: Put, server: Served) -> None:
    asked = [Generation(f"g{n}", f"q {n}", stop=("\n", "x")) for n in range(30)]
    asked += [Choices(f"c{n}", f"q {n} ->", (" a", " b")) for n in range(30)]
    alone = put(asked, concurrency=1)
    one_by_one = [(seen.path, seen.body) for seen in server.seen]
    server.seen.clear()
    together = put(asked, concurrency=8)
    assert sorted((seen.path, seen.body) for seen in server.seen) == sorted(one_by_one)
    assert together.answers == alone.answers


def test_at_most_so_many_are_under_way(put: Put, server: Served) -> None:
    def slow(call: Call) -> None:
        server.release.wait(0.02)
        well(call)

    server.behave = slow
    put(30, concurrency=4)
    assert 1 < server.most_at_once <= 4


def test_a_run_goes_on_where_it_ended(put: Put, server: Served) -> None:
    kept: dict[str, Answer] = {}
    before = put(
        10, budget=Budget(requests=4, tokens=10**6, seconds=10**6), on_answer=lambda a: kept.update({a.item: a})
    )
    assert (len(kept), before.end) == (4, End.REQUESTS_SPENT)
    stored = {item: Answer.from_data(json.loads(json.dumps(answer.to_data()))) for item, answer in kept.items()}
    assert stored == kept
    server.seen.clear()
    after = put(10, answered=stored)
    assert (len(server.seen), after.requests, after.end) == (6, 6, End.COMPLETE)
    server.seen.clear()
    assert after.answers == put(10).answers


def test_an_answer_to_another_enquiry_is_not_taken(put: Put, server: Served) -> None:
    """The same item of another model, or with another prompt, is another question."""
    kept = {answer.item: answer for answer in put(2).answers}
    server.seen.clear()
    put(2, answered=kept, endpoint=replace(server.endpoint, model="tiny-2"))
    assert len(server.seen) == 2
    server.seen.clear()
    put([Generation("i0", "question 0"), Generation("i1", "another question")], answered=kept)
    assert [seen.prompt for seen in server.seen] == ["another question"]


def test_an_item_that_was_not_asked_is_asked(put: Put) -> None:
    kept = {one.item: one for one in put(3, budget=Budget(requests=1, tokens=9, seconds=9)).answers}
    assert put(3, answered=kept).outcomes == {Outcome.ANSWERED: 3}


def test_an_error_of_the_caller_ends_the_run(put: Put) -> None:
    def fails(answer: Answer) -> None:
        if answer.item == "i2":  # with three under way, any of them may be the first to be answered
            raise OSError("no room for i2")

    with pytest.raises(OSError, match="no room for i2"):
        put(5, on_answer=fails, concurrency=3)


def test_two_items_of_one_name_are_refused(put: Put) -> None:
    with pytest.raises(ValueError, match="two requests have the same item"):
        put([Generation("a", "x"), Generation("a", "y")])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Generation("a", ""),
        lambda: Generation("a", "x", max_tokens=0),
        lambda: Generation("a", "x", stop=("",)),
        lambda: Generation("a", "x", stop=("a", "b", "c", "d", "e")),
        lambda: Choices("a", "", ("a", "b")),
        lambda: Choices("a", "x", ("a",)),
        lambda: Choices("a", "x", ("a", "")),
        lambda: Budget(requests=0, tokens=1, seconds=1),
        lambda: Budget(requests=1, tokens=1, seconds=float("inf")),
    ],
)
def test_what_cannot_be_asked_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="need"):
        make()
