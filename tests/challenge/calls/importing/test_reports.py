"""Every key and every file of every bundle has its row in the report, with its line; a draft is made or said why not."""

import json

import pytest
import yaml

from challenge.calls.importing.reports import Fate, Weight
from tests.challenge.calls.importing.staging_bundles import ALL, ROOMS, bundle_of, read

CONFIGURATIONS = (".yaml", ".yml", ".json")


def leaves(value: object, path: str = "") -> list[str]:
    """List the paths of all values, found by another reader than the one under test."""
    pairs: list[tuple[str, object]] = []
    if isinstance(value, dict):
        pairs = [(f"{path}.{key}" if path else str(key), below) for key, below in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{path}[{place}]", below) for place, below in enumerate(value)]
    return [leaf for key, below in pairs for leaf in leaves(below, key)] or [path]


@pytest.mark.parametrize(("format_", "name"), ALL)
def test_no_key_and_no_file_is_forgotten(format_: str, name: str) -> None:
    files = ROOMS[format_][name]
    reading, bundle = read(files), bundle_of(files)
    assert reading.format == format_
    rows = {(row.file, row.key): row for row in reading.report.rows}
    for file in bundle.sizes:
        assert (file, "") in rows, file
        row = rows[(file, "")]
        if "read key by key" not in row.words:
            continue
        text = bundle.text(file) or ""
        plain = json.loads(text.replace("\t", " ")) if file.endswith(".json") else yaml.safe_load(text)
        lines = text.split("\n")
        for key in leaves(plain):
            found = rows.get((file, key))
            assert found is not None, f"{file}: {key}"
            assert found.words
            last = key.rpartition(".")[2].partition("[")[0]
            # where an alias stands for a group, the line is that of what it repeats
            assert last in lines[found.line - 1] or "[" in key.rpartition(".")[2], (key, found.line)


@pytest.mark.parametrize("format_", ROOMS)
def test_there_are_five_bundles_of_each_format_and_one_of_them_makes_a_draft_without_doubt(format_: str) -> None:
    assert len(ROOMS[format_]) >= 5
    assert any(not reading.report.errors and reading.draft for reading in map(read, ROOMS[format_].values()))


DOCUMENTED = {
    "EvalAI": """
        title short_description description evaluation_details terms_and_conditions submission_guidelines image
        evaluation_script start_date end_date leaderboard_description published remote_evaluation tags id labels
        default_order_by sort_ascending name challenge codename is_active is_submission_public allowed_email_ids
        test_annotation_file leaderboard_public is_public max_submissions_per_day max_submissions_per_month max_submissions
        max_concurrent_submissions_allowed allowed_submission_file_types is_restricted_to_select_one_submission
        is_partial_submission_evaluation_enabled disable_logs is_visible type options required challenge_phase_id
        leaderboard_id dataset_split_id visibility leaderboard_decimal_precision is_leaderboard_order_descending
        show_execution_time show_leaderboard_by_latest_submission""",
    "Codabench v2": """
        title image terms description registration_auto_approve docker_image queue make_programs_available
        make_input_data_available enable_detailed_results show_detailed_results_in_submission_panel
        show_detailed_results_in_leaderboard contact_email reward auto_run_submissions
        can_participants_make_submissions_public forum_enabled competition_type file index key name scoring_program
        input_data reference_data ingestion_program ingestion_only_during_scoring tasks path start end
        max_submissions_per_day max_submissions auto_migrate_to_this_phase execution_time_limit hide_output
        hide_prediction_output hide_score_output starting_kit public_data accepts_only_result_submissions submission_rule
        hidden sorting computation computation_indexes precision selection is_required is_on_leaderboard""",
    "CodaLab v1.5": """
        title description competition_docker_image has_registration end_date overview evaluation terms data phasenumber
        label start_date max_submissions max_submissions_per_day auto_migration execution_time_limit scoring_program
        reference_data input_data ingestion_program public_data starting_kit rank sort""",
    "Hugging Face competitions": """
        COMPETITION_TYPE SUBMISSION_LIMIT TIME_LIMIT HARDWARE SELECTION_LIMIT END_DATE EVAL_HIGHER_IS_BETTER
        SUBMISSION_ID_COLUMN SUBMISSION_COLUMNS SUBMISSION_ROWS EVAL_METRIC SCORING_METRIC LOGO DATASET
        SUBMISSION_FILENAMES""",
    "LM Evaluation Harness": """
        task tag group dataset_path dataset_name dataset_kwargs training_split validation_split test_split fewshot_split
        doc_to_text doc_to_target doc_to_choice output_type generation_kwargs until metric_list metric aggregation
        higher_is_better num_fewshot description target_delimiter fewshot_delimiter repeats filter_list
        should_decontaminate doc_to_decontamination_query metadata version""",
}
"""The keys that each platform documents, by their own last names."""


@pytest.mark.parametrize("format_", ROOMS)
def test_the_bundles_hold_every_documented_key_and_each_is_known(format_: str) -> None:
    rows = [row for files in ROOMS[format_].values() for row in read(files).report.rows]
    held = {word.partition("[")[0] for row in rows for word in row.key.split(".")}
    assert set(DOCUMENTED[format_].split()) - held == set()
    unknown = {row.key for row in rows if "No key of this name" in row.words}
    assert unknown == ({"challenge_phase_splits[0].showeceution_time"} if format_ == "EvalAI" else set())


def test_a_key_that_nobody_documents_is_named_with_its_line() -> None:
    files = ROOMS["Codabench v2"]["full"]
    changed = {**files, "competition.yaml": files["competition.yaml"] + "secret_option:\n  deep: [1]\n"}
    row = next(row for row in read(changed).report.rows if row.key.startswith("secret_option"))
    assert (row.key, row.fate, row.line) == (
        "secret_option.deep[0]",
        Fate.LEFT,
        changed["competition.yaml"].count("\n"),
    )
    assert row.words == "No key of this name is known in Codabench v2 at this place. Nothing is made of it."


def test_what_is_no_bundle_is_told_which_bundles_there_are() -> None:
    for files in ({"notes.txt": "none"}, {"competition.yaml": "version: 3\ntitle: x\n"}, {"a.json": '{"b": 1}'}, {}):
        reading = read(files)
        assert reading.draft is None
        (remark,) = reading.report.remarks
        assert remark.weight is Weight.ERROR
        assert (
            "This is none of the bundles that can be read (EvalAI: challenge_config.yaml; Codabench" in remark.sentence
        )


def test_a_configuration_that_is_no_yaml_is_told_by_line() -> None:
    reading = read({"competition.yaml": "version: 2\ntitle: [a\nphases: }\n"})
    (remark,) = reading.report.remarks
    assert (remark.file, remark.line, remark.weight) == ("competition.yaml", 3, Weight.ERROR)
    assert "This is not YAML" in remark.sentence


def test_a_key_given_twice_and_a_merged_key_are_errors() -> None:
    text = "version: 2\ntitle: a\ntitle: b\nbase: &b {start: 1}\nphases:\n  - <<: *b\n    name: x\n"
    told = [str(remark) for remark in read({"competition.yaml": text}).report.errors]
    assert any("line 3: title: The key 'title' is given twice, in lines 2 and 3." in line for line in told)
    assert any("Keys merged with << are not read." in line for line in told)
