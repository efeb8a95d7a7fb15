"""Runs lm-evaluation-harness by itself, with the truth in its hands: what our own scores are held against.

    python bare.py SUITE MODEL OUT

It is run by the engine's Python and imports nothing of ours.
"""

import csv
import json
import os
import sys
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")


def main(suite: Path, model: str, out: Path) -> None:
    """Write {task: {item: score}} as the harness computes it."""
    import torch
    from lm_eval import simple_evaluate
    from lm_eval.tasks import TaskManager

    torch.set_num_threads(1)
    manifest = json.loads((suite / "suite.yaml").read_text())
    configs = [config_of(suite, task, out.parent) for task in manifest["tasks"]]
    found = simple_evaluate(
        model="hf",
        model_args={"pretrained": model, "dtype": "float32"},
        tasks=configs,
        task_manager=TaskManager(include_defaults=False),
        device="cpu",
        batch_size=16,
        bootstrap_iters=0,
        log_samples=True,
    )
    scores = {
        task: {
            sample["doc"]["item"]: float(sample["acc"] if "acc" in sample else sample["exact_match"])
            for sample in samples
        }
        for task, samples in found["samples"].items()
    }
    out.write_text(json.dumps(scores))


def config_of(suite: Path, task: dict, folder: Path) -> dict:
    """Describe a task as whoever uses the harness would, with templates of its own."""
    with (suite / "items" / f"{task['name']}.csv").open(encoding="utf-8", newline="") as file:
        labels = dict(row[:2] for row in csv.reader(file))
    rows = [json.loads(line) for line in (suite / "inputs" / f"{task['name']}.jsonl").read_text().splitlines()]
    data = folder / f"{task['name']}.bare.jsonl"
    data.write_text("".join(json.dumps({**row, "right": labels[row["item"]]}) + "\n" for row in rows))
    config = {
        "task": task["name"],
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {"test": str(data)}},
        "test_split": "test",
        "doc_to_text": "{{question}}",
    }
    if task["ask"]["by"] == "choices":
        return {
            **config,
            "output_type": "multiple_choice",
            "doc_to_choice": "{{choices}}",
            "doc_to_target": "{{'ABCD'.index(right)}}",
            "metric_list": [{"metric": "acc"}],
        }
    return {
        **config,
        "output_type": "generate_until",
        "doc_to_target": "{{right}}",
        "generation_kwargs": {"until": task["ask"]["stop"], "max_gen_toks": task["ask"]["tokens"], "do_sample": False},
        "metric_list": [{"metric": "exact_match"}],
        "filter_list": [{"name": "strip", "filter": [{"function": "remove_whitespace"}, {"function": "take_first"}]}],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
