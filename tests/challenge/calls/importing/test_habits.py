"""What organisers write though no table of keys has it, and older exports hold: read as it is meant, or told as it is."""

import re

import pytest

from challenge.calls.importing.reports import Fate, Weight
from tests.challenge.calls.importing import codabench_bundles, codalab_bundles, evalai_bundles, hugging_face_bundles
from tests.challenge.calls.importing.staging_bundles import ROOMS, read

EVALAI, CODABENCH, CODALAB = (ROOMS[name]["full"] for name in ("EvalAI", "Codabench v2", "CodaLab v1.5"))


def evalai(old: str, new: str) -> dict[str, str]:
    assert old in EVALAI["challenge_config.yaml"]
    return {**EVALAI, "challenge_config.yaml": EVALAI["challenge_config.yaml"].replace(old, new, 1)}


def competition(text: str) -> dict[str, str]:
    return {**codalab_bundles.FILES, "competition.yaml": text}


def test_words_on_the_boards_are_words_and_no_missing_file() -> None:
    line = "leaderboard_description: templates/board.html"
    reading = read(evalai(line, "leaderboard_description: Most herons first. The <b>best</b> of a team counts."))
    assert reading.draft is not None
    page = next(page for page in reading.draft.pages if page.title == "Leaderboard")
    assert page.text == "Most herons first. The best of a team counts."
    assert not [remark for remark in reading.report.remarks if remark.key == "leaderboard_description"]
    missing = read(evalai(line, "leaderboard_description: templates/other.html")).report.remarks
    assert any("The bundle holds no 'templates/other.html'." in remark.sentence for remark in missing)


def test_what_a_phase_of_evalai_is_described_by_is_a_page_of_its_own() -> None:
    reading = read(evalai("    description: templates/test.html", "    description: The last of <i>two</i> phases."))
    assert reading.draft is not None
    pages = {page.title: page.text for page in reading.draft.pages}
    assert (pages["Phase Dev"], pages["Phase Test"]) == ("To try.", "The last of two phases.")
    rows = {row.file: row.words for row in reading.report.rows if not row.key}
    assert rows["templates/dev.html"] == "the page “Phase Dev”, as plain text"


def test_a_direction_that_cannot_be_read_is_told_once() -> None:
    text = CODALAB["competition.yaml"].replace("sort: asc", "sort: down")
    (error,) = read(competition(text)).report.remarks
    assert "'down' is neither asc nor desc." in error.sentence


@pytest.mark.parametrize(
    "key",
    ["category: [birds]", "is_docker_based: True", "is_static_dataset_code_upload: False", "allowed_email_domains: [a.example]", "blocked_emails_domains: []"],
)  # fmt: skip
def test_what_evalai_documents_beside_its_first_table_is_known(key: str) -> None:
    reading = read(evalai("published: True", key))
    name = key.partition(":")[0]
    rows = [row for row in reading.report.rows if row.key.partition("[")[0] == name]
    assert rows
    assert not [row for row in rows if "No key of this name" in row.words]


def test_metrics_without_a_direction_on_one_line_are_told_together() -> None:
    text = evalai_bundles.small(
        "Many", ("Only", "2026-03-01 00:00:00", "2026-04-01 00:00:00"),
        schema='{"labels": ["race", "river", "heron", "total"], "default_order_by": "total"}',
    )  # fmt: skip
    (doubt,) = [r for r in read({"challenge_config.yaml": text}).report.remarks if r.weight is Weight.DOUBT]
    assert doubt.key == "race, river, heron"


@pytest.mark.parametrize("key", ["is_public: false", "docker_image: a/b:1"])
def test_keys_that_codabench_itself_writes_are_known(key: str) -> None:
    text = CODABENCH["competition.yaml"].replace("    name: Harbour A\n", f"    name: Harbour A\n    {key}\n")
    text = text.replace("    name: Spring\n", "    name: Spring\n    solutions: []\n").replace(
        "  - title: Main\n", "  - title: Main\n    index: 0\n"
    )
    rows = read({**CODABENCH, "competition.yaml": text}).report.rows
    assert {"phases[0].solutions", "leaderboards[0].index"} <= {row.key for row in rows}
    assert not [row.key for row in rows if "No key of this name" in row.words]


def test_a_date_of_codabench_without_a_zone_is_utc_as_its_documentation_has_it() -> None:
    files = {
        "competition.yaml": codabench_bundles.small("Zone", ("One", "2026-03-29 01:30:00", "2026-10-25 00:59:00")),
        **codabench_bundles.FILES,
    }
    for zone, opens, who in (
        (None, "2026-03-29 01:30:00+00:00", "it is read in UTC, as Codabench v2 has it."),
        ("Europe/Athens", "2026-03-29 01:30:00+02:00", "it is read in Europe/Athens, as was said at the import."),
    ):
        reading = read(files, zone)
        assert reading.draft is not None
        (phase,) = reading.draft.phases
        assert phase.opens is not None
        assert phase.opens.written == opens
        assert sum(who in remark.sentence for remark in reading.report.remarks) == 2


def test_an_end_that_cannot_be_read_is_not_said_to_be_missing() -> None:
    for files in (
        {"competition.yaml": codabench_bundles.small("End", ("One", "2026-03-01T00:00:00Z", "04-13-2026"))},
        {"competition.yaml": codalab_bundles.small("2026-03-01T00:00:00Z", end="2026-12-01")},
        {"challenge_config.yaml": evalai_bundles.small("End", ("One", "2026-03-01 00:00:00", "soon"))},
    ):
        reading = read(files)
        assert reading.draft is None
        assert not [remark for remark in reading.report.remarks if "has no end" in remark.sentence]


def test_a_page_file_that_is_missing_is_told_once() -> None:
    files = {name: text for name, text in CODABENCH.items() if name != "overview.md"}
    told = [remark for remark in read(files).report.remarks if remark.key.startswith("pages[0]")]
    assert [remark.key for remark in told] == ["pages[0].file"]


def test_a_page_that_is_named_again_is_carried_over_once() -> None:
    pages = "".join(f"  - title: Again {number}\n    file: overview.md\n" for number in range(2_000))
    text = CODABENCH["competition.yaml"].replace("pages:\n", "pages:\n" + pages)
    reading = read({**CODABENCH, "competition.yaml": text, "overview.md": "The North. " * 20_000})
    assert reading.draft is not None
    assert len([page for page in reading.draft.pages if "The North." in page.text]) == 1
    again = [r for r in reading.report.remarks if "is the page “Again 0” already. Its text is carried" in r.sentence]
    assert len(again) == 2_000


def test_phases_of_codalab_that_open_together_close_together() -> None:
    starts = ("2026-03-29T00:59:00Z", "2026-05-01T10:00:00Z", "2026-05-01T12:00:00+02:00", "2026-10-25T01:01:00Z")
    reading = read(competition(codalab_bundles.small(*starts, end="2026-12-01T00:00:00Z")))
    assert reading.draft is not None
    assert [phase.closes.written for phase in reading.draft.phases if phase.closes] == [
        "2026-05-01T10:00:00Z", "2026-10-25T01:01:00Z", "2026-12-01T00:00:00Z",
    ]  # fmt: skip
    (doubt,) = [remark for remark in reading.report.remarks if remark.weight is Weight.DOUBT]
    assert "“Phase 3” begins (2026-05-01T12:00:00+02:00) before “Phase 2” ends" in doubt.sentence


def test_a_phase_of_codalab_that_never_ends_is_given_no_end() -> None:
    text = codalab_bundles.small("2026-03-29T00:59:00Z", "2026-10-25T01:01:00Z", end="2026-12-01T00:00:00Z")
    text = text.replace("    max_submissions: 9\n", "    max_submissions: 9\n    phase_never_ends: True\n", 1)
    draft = read(competition(text)).draft
    assert draft is not None
    assert [phase.closes is None for phase in draft.phases] == [True, False]
    assert all(phase.closes for phase in read(competition(text.replace("True", "False"))).draft.phases)  # type: ignore[union-attr]


@pytest.mark.parametrize("key", ["disallow_leaderboard_modifying", "enable_per_submission_metadata", "start_date"])
def test_keys_of_codalab_exports_are_known(key: str) -> None:
    text = f"{key}: true\n" + CODALAB["competition.yaml"].replace(
        "  columns:\n", "  column_groups:\n    All: {label: All}\n  columns:\n"
    )
    rows = read(competition(text)).report.rows
    assert {key, "leaderboard.column_groups.All.label"} <= {row.key for row in rows}
    assert not [row.key for row in rows if "No key of this name" in row.words]


def test_hours_of_one_digit_are_read_as_yaml_has_them() -> None:
    draft = read(competition(codalab_bundles.small("2026-7-1 9:45:00+00:00", end="2026-10-25 2:30:00 +01:00"))).draft
    assert draft is not None
    (phase,) = draft.phases
    assert phase.opens is not None
    assert phase.closes is not None
    assert (phase.opens.written, phase.closes.written) == ("2026-07-01 09:45:00+00:00", "2026-10-25 02:30:00 +01:00")


def test_a_tag_that_says_a_text_is_a_text_is_read_as_one() -> None:
    text = CODALAB["competition.yaml"].replace("program.zip", "!!python/unicode 'program.zip'", 1)
    reading = read(competition(text))
    assert reading.draft is not None
    assert ("the scoring program of “Development”", "program.zip") in reading.draft.files
    (note,) = [remark for remark in reading.report.remarks if "!!python/unicode" in remark.sentence]
    assert note.weight is Weight.NOTE
    assert "program.zip" in text.split("\n")[note.line - 1]
    for tag in ("!!python/unicode [a]", "!!python/unicode {a: b}", "!!python/name:os.system ''"):
        assert read(competition(CODALAB["competition.yaml"].replace("program.zip", tag, 1))).draft is None


def test_a_bundle_of_codabench_without_its_version_is_told() -> None:
    text = CODABENCH["competition.yaml"].replace("version: 2\n", "")
    (error,) = [
        remark for remark in read({**CODABENCH, "competition.yaml": text}).report.errors if "tasks" in remark.key
    ]
    assert error.sentence == "These are keys of Codabench, and its version is missing. Write version: 2 at the top."
    assert [text.split("\n")[line - 1] for line in (error.line, *error.also)] == ["tasks:", "leaderboards:"]


def test_the_end_of_a_hugging_face_competition_is_a_day_whose_time_is_said_at_the_import() -> None:
    files = {"conf.json": hugging_face_bundles.conf(END_DATE="2026-10-25")}
    (error,) = read(files).report.errors
    assert "'2026-10-25' has no time of day." in error.sentence
    assert "Or say when you import it at which time of day ends what ends on a day." in error.sentence
    assert "no time zone" in read(files, closes_at="23:59").report.errors[0].sentence
    draft = read(files, "Europe/Brussels", closes_at="23:59").draft
    assert draft is not None
    (phase,) = draft.phases
    assert phase.closes is not None
    assert phase.closes.written == "2026-10-25 23:59:00+01:00"
    (twice,) = read(files, "Europe/Brussels", closes_at="02:30").report.errors
    assert "show 02:30 twice" in twice.sentence


def test_broken_json_is_not_called_yaml() -> None:
    text = hugging_face_bundles.conf().replace(",", "", 1)
    (error,) = read({"conf.json": text}).report.errors
    assert "This is not JSON" in error.sentence
    assert "Look at the commas, quotes and brackets around this line." in error.sentence


def test_a_program_in_the_place_of_a_configuration_is_told_and_not_run() -> None:
    (error,) = read({"challenge_config.yaml": "import json\nW = {'a': 1}\nraise SystemExit\n"}).report.errors
    assert "This is not YAML" in error.sentence or "holds no keys" in error.sentence


def test_every_row_of_a_left_key_has_its_reason() -> None:
    rows = read(CODALAB).report.rows_of(Fate.LEFT)
    assert rows
    assert all(row.words for row in rows)


def test_a_bare_day_begins_and_ends_at_the_two_times_that_are_said_at_the_import() -> None:
    text = codalab_bundles.small("2019-07-01", "2019-08-01", end="2019-09-01")
    reading = read(competition(text), "Europe/Brussels", "09:00", "23:59")
    assert reading.draft is not None
    dates = [(p.opens and p.opens.written, p.closes and p.closes.written) for p in reading.draft.phases]
    assert dates == [
        ("2019-07-01 09:00:00+02:00", "2019-08-01 09:00:00+02:00"),
        ("2019-08-01 09:00:00+02:00", "2019-09-01 23:59:00+02:00"),
    ]
    lacking = read(competition(text), "Europe/Brussels", closes_at="23:59").report.errors
    assert {error.key.rpartition(".")[2] for error in lacking} == {"start_date"}
    assert all("at which time of day begins what begins on a day." in error.sentence for error in lacking)
    (error,) = read(competition(text), "Europe/Brussels", opens_at="09:00").report.errors
    assert error.key == "end_date"
    assert "at which time of day ends what ends on a day." in error.sentence


def test_the_bounds_of_a_challenge_on_evalai_have_the_two_times_as_well() -> None:
    text = EVALAI["challenge_config.yaml"]
    assert "\nstart_date: " in text
    bare = re.sub(r"^((?:start|end)_date: \"?[0-9]{4}-[0-9]{2}-[0-9]{2})[^\"\n]*", r"\1", text, flags=re.MULTILINE)
    notes = read({**EVALAI, "challenge_config.yaml": bare}, None, "08:15", "21:45").report.remarks
    said = {remark.key: remark.sentence for remark in notes if "no time of day" in remark.sentence}
    assert "it is read as 08:15" in said["start_date"]
    assert "it is read as 21:45" in said["end_date"]


@pytest.mark.parametrize("tag", ["!!python/unicode", "!!python/str"])
def test_a_tag_of_texts_stands_before_keys_too(tag: str) -> None:
    text = CODALAB["competition.yaml"]
    tagged = re.sub(r"^( *(?:- )?)([a-z_]+)(: *)(?=\S|$)", rf"\1{tag} '\2'\3", text, flags=re.MULTILINE)
    assert tagged.count(f"{tag} 'title': ") == 1
    assert f"  {tag} 'start_date': " in tagged
    said, plain = read(competition(tagged)), read(competition(text))
    assert plain.draft is not None
    assert said.draft == plain.draft
    assert said.report.rows == plain.report.rows
    told = set(said.report.remarks) - set(plain.report.remarks)
    assert [remark.sentence for remark in told] == [
        f"The tag {tag} only says that a text is a text. It is read as one."
    ]  # fmt: skip


def test_a_line_after_a_tagged_key_is_not_blamed() -> None:
    errors = read(competition("!!python/unicode 'title': X\nphases: {}\n")).report.errors
    assert not [error for error in errors if "This is not YAML" in error.sentence]
