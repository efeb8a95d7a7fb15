"""Asks a language model in Hugging Face format through lm-evaluation-harness: spec.json in, one file a shard out.

    python lm_eval_program.py SPEC OUT

It runs in the engine's own environment, in a sandbox without network, beside `contract.py`, which says what it keeps,
and imports nothing of the platform. It never sees what is right: only prompts, and what may follow them.
"""

import gc
import json
import os
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # it is started with -P, which looks for nothing beside a program

from contract import GATE_FAILED, NO_MODEL, Ended, check_version, finite, run, why
from drawing import drawn

QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_DISABLE": "1",
}


class Engine:
    """The harness with one model, loaded once for all tasks."""

    def __init__(self, spec):
        settings = spec["settings"]
        os.environ.update(QUIET)
        gc.disable()  # what is loaded now stays, so nobody looks through it for what may go
        import logging

        logging.disable(logging.WARNING)
        import numpy
        import torch

        torch.set_num_threads(settings["threads"])
        # the public function also loads the compiler, which is not used here and takes over a second
        torch._C._set_deterministic_algorithms(True, warn_only=settings["device"] != "cpu")

        import lm_eval
        from lm_eval.models.huggingface import HFLM
        from lm_eval.tasks import TaskManager
        from transformers import LogitsProcessorList

        gc.freeze()
        gc.enable()
        check_version(spec, "lm-eval", lm_eval.__version__)
        self.versions = {"lm_eval": lm_eval.__version__, "torch": torch.__version__}
        self.settings = settings
        self.torch = torch
        self.numpy = numpy
        self.manager = TaskManager(include_defaults=False)
        try:
            self.model = HFLM(
                pretrained=spec["model"]["path"],
                dtype=settings["dtype"],
                device=settings["device"],
                batch_size=settings["batch_size"],
                max_length=settings["max_length"] or None,
                trust_remote_code=False,
                use_safetensors=True,
            )
        except (MemoryError, torch.OutOfMemoryError):
            raise
        except Exception as error:  # whatever a library makes of a model that is not one
            raise Ended(NO_MODEL, f"The engine cannot load the model: {why(error)}") from error
        self.drawn_by = None
        drawing = drawn(self.model._model_generate, torch, LogitsProcessorList, lambda: self.drawn_by)
        self.model._model_generate = drawing
        self.device = torch.cuda.get_device_name() if settings["device"] != "cpu" else "cpu"

    def rows(self, task, requests, name):
        """Ask one shard's items and return what came back."""
        data = Path(os.environ["TMPDIR"]) / f"{name}.requests.jsonl"
        data.write_text("".join(json.dumps(request, ensure_ascii=False) + "\n" for request in requests))
        rounds = []
        for number in range(task["samples"]):  # not by `repeats`, whose texts are one seed and one prompt
            self.drawn_by = f"{self.settings['seed']}|{number}" if task["samples"] > 1 else None
            rounds.append(self.answers(task, str(data), self.settings["seed"]))
            if sorted(rounds[-1]) != list(range(len(requests))):
                raise Ended(GATE_FAILED, f"{name}: {len(rounds[-1])} answers came back for {len(requests)} requests")
        data.unlink()
        return [self.row(task, request, [one[place] for one in rounds]) for place, request in enumerate(requests)]

    def answers(self, task, data, seed):
        """Ask every item of a file once; return the harness's answers by the item's place.

        Every time chance begins from the same state, whatever was asked before. The harness's other entrance,
        simple_evaluate, asks the machine about itself for each shard anew.
        """
        from lm_eval import evaluate

        random.seed(seed)
        self.numpy.random.seed(seed)
        self.torch.manual_seed(seed)
        task_dict = self.manager.load([ASKING[task["by"]](task, data)])
        found = evaluate(self.model, task_dict, bootstrap_iters=0, log_samples=True)
        return {sample["doc_id"]: sample["resps"] for sample in found["samples"][task["name"]]}

    def row(self, task, request, rounds):
        """Keep of the answers what a score can be computed from, and no verdict."""
        answers = rounds[0]
        row = {"item": request["item"], "cut": self.is_cut(task, request)}
        if task["by"] == "choices":
            row["logprobs"] = [finite(answer[0][0]) for answer in answers]
        elif task["by"] == "likelihood":
            row["logprob"] = finite(answers[0][0] if not isinstance(answers[0][0], (list, tuple)) else answers[0][0][0])
        else:
            row["texts"] = [str(answers[0][0]) for answers in rounds]
            row["truncated"] = [len(self.model.tok_encode(text)) >= task["tokens"] for text in row["texts"]]
        return row

    def is_cut(self, task, request):
        """Tell whether the model did not see the whole prompt; the harness cuts it without a word."""
        longest = max((len(choice) for choice in request.get("choices", [])), default=0)
        if task["by"] == "likelihood" or len(request["prompt"]) + longest < self.model.max_length - task["tokens"]:
            return False  # a token is at least one letter; and likelihoods are taken in windows
        tokens = len(self.model.tok_encode(request["prompt"]))
        more = max(
            (len(self.model.tok_encode(choice)) for choice in request.get("choices", [])), default=task["tokens"]
        )
        return tokens + more > self.model.max_length


def by_choices(task, data):
    return {
        **task_of(task, data),
        "output_type": "multiple_choice",
        "doc_to_choice": "choices",
        "doc_to_target": 0,  # what is right is not known here; the harness wants something
        "target_delimiter": "",
        "metric_list": [{"metric": "acc"}],
    }


def by_text(task, data):
    return {
        **task_of(task, data),
        "output_type": "generate_until",
        "doc_to_target": "item",
        "generation_kwargs": {"until": task["stop"], "max_gen_toks": task["tokens"], "do_sample": False},
        "metric_list": [{"metric": "bypass"}],
    }


def by_likelihood(task, data):
    return {
        **task_of(task, data),
        "output_type": "loglikelihood_rolling",
        "doc_to_text": "",
        "doc_to_target": "prompt",
        "metric_list": [{"metric": "bits_per_byte"}],
    }


ASKING = {"choices": by_choices, "text": by_text, "likelihood": by_likelihood}


def task_of(task, data):
    """Describe a task to the harness: its fields are named as columns, so that nothing of them is ever a template."""
    return {
        "task": task["name"],
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {"test": data}},
        "test_split": "test",
        "doc_to_text": "prompt",
        "num_fewshot": 0,
    }


def is_memory(error):
    return type(error).__name__ == "OutOfMemoryError" or (
        isinstance(error, RuntimeError | OSError) and "allocate memory" in str(error)
    )


if __name__ == "__main__":
    run(Engine, asks=ASKING, is_memory=is_memory)
