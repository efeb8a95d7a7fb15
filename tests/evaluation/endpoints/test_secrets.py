"""The key reaches the endpoint and nothing else: no result, no sentence, no log, no representation."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, replace

import pytest

from evaluation.endpoints import Answers, Choices, Endpoint, EndpointRefused, Outcome, Reach
from tests.evaluation.endpoints.serving import KEY, Behaviour, Call, Served, chat, hangs, says, scored, status, well

Put = Callable[..., Answers]


def echoes(call: Call) -> None:
    """Repeat the key wherever a server could."""
    told = call.seen.headers["authorization"].removeprefix("Bearer ")
    body = chat(f"my key is {told}", model=f"m {told}", system_fingerprint=told, choice={"finish_reason": told})
    call.handler.reply(body)


FAULTS: dict[str, Behaviour] = {
    "well": well,
    "echo": echoes,
    "refused": status(401, json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}."}}).encode()),
    "failing": status(500, json.dumps({"error": f"no {KEY}"}).encode()),
    "page": says(f"<html>{KEY}</html>".encode()),
    "hang": hangs,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_key_is_in_nothing_that_is_kept(
    put: Put, server: Served, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], fault: str
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    server.behave = FAULTS[fault]
    found = put(2, timeout=0.2 if fault == "hang" else 20)
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    kept = repr(found) + json.dumps([answer.to_data() for answer in found.answers]) + repr(asdict(found))
    out, err = capfd.readouterr()
    logged = "".join(record.getMessage() + str(record.args) for record in caplog.records)
    assert logged, "nothing was logged, so nothing was looked at"
    for place in (kept, out, err, logged):
        assert KEY not in place


def test_what_a_server_says_of_the_key_is_struck_out(put: Put, server: Served) -> None:
    server.behave = echoes
    (answer,) = put().answers
    assert (answer.text, answer.model, answer.fingerprint, answer.finish) == (
        "my key is [key]",
        "m [key]",
        "[key]",
        "[key]",
    )
    server.behave = FAULTS["refused"]
    assert put().answers[0].detail == "Incorrect API key provided: [key]."


def test_the_key_is_in_no_representation() -> None:
    endpoint = Endpoint("https://model.example/v1", "m", KEY)
    assert KEY not in repr(endpoint)
    assert KEY not in str(endpoint)
    assert KEY not in repr(replace(endpoint, model="n"))


@pytest.mark.parametrize(
    "key", ["", "short", KEY + "\n", KEY + " x", "schlüssel-5f0c2a", KEY + "\r\nHost: evil.example"]
)
def test_a_key_that_is_none_is_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(EndpointRefused, match="the key must have") as refused:
        Endpoint("https://model.example/v1", "m", key)
    assert KEY not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_endpoint_out_of_reach_is_refused_without_the_key(put: Put) -> None:
    endpoint = Endpoint("https://model.example/v1", "m", KEY)
    with pytest.raises(EndpointRefused) as refused:
        put(endpoint=endpoint, reach=Reach(hosts=frozenset()))
    assert KEY not in repr(refused.value)


def test_the_key_is_sent_to_choices_too(put: Put, server: Served) -> None:
    server.behave = lambda call: call.handler.reply(scored(call.seen))
    assert put([Choices("c", "a b", (" c", " d"))]).outcomes == {Outcome.ANSWERED: 1}
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
