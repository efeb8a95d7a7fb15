"""Asks a language model in Hugging Face format through lm-evaluation-harness: spec.json in, one file a shard out.

    python lm_eval_program.py SPEC OUT

It runs in the engine's own environment, in a sandbox without network, and imports nothing of the platform. It never
sees what is right: only prompts, and what may follow them. A shard is written whole or not at all, its `.meta.json`
last; one that is there already is passed over, so a run killed at any point goes on where it was.

Progress goes to standard output as JSON lines {"task", "done", "total"}. Exit codes: 0 done, 2 bad spec, 3 the model
cannot be loaded, 4 a gate failed, 5 out of memory, 75 try again later.
"""

import hashlib
import json
import os
import random
import resource
import sys
import time
from pathlib import Path

CONTRACT = 1
DONE, BAD_SPEC, NO_MODEL, GATE_FAILED, OUT_OF_MEMORY, TRY_AGAIN = 0, 2, 3, 4, 5, 75
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_DISABLE": "1",
}


class Ended(Exception):
    """The run ends here with an exit code and a sentence."""

    def __init__(self, code, sentence):
        super().__init__(sentence)
        self.code = code


def main(spec_path, out):
    """Do every shard of a spec that is not there yet."""
    spec = read_spec(spec_path)
    out = Path(out)
    total = sum(shard["last"] - shard["first"] for task in spec["tasks"] for shard in task["shards"])
    done = 0
    engine = None
    for task in spec["tasks"]:
        for shard in task["shards"]:
            name = file_name(task, shard)
            if not is_there(out, name, shard["key"]):
                engine = engine or Engine(spec)
                engine.ask(spec, task, shard, out, name)
            done += shard["last"] - shard["first"]
            say(task["name"], done, total)
    return DONE


def read_spec(path):
    """Read the spec and check what would otherwise fail late."""
    try:
        spec = json.loads(Path(path).read_text())
        if spec["contract"] != CONTRACT:
            raise Ended(BAD_SPEC, f"this engine keeps contract {CONTRACT}, and the spec asks for {spec['contract']}")
        for task in spec["tasks"]:
            if task["by"] not in ASKING:
                raise Ended(BAD_SPEC, f"{task['name']}: this engine cannot ask by {task['by']}")
            if sha256_of(task["requests"]) != task["sha256"]:
                raise Ended(BAD_SPEC, f"{task['requests']}: not the file the spec names")
            task["file"] = f"{task['name']}.{task['part']}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Ended(BAD_SPEC, f"spec.json cannot be used: {type(error).__name__}: {error}") from error
    return spec


def file_name(task, shard):
    return f"{task['file']}.{shard['number']:04d}-of-{shard['of']:04d}.{shard['key'][:16]}"


def is_there(out, name, key):
    try:
        meta = json.loads((out / f"{name}.meta.json").read_text())
        return meta["key"] == key and meta["sha256"] == sha256_of(out / f"{name}.jsonl")
    except (OSError, ValueError, KeyError, TypeError):
        return False


class Engine:
    """The harness with one model, loaded once for all tasks."""

    def __init__(self, spec):
        settings = spec["settings"]
        os.environ.update(QUIET)
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

        if lm_eval.__version__ != spec["engine"]["version"]:
            raise Ended(BAD_SPEC, f"lm-eval {lm_eval.__version__} is installed, the spec wants {spec['engine']}")
        self.versions = {"lm_eval": lm_eval.__version__, "torch": torch.__version__, "python": sys.version.split()[0]}
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
            why = " ".join(str(error).split())[:400]
            raise Ended(NO_MODEL, f"The engine cannot load the model: {type(error).__name__}: {why}") from error
        sys.path.append(str(Path(__file__).parent))
        from drawing import drawn
        from transformers import LogitsProcessorList

        self.seed = None
        self.model._model_generate = drawn(self.model._model_generate, torch, LogitsProcessorList, lambda: self.seed)
        self.device = torch.cuda.get_device_name() if settings["device"] != "cpu" else "cpu"

    def ask(self, spec, task, shard, out, name):
        """Ask one shard's items and write what came back."""
        began, used = time.monotonic(), time.process_time()
        with open(task["requests"], encoding="utf-8") as file:
            requests = [json.loads(line) for line in file][shard["first"] : shard["last"]]
        data = Path(os.environ["TMPDIR"]) / f"{name}.requests.jsonl"
        data.write_text("".join(json.dumps(request, ensure_ascii=False) + "\n" for request in requests))
        rounds = []
        for number in range(task["samples"]):  # not by `repeats`, whose texts are one seed and one prompt
            self.seed = f"{spec['settings']['seed']}|{number}" if task["samples"] > 1 else None
            rounds.append(self.answers(task, str(data), spec["settings"]["seed"]))
            if sorted(rounds[-1]) != list(range(len(requests))):
                raise Ended(GATE_FAILED, f"{name}: {len(rounds[-1])} answers came back for {len(requests)} requests")
        data.unlink()
        rows = [self.row(task, request, [one[place] for one in rounds]) for place, request in enumerate(requests)]
        content = "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows).encode()
        write_whole(out / f"{name}.jsonl", content)
        meta = {
            "key": shard["key"],
            "task": task["name"],
            "part": task["part"],
            "rows": len(rows),
            "sha256": hashlib.sha256(content).hexdigest(),
            "seconds": round(time.monotonic() - began, 3),
            "cpu_seconds": round(time.process_time() - used, 3),
            "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "device": self.device,
            "versions": self.versions,
        }
        write_whole(out / f"{name}.meta.json", json.dumps(meta, sort_keys=True).encode())

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


def finite(value):
    """Return a number, or None for one that is not finite, which JSON cannot say."""
    value = float(value)
    return value if abs(value) < float("inf") else None


def write_whole(path, content):
    """Write a file whole or not at all: under another name, to the disk, then renamed."""
    unfinished = path.with_name(f".{path.name}.tmp")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def sha256_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def say(task, done, total):
    sys.stdout.write(json.dumps({"task": task, "done": done, "total": total}) + "\n")
    sys.stdout.flush()


def is_memory(error):
    return (
        isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError" or "allocate memory" in str(error)
    )


if __name__ == "__main__":
    try:
        code = main(sys.argv[1], sys.argv[2])
    except Ended as error:
        sys.stderr.write(f"{error}\n")
        code = error.code
    except (MemoryError, RuntimeError, OSError) as error:
        if not is_memory(error):
            raise
        sys.stderr.write(f"out of memory: {error}\n")
        code = OUT_OF_MEMORY
    sys.exit(code)
