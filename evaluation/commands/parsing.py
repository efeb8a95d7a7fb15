"""The command line says what each command takes; its help is the first thing a team reads."""

import argparse
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from evaluation.licences import Route
from evaluation.numbers import NumberError, parse_number
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

    exchanged = commands.add_parser("every-eval-ever", help="write a report's scores in the schema Every Eval Ever")
    exchanged.add_argument("suite", type=Path, help="the suite that the report is of: a folder or a zip of it")
    exchanged.add_argument("report", type=Path, help="the folder that --out of `score` or `run` wrote")
    exchanged.add_argument("--model", required=True, help="what was evaluated, as ORGANISATION/NAME")
    exchanged.add_argument("--evaluator", required=True, help="the organisation that evaluated it")
    exchanged.add_argument(
        "--retrieved-at", type=_instant, help="when, as in 2026-05-04T12:00:00Z; else when the report was written"
    )
    exchanged.add_argument("--out", type=Path, required=True, help="the folder below which data/… is written")

    starter = commands.add_parser("starter", help="write the part of a suite that teams may hold")
    starter.add_argument("suite", type=Path, help="a full suite: a folder or a zip of it")
    starter.add_argument("out", type=Path, help="a new folder")

    suite = commands.add_parser("suite", help="look at a suite")
    suite.add_argument("action", choices=["check", "digest", "show"])
    suite.add_argument("path", type=Path, help="a suite: a folder or a zip of it")

    european = commands.add_parser("european", help="make the European suite, in up to 24 languages")
    actions = european.add_subparsers(dest="action", required=True)
    make = actions.add_parser("make", help="write the suite, divided by a seed of yours")
    make.add_argument("out", type=Path, help="a new folder")
    make.add_argument(
        "--seed", type=_whole, required=True, help="divides public from hidden items; keep it to yourself"
    )
    make.add_argument(
        "--public-share", type=_share, default=Decimal("0.3"), help="how much is public for practice, 0.3 by default"
    )
    make.add_argument("--languages", type=_codes, default=(), help="some of them, such as de,fr,mt; else all 24")
    actions.add_parser("balance", help="print what the options of each language give away")

    public = commands.add_parser("public-sets", help="make suites of public sets that you have fetched")
    actions = public.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="print the sets that are defined, with their licences")
    for name, told in (("check", "say which files are missing or other"), ("make", "check, and write a suite")):
        action = actions.add_parser(name, help=told)
        action.add_argument("name", help="a set, as `list` names it")
        action.add_argument("folder", type=Path, help="the folder with its files, such as FOLDER/gsm8k/test.jsonl")
    action.add_argument("out", type=Path, help="a new folder")
    action.add_argument("--seed", type=_whole, default=1, help="divides public from private items")
    action.add_argument("--public-share", type=_share, default=Decimal(0), help="how much is public; none by default")

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

    licences = commands.add_parser(
        "licences", help="judge the licence of a release package, or hold a release against it"
    )
    licences.add_argument(
        "path",
        type=Path,
        nargs="+",
        help="a package: a folder, a zip or a tar; or `files DIR`, `repos DIR`, `compare EVALUATED RELEASED`",
    )
    licences.add_argument("--policy", type=Path, help="the challenge's policy as JSON; else the one built in")
    licences.add_argument("--registry", type=Path, help="licences of base models, data and packages as JSON")
    licences.add_argument("--declared", help="the licence that the team named elsewhere")
    licences.add_argument(
        "--route", type=Route, choices=list(Route), help="how the winner releases; else metadata.json"
    )
    licences.add_argument("--doi", help="the DOI of the publication, or a JSON file of what DOIs answer")
    output = licences.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="print the verdict with its evidence as JSON")
    output.add_argument("--spdx", action="store_true", help="print a bill of materials: SPDX 2.3 as JSON")
    output.add_argument("--spdx3", action="store_true", help="print a bill of materials: SPDX 3.0.1 as JSON-LD")
    output.add_argument("--cyclonedx", action="store_true", help="print a bill of materials: CycloneDX 1.6 as JSON")

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


def _instant(text: str) -> datetime:
    """Read an instant since 1970 with its zone; raises as `_above_zero`."""
    try:
        instant = datetime.fromisoformat(text)
        after_epoch = instant.tzinfo is not None and instant.timestamp() >= 0
    except (ValueError, OverflowError):
        after_epoch = False
    if not after_epoch:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant since 1970 with its zone; write 2026-05-04T12:00:00Z")
    return instant


def _share(text: str) -> Decimal:
    """Read a share from 0 to 1; raises as `_above_zero`."""
    try:
        share = parse_number(text)
    except NumberError as error:
        raise argparse.ArgumentTypeError(f"{text!r} {error}") from error
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 1")
    return share


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.split(","))


def _whole(text: str) -> int:
    """Read a whole number above zero; raises as `_above_zero`."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above zero")
    return int(text)
