"""Each file of a release is assigned to one of the 17 components of the Model Openness Framework, by its name."""

import re
from enum import StrEnum
from pathlib import PurePosixPath


class ComponentType(StrEnum):
    """What kind of work a component is, which says what licence suits it."""

    CODE = "code"
    DATA = "data"
    DOCUMENT = "document"


class Component(StrEnum):
    """The components of the Model Openness Framework 1.0 (arxiv.org/abs/2403.13784), as its tool counts them."""

    ARCHITECTURE = "model architecture"
    PREPROCESSING = "data preprocessing code"
    TRAINING = "training code"
    INFERENCE = "inference code"
    EVALUATION = "evaluation code"
    LIBRARIES = "supporting libraries and tools"
    PARAMETERS = "final model parameters"
    INTERMEDIATE = "intermediate model parameters"
    DATASETS = "datasets"
    EVALUATION_DATA = "evaluation data"
    METADATA = "model metadata"
    SAMPLES = "sample model outputs"
    MODEL_CARD = "model card"
    DATA_CARD = "data card"
    REPORT = "technical report"
    PAPER = "research paper"
    RESULTS = "evaluation results"


_CODE = {
    Component.ARCHITECTURE, Component.PREPROCESSING, Component.TRAINING, Component.INFERENCE, Component.EVALUATION,
    Component.LIBRARIES,
}  # fmt: skip
_DATA = {
    Component.PARAMETERS, Component.INTERMEDIATE, Component.DATASETS, Component.EVALUATION_DATA, Component.METADATA,
}  # fmt: skip
# Classes of the framework, from the least open: what each asks for besides what the class before it does.
CLASSES: tuple[tuple[str, frozenset[Component]], ...] = (
    ("III", frozenset({
        Component.ARCHITECTURE, Component.PARAMETERS, Component.REPORT, Component.RESULTS, Component.MODEL_CARD,
        Component.DATA_CARD,
    })),
    ("II", frozenset({
        Component.TRAINING, Component.INFERENCE, Component.EVALUATION, Component.EVALUATION_DATA, Component.LIBRARIES,
    })),
    ("I", frozenset({
        Component.PAPER, Component.DATASETS, Component.PREPROCESSING, Component.INTERMEDIATE, Component.METADATA,
    })),
)  # fmt: skip

CODE_SUFFIXES = {
    ".py", ".ipynb", ".cpp", ".cc", ".c", ".h", ".hpp", ".cu", ".cuh", ".js", ".mjs", ".ts", ".rs", ".go", ".java",
    ".jl", ".r", ".sh", ".rb", ".swift", ".kt", ".scala", ".lua",
}  # fmt: skip
_DATA_SUFFIXES = {".csv", ".tsv", ".parquet", ".arrow", ".jsonl", ".ndjson", ".txt.gz"}
_WEIGHTS = {
    ".safetensors",
    ".gguf",
    ".onnx",
    ".ggml",
    ".tflite",
    ".pb",
    ".h5",
    ".pt",
    ".pth",
    ".bin",
    ".ckpt",
    ".msgpack",
}
_DOCUMENTS = {".pdf", ".tex", ".md", ".rst", ".txt", ".html", ".docx", ".odt"}
_CODE_WORDS = (
    (r"modell?ing|architecture|configuration_", Component.ARCHITECTURE),
    (r"preprocess|tokeni[sz]e_|clean|dedup|filter|prepare|download|scrap|crawl", Component.PREPROCESSING),
    (r"train|finetun|fine_tun|pretrain|sft|dpo|rlhf|lora|distil", Component.TRAINING),
    (r"eval|bench|test|metric|score", Component.EVALUATION),
    (r"infer|generat|predict|serve|demo|chat|run|pipeline|app", Component.INFERENCE),
)
_DOCUMENT_WORDS = (
    (r"data[-_ ]?(card|sheet)|dataset[-_ ]?(card|readme)", Component.DATA_CARD),
    (r"readme|model[-_ ]?card", Component.MODEL_CARD),
    (r"paper|article|arxiv|preprint", Component.PAPER),
    (r"result|benchmark|leaderboard|eval", Component.RESULTS),
    (r"sample|example|output", Component.SAMPLES),
    (r"report|technical|whitepaper", Component.REPORT),
)
_INTERMEDIATE = re.compile(
    r"(checkpoint|step|epoch|global_step|iter)[-_]?[0-9]+|intermediate|optimizer|scheduler|rng_state"
)
_METADATA = re.compile(
    r"tokeni[sz]er|vocab|merges|special_tokens|chat_template|preprocessor_config|metadata|\.index\.json$"
)
_RESULTS = re.compile(r"results?\b|metrics|scores|eval_results|trainer_state")
_TABLES = {".json", ".csv", ".jsonl", ".tsv"}
_CONFIGS = {
    "config.json", "adapter_config.json", "generation_config.json", "model_index.json", "configuration.json",
    "params.json",
}  # fmt: skip
_LIBRARIES = {
    "requirements.txt", "environment.yml", "environment.yaml", "setup.py", "setup.cfg", "pyproject.toml",
    "package.json",
    "dockerfile", "makefile", "poetry.lock", "uv.lock", "conda.yaml",
}  # fmt: skip


def type_of(component: Component) -> ComponentType:
    """Say whether a component is code, data or a document."""
    if component in _CODE:
        return ComponentType.CODE
    return ComponentType.DATA if component in _DATA else ComponentType.DOCUMENT


def component_of(name: str) -> Component | None:
    """Assign a file to a component by its name and folder; None for licences, notices and what fits nowhere."""
    path = PurePosixPath(name.lower())
    suffix, stem, whole = path.suffix, path.stem, str(path)
    if suffix in _WEIGHTS:
        return Component.INTERMEDIATE if _INTERMEDIATE.search(whole) else Component.PARAMETERS
    if path.name in _CONFIGS:
        return Component.ARCHITECTURE
    if path.name in _LIBRARIES:
        return Component.LIBRARIES
    if _METADATA.search(whole):
        return Component.METADATA
    if suffix in CODE_SUFFIXES:
        return next((found for words, found in _CODE_WORDS if re.search(words, whole)), Component.LIBRARIES)
    if _RESULTS.search(stem) and suffix in _TABLES:
        return Component.RESULTS
    if suffix in _DATA_SUFFIXES or path.parts[0] in {"data", "datasets", "dataset"}:
        return Component.EVALUATION_DATA if re.search(r"\b(eval|test|valid|dev)", whole) else Component.DATASETS
    if suffix in _DOCUMENTS:
        return next((found for words, found in _DOCUMENT_WORDS if re.search(words, stem)), None)
    return None


def missing_for_next(present: set[Component]) -> tuple[str, tuple[Component, ...]]:
    """Name the class above the one that is reached, and what it asks for that is missing; empty at the top."""
    for name, wanted in CLASSES:
        if missing := wanted - _with_report(present):
            return name, tuple(one for one in Component if one in missing)
    return "", ()


def openness_class(present: set[Component]) -> str:
    """Name the highest class of the framework whose components are all there: III, II or I, or none.

    A research paper stands for a technical report; no component of a class may be missing.
    """
    present, reached = _with_report(present), "none"
    for name, wanted in CLASSES:
        if not wanted <= present:
            break
        reached = name
    return reached


def _with_report(present: set[Component]) -> set[Component]:
    return present | {Component.REPORT} if Component.PAPER in present else present
