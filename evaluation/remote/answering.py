"""A suite's items are put to an endpoint; its answers become rows and shards, pass the gates, and are scored.

An item without an answer for a reason that is not the model's, an error, a timeout, a budget that is spent, is no wrong
answer. Where there is one, nothing is scored: what was answered is kept, and the next run asks what is left.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evaluation.endpoints import (
    Answer,
    Choices,
    Clock,
    End,
    Finding,
    Generation,
    Outcome,
    Reach,
    Retries,
    Route,
    ask,
)
from evaluation.endpoints import Answers as Heard
from evaluation.endpoints import Request as Asked
from evaluation.engines import (
    Batch,
    Request,
    Row,
    Settings,
    Shard,
    ShardStore,
    answers_of,
    batches_of,
    check_gates,
    plan,
)
from evaluation.engines.answers import Answers
from evaluation.engines.shards import MAX_TEXT
from evaluation.predictions import Predictions
from evaluation.remote.entry import RemoteEntry, RouteWithoutLogprobs, SuiteNotAsked
from evaluation.remote.keeping import ANSWERS, AnswerFile
from evaluation.reports import Note, Report
from evaluation.scoring import score
from evaluation.suites import Suite
from evaluation.tasks import By, Kind, Part
from evaluation.version import ENGINE_VERSION

Progress = Callable[[int, int, str], None]
MOST_STOPS = 4
"""As many texts that end an answer as servers take; the others end it when it is read."""


class Incomplete(RuntimeError):
    """Items have no answer, and not for the model's sake, so nothing is scored; `remote` says what there is."""

    def __init__(self, sentence: str, remote: "Remote") -> None:
        """Keep the sentence, and what came so far."""
        super().__init__(sentence)
        self.remote = remote


@dataclass(frozen=True, kw_only=True)
class Remote:
    """What came of asking an endpoint; report, answers and rows are there only where every item was answered."""

    entry: RemoteEntry
    heard: Heard
    places: Mapping[str, tuple[Batch, Request]]
    """Batch and request by the name under which an item was asked."""
    reached: bool = True
    """Whether anything ever came back by HTTP, in this run or an earlier one that kept its answers beside."""
    heard_now: bool = True
    """Whether anything came back in this run."""
    report: Report | None = None
    answers: Answers | None = None
    rows: Mapping[Batch, list[Row]] | None = None

    def to_data(self) -> dict[str, Any]:
        """Say what was asked, what it took and what was seen, as plain data for JSON; no key."""
        heard = self.heard
        return {
            "endpoint": self.entry.to_data(),
            "end": heard.end.value,
            "reached": self.reached,
            "outcomes": {outcome.value: count for outcome, count in sorted(heard.outcomes.items())},
            "findings": [finding.value for finding in heard.findings],
            "versions": [{"model": model, "fingerprint": mark, "answers": n} for model, mark, n in heard.versions],
            "drift": {"asked": heard.drift.asked, "differing": heard.drift.differing},
            "requests": heard.requests,
            "tokens": heard.tokens,
            "seconds": round(heard.seconds, 3),
        }

    def outcomes(self) -> str:
        """Write how every item ended, as JSON Lines."""
        lines = []
        for answer in self.heard.answers:
            batch, request = self.places[answer.item]
            place = {"task": batch.task.name, "part": batch.part.value, "item": request.item}
            told = {"outcome": answer.outcome.value, "attempts": answer.attempts, "status": answer.status}
            lines.append(json.dumps({**place, **told, "detail": answer.detail}, ensure_ascii=False, sort_keys=True))
        return "".join(f"{line}\n" for line in lines)


def evaluate_endpoint(
    suite: Suite,
    entry: RemoteEntry,
    *,
    folder: Path,
    reach: Reach | None = None,
    only: Part | None = None,
    progress: Progress | None = None,
    retries: Retries | None = None,
    clock: Clock | None = None,
) -> Remote:
    """Ask an endpoint a suite's items and score its answers; they are kept in `folder`, and not asked for again.

    Without `reach` the entry's own host is asked, by https at a public address. Raises EntryRefused and EndpointRefused
    before anything is asked, Incomplete where items are without an answer, GateFailed, SuiteError and OSError.
    """
    batches = batches_of(suite, parts=list(Part) if only is None else [only])
    for batch in batches:
        _check_asked(batch, entry)
    places = {f"{batch.name}/{one.item}": (batch, one) for batch in batches for one in batch.requests}
    asked = [_asked(name, batch, one) for name, (batch, one) in places.items()]
    with closing(AnswerFile(folder, entry.digest)) as kept:
        before = frozenset(kept.known)
        done = sum(name in kept.known for name in places)

        def take(answer: Answer) -> None:
            nonlocal done
            kept.keep(answer)
            done += 1
            if progress:
                progress(min(done, len(asked)), len(asked), places[answer.item][0].task.name)

        heard = ask(
            entry.endpoint,
            asked,
            entry.budget,
            reach=reach or Reach(hosts=frozenset({entry.host})),
            concurrency=entry.at_once,
            retries=retries,
            timeout=entry.timeout,
            again=entry.again,
            answered=kept.known,
            on_answer=take,
            clock=clock,
        )
        heard_now = any(answer.is_heard for answer in heard.answers if answer.item not in before)
        found = Remote(
            entry=entry, heard=heard, places=places, reached=heard_now or kept.was_heard, heard_now=heard_now
        )
    open_ = [answer for answer in heard.answers if answer.outcome not in ANSWERS]
    if open_:
        raise Incomplete(_sentence(open_, heard), found)
    return _scored(suite, found, batches, folder, only)


def _check_asked(batch: Batch, entry: RemoteEntry) -> None:
    """Say what cannot be asked through an endpoint before anything is."""
    where = f"Task {batch.task.name}"
    if batch.task.kind is Kind.CODE:
        raise SuiteNotAsked(f"{where} has programs tested, which is not done for an endpoint. Ask a model here.")
    if batch.ask.by is By.CHOICES and entry.endpoint.route is Route.CHAT:
        raise RouteWithoutLogprobs(
            f"{where} is asked by choices, for which a chat gives no log-probabilities. Add a variant of the task that "
            "is asked by text, or give an endpoint whose route is completions."
        )
    if batch.ask.by not in {By.CHOICES, By.TEXT}:
        raise SuiteNotAsked(f"{where} is asked by {batch.ask.by.value}, for which an endpoint has no route.")


def _asked(name: str, batch: Batch, request: Request) -> Asked:
    if batch.ask.by is By.CHOICES:
        return Choices(name, request.prompt, request.choices)
    return Generation(name, request.prompt, batch.ask.stop[:MOST_STOPS], batch.ask.tokens)


def _sentence(open_: Sequence[Answer], heard: Heard) -> str:
    counts = Counter(answer.outcome.value for answer in open_)
    why = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.most_common())
    end = f"; the run ended with {heard.end.value.replace('_', ' ')}" if heard.end is not End.COMPLETE else ""
    share = f"{len(open_):,} of {len(heard.answers):,} items have no answer ({why}{end})"
    return f"{share}, so nothing is scored. The others are kept: the same run again asks what is left."


def _scored(suite: Suite, found: Remote, batches: Sequence[Batch], folder: Path, only: Part | None) -> Remote:
    engine = {"name": "endpoint", "version": ENGINE_VERSION}
    spec = plan(batches, model=found.entry.digest, engine=engine, settings=Settings(device="endpoint"))
    store = ShardStore(folder / "shards")
    answers = {answer.item: answer for answer in found.heard.answers}
    for shard in spec.shards:
        store.take_in(shard, *_files(shard, answers))
    rows = {
        batch: [row for shard in spec.shards if shard.batch is batch for row in store.rows(shard)] for batch in batches
    }
    notes = [*_findings(found.heard, batches[0]), *_held_back(found), *check_gates(rows)]
    given = answers_of(suite, rows)
    report = score(suite, Predictions(given, found.entry.digest), only=only)
    title = f"{report.engine} with the endpoint of {found.entry.endpoint.model}"
    report = replace(report, engine=title, notes=(*notes, *report.notes))
    return replace(found, report=report, answers=given, rows=rows)


def _files(shard: Shard, answers: Mapping[str, Answer]) -> tuple[bytes, bytes]:
    """Write a shard's rows and its meta file, as an engine would."""
    lines = []
    for request in shard.batch.requests[shard.first : shard.last]:
        answer = answers[f"{shard.batch.name}/{request.item}"]
        row: dict[str, object] = {"item": request.item, "cut": False}
        if shard.batch.ask.by is By.CHOICES:
            row["logprobs"] = list(answer.scores)
        else:
            row |= {"texts": [(answer.text or "")[:MAX_TEXT]], "truncated": [answer.outcome is Outcome.CUT_OFF]}
        lines.append(json.dumps(row, ensure_ascii=False, sort_keys=True))
    content = "".join(f"{line}\n" for line in lines).encode()
    meta = {"key": shard.key, "sha256": hashlib.sha256(content).hexdigest(), "device": "endpoint"}
    costs = dict.fromkeys(("seconds", "cpu_seconds", "peak_megabytes"), 0)
    return content, json.dumps({**meta, **costs}, sort_keys=True).encode()


_FINDINGS = {
    Finding.MODEL_CHANGED: "The endpoint's answers name more than one model or version",
    Finding.MODEL_OTHER: "The endpoint's answers name another model than the one that was asked",
    Finding.MODEL_UNNAMED: "Some of the endpoint's answers name no model",
    Finding.USAGE_UNTOLD: "The endpoint does not say how many tokens its answers take; bytes were counted",
    Finding.ANSWERS_DIFFER: "The endpoint answers the same question in two ways",
}


def _findings(heard: Heard, first: Batch) -> list[Note]:
    """Note what was seen of the endpoint itself, beside the first task."""
    notes = []
    for finding in heard.findings:
        sentence = _FINDINGS[finding]
        if finding is Finding.ANSWERS_DIFFER:
            sentence += f": {heard.drift.differing:,} of {heard.drift.asked:,} items that were asked again"
        notes.append(Note(first.task.name, first.part, finding.value, f"{sentence}."))
    return notes


def _held_back(found: Remote) -> list[Note]:
    """Note where a server held answers back; they count as empty."""
    batches = [found.places[one.item][0] for one in found.heard.answers if one.outcome is Outcome.FILTERED]
    sentence = "On task {}, {} part, the server held {:,} answers back; they count as they came."
    return [
        Note(batch.task.name, batch.part, "filtered_answers", sentence.format(batch.task.name, batch.part.value, count))
        for batch, count in Counter(batches).items()
    ]
