"""A task file of the harness becomes the beginning of a suite; once its gaps are filled, the suite's own reader takes it."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from challenge.calls.importing.lm_eval import METRICS as KNOWN
from challenge.calls.importing.suite_files import GAP
from challenge.calls.operations_bundles import read_original
from evaluation.metrics import METRICS, Direction
from evaluation.suites.manifest import Manifest, read_manifest
from evaluation.suites.suite import SuiteError
from evaluation.tasks import By, Kind
from tests.challenge.calls.importing.staging_bundles import ROOMS, folder_of

BUNDLES = ROOMS["LM Evaluation Harness"]
VALUES = {
    "seed": "7",
    "public_share": "0.5",
    "floor": "0.25",
    "ceiling": "1",
    "labels": "[a, b]",
    "choices": '[" {{ choices[0] }}", " {{ choices[1] }}"]',
    "tokens": "32",
}


def manifest_of(name: str, folder: Path) -> str:
    """Return the suite that a bundle becomes, with its gaps."""
    draft = read_original(folder_of(BUNDLES[name], folder)).reading.draft
    assert draft is not None
    (suite,) = draft.suites
    return suite.manifest


def filled(text: str, **changes: str) -> Manifest:
    """Fill the gaps of a suite and read it."""
    values = VALUES | changes
    lines = [
        re.sub(rf"(\s*)(\w+): # {GAP}.*", lambda found: f"{found[1]}{found[2]}: {values[found[2]]}", line)
        for line in text.split("\n")
    ]
    return read_manifest("\n".join(lines).encode())


def test_choices_become_a_task_with_one_template_for_each_label(tmp_path: Path) -> None:
    text = manifest_of("choices", tmp_path)
    with pytest.raises(SuiteError, match="floor"):
        read_manifest(text.encode())
    (task,) = filled(text).tasks
    assert (task.name, task.title, task.kind, task.metric) == (
        "heron_questions",
        "Heron questions",
        Kind.CLASSIFICATION,
        "accuracy",
    )
    assert task.ask is not None
    assert task.ask.by is By.CHOICES
    assert (
        task.ask.prompt
        == "The following are questions about herons.\n\n{{question}}\nA. {{choices[0]}}\nB. {{choices[1]}}\nAnswer:"
    )
    assert (task.labels, task.ask.choices, task.floor) == (("A", "B"), (" A", " B"), Decimal("0.25"))
    assert task.source == "data set birds/herons, part en, split test"


def test_writing_becomes_a_task_of_text_with_its_stops(tmp_path: Path) -> None:
    (task,) = filled(manifest_of("writing", tmp_path)).tasks
    assert task.ask is not None
    assert (task.kind, task.metric, task.ask.by, task.ask.stop, task.ask.tokens) == (
        Kind.TEXT,
        "exact_match",
        By.TEXT,
        ("\n", "Q:"),
        64,
    )


def test_a_column_named_by_one_word_is_a_field(tmp_path: Path) -> None:
    (task,) = filled(manifest_of("rolling", tmp_path), floor="4", ceiling="1").tasks
    assert task.ask is not None
    assert (task.kind, task.metric, task.ask.prompt) == (Kind.LIKELIHOOD, "bits_per_byte", "{{ page }}")


def test_several_task_files_are_one_suite(tmp_path: Path) -> None:
    manifest = filled(manifest_of("three in a folder", tmp_path))
    assert [task.name for task in manifest.tasks] == ["heron_questions", "otter_sums"]


def test_choices_by_column_leave_the_labels_open(tmp_path: Path) -> None:
    text = manifest_of("choices by column", tmp_path)
    assert f"      choices: # {GAP}: one template for each label, in their order" in text
    (task,) = filled(text, floor="0").tasks
    assert task.metric == "matthews_correlation"


def test_a_direction_against_the_metrics_own_is_told_with_both_places(tmp_path: Path) -> None:
    remarks = read_original(folder_of(BUNDLES["direction turned"], tmp_path)).reading.report.remarks
    (remark,) = [f for f in remarks if "higher_is_better" in f.key]
    assert (remark.line, remark.also) == (25, (23,))
    assert remark.sentence == "Of accuracy higher is better. Correct this line."


def test_what_changes_scores_is_told(tmp_path: Path) -> None:
    remarks = read_original(folder_of(BUNDLES["writing"], tmp_path)).reading.report.remarks
    assert {f.key for f in remarks if "Scores will not be those of the harness" in f.sentence} == {
        "filter_list",
        "num_fewshot",
        "gen_prefix",
        "metric_list[0].ignore_case",
        "metric_list[0].regexes_to_ignore",
    }


@pytest.mark.parametrize(("shots", "told"), [("0", False), ("null", False), ("1", True), ("true", True), ("5", True)])
def test_one_example_in_the_prompt_changes_scores(shots: str, told: bool, tmp_path: Path) -> None:
    files = {name: text.replace("num_fewshot: 0", f"num_fewshot: {shots}") for name, text in BUNDLES["choices"].items()}
    remarks = read_original(folder_of(files, tmp_path)).reading.report.remarks
    assert ("num_fewshot" in [remark.key for remark in remarks]) is told


def test_every_metric_that_is_known_is_one_of_the_instruments_with_its_direction() -> None:
    for kind, metric, higher in KNOWN.values():
        assert Kind(kind) in METRICS[metric].kinds
        assert (METRICS[metric].direction is Direction.HIGHER) is higher
