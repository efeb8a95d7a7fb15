"""What a call takes, predictions or models, follows from its suites, which have to agree."""

import io
import zipfile
from pathlib import Path

import pytest

from challenge.calls import callfile, operations, queries, rules
from challenge.calls.callfile import parse_call
from challenge.calls.document import read_document
from challenge.calls.problems import CallFileErrors
from challenge.calls.states import CallState, EntryKind
from challenge.calls.suites import Asked, read_summary
from challenge.foundation.permits import Invalid
from tests.cast import Cast
from tests.challenge.calls.staging import imported, suite_zip, with_suite
from tests.stage import DOCUMENT, _plain

ASK = """, ask: {by: choices, prompt: "{{ text }}", choices: [" heron", " otter"]}"""
TOPIC = "labels: [heron, otter], description: Say which animal a notice is about., source: written for tests}"
SIZE = "  - {name: size, title: Sizes, kind: regression, metric: absolute_error, floor: 5, ceiling: 0, weight: 2.5}\n"


def asking(*, alone: bool) -> io.BytesIO:
    """Return the small suite with a task that runs models, alone or beside one that reads predictions."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(suite_zip())) as plain, zipfile.ZipFile(packed, "w") as archive:
        for name in plain.namelist():
            content = plain.read(name).decode()
            if name.endswith("suite.yaml"):
                assert TOPIC in content
                assert SIZE in content
                content = content.replace(TOPIC, TOPIC[:-1] + ASK + "}").replace(SIZE, "" if alone else SIZE)
            if not (alone and name.endswith("size.csv")):
                archive.writestr(name, content)
        lines = [f'{{"item": "t{n}", "text": "It stood in the water."}}\n' for n in range(12)]
        archive.writestr("small/inputs/topic.jsonl", "".join(lines))
    packed.seek(0)
    return packed


def test_a_suite_whose_tasks_ask_takes_models() -> None:
    model, predictions = (operations.prepare_upload(one) for one in (asking(alone=True), io.BytesIO(suite_zip())))
    assert (model.takes, read_summary(model.summary).asked) == (EntryKind.MODEL, Asked.PROMPTS)
    assert (predictions.takes, read_summary(predictions.summary).asked) == (EntryKind.PREDICTIONS, "")


def test_a_suite_of_both_kinds_of_tasks_is_refused_and_told_which() -> None:
    with pytest.raises(Invalid, match=r"and size do not\. A suite takes models or predictions, not both"):
        operations.prepare_upload(asking(alone=False))


def test_a_call_takes_what_its_suite_takes(cast: Cast) -> None:
    admin = cast.admin()
    call = imported(cast, admin)
    with_suite(cast, admin, call)
    with cast.house.database.reading() as session:
        assert queries.takes_of(session, call) is EntryKind.PREDICTIONS
    prepared = operations.prepare_upload(asking(alone=True))
    file, starter = operations.keep_suite(cast.house.files, prepared)
    with cast.house.database.transaction() as session:
        operations.add_suite(
            session, actor=admin, call=call, key="tabular", title=prepared.title, digest=prepared.digest, file=file,
            starter=starter, summary=prepared.summary, takes=prepared.takes, now=cast.now,
        )  # fmt: skip
    with cast.house.database.reading() as session:
        assert queries.takes_of(session, call) is EntryKind.MODEL
    page = cast.browser(admin).get(f"/calls/{call.key}").get_data(as_text=True)
    assert "The platform runs it on every task" in page
    assert "models, run here" in cast.browser(admin).get(f"/calls/{call.key}/manage").get_data(as_text=True)


def test_a_call_whose_suites_disagree_is_not_opened(cast: Cast) -> None:
    named = read_document(_plain({**DOCUMENT, "suites": [{"key": key, "folder": key} for key in ("asked", "read")]}))
    both = {"asked": EntryKind.MODEL, "read": EntryKind.PREDICTIONS}
    why_not = rules.why_not_open(cast.admin(), state=CallState.DRAFT, rules=named, suites=both, asked={}, now=cast.now)
    assert why_not is not None
    assert why_not.startswith("The suites disagree on what a team hands in: asked would run its model, and read would")
    agreed = dict.fromkeys(both, EntryKind.MODEL)
    assert (
        rules.why_not_open(cast.admin(), state=CallState.DRAFT, rules=named, suites=agreed, asked={}, now=cast.now)
        is None
    )


@pytest.mark.parametrize(
    ("endpoints", "asked", "why"),
    [
        (
            False,
            {"essays": "prompts", "scans": "numbers"},
            "No model fits all suites: essays would ask a language model",
        ),
        (True, {"essays": "numbers", "scans": "numbers"}, "for which an endpoint has no route"),
        (True, {"essays": "prompts", "scans": "prompts"}, None),
        (False, {"essays": "numbers", "scans": "numbers"}, None),
        (False, {"essays": "", "scans": "numbers"}, None),
    ],
)
def test_a_call_whose_suites_no_one_model_fits_is_not_opened(
    cast: Cast, endpoints: bool, asked: dict[str, str], why: str | None
) -> None:
    suites = [{"key": key, "folder": key} for key in asked]
    named = read_document(_plain({**DOCUMENT, "suites": suites, "endpoints": endpoints}))
    takes = dict.fromkeys(asked, EntryKind.MODEL)
    found = rules.why_not_open(
        cast.admin(), state=CallState.DRAFT, rules=named, suites=takes, asked=asked, now=cast.now
    )
    assert found is None if why is None else why in str(found)


def test_a_call_for_endpoints_needs_suites_that_run_models(cast: Cast) -> None:
    written = read_document(_plain({**DOCUMENT, "endpoints": True}))
    told = [
        rules.why_not_open(
            cast.admin(), state=CallState.DRAFT, rules=written, suites={"small": takes}, asked={}, now=cast.now
        )
        for takes in (EntryKind.PREDICTIONS, EntryKind.MODEL)
    ]
    assert told[1] is None
    assert told[0] is not None
    assert "nobody's endpoint is asked" in told[0]


@pytest.mark.parametrize(("line", "takes"), [("endpoints: yes", True), ("endpoints: no", False), ("", False)])
def test_a_call_file_may_say_that_endpoints_are_taken(line: str, takes: bool) -> None:
    example = Path(callfile.__file__).with_name("examples") / "lagc-2026.yaml"
    plain = parse_call(example.read_text())
    parsed = parse_call(f"{example.read_text()}{line}\n")
    assert read_document(parsed.document).endpoints is takes
    assert (parsed.digest == plain.digest) is not takes


def test_what_is_neither_yes_nor_no_is_told_with_its_line() -> None:
    example = Path(callfile.__file__).with_name("examples") / "lagc-2026.yaml"
    with pytest.raises(CallFileErrors) as refused:
        parse_call(f"{example.read_text()}endpoints: models.example\n")
    [problem] = refused.value.problems
    assert problem.key == "endpoints"
    assert "Write yes or no: whether a team may hand in an endpoint" in problem.sentence
