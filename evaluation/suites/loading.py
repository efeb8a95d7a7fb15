"""A suite is loaded from a folder or from a zip of it, with the same digest either way."""

import hashlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from evaluation.archives import ArchiveError, ArchiveLimits
from evaluation.suites.asking import check_one_model
from evaluation.suites.fields import MANIFEST
from evaluation.suites.inputs import inputs_file, read_inputs
from evaluation.suites.manifest import Manifest, read_manifest
from evaluation.suites.suite import Suite, SuiteError
from evaluation.suites.truth_rows import items_file, read_truth
from evaluation.trees import Tree, open_tree

REFERENCES = {"worse": "references/worse.csv", "better": "references/better.csv"}
SUITE_LIMITS = ArchiveLimits(entries=500, total=268_435_456, ratio=100)


def load_suite(path: str | Path, *, limits: ArchiveLimits = SUITE_LIMITS) -> Suite:
    """Load and check a suite from a folder or zip; raises SuiteError naming file and line or key."""
    files = suite_files(path, limits=limits)
    manifest = read_manifest(files[MANIFEST])
    check_one_model(manifest.tasks)
    starter = bool(manifest.starter_of)
    truths = {}
    for task in manifest.tasks:
        name = items_file(task.name)
        if name not in files:
            raise SuiteError(f"{name}: missing; every task of {MANIFEST} needs its items")
        truths[task.name] = read_truth(files[name], task=task, split=manifest.split, starter=starter)
    inputs = {}
    for task in manifest.tasks:
        name = inputs_file(task.name)
        if task.ask is not None and name not in files:
            raise SuiteError(f"{name}: missing; a task with `ask` needs what its items ask")
        if name in files:
            inputs[task.name] = read_inputs(files[name], task=task, truth=truths[task.name], partial=starter)
    _check_names(files, manifest)
    return Suite(
        name=manifest.name,
        version=manifest.version,
        title=manifest.title,
        tasks=manifest.tasks,
        split=manifest.split,
        truths=truths,
        digest=digest_of(files.items()),
        starter_of=manifest.starter_of,
        inputs=inputs,
        references={entry: files[name] for entry, name in REFERENCES.items() if name in files},
    )


def _check_names(files: Iterable[str], manifest: Manifest) -> None:
    """Refuse a file whose name is nearly right: it would change the digest and nothing else."""
    tasks = [task.name for task in manifest.tasks]
    expected = {*map(items_file, tasks), *map(inputs_file, tasks), *REFERENCES.values()}
    for name in files:
        if name.split("/")[0] in {"items", "inputs", "references"} and name not in expected:
            raise SuiteError(f"{name}: belongs to no task of {MANIFEST}; remove it or declare the task")


def suite_digest(path: str | Path, *, limits: ArchiveLimits = SUITE_LIMITS) -> str:
    """Compute the suite's content version: SHA-256 over the sorted lines `sha256  name` of its files."""
    return digest_of(suite_files(path, limits=limits).items())


def digest_of(files: Iterable[tuple[str, bytes]]) -> str:
    """Compute the SHA-256 over the sorted manifest lines of files given as name and content."""
    lines = sorted((name, hashlib.sha256(content).hexdigest()) for name, content in files)
    return hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in lines).encode()).hexdigest()


def suite_files(path: str | Path, *, limits: ArchiveLimits = SUITE_LIMITS) -> dict[str, bytes]:
    """Read all files of a suite by name; raises SuiteError when a limit or a rule is broken.

    Hidden files (a name that begins with a dot) and the folder __MACOSX are no part of a suite.
    """
    try:
        with open_tree(Path(path), limits=limits) as tree:
            top = _top(tree)
            return {
                entry.name.removeprefix(top): tree.read(entry.name, limit=entry.size)
                for entry in tree.entries
                if entry.name.startswith(top) and not _hidden(entry.name)
            }
    except ArchiveError as error:
        raise SuiteError(str(error)) from error


def _top(tree: Tree) -> str:
    """Find where the manifest lies: at the top, or in the one folder that a zip of a folder begins with."""
    names = [entry.name for entry in tree.entries if not _hidden(entry.name)]
    if MANIFEST in names:
        return ""
    tops = {name.split("/")[0] for name in names}
    if len(tops) == 1 and f"{next(iter(tops))}/{MANIFEST}" in names:
        return f"{tops.pop()}/"
    raise SuiteError(f"{MANIFEST}: missing; a suite is a folder, or a zip of it, with {MANIFEST} at its top")


def _hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(name).parts)
