"""A call is imported, changed while it is a draft, opened once, and frozen after its last deadline."""

import io
import json
import re
import tempfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from challenge.calls import operations, queries
from challenge.calls.callfile import parse_call
from challenge.calls.records import CallSuite
from challenge.calls.states import CallState
from challenge.calls.suites import read_summary, write_summary
from challenge.foundation.audit import AuditLine, first_break
from challenge.foundation.permits import PLATFORM, VISITOR, Invalid, NotFound, Refused
from evaluation import load_suite
from tests.cast import Cast
from tests.challenge.calls.staging import EXAMPLE, MANIFEST, SOON, imported, opened, suite_zip, with_suite

DEADLINE = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)
LAST_ARRIVAL = DEADLINE + timedelta(hours=1)


def because(kind: type[Exception], sentence: str) -> pytest.RaisesExc[Exception]:
    """Expect a deed to fail with just this sentence, or with one that holds it."""
    return pytest.raises(kind, match=re.escape(sentence))


def verbs(cast: Cast) -> list[str]:
    """Return what the log says was done to calls."""
    with cast.house.database.reading() as session:
        assert first_break(session) is None
        query = select(AuditLine.verb).where(AuditLine.subject.startswith("call ")).order_by(AuditLine.number)
        return list(session.scalars(query))


def test_each_deed_writes_one_line(cast: Cast) -> None:
    call = opened(cast, cast.admin())
    cast.clock.instant = LAST_ARRIVAL
    with cast.house.database.transaction() as session:
        operations.freeze_call(session, actor=cast.admin(), call=call, now=cast.now)
    assert verbs(cast) == ["import_call", "add_suite", "open_call", "freeze_call"]


def test_a_draft_takes_new_versions_and_keeps_the_old_ones(cast: Cast) -> None:
    call = imported(cast, cast.admin())
    imported(cast, cast.admin(), SOON.replace("winners: 4", "winners: 3").replace("title: Large", "title: Very Large"))
    with cast.house.database.reading() as session:
        call = queries.call_by_key(session, "soon")
        assert (call.version, call.title) == (2, "Very Large AI Grand Challenge 2026")
        assert [version.number for version in queries.versions_of(session, call)] == [2, 1]
        assert queries.rules_of(session, call).selection.winners == 3
        assert json.loads(queries.version_of(session, call, 1).document)["selection"]["winners"] == 4


def test_the_same_file_twice_is_no_new_version(cast: Cast) -> None:
    imported(cast, cast.admin())
    with because(Invalid, "These rules are in force already, to the letter; nothing was imported."):
        imported(cast, cast.admin())
    assert verbs(cast) == ["import_call"]


def test_a_file_for_another_call_is_no_version_of_this_one(cast: Cast) -> None:
    call = imported(cast, cast.admin())
    with (
        because(Invalid, "The file is for the call 'lagc-2026'. Write key: soon to make it a version"),
        cast.house.database.transaction() as session,
    ):
        operations.import_call(session, actor=cast.admin(), parsed=parse_call(EXAMPLE), now=cast.now, call=call)


def test_once_open_nothing_of_a_call_changes(cast: Cast) -> None:
    call = opened(cast, cast.admin())
    with because(Refused, "The rules of a call stand from its opening on; they cannot be changed any more."):
        imported(cast, cast.admin(), SOON.replace("winners: 4", "winners: 3"))
    with because(Refused, "The suites of a call stand from its opening on; they cannot be changed any more."):
        with_suite(cast, cast.admin(), call)
    with because(Refused, "The call was opened before."), cast.house.database.transaction() as session:
        operations.open_call(session, actor=cast.admin(), call=call, now=cast.now)
    with cast.house.database.reading() as session:
        call = queries.call_by_key(session, "soon")
        assert (call.state, call.version, call.opened_at) == (CallState.OPEN, 1, cast.now)


def test_a_call_opens_only_with_all_its_suites_and_time_left(cast: Cast) -> None:
    call = imported(cast, cast.admin())
    with because(Refused, "Add the suite tabular first."), cast.house.database.transaction() as session:
        operations.open_call(session, actor=cast.admin(), call=call, now=cast.now)
    with_suite(cast, cast.admin(), call)
    with (
        because(Refused, "The last deadline has passed (2 November 2026, 17:00 CET). Import a version"),
        cast.house.database.transaction() as session,
    ):
        operations.open_call(session, actor=cast.admin(), call=call, now=DEADLINE)
    with cast.house.database.transaction() as session:
        operations.open_call(session, actor=cast.admin(), call=call, now=DEADLINE - timedelta(microseconds=1))


def test_a_call_freezes_when_the_last_uploads_are_in_and_not_before(cast: Cast) -> None:
    call = imported(cast, cast.admin())
    with because(Refused, "The call is a draft"), cast.house.database.transaction() as session:
        operations.freeze_call(session, actor=cast.admin(), call=call, now=LAST_ARRIVAL)
    with_suite(cast, cast.admin(), call)
    with cast.house.database.transaction() as session:
        operations.open_call(session, actor=cast.admin(), call=call, now=cast.now)
    sentence = (
        "Submissions are taken until 2 November 2026, 17:00 CET, and an upload that began in time may take an hour; "
        "the call can be frozen from 2 November 2026, 18:00 CET on."
    )
    for early in (DEADLINE, LAST_ARRIVAL - timedelta(microseconds=1)):
        with because(Refused, sentence), cast.house.database.transaction() as session:
            operations.freeze_call(session, actor=cast.admin(), call=call, now=early)
    with cast.house.database.transaction() as session:
        operations.freeze_call(session, actor=cast.admin(), call=call, now=LAST_ARRIVAL)
    with because(Refused, "The call is frozen already."), cast.house.database.transaction() as session:
        operations.freeze_call(session, actor=cast.admin(), call=call, now=LAST_ARRIVAL)


def test_nobody_but_admins_changes_calls(cast: Cast) -> None:
    call = opened(cast, cast.admin())
    for who in (cast.judge(), cast.auditor(), cast.person("Ada"), VISITOR):
        for deed, sentence in (
            (operations.open_call, "Only an admin may open a call."),
            (operations.freeze_call, "Only an admin may freeze a call."),
        ):
            with because(Refused, sentence), cast.house.database.transaction() as session:
                deed(session, actor=who, call=call, now=cast.now)
        with because(Refused, "Only an admin may import a call."):
            imported(cast, who, EXAMPLE)
        with because(Refused, "Only an admin may add a suite."):
            with_suite(cast, who, call)


def test_the_command_line_imports_in_the_name_of_the_platform(cast: Cast) -> None:
    imported(cast, PLATFORM)
    with cast.house.database.reading() as session:
        assert queries.version_of(session, queries.call_by_key(session, "soon")).imported_by is None


def test_a_suite_must_be_one_that_the_rules_name(cast: Cast) -> None:
    call = imported(cast, cast.admin(), SOON.replace("key: tabular", "key: other"))
    with because(Invalid, "The call's rules name no suite 'tabular'; they name other."):
        with_suite(cast, cast.admin(), call)


def test_a_new_version_removes_suites_it_no_longer_names(cast: Cast) -> None:
    call = imported(cast, cast.admin())
    with_suite(cast, cast.admin(), call)
    imported(cast, cast.admin(), SOON.replace("key: tabular", "key: other"))
    with cast.house.database.reading() as session:
        assert queries.suites_of(session, call) == []
        last = session.scalars(select(AuditLine).order_by(AuditLine.number.desc())).first()
        assert last is not None
        assert json.loads(last.particulars)["suites_removed"] == ["tabular"]


def test_adding_a_suite_again_replaces_it(cast: Cast) -> None:
    call = imported(cast, cast.admin())
    with_suite(cast, cast.admin(), call)
    with_suite(cast, cast.admin(), call)
    with cast.house.database.reading() as session:
        assert len(session.scalars(select(CallSuite)).all()) == 1


def test_a_prepared_suite_tells_its_tasks_and_no_labels() -> None:
    prepared = operations.prepare_upload(io.BytesIO(suite_zip()))
    summary = read_summary(prepared.summary)
    assert write_summary(summary) == prepared.summary
    topic, size = summary.tasks
    assert (topic.name, topic.metric, topic.floor, topic.ceiling, topic.weight) == (
        "topic",
        "accuracy",
        "0.5",
        "1",
        "1",
    )
    assert (topic.public, topic.private, topic.higher_is_better, topic.unit) == (6, 6, True, 10_000)
    assert (size.floor, size.ceiling, size.weight, size.direction) == ("5", "0", "2.5", "lower is better")
    assert "otter" not in prepared.summary


def test_a_prepared_suite_has_the_same_bytes_every_time() -> None:
    first, second = (operations.prepare_upload(io.BytesIO(suite_zip())) for _ in range(2))
    assert first == second


def test_the_starter_keeps_private_labels_back(cast: Cast) -> None:
    prepared = operations.prepare_upload(io.BytesIO(suite_zip()))
    file, starter = operations.keep_suite(cast.house.files, prepared)
    full, public = (load_suite(cast.house.files.path(stored.sha256)) for stored in (file, starter))
    assert full.digest == prepared.digest == public.starter_of
    for task in ("topic", "size"):
        assert sum(label is None for label in public.truths[task].labels) == len(full.truths[task].items) // 2
        assert None not in full.truths[task].labels


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no zip at all", "The file is not a zip archive. Pack the suite's folder as a zip."),
        (suite_zip(MANIFEST.replace("accuracy", "beauty")), "'beauty' is not one of accuracy"),
        (suite_zip(MANIFEST.replace("labels: [heron, otter]", "labels: [heron, egret]")), "items/topic.csv: line 2: 'otter' is not one of the labels"),
    ],
)  # fmt: skip
def test_a_suite_that_will_not_do_is_refused_with_file_and_line(content: bytes, sentence: str) -> None:
    with because(Invalid, sentence) as refused:
        operations.prepare_upload(io.BytesIO(content))
    assert refused.value.field_name == "archive"
    assert refused.value.sentence.endswith(".")
    assert tempfile.gettempdir() not in refused.value.sentence


def test_a_call_that_is_gone_cannot_be_opened(cast: Cast) -> None:
    call = imported(cast, cast.admin())
    call.id = 999
    with pytest.raises(NotFound), cast.house.database.transaction() as session:
        operations.open_call(session, actor=cast.admin(), call=call, now=cast.now)
