"""What every engine's program keeps of the contract: spec.json in, one file a shard out; it needs Python alone.

A shard is written whole or not at all, its `.meta.json` last; one that is there already is passed over, so a run killed
at any point goes on where it was. Progress goes to standard output as JSON lines {"task", "done", "total"}. Exit codes:
0 done, 2 bad spec, 3 the model cannot be loaded, 4 a gate failed, 5 out of memory, 75 try again later.
"""

import hashlib
import json
import os
import resource
import sys
import time
from pathlib import Path

CONTRACT = 1
DONE, BAD_SPEC, NO_MODEL, GATE_FAILED, OUT_OF_MEMORY, TRY_AGAIN = 0, 2, 3, 4, 5, 75


class Ended(Exception):
    """The run ends here with an exit code and a sentence."""

    def __init__(self, code, sentence):
        super().__init__(sentence)
        self.code = code


def run(engine_of, *, asks, is_memory):
    """Do what the command line says, and leave with the exit code: SPEC OUT.

    `engine_of(spec)` loads the model once there is something to ask it; its `rows(task, requests, name)` answers.
    `is_memory(error)` tells whether an error of a library means that there was too little memory.
    """
    try:
        code = every_shard(Path(sys.argv[1]), Path(sys.argv[2]), engine_of, asks)
    except Ended as error:
        sys.stderr.write(f"{error}\n")
        code = error.code
    except Exception as error:
        if not isinstance(error, MemoryError) and not is_memory(error):
            raise
        sys.stderr.write(f"out of memory: {error}\n")
        code = OUT_OF_MEMORY
    leave(code)


def leave(code):
    """End at once: every shard is on the disk, and taking a large library down piece by piece only takes time."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def every_shard(spec_path, out, engine_of, asks):
    """Do every shard of a spec that is not there yet."""
    spec = read_spec(spec_path, asks)
    total = sum(shard["last"] - shard["first"] for task in spec["tasks"] for shard in task["shards"])
    done = 0
    engine = None
    for task in spec["tasks"]:
        for shard in task["shards"]:
            name = f"{task['file']}.{shard['number']:04d}-of-{shard['of']:04d}.{shard['key'][:16]}"
            if not is_there(out, name, shard["key"]):
                engine = engine or engine_of(spec)
                one_shard(engine, task, shard, out, name)
            done += shard["last"] - shard["first"]
            sys.stdout.write(json.dumps({"task": task["name"], "done": done, "total": total}) + "\n")
            sys.stdout.flush()
    return DONE


def read_spec(path, asks):
    """Read the spec and check what would otherwise fail late."""
    try:
        spec = json.loads(path.read_text())
        if spec["contract"] != CONTRACT:
            raise Ended(BAD_SPEC, f"this engine keeps contract {CONTRACT}, and the spec asks for {spec['contract']}")
        for task in spec["tasks"]:
            if task["by"] not in asks:
                raise Ended(BAD_SPEC, f"{task['name']}: this engine cannot ask by {task['by']}")
            if sha256_of(task["requests"]) != task["sha256"]:
                raise Ended(BAD_SPEC, f"{task['requests']}: not the file the spec names")
            task["file"] = f"{task['name']}.{task['part']}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Ended(BAD_SPEC, f"spec.json cannot be used: {type(error).__name__}: {error}") from error
    return spec


def check_version(spec, name, version):
    """End where another version is installed than the spec wants."""
    if version != spec["engine"]["version"]:
        raise Ended(BAD_SPEC, f"{name} {version} is installed, the spec wants {spec['engine']}")


def is_there(out, name, key):
    """Tell whether a shard is there, whole and under its key."""
    try:
        meta = json.loads((out / f"{name}.meta.json").read_text())
        return meta["key"] == key and meta["sha256"] == sha256_of(out / f"{name}.jsonl")
    except (OSError, ValueError, KeyError, TypeError):
        return False


def one_shard(engine, task, shard, out, name):
    """Ask one shard's items and write what came back, and then what it took."""
    began, used = time.monotonic(), time.process_time()
    with open(task["requests"], encoding="utf-8") as file:
        requests = [json.loads(line) for line in file][shard["first"] : shard["last"]]
    rows = engine.rows(task, requests, name)
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
        "device": engine.device,
        "versions": {**engine.versions, "python": sys.version.split()[0]},
    }
    write_whole(out / f"{name}.meta.json", json.dumps(meta, sort_keys=True).encode())


def finite(value):
    """Return a number, or None for one that is not finite, which JSON cannot say."""
    value = float(value)
    return value if abs(value) < float("inf") else None


def why(error):
    """Write an error of a library on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:400]}"


def write_whole(path, content):
    """Write a file whole or not at all: under another name, to the disk, then renamed."""
    unfinished = path.with_name(f".{path.name}.tmp")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def sha256_of(path):
    """Return the SHA-256 of a file in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
