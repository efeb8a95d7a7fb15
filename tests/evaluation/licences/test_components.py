"""Files are assigned to the components of the Model Openness Framework, and these add up to its classes."""

import pytest

from evaluation.licences.components import CLASSES, Component, component_of, missing_for_next, openness_class


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("model.safetensors", Component.PARAMETERS),
        ("checkpoint-500/model.safetensors", Component.INTERMEDIATE),
        ("config.json", Component.ARCHITECTURE),
        ("modeling_linden.py", Component.ARCHITECTURE),
        ("scripts/train.py", Component.TRAINING),
        ("prepare_corpus.py", Component.PREPROCESSING),
        ("generate.py", Component.INFERENCE),
        ("evaluate.py", Component.EVALUATION),
        ("requirements.txt", Component.LIBRARIES),
        ("tokenizer.json", Component.METADATA),
        ("README.md", Component.MODEL_CARD),
        ("data_card.md", Component.DATA_CARD),
        ("technical-report.pdf", Component.REPORT),
        ("paper.pdf", Component.PAPER),
        ("eval_results.json", Component.RESULTS),
        ("sample_outputs.txt", Component.SAMPLES),
        ("data/train.parquet", Component.DATASETS),
        ("data/test.parquet", Component.EVALUATION_DATA),
        ("picture.png", None),
    ],
)
def test_a_file_belongs_to_a_component_by_its_name(name: str, component: Component | None) -> None:
    assert component_of(name) is component


def test_a_class_needs_all_of_its_components_and_those_of_the_class_before() -> None:
    present: set[Component] = set()
    for name, wanted in CLASSES:
        assert openness_class(present) != name
        present |= wanted
        assert openness_class(present) == name
    assert openness_class(present - {Component.MODEL_CARD}) == "none"


def test_what_the_next_class_asks_for_is_named() -> None:
    third, second = dict(CLASSES)["III"], dict(CLASSES)["II"]
    assert missing_for_next(third - {Component.MODEL_CARD}) == ("III", (Component.MODEL_CARD,))
    assert missing_for_next(third - {Component.REPORT} | {Component.PAPER})[0] == "II"
    assert set(missing_for_next(set(third))[1]) == set(second)
    assert missing_for_next(set(Component)) == ("", ())
