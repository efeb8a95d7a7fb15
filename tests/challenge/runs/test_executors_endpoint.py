"""The real engine asks a real server as an endpoint; what its endings mean, and where the key is not."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from challenge.calls.states import EntryKind
from challenge.runs.executors_endpoint import ENDINGS, Spending
from challenge.runs.executors_folder import SHARDS_KEPT_SECONDS, clear_left_behind
from challenge.runs.executors_job import EndpointJob
from challenge.runs.executors_local import Bounds, Job, LocalExecutor
from challenge.runs.operations_results import Expected, check_result, endpoint_digest
from challenge.runs.states import Outcome
from evaluation import load_suite, pack_suite
from evaluation.remote import Ending
from tests.challenge.runs.engines import go_on, script, sha_of
from tests.evaluation.endpoints.serving import KEY, Call, Served, served
from tests.evaluation.remote.suites import CHOICES, ITEMS, TEXT, knows, number_in, suite_of

HERE = frozenset({"127.0.0.1"})
TOLD = """\
import json
def told(kind):
    os.mkdir("out")
    json.dump({"count": 1, "kind": kind, "problems": [{"sentence": "So it is."}]}, open("out/problems.json", "w"))
"""
ONE_OF_ALL = Spending(requests=1000, tokens=100_000, seconds=60)


@pytest.fixture
def server() -> Iterator[Served]:
    """An endpoint that knows the answers."""
    with served() as server:
        server.behave = knows
        yield server


def job_for(server: Served, folder: Path, *tasks: dict[str, object], **changes: str) -> Job:
    """Return the job to put a suite, asked by text unless said otherwise, to the server."""
    suite_of(folder / "suite", *(tasks or (TEXT,)))
    packed = folder / "suite.zip"
    packed.write_bytes(pack_suite(folder / "suite"))
    found = {"url": server.endpoint.url, "model": server.endpoint.model, "route": "chat", "key": KEY, "keep": "run-7"}
    return Job(
        reference="trial-0001", suite=packed, suite_sha256=sha_of(packed), suite_digest=load_suite(packed).digest,
        file=Path(), file_sha256="", entry=EntryKind.ENDPOINT, endpoint=EndpointJob(**{**found, **changes}),
    )  # fmt: skip


def real(folder: Path, **changes: object) -> LocalExecutor:
    """Return an executor with the real engine, which may ask this machine."""
    bounds = Bounds(seconds=60, megabytes=2048)
    found = LocalExecutor(folder / "work", bounds, hosts=HERE, spending=ONE_OF_ALL, private_endpoints=True)
    return replace(found, **changes)  # type: ignore[arg-type]


def everything_in(folder: Path) -> bytes:
    """Return the content of every file in a folder."""
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_an_endpoint_is_scored_and_its_key_is_in_nothing_that_stays(server: Served, tmp_path: Path) -> None:
    job = job_for(server, tmp_path)
    finished = real(tmp_path).run(job, go_on)
    assert finished.outcome is Outcome.SCORED, finished
    assert {"endpoint.json", "outputs.public.jsonl", "outputs.private.jsonl"} == finished.papers.keys()
    assert json.loads(finished.papers["endpoint.json"])["end"] == "complete"
    assert job.endpoint is not None
    facts = {"url": job.endpoint.url, "model": job.endpoint.model, "route": "chat"}
    expected = Expected(suite=job.suite, suite_digest=job.suite_digest, entry_digest=endpoint_digest(facts))
    assert len(json.loads(check_result(finished.meta, finished.items, expected=expected))) == 2
    assert all(seen.headers["authorization"] == f"Bearer {KEY}" for seen in server.seen)
    assert KEY.encode() not in everything_in(tmp_path) + repr(job).encode() + str(finished).encode()


def test_what_was_answered_is_not_asked_again_by_the_same_run_alone(server: Served, tmp_path: Path) -> None:
    job, executor = job_for(server, tmp_path), real(tmp_path)

    def seven_is_too_much(call: Call) -> None:
        if number_in(call) == 7:
            call.handler.reply({"error": {"message": f"no {KEY}"}}, status=400)
        else:
            knows(call)

    server.behave = seven_is_too_much
    silent = executor.run(job, go_on)
    assert (silent.outcome, "1 of 20 items have no answer" in silent.problems[0]) == (Outcome.ENDPOINT_SILENT, True)
    assert KEY not in str(silent)
    server.behave, before = knows, len(server.seen)
    assert executor.run(job, go_on).outcome is Outcome.SCORED
    assert len(server.seen) - before < ITEMS / 2
    before = len(server.seen)
    assert job.endpoint is not None
    other = replace(job, endpoint=replace(job.endpoint, keep="run-8"))
    assert executor.run(other, go_on).outcome is Outcome.SCORED
    assert len(server.seen) - before >= ITEMS


def test_every_ending_of_the_engines_is_known_here_and_no_other() -> None:
    assert set(ENDINGS) == {ending.value for ending in Ending}


def test_an_endpoint_where_nobody_listens_was_never_reached(tmp_path: Path) -> None:
    with served() as gone:
        job = job_for(gone, tmp_path)
    finished = real(tmp_path, spending=replace(ONE_OF_ALL, seconds=2)).run(job, go_on)
    assert finished.outcome is Outcome.ENDPOINT_UNREACHED
    assert "it is down, or this platform has no way out to it" in finished.explanation
    assert "20 of 20 items have no answer" in finished.problems[0]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_server_that_knows_not_the_key_or_the_model_refuses_the_entry(
    server: Served, tmp_path: Path, status: int
) -> None:
    server.behave = lambda call: call.handler.reply({"error": {"message": f"who is {KEY}?"}}, status=status)
    finished = real(tmp_path).run(job_for(server, tmp_path), go_on)
    assert finished.outcome is Outcome.ENDPOINT_REFUSED
    assert "401, 403 or 404" in finished.explanation
    assert KEY not in str(finished)


def test_a_budget_that_is_spent_is_told_by_its_name(server: Served, tmp_path: Path) -> None:
    for keep, spending, sentence in (
        ("a", replace(ONE_OF_ALL, requests=5), "The budget of 5 requests was spent"),
        ("b", replace(ONE_OF_ALL, tokens=10), "The budget of 10 tokens was spent"),
    ):
        folder = tmp_path / keep
        folder.mkdir()
        finished = real(folder, spending=spending).run(job_for(server, folder), go_on)
        assert finished.outcome is Outcome.BUDGET_SPENT
        assert finished.explanation.startswith(sentence)


@pytest.mark.parametrize(
    ("changes", "job", "outcome", "words"),
    [
        ({"hosts": frozenset({"models.example"})}, {}, Outcome.ENDPOINT_REFUSED, "127.0.0.1 is not on this platform's list"),
        ({"private_endpoints": False}, {}, Outcome.ENDPOINT_REFUSED, "must begin with https://"),
        ({"private_endpoints": False}, {"url": "https://127.0.0.1/v1"}, Outcome.ENDPOINT_REFUSED, "which is not a public one"),
        ({"hosts": frozenset({"no-such-host.invalid"})}, {"url": "https://no-such-host.invalid/v1"}, Outcome.ENDPOINT_UNREACHED,
         "cannot be resolved"),
    ],
)  # fmt: skip
def test_an_address_that_must_not_be_asked_is_not(
    server: Served, tmp_path: Path, changes: dict[str, object], job: dict[str, str], outcome: Outcome, words: str
) -> None:
    finished = real(tmp_path, **changes).run(job_for(server, tmp_path, **job), go_on)
    assert finished.outcome is outcome, finished
    assert words in " ".join(finished.problems)
    assert server.seen == []


def test_choices_by_chat_are_refused_before_anything_is_asked(server: Served, tmp_path: Path) -> None:
    finished = real(tmp_path).run(job_for(server, tmp_path, CHOICES), go_on)
    assert finished.outcome is Outcome.ENDPOINT_REFUSED
    assert "give an endpoint whose route is completions" in finished.problems[0]
    assert server.seen == []


def test_the_key_is_in_the_environment_alone_and_struck_from_what_is_said(server: Served, tmp_path: Path) -> None:
    body = """\
key = os.environ.pop("ENDPOINT_KEY")
seen = "".join(sys.argv) + open("endpoint.json").read() + "".join(f"{k}={v}" for k, v in os.environ.items())
print("hidden" if key not in seen else "SEEN", sys.argv[1:], key, file=sys.stderr)
sys.exit(5)
"""
    executor = replace(script(tmp_path, body), hosts=HERE, private_endpoints=True)
    finished = executor.run(job_for(server, tmp_path), go_on)
    assert finished.outcome is Outcome.ENGINE_FAILED
    [_, said] = finished.problems
    assert said.startswith("hidden ['run', 'suite.zip', '--endpoint', 'endpoint.json', '--out', 'out', '--shards',")
    assert said.endswith(" [key]")
    assert KEY not in said


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("sys.exit(75)", None),
        ("told('never_heard'); sys.exit(75)", Outcome.ENDPOINT_UNREACHED),
        ("told('incomplete'); sys.exit(75)", Outcome.ENDPOINT_SILENT),
        ("told('endpoint_refused'); sys.exit(2)", Outcome.ENDPOINT_REFUSED),
        ("told('suite_not_asked'); sys.exit(2)", Outcome.SUITE_BROKEN),
        ("told('entry_unusable'); sys.exit(2)", Outcome.ENGINE_FAILED),
        ("told('of another day'); sys.exit(2)", Outcome.ENGINE_FAILED),
        ("told('of another day'); sys.exit(75)", Outcome.ENGINE_FAILED),
        ("told('of another day'); sys.exit(3)", Outcome.ENGINE_FAILED),
        ("told('endpoint_refused'); sys.exit(5)", Outcome.ENGINE_FAILED),
        ("os.mkdir('out'); os.symlink('/etc/passwd', 'out/problems.json'); sys.exit(2)", Outcome.ENGINE_FAILED),
        ("print('the host x is refused; the key must have', file=sys.stderr); sys.exit(2)", Outcome.SUITE_BROKEN),
        ("sys.exit(0)", Outcome.ENGINE_FAILED),
        ("sys.exit(3)", Outcome.ENGINE_FAILED),
        ("os.kill(os.getpid(), signal.SIGKILL)", Outcome.ENGINE_FAILED),
        ("sys.stderr.write('suite.yaml: broken'); sys.exit(2)", Outcome.SUITE_BROKEN),
    ],
)
def test_the_engine_names_the_ending_and_what_is_in_doubt_is_not_the_teams_fault(
    server: Served, tmp_path: Path, body: str, outcome: Outcome | None
) -> None:
    executor = replace(script(tmp_path, TOLD + body), hosts=HERE, private_endpoints=True)
    assert executor.run(job_for(server, tmp_path), go_on).outcome is outcome


def test_a_run_that_is_cancelled_stops_asking(server: Served, tmp_path: Path) -> None:
    server.behave = lambda call: call.handler.server.release.wait(30)
    finished = real(tmp_path).run(job_for(server, tmp_path), lambda _progress: len(server.seen) == 0)
    assert finished.outcome is Outcome.CANCELLED


def test_old_answers_are_swept_with_their_folders(tmp_path: Path) -> None:
    folder = tmp_path / "shards" / "run-7" / "shards"
    folder.mkdir(parents=True)
    (folder / "old.jsonl").write_text("{}")
    young = tmp_path / "shards" / "run-8"
    young.mkdir()
    (young / "young.jsonl").write_text("{}")
    long_ago = time.time() - SHARDS_KEPT_SECONDS - 60
    os.utime(folder / "old.jsonl", (long_ago, long_ago))
    assert clear_left_behind(tmp_path) == 1
    assert [path.name for path in (tmp_path / "shards").rglob("*.jsonl")] == ["young.jsonl"]
