"""The command `licences` prints the verdict on a release, with every reason, its place and its remedy."""

import json
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from evaluation.archives import ArchiveError
from evaluation.commands.exits import Exit
from evaluation.licences import (
    Comparison,
    Outcome,
    Policy,
    Reason,
    Verdict,
    WeightsFile,
    compare,
    cyclonedx,
    default_policy,
    own_json,
    read_file,
    read_policy,
    read_publications,
    read_registry,
    spdx2,
    spdx3,
    verdict,
)
from evaluation.licences.texts.detection import MAX_TEXT, Match

_BATCHES = {"files", "repos"}
_WRITERS = {"json": own_json, "spdx": spdx2, "spdx3": spdx3, "cyclonedx": cyclonedx}
_WORDS = {
    Outcome.COMPLIANT: "compliant",
    Outcome.BY_PUBLICATION: "compliant-by-publication",
    Outcome.NEEDS_REVIEW: "needs-review",
    Outcome.NON_COMPLIANT: "non-compliant",
}


def run_licences(options: Namespace) -> Exit:
    """Judge a package, or with `files DIR` and `repos DIR` many, or with `compare` hold two against each other.

    Raises PolicyError, RegistryError, ArchiveError.
    """
    paths: list[Path] = options.path
    if len(paths) == 3 and str(paths[0]) == "compare":
        return _compared(options, paths[1], paths[2])
    if len(paths) == 2 and str(paths[0]) in _BATCHES:
        for line in _files(paths[1]) if str(paths[0]) == "files" else _repos(paths[1], options):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        return Exit.DONE
    if str(paths[0]) in _BATCHES and (len(paths) != 1 or not paths[0].exists()):
        raise ArchiveError(f"{paths[0]}: name one folder behind it: python -m evaluation licences {paths[0]} DIR")
    if len(paths) != 1:
        raise ArchiveError(
            f"{' '.join(map(str, paths))}: give one package, or `files DIR`, `repos DIR` or `compare A B`"
        )
    found = _judged(options, paths[0], _policy(options))
    writer = next((writer for name, writer in _WRITERS.items() if getattr(options, name)), None)
    sys.stdout.write(writer(found) if writer else told(found))
    accepted = found.outcome in {Outcome.COMPLIANT, Outcome.BY_PUBLICATION}
    return Exit.DONE if accepted else Exit.NOT_ACCEPTED


def _compared(options: Namespace, evaluated: Path, released: Path) -> Exit:
    """Hold a release against what was evaluated; no difference is the outcome that is accepted."""
    found = compare(evaluated, released, declared=options.declared)
    if options.json:
        sys.stdout.write(json.dumps(found.to_data(), ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    else:
        sys.stdout.write(told_comparison(found))
    return Exit.NOT_ACCEPTED if found.reasons else Exit.DONE


def told_comparison(found: Comparison) -> str:
    """Write a comparison as lines of text: the weights on both sides, what became of licence texts, the findings."""
    lines = [f"evaluated  {_weights(found.evaluated)}", f"released   {_weights(found.released)}"]
    lines += [f"{change.fate:<9}  {change.file}" for change in found.texts]
    return "\n".join(lines + _told_reasons(found.reasons)) + "\n" + ("" if found.reasons else "no difference\n")


def _weights(files: Sequence[WeightsFile]) -> str:
    if not files:
        return "no weights"
    return (
        f"weights in {len(files):,} {'file' if len(files) == 1 else 'files'}, {sum(one.size for one in files):,} bytes"
    )


def _policy(options: Namespace) -> Policy:
    return read_policy(options.policy) if options.policy else default_policy()


def _judged(options: Namespace, path: Path, policy: Policy) -> Verdict:
    return verdict(
        path,
        declared=options.declared,
        policy=policy,
        route=options.route,
        doi=options.doi if options.doi and not Path(options.doi).is_file() else None,
        registry=read_registry(options.registry) if options.registry else None,
        publications=read_publications(options.doi).get if options.doi and Path(options.doi).is_file() else None,
    )


def _files(folder: Path) -> Iterator[dict[str, object]]:
    """Read every file below a folder; `ms` is the processor's time."""
    for path in _below(folder):
        name = path.relative_to(folder).as_posix()
        with path.open("rb") as file:
            content = file.read(MAX_TEXT + 1)
        begun = time.process_time()
        found = read_file(content, file=name)
        yield {
            "file": name,
            "ids": list(found.ids),
            "class": found.match.value,
            "modified": found.is_modified or found.match is Match.UNKNOWN,
            "ms": round((time.process_time() - begun) * 1000, 2),
        }


def _repos(folder: Path, options: Namespace) -> Iterator[dict[str, object]]:
    """Judge every folder within a folder, one release each."""
    policy = _policy(options)
    for path in sorted(one for one in _listed(folder) if one.is_dir()):
        found = _judged(options, path, policy)
        yield {
            "repo": path.name,
            "declared": found.evidence.declared_as if found.evidence else found.declared,
            "detected": list(found.detected),
            "concluded": found.concluded,
            "verdict": _WORDS[found.outcome],
            "reasons": sorted({reason.code for reason in found.reasons}),
            "aia_exempt": found.ai_act_exempt,
        }


def _below(folder: Path) -> list[Path]:
    _listed(folder)
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _listed(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ArchiveError(f"{folder}: no such folder")
    return list(folder.iterdir())


def told(found: Verdict) -> str:
    """Write a verdict as lines of text: the outcome, what it rests on, and the reasons."""
    exempt = {True: "yes", False: "no", None: "unclear"}[found.ai_act_exempt]
    lines = [
        f"verdict    {found.outcome}",
        f"declared   {found.declared or '-'}",
        f"detected   {', '.join(found.detected) or '-'}",
        f"concluded  {found.concluded or '-'}",
        f"open source under Art. 53(2) AI Act: {exempt}",
    ]
    if found.evidence is not None:
        if found.evidence.aia_53_2.paragraph:
            lines[-1] += f" ({found.evidence.aia_53_2.paragraph})"
        lines.append(f"class of the Model Openness Framework: {found.evidence.openness}")
    return "\n".join(lines + _told_reasons(found.reasons)) + "\n"


def _told_reasons(reasons: Sequence[Reason]) -> list[str]:
    lines = []
    for reason in reasons:
        place = f"{reason.file}:{reason.line}: " if reason.line else f"{reason.file}: " if reason.file else ""
        lines += [f"{reason.code}  {place}{reason.sentence}", f"    {reason.remedy}"]
    return lines
