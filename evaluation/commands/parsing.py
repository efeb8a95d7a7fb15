"""The command line says what each command takes; its help is the first thing a team reads."""

import argparse
from pathlib import Path

from evaluation.licences import Route
from evaluation.tasks import Part
from evaluation.version import ENGINE_VERSION


def parser() -> argparse.ArgumentParser:
    """Build the parser of `python -m evaluation`."""
    top = argparse.ArgumentParser(prog="python -m evaluation", description="Score a submission at home or on a server.")
    top.add_argument("--version", action="version", version=ENGINE_VERSION)
    commands = top.add_subparsers(dest="command", required=True)

    score = commands.add_parser("score", help="score a prediction file on a suite")
    score.add_argument("suite", type=Path, help="a suite: a folder or a zip of it")
    score.add_argument("predictions", type=Path, help="task,item,prediction as CSV, JSON Lines or Parquet")
    score.add_argument("--out", type=Path, help="write meta.json and items.parquet into this folder")
    score.add_argument("--only", type=Part, choices=list(Part), help="score this part alone")
    score.add_argument("--progress", action="store_true", help="print JSON lines on standard error meanwhile")
    score.add_argument("--quiet", action="store_true", help="print no table")

    run = commands.add_parser("run", help="run a model on a suite, in a sandbox, and score it")
    run.add_argument("suite", type=Path, help="a suite whose tasks say how a model is asked: a folder or a zip of it")
    run.add_argument(
        "model", type=Path, nargs="?", help="a model in Hugging Face format or ONNX: a folder or a zip of it"
    )
    run.add_argument("--endpoint", type=Path, help="instead of a model, the JSON file of an endpoint to be asked")
    run.add_argument("--private", action="store_true", help="the endpoint may be in one's own house, and by http")
    run.add_argument("--out", type=Path, required=True, help="write the report, the answers and the usage here")
    run.add_argument("--only", type=Part, choices=list(Part), help="ask the items of this part alone")
    run.add_argument("--shards", type=Path, help="keep what is finished here; else OUT/shards or OUT/answers")
    run.add_argument(
        "--seconds", type=_above_zero, default=3_600, help="how long the engine may take, 3,600 by default"
    )
    run.add_argument("--megabytes", type=_whole, default=8_192, help="how much memory it may take, 8,192 by default")
    run.add_argument("--dtype", choices=["float32", "bfloat16", "float16"], default="float32", help="number format")
    run.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    run.add_argument("--batch-size", type=_whole, default=16)
    run.add_argument("--progress", action="store_true", help="print JSON lines on standard error meanwhile")
    run.add_argument("--quiet", action="store_true", help="print no table")

    starter = commands.add_parser("starter", help="write the part of a suite that teams may hold")
    starter.add_argument("suite", type=Path, help="a full suite: a folder or a zip of it")
    starter.add_argument("out", type=Path, help="a new folder")

    suite = commands.add_parser("suite", help="look at a suite")
    suite.add_argument("action", choices=["check", "digest", "show"])
    suite.add_argument("path", type=Path, help="a suite: a folder or a zip of it")

    model = commands.add_parser("model", help="look at a model without loading it")
    model.add_argument("path", type=Path, help="a Hugging Face folder or an ONNX model: a folder or a zip of it")
    model.add_argument("--json", action="store_true", help="print JSON")

    fetch = commands.add_parser("fetch", help="fetch a model from a hub by its commit, and look at it")
    fetch.add_argument("reference", help="owner/name@commit, the commit as forty hexadecimal digits")
    fetch.add_argument("--out", type=Path, required=True, help="a new folder")
    fetch.add_argument("--gigabytes", type=_above_zero, default=100, help="how much may be fetched, 100 by default")
    fetch.add_argument("--progress", action="store_true", help="print JSON lines on standard error meanwhile")
    fetch.add_argument(
        "--private", action="store_true", help="the hub that HF_ENDPOINT names may be within one's own house, by http"
    )

    licences = commands.add_parser("licences", help="judge the licence of a release package")
    licences.add_argument("path", type=Path, help="a package: a folder or a zip of it")
    licences.add_argument("--policy", type=Path, help="the challenge's policy as JSON; else the one built in")
    licences.add_argument("--declared", help="the licence that the team named elsewhere")
    licences.add_argument(
        "--route", type=Route, choices=list(Route), help="how the winner releases; else metadata.json"
    )
    licences.add_argument("--doi", help="the DOI of the publication")
    licences.add_argument("--json", action="store_true", help="print JSON")

    commands.add_parser("sandbox", help="say what this machine has to hold untrusted code with")
    return top


def _above_zero(text: str) -> float:
    """Read a finite number above zero; raises ArgumentTypeError, which is printed as it stands."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number above zero")
    return number


def _whole(text: str) -> int:
    """Read a whole number above zero; raises as `_above_zero`."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above zero")
    return int(text)
