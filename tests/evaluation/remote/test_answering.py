"""An endpoint is scored like any other entry; an item that failed for its server's sake is no wrong answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluation import Part
from evaluation.endpoints import Budget, End, Outcome, Route
from evaluation.engines import GateFailed
from evaluation.engines.evaluating import outputs_of
from evaluation.remote import Ending, EntryRefused, Incomplete, Remote, ending_of, evaluate_endpoint
from tests.evaluation.endpoints.serving import KEY, REACH, Call, FakeClock, Served, chat, served
from tests.evaluation.remote.suites import CHOICES, ITEMS, TEXT, entry_of, knows, label, number_in, suite_of


@pytest.fixture
def server() -> Iterator[Served]:
    """A server that answers rightly."""
    with served() as found:
        found.behave = knows
        yield found


def evaluated(suite: Any, server: Served, folder: Path, **more: Any) -> Remote:
    """Ask a server a suite, without waiting."""
    only = more.pop("only", None)
    return evaluate_endpoint(suite, entry_of(server, **more), folder=folder, reach=REACH, clock=FakeClock(), only=only)


def test_right_answers_score_one_and_the_key_is_nowhere(server: Served, tmp_path: Path) -> None:
    found = evaluated(suite_of(tmp_path / "suite", TEXT), server, tmp_path / "out")
    assert found.report is not None
    assert found.answers is not None
    assert found.rows is not None
    assert found.answers["parity"] == tuple(label(n) for n in range(ITEMS))
    assert {(one.part, one.score) for one in found.report.tasks} == {(part, "1.000000") for part in Part}
    assert found.report.engine.endswith("with the endpoint of tiny-1")
    said = [json.loads(line) for line in outputs_of(found.rows, Part.PUBLIC).splitlines()]
    assert said[0]["texts"][0].endswith("It is.")
    assert len(server.seen) == ITEMS + 1  # one was asked again
    for path in (tmp_path / "out").rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes()
    assert KEY not in found.outcomes() + json.dumps(found.to_data()) + repr(found)


def test_choices_are_scored_by_completions_and_refused_by_chat(server: Served, tmp_path: Path) -> None:
    suite = suite_of(tmp_path / "suite", TEXT, CHOICES)
    with pytest.raises(
        EntryRefused, match=r"Task chosen is asked by choices.*Add a variant of the task that is asked by text"
    ):
        evaluated(suite, server, tmp_path / "chat")
    assert server.seen == []
    alone = suite_of(tmp_path / "alone", CHOICES)
    found = evaluated(alone, server, tmp_path / "out", route=Route.COMPLETIONS)
    assert found.answers is not None
    assert set(found.answers["chosen"]) == {"odd"}  # the shorter word is the more probable to this server


@pytest.mark.parametrize(
    "changes",
    [
        {"ask": {"by": "likelihood", "prompt": "{{ n }}"}, "kind": "likelihood", "metric": "bits_per_byte"},
        {"ask": {"by": "features", "features": ["n"]}, "kind": "regression", "metric": "absolute_error"},
    ],
    ids=["likelihood", "features"],
)
def test_what_an_endpoint_cannot_be_asked_is_refused(server: Served, tmp_path: Path, changes: dict[str, Any]) -> None:
    task = {**TEXT, **changes, "labels": [], "floor": 8, "ceiling": 0}
    suite = suite_of(tmp_path / "suite", task, labels=lambda n: str(len(str(n))))
    with pytest.raises(EntryRefused, match=r"is asked by [a-z]+, for which an endpoint has no route"):
        evaluated(suite, server, tmp_path / "out")
    assert server.seen == []


def failing(numbers: set[int], status: int) -> Any:
    """Fail for some of the numbers and know the others."""

    def behave(call: Call) -> None:
        if number_in(call) in numbers:
            call.handler.reply(b"{}", status=status)
        else:
            knows(call)

    return behave


@pytest.mark.parametrize(
    ("status", "outcome"), [(500, "failed"), (429, "throttled"), (400, "rejected"), (302, "redirected")]
)
def test_an_error_leaves_the_run_without_a_score_and_a_retry_goes_on(
    server: Served, tmp_path: Path, status: int, outcome: str
) -> None:
    suite, out = suite_of(tmp_path / "suite", TEXT), tmp_path / "out"
    server.behave = failing({3, 4, 11}, status)
    with pytest.raises(
        Incomplete, match=rf"^3 of 20 items have no answer \(3 {outcome}\), so nothing is scored"
    ) as ended:
        evaluated(suite, server, out)
    assert ended.value.remote.report is None
    told = [json.loads(line) for line in ended.value.remote.outcomes().splitlines()]
    assert {one["item"] for one in told if one["outcome"] != "answered"} == {"n3", "n4", "n11"}
    assert {one["status"] for one in told if one["outcome"] != "answered"} == {status}
    server.behave, asked = knows, len(server.seen)
    found = evaluated(suite, server, out)
    assert found.report is not None
    assert {one.score for one in found.report.tasks} == {"1.000000"}
    assert sorted(number_in(Call(None, seen, 0)) for seen in server.seen[asked:-1]) == [3, 4, 11]  # type: ignore[arg-type]


def test_what_was_never_heard_is_told_apart_from_what_fails(server: Served, tmp_path: Path) -> None:
    suite, out, budget = suite_of(tmp_path / "suite", TEXT), tmp_path / "out", Budget(requests=3, tokens=9, seconds=99)
    server.behave = lambda call: setattr(call.handler, "close_connection", True)
    with pytest.raises(Incomplete) as ended:
        evaluated(suite, server, out, budget=budget)
    assert ending_of(ended.value) is Ending.NEVER_HEARD, "though the requests are spent"
    server.behave = failing(set(range(ITEMS)), 500)
    with pytest.raises(Incomplete) as ended:
        evaluated(suite, server, out)
    assert ending_of(ended.value) is Ending.INCOMPLETE
    server.behave = lambda call: setattr(call.handler, "close_connection", True)
    with pytest.raises(Incomplete) as ended:
        evaluated(suite, server, out, budget=budget)
    assert ending_of(ended.value) is Ending.INCOMPLETE, "it was heard before, and spent nothing on answers"
    assert ended.value.remote.to_data()["reached"] is True


def test_a_body_that_stops_was_heard(server: Served, tmp_path: Path) -> None:
    server.behave = lambda call: call.begin(1000)
    with pytest.raises(Incomplete) as ended:
        evaluated(suite_of(tmp_path / "suite", TEXT), server, tmp_path / "out", timeout=0.2)
    assert ending_of(ended.value) is Ending.INCOMPLETE


def test_an_error_that_is_no_ending_has_no_name() -> None:
    with pytest.raises(LookupError, match="ValueError is no ending"):
        ending_of(ValueError())


def test_a_budget_that_is_spent_leaves_the_run_without_a_score_and_the_next_goes_on(
    server: Served, tmp_path: Path
) -> None:
    suite, out = suite_of(tmp_path / "suite", TEXT), tmp_path / "out"
    budget = Budget(requests=15, tokens=100_000, seconds=600)
    with pytest.raises(Incomplete, match=r"5 of 20 items .*5 not asked; the run ended with requests spent") as ended:
        evaluated(suite, server, out, budget=budget)
    assert ended.value.remote.heard.end is End.REQUESTS_SPENT
    kept = next(out.glob("*.jsonl"))
    kept.write_bytes(kept.read_bytes()[:-20])  # as a kill leaves it: the last line is not whole
    found = evaluated(suite, server, out, budget=budget)
    assert found.report is not None
    assert len(server.seen) == 15 + 6 + 1


def test_another_model_or_wording_is_asked_anew(server: Served, tmp_path: Path) -> None:
    suite, out = suite_of(tmp_path / "suite", TEXT), tmp_path / "out"
    evaluated(suite, server, out, again=0.0)
    evaluated(suite, server, out, again=0.0)
    assert len(server.seen) == ITEMS
    ask = {**TEXT["ask"], "prompt": "Odd or even: {{ n }} ?"}  # type: ignore[dict-item]
    evaluated(suite_of(tmp_path / "other", {**TEXT, "ask": ask}), server, out, again=0.0)
    assert len(server.seen) == 2 * ITEMS


@pytest.mark.parametrize(
    ("content", "choice", "outcome", "code"),
    [
        ("", {}, Outcome.EMPTY, ""),
        ("Ev", {"finish_reason": "length"}, Outcome.CUT_OFF, "truncated_answers"),
        (None, {"finish_reason": "content_filter"}, Outcome.FILTERED, "filtered_answers"),
    ],
    ids=["empty", "cut off", "held back"],
)
def test_an_empty_or_cut_off_answer_is_an_answer(
    server: Served, tmp_path: Path, content: str | None, choice: dict[str, Any], outcome: Outcome, code: str
) -> None:
    def behave(call: Call) -> None:
        if number_in(call) == 4:
            call.handler.reply(chat(content, choice=choice))
        else:
            knows(call)

    server.behave = behave
    suite = suite_of(tmp_path / "suite", TEXT)
    found = evaluated(suite, server, tmp_path / "out")
    assert found.heard.outcomes == {Outcome.ANSWERED: ITEMS - 1, outcome: 1}
    assert found.answers is not None
    assert found.answers["parity"][4] == ""
    assert found.report is not None
    assert sum(one.sum for one in found.report.tasks) == (ITEMS - 1) * 10_000
    assert code in {"", *(note.code for note in found.report.notes)}


def test_a_model_that_says_nothing_fails_the_gate(server: Served, tmp_path: Path) -> None:
    server.behave = lambda call: call.handler.reply(chat(""))
    with pytest.raises(GateFailed, match="of the answers are empty"):
        evaluated(suite_of(tmp_path / "suite", TEXT), server, tmp_path / "out")


def test_an_endpoint_that_answers_in_two_ways_or_as_another_model_is_noted(server: Served, tmp_path: Path) -> None:
    def behave(call: Call) -> None:
        body = chat("even" if call.number <= ITEMS else "odd")
        call.handler.reply(body | {"model": "tiny-2", "system_fingerprint": f"fp-{call.number % 2}"})

    server.behave = behave
    found = evaluated(suite_of(tmp_path / "suite", TEXT), server, tmp_path / "out", again=0.2)
    assert found.report is not None
    notes = {note.code: note.sentence for note in found.report.notes}
    assert {"model_changed", "model_other", "answers_differ", "constant_predictor"} <= notes.keys()
    assert notes["answers_differ"].endswith("4 of 4 items that were asked again.")


def test_one_part_alone_is_asked_and_scored(server: Served, tmp_path: Path) -> None:
    found = evaluated(suite_of(tmp_path / "suite", TEXT), server, tmp_path / "out", only=Part.PUBLIC, again=0.0)
    assert len(server.seen) == ITEMS // 2
    assert found.report is not None
    assert [one.part for one in found.report.tasks] == [Part.PUBLIC]
