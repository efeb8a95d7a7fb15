"""A draft is a call file of the house: its gaps are named until they are filled, and then it holds; dates keep their time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.calls.callfile import parse_call
from challenge.calls.document import read_document
from challenge.calls.importing.writing import write_call
from challenge.calls.problems import CallFileErrors
from tests.challenge.calls.importing import codabench_bundles
from tests.challenge.calls.importing.staging_bundles import ALL, ROOMS, filled, read

SHA = "ab" * 32
OPEN_DATES = {
    ("EvalAI", "phases overlap"): {"phases[1].opens": "2026-10-25 00:59:00Z"},
    ("Codabench v2", "last phase without an end"): {"phases[1].closes": "2026-12-01 00:00Z"},
    ("Codabench v2", "phases overlap by a minute"): {"phases[1].opens": "2026-10-25 02:30 +02:00"},
    ("CodaLab v1.5", "no end"): {"phases[1].closes": "2026-12-01 00:00Z"},
    **{
        ("Hugging Face competitions", name): {"phases[0].opens": "2026-03-01 00:00Z"}
        for name in ROOMS["Hugging Face competitions"]
    },
    **{
        ("LM Evaluation Harness", name): {
            "phases[0].opens": "2026-03-01 00:00Z",
            "phases[0].closes": "2026-04-01 00:00Z",
        }
        for name in ROOMS["LM Evaluation Harness"]
    },
}
DRAFTED = [each for each in ALL if each != ("CodaLab v1.5", "ends before its last phase begins")]


@pytest.mark.parametrize(("format_", "name"), DRAFTED)
def test_the_checker_names_each_gap_and_accepts_the_file_once_they_are_filled(format_: str, name: str) -> None:
    draft = read(ROOMS[format_][name]).draft
    assert draft is not None
    written = write_call(draft, original=SHA)
    with pytest.raises(CallFileErrors) as caught:
        parse_call(written.text)
    named = {(problem.line, problem.key) for problem in caught.value.problems}
    assert named == {(gap.line, gap.key) for gap in written.gaps}
    parsed = parse_call(filled(written, OPEN_DATES.get((format_, name))))
    assert SHA in parsed.text
    assert read_document(parsed.document).phases


def instants(format_: str, name: str) -> list[tuple[datetime, datetime]]:
    """Return when the phases of submission open and close, as the finished call has it."""
    draft = read(ROOMS[format_][name]).draft
    assert draft is not None
    text = filled(write_call(draft, original=SHA), OPEN_DATES.get((format_, name)))
    rules = read_document(parse_call(text).document)
    return [(phase.opens, phase.closes) for phase in rules.phases if phase.kind == "submission"]


def utc(month: int, day: int, hour: int, minute: int, second: int = 0, year: int = 2026) -> datetime:
    """Return an instant of 2026 in UTC."""
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("format_", "name", "expected"),
    [
        ("EvalAI", "full", [(utc(3, 29, 0, 59), utc(3, 29, 1, 1)), (utc(3, 29, 1, 1), utc(10, 25, 1, 1))]),
        ("EvalAI", "in a folder, one phase over both clock changes", [(utc(3, 29, 2, 30), utc(10, 25, 2, 30))]),
        ("EvalAI", "listed out of order", [(utc(3, 29, 1, 0), utc(10, 25, 1, 0)), (utc(10, 25, 1, 0), utc(12, 1, 12, 34))]),
        ("Codabench v2", "full", [(utc(3, 28, 22, 59), utc(3, 29, 1, 1)), (utc(3, 29, 1, 1), utc(10, 25, 1, 30))]),
        ("Codabench v2", "leaderboard in the singular, direction not said", [(utc(3, 29, 0, 59, 59), utc(10, 25, 1, 0, 1))]),
        ("Codabench v2", "one metric, two directions", [(utc(3, 29, 1, 0), utc(10, 25, 0, 59))]),
        ("CodaLab v1.5", "full", [(utc(3, 29, 0, 59), utc(3, 29, 1, 1)), (utc(3, 29, 1, 1), utc(10, 25, 1, 30))]),
        ("CodaLab v1.5", "no end", [(utc(3, 29, 1, 59), utc(10, 25, 0, 59)), (utc(10, 25, 0, 59), utc(12, 1, 0, 0))]),
        ("CodaLab v1.5", "out of order", [(utc(3, 29, 1, 1), utc(10, 25, 1, 1)), (utc(10, 25, 1, 1), utc(12, 31, 22, 59))]),
        ("Hugging Face competitions", "full", [(utc(3, 1, 0, 0), utc(10, 25, 1, 30))]),
        ("Hugging Face competitions", "an error of which more is better", [(utc(3, 1, 0, 0), utc(3, 29, 1, 1))]),
    ],
)  # fmt: skip
def test_phases_open_and_close_at_the_minute_over_both_clock_changes(
    format_: str, name: str, expected: list[tuple[datetime, datetime]]
) -> None:
    assert instants(format_, name) == expected


def test_a_date_keeps_its_offset_in_the_draft() -> None:
    draft = read(ROOMS["Codabench v2"]["full"]).draft
    assert draft is not None
    text = write_call(draft, original=SHA).text
    assert '    closes: "2026-03-29T03:01:00+02:00"\n' in text
    assert '    closes: "2026-10-25T02:30:00+01:00"\n' in text


def test_every_board_is_carried_with_the_direction_of_each_column() -> None:
    draft = read(ROOMS["Codabench v2"]["full"]).draft
    assert draft is not None
    found = {(board.title, metric.name): metric.higher_is_better for board in draft.boards for metric in board.metrics}
    assert found == {("Main", "rmse"): False, ("Main", "skill"): True, ("Second board", "hours"): False}
    text = write_call(draft, original=SHA).text
    assert "# Board of the bundle: Main: Error (lower is better), Skill (higher is better)\n" in text
    assert "# Board of the bundle: Second board: Hours (lower is better)\n" in text
    assert "# Baseline of the bundle: Mean of the past\n" in text


def test_boards_of_codalab_are_found_by_name_and_by_alias() -> None:
    for name, expected in (
        ("full", {"Results": [("Error", False)], "Extra": [("Hours", True)]}),
        ("no end", {"Results": [("Score", True)]}),
    ):
        draft = read(ROOMS["CodaLab v1.5"][name]).draft
        assert draft is not None
        assert {b.title: [(m.title, m.higher_is_better) for m in b.metrics] for b in draft.boards} == expected


def test_what_no_call_file_takes_is_carried_as_words() -> None:
    draft = read(ROOMS["EvalAI"]["full"]).draft
    assert draft is not None
    assert draft.title == "Herons and Otters"
    assert draft.summary == "Tell herons from otters in notices."
    assert [(page.title, page.text) for page in draft.pages][:2] == [
        ("Overview", "About\n\nHerons & otters."),
        ("Evaluation", "By accuracy."),
    ]
    assert ("the hidden data of “Test”", "annotations/test.json") in draft.files


def test_tasks_of_one_name_are_suites_of_their_own_and_no_call_takes_an_address_of_the_site() -> None:
    files = ROOMS["Codabench v2"]["full"]
    text = files["competition.yaml"].replace("title: Tides of the North", "title: New")
    text = text.replace(
        "    key: 5d2c9e5e-0000-4000-8000-2f3b1f4f9c22", "    name: Harbour A\n    scoring_program: scoring_program"
    )
    draft = read({**files, "competition.yaml": text}).draft
    assert draft is not None
    written = write_call(draft, original=SHA).text
    assert (
        '  - key: "harbour-a"\n    folder: "suites/harbour-a"\n  - key: "harbour-a-2"\n    folder: "suites/harbour-a-2"\n'
        in written
    )
    assert '\nkey: "new-2"\n' in written


@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2025, 1, 1)), st.integers(0, 59),  # noqa: DTZ001 (their offset comes next)
    st.integers(-14 * 60, 14 * 60), st.timedeltas(timedelta(minutes=1), timedelta(days=400)),
)  # fmt: skip
def test_any_instant_at_any_offset_is_that_instant_in_the_finished_call(
    start: datetime, second: int, offset: int, length: timedelta
) -> None:
    opens = start.replace(second=second, microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    closes = (opens + length).replace(microsecond=0)
    text = codabench_bundles.small("Any", ("One", opens.isoformat(), closes.isoformat()))
    draft = read({"competition.yaml": text, **codabench_bundles.FILES}).draft
    assert draft is not None
    rules = read_document(parse_call(filled(write_call(draft, original=SHA))).document)
    assert (rules.phases[0].opens, rules.phases[0].closes) == (opens, closes)
