"""What contradicts itself in a bundle is told with both places; dates that name no instant are errors that say what to write."""

import pytest

from challenge.calls.importing.reports import Weight
from tests.challenge.calls.importing import codabench_bundles, codalab_bundles, evalai_bundles, hugging_face_bundles
from tests.challenge.calls.importing.staging_bundles import ROOMS, read


def doubts(format_: str, name: str) -> list[str]:
    return [str(remark) for remark in read(ROOMS[format_][name]).report.remarks if remark.weight is not Weight.NOTE]


def test_a_direction_that_is_said_in_two_places_is_told_with_both() -> None:
    assert doubts("EvalAI", "direction in two places that disagree") == [
        "doubt: challenge_config.yaml, lines 13 and 35: leaderboard[0].schema.metadata.wer.sort_ascending: The direction of 'wer' is "
        "said in two ways: lower is better here, higher is better in line 35. The draft takes the first; correct the other."
    ]
    draft = read(ROOMS["EvalAI"]["direction in two places that disagree"]).draft
    assert draft is not None
    assert draft.boards[0].metrics[0].higher_is_better is False


def test_one_metric_with_a_direction_on_each_board_is_told_with_both() -> None:
    assert doubts("Codabench v2", "one metric, two directions") == [
        "doubt: competition.yaml, lines 28 and 24: score: Here lower is better, and in line 24 higher is better. One suite has one "
        "direction; correct one of the two."
    ]


def test_a_missing_direction_is_told() -> None:
    assert any(
        "Nothing says whether higher or lower" in line
        for line in doubts("Codabench v2", "leaderboard in the singular, direction not said")
    )
    assert any(
        "Nothing says whether higher or lower" in line for line in doubts("Hugging Face competitions", "no direction")
    )


def test_phases_that_overlap_are_told_with_both_places_and_the_draft_leaves_the_date_open() -> None:
    reading = read(ROOMS["Codabench v2"]["phases overlap by a minute"])
    (remark,) = reading.report.remarks
    assert (remark.line, remark.also, remark.weight) == (18, (15,), Weight.DOUBT)
    assert "“Two” begins (2026-10-25T02:29:00+02:00) before “One” ends (2026-10-25T02:30:00+02:00)." in remark.sentence
    assert reading.draft is not None
    assert [phase.opens is None for phase in reading.draft.phases] == [False, True]


def test_a_phase_that_ends_before_it_begins_is_an_error_with_both_places() -> None:
    (line,) = doubts("CodaLab v1.5", "ends before its last phase begins")
    assert line.startswith(
        "error: competition.yaml, lines 4 and 11: phases.1: This phase ends (2026-03-29T01:59:00+01:00) no later"
    )
    for text in (
        codabench_bundles.small("Back", ("One", "2026-10-25T02:30:00+01:00", "2026-10-25T02:59:00+02:00")),
        codabench_bundles.small("Same", ("One", "2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z")),
    ):
        reading = read({"competition.yaml": text, **codabench_bundles.FILES})
        assert reading.draft is None
        assert [(e.line, e.also) for e in reading.report.errors] == [(15, (14,))]


def test_a_phase_without_an_end_is_told() -> None:
    assert doubts("Codabench v2", "last phase without an end") == [
        "doubt: competition.yaml, line 17: phases[1]: This phase has no end. Write when it closes into the draft."
    ]


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2026-04-13", "'2026-04-13' has no time of day. Write a date such as 2026-11-02T17:00:00+01:00. Or say when you import it at which time"),
        ("04-13-2026", "'04-13-2026' is not a date that can be read. Write a date such as 2026-11-02T17:00:00+01:00."),
        ("next spring", "'next spring' is not a date that can be read."),
        ("2026-02-30T10:00:00Z", "There is no such day or time as '2026-02-30T10:00:00Z'."),
        ("2026-04-13T17:00:00+25:00", "has an offset that no clock keeps."),
        ("1775000000", "There is no date here."),
        ("", "There is no date here."),
        ("[2026-04-13T17:00:00Z]", "There is no date here."),
    ],
)  # fmt: skip
def test_a_date_that_names_no_instant_is_an_error_with_its_line(date: str, said: str) -> None:
    text = codabench_bundles.small("Dates", ("One", date, "2026-12-01T00:00:00Z"))
    reading = read({"competition.yaml": text, **codabench_bundles.FILES})
    assert reading.draft is None
    (error,) = reading.report.errors
    assert (error.line, error.key) == (14, "phases[0].start")
    assert said in error.sentence


def test_dates_without_a_zone_are_read_in_the_zone_that_is_said_at_the_import() -> None:
    text = codabench_bundles.small("Zone", ("One", "2026-03-29 03:01:00", "2026-10-25 03:01:00"))
    files = {"competition.yaml": text, **codabench_bundles.FILES}
    draft = read(files, "Europe/Brussels").draft
    assert draft is not None
    assert draft.zone == "Europe/Brussels"
    (phase,) = draft.phases
    assert phase.opens is not None
    assert phase.closes is not None
    assert (phase.opens.written, phase.closes.written) == ("2026-03-29 03:01:00+02:00", "2026-10-25 03:01:00+01:00")


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-03-29 02:30:00", "2026-10-25 03:01:00", "put forward over 02:30"),
        ("2026-03-29 03:30:00", "2026-10-25 02:30:00", "show 02:30 twice"),
    ],
)
def test_a_time_that_a_clock_change_skips_or_repeats_is_an_error(start: str, end: str, said: str) -> None:
    text = codabench_bundles.small("Clocks", ("One", start, end))
    (error,) = read({"competition.yaml": text, **codabench_bundles.FILES}, "Europe/Brussels").report.errors
    assert said in error.sentence


def test_evalai_has_a_zone_of_its_own_and_the_others_have_none() -> None:
    notes = [remark.sentence for remark in read(ROOMS["EvalAI"]["full"], "Asia/Tokyo").report.remarks]
    assert "'2026-03-29 00:59:00' says no time zone; it is read in UTC, as EvalAI has it." in notes
    for files in (
        {"competition.yaml": codalab_bundles.small("2026-03-29 10:00:00"), **codalab_bundles.FILES},
        {"conf.json": hugging_face_bundles.conf(END_DATE="2026-03-29 10:00:00")},
    ):
        (error,) = read(files).report.errors
        assert "says no time zone. Write its offset" in error.sentence


def test_a_phase_of_codalab_closes_when_the_next_one_opens_and_not_a_day_before() -> None:
    draft = read(ROOMS["CodaLab v1.5"]["three phases"]).draft
    assert draft is not None
    dates = [(phase.opens.instant, phase.closes.instant) for phase in draft.phases if phase.opens and phase.closes]
    assert len(dates) == 3
    assert [closes for _, closes in dates[:-1]] == [opens for opens, _ in dates[1:]]


def test_phases_beyond_the_challenge_are_told_with_both_places() -> None:
    text = evalai_bundles.small("Beyond", ("Only", "2026-03-01 00:00:00", "2026-04-01 00:00:00"))
    text = text.replace('end_date: "2026-04-01 00:00:00"\nleaderboard', 'end_date: "2026-03-31 23:59:00"\nleaderboard')
    (remark,) = [f for f in read({"challenge_config.yaml": text}).report.remarks if f.weight is Weight.DOUBT]
    assert (remark.line, remark.also) == (21, (10,))
    assert "ends after the challenge does" in remark.sentence


def test_a_row_that_joins_nothing_is_told() -> None:
    text = evalai_bundles.small("Joint", ("Only", "2026-03-01 00:00:00", "2026-04-01 00:00:00")).replace(
        "leaderboard_id: 7", "leaderboard_id: 8"
    )
    told = [str(f) for f in read({"challenge_config.yaml": text}).report.remarks if f.weight is Weight.DOUBT]
    assert any("challenge_phase_splits[0].leaderboard_id: Nothing has the id '8'." in line for line in told)


def test_an_error_of_which_more_is_better_is_told() -> None:
    (line,) = doubts("Hugging Face competitions", "an error of which more is better")
    assert line.startswith(
        "doubt: conf.json, lines 8, 13 and 12: EVAL_HIGHER_IS_BETTER: Higher is better here, and 'mean_squared_error'"
    )
