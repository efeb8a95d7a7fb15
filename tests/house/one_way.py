"""Reads the source for what may be done in one way only: ranking by one function, and reading data without running it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.arrows import Source, imports, sources

RANKING = "leaderboards.ranks"
RANKS_ENTRIES = {"leaderboards.ranking"}
"""Modules that may ask for ranks; whoever else needs one takes it from a ranking."""
OTHER_RANKINGS = {"rankdata", "dense_rank", "row_number", "percent_rank", "cume_dist", "ntile"}
RUNS_WHAT_IT_READS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "torch"}
WITHIN_A_SANDBOX = {"torch"}
"""What an engine's program needs; it runs in an environment of its own, behind walls, on files that were looked at."""
TESTS_PROGRAMS = ("evaluation.engines.programs.testing_program", "exec")
"""The one program that carries out what a model wrote, in a sandbox made for it alone, and how it does."""
CALLS_THAT_RUN = {"eval", "exec", "read_pickle", "unsafe_load", "full_load", "load_module"}
COUNTED_LINE = re.compile(r">\s*=?\s*\{\{\s*loop\.index")


def second_rankings(root: Path) -> list[str]:
    """List whatever gives ranks besides the one function, as `file:line: what it is`."""
    breaches = []
    for source in sources(root):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call):
                breaches += [_where(source, root, node, what) for what in _ranks(source, node)]
    for template in sorted((root / "challenge").rglob("*.html")):
        for number, line in enumerate(template.read_text(encoding="utf-8").splitlines(), start=1):
            if COUNTED_LINE.search(line):
                breaches.append(f"{template.relative_to(root)}:{number}: a counted line looks like a rank")
    return breaches


def _ranks(source: Source, call: ast.Call) -> Iterator[str]:
    name = _name(call)
    if name in OTHER_RANKINGS:
        yield f"{name} ranks in a way of its own"
    if name == "shared_ranks" and source.module not in RANKS_ENTRIES:
        yield "ranks are taken from a ranking, not computed again"
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if name == "rank" and owner is not None and not (isinstance(owner, ast.Name) and owner.id == "leaderboards"):
        yield "a table or a database ranks in a way of its own"


def careless_readers(root: Path) -> list[str]:
    """List whatever could carry out what it reads, as `file:line: what it is`."""
    breaches = []
    for source in sources(root):
        where = source.path.relative_to(root)
        allowed = WITHIN_A_SANDBOX if source.module.startswith("evaluation.engines.programs.") else set[str]()
        for target, line in imports(source):
            if target.split(".")[0] in RUNS_WHAT_IT_READS - allowed:
                breaches.append(f"{where}:{line}: {target} carries out what it reads")
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call):
                continue
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            name = _name(node)
            loader = given.get("Loader") or (node.args[1] if name == "load" and len(node.args) > 1 else None)
            if name in CALLS_THAT_RUN and (source.module, name) != TESTS_PROGRAMS:
                breaches.append(_where(source, root, node, f"{name} carries out what it is given"))
            if "allow_pickle" in given:
                breaches.append(_where(source, root, node, "an array may hold a pickle"))
            if loader is not None and ast.unparse(loader) in {"yaml.Loader", "yaml.FullLoader", "yaml.UnsafeLoader"}:
                breaches.append(_where(source, root, node, "this YAML may name any object"))
    return breaches


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _where(source: Source, root: Path, node: ast.Call, what: str) -> str:
    return f"{source.path.relative_to(root)}:{node.lineno}: {what}"
