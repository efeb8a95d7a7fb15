"""Looks at a release by the instruments, no transaction being open: on a hub, by the hash of a file, by a DOI.

What comes back is plain data for the record. A network that does not answer says nothing about a release.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from challenge.submissions.operations_hub import Brought, Progress, hub_at, tried
from challenge.submissions.queries_fetches import OURS
from challenge.submissions.states import FetchOutcome
from evaluation import ENGINE_VERSION, ArchiveError
from evaluation.hub import HubReference, LeftOut, Listed, fetch, fetch_texts, is_weights
from evaluation.licences import (
    PACKAGE_LIMITS,
    Policy,
    Reason,
    WeightsFile,
    compare,
    default_policy,
    held_against,
    verdict,
    weights_of,
)
from evaluation.publications.looking import Registry, look_up
from evaluation.publications.publication import Found

_MOST_TEXTS = 20
"""Texts shown word by word that are kept of one look."""
_NOT_THERE = frozenset({FetchOutcome.NOT_THERE, FetchOutcome.NO_WEIGHTS})
_TOO_LARGE = "The platform fetches no more than this; a person looks at it where it is released."
_MEND = "Mend what is named, commit it, and hand in the new commit once the organiser has reopened the duty."
_REMEDY = "Release it for everybody, without a gate, and hand in the commit anew."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sight:
    """What is to be looked at, and what it is held against."""

    hub: dict[str, str] | None
    sha256: str
    doi: str
    is_whole: bool
    package: Path | None
    """The evaluated package; None where none was handed in, or the store lacks it."""
    package_sha256: str
    declared: str
    """The licence that the team named when it submitted."""
    largest: int
    """Bytes that may be fetched; never more are than a package that is looked at may hold."""
    seen: tuple[str, ...] = ()
    """SHA-256 of the weights that were fetched before; held against the hub's list where not all is fetched."""


@dataclass
class Looked:
    """What a look came to; `is_unknown` where something could not be found out, `is_passing` where it soon may be."""

    explanations: list[str] = field(default_factory=list)
    findings: list[Reason] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    texts: list[dict[str, object]] = field(default_factory=list)
    verdict: str | None = None
    concluded: str = ""
    weights: list[dict[str, object]] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)
    publication: dict[str, object] | None = None
    is_unknown: bool = False
    is_passing: bool = False
    engine: str = ""


def look_at(sight: Sight, *, folder: Path, progress: Progress, registry: Registry | None = None) -> Looked:
    """Look at a release wherever its proof says that it lies; what `progress` raises to stop it comes through.

    `registry` is where a DOI is looked up; None where nobody is asked, which a person then does. The registry is asked
    first: while it is silent, no model is fetched only to be fetched again. Nothing is left in `folder`.
    """
    policy = default_policy()
    looked = Looked(engine=f"evaluation {ENGINE_VERSION}, policy {policy.name} {policy.version}"[:80])
    if sight.doi and registry is None:
        looked.explanations.append("The platform asks no registry of DOIs: a person looks at what the DOI stands for.")
    elif sight.doi and registry is not None:
        _at_registry(sight.doi, looked, registry)
        if looked.is_passing:
            return looked
    if sight.package_sha256 and sight.package is None and (sight.hub or sight.sha256):
        # what there is nothing to hold against must not look as if it differed
        looked.explanations.append("The platform's store lacks the evaluated package; the organiser restores it.")
        looked.is_unknown = True
    else:
        if sight.hub is not None:
            _at_hub(sight, sight.hub, looked, policy, folder, progress)
        if sight.sha256:
            _by_hash(sight, looked)
    return looked


def _at_hub(
    sight: Sight, hub: dict[str, str], looked: Looked, policy: Policy, folder: Path, progress: Progress
) -> None:
    reference = HubReference(hub["model"], hub["commit"])
    largest = min(sight.largest, PACKAGE_LIMITS.total)

    def whole(out: Path) -> Brought:
        found = fetch(reference, out, hub=hub_at(hub["hub"]), largest=largest, progress=progress)
        size = sum(file.size for file in found.facts.files)
        progress(size, size, "the licence")
        _unless_broken(looked, lambda: _examine(sight, out, looked, policy, found.left_out))
        return Brought(FetchOutcome.FETCHED, f"{len(found.facts.files):,} files were fetched, with {size:,} bytes.")

    def texts(out: Path) -> Brought:
        listed = fetch_texts(reference, out, hub=hub_at(hub["hub"]))
        progress(0, 0, "the licence")
        _unless_broken(looked, lambda: _glance(sight, out, looked, listed))
        return Brought(FetchOutcome.FETCHED, "The commit is there; its card and licences were fetched again.")

    deed: Callable[[Path], Brought] = whole if sight.is_whole else texts
    brought = tried(deed, folder=folder, what=f"{reference.repo}@{reference.commit}")
    looked.explanations.append(brought.explanation)
    if brought.outcome in OURS:
        looked.is_unknown, looked.is_passing = True, looked.is_passing or brought.is_passing
    elif brought.outcome is not FetchOutcome.FETCHED:
        is_missing = brought.outcome in _NOT_THERE
        code = "NOT_YET_RELEASED" if is_missing else brought.outcome.value.upper()
        remedy = _REMEDY if is_missing else _TOO_LARGE if brought.outcome is FetchOutcome.TOO_LARGE else _MEND
        looked.findings.append(Reason(code, brought.explanation, "", 0, remedy))


def _unless_broken(looked: Looked, deed: Callable[[], None]) -> None:
    """Let a release that breaks the check stop nothing behind it; a machine at fault is told by its OSError."""
    try:
        deed()
    except OSError:
        raise
    except Exception:
        log.exception("the check of a release broke down")
        looked.explanations.append("The check itself broke down on this release; this is not the team's fault.")
        looked.is_unknown = True


def _examine(sight: Sight, out: Path, looked: Looked, policy: Policy, left_out: tuple[LeftOut, ...]) -> None:
    """Judge what was fetched whole, and hold it against what was evaluated."""
    looked.left_out = [{"name": file.name, "sentence": file.sentence} for file in left_out]
    found = verdict(out, policy=policy, route="weights")
    looked.verdict, looked.reasons = found.outcome.value, list(found.reasons)
    looked.concluded = found.concluded or ""
    released = _compared(sight, out, looked, {file.name for file in left_out}, weights=True)
    looked.weights = [asdict(file) for file in released]


def _glance(sight: Sight, out: Path, looked: Looked, listed: Listed) -> None:
    """Hold card and licences against what was evaluated, and the list of files against the weights seen before."""
    here = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    unseen = {file.name for file in listed.files if file.name not in here} | {file.name for file in listed.left_out}
    _compared(sight, out, looked, unseen, weights=False)
    hashes = [file.sha256 for file in listed.files if is_weights(file)]
    if None not in hashes and not set(sight.seen) <= set(hashes):
        sentence = "The hub no longer lists all of the weights that were fetched before."
        looked.findings.append(Reason("WEIGHTS_DIFFER", sentence, "", 0, _REMEDY))


def _compared(sight: Sight, out: Path, looked: Looked, unseen: set[str], *, weights: bool) -> tuple[WeightsFile, ...]:
    """Hold the release against the evaluated package; return its weights, none without `weights`."""
    try:
        found = compare(sight.package, out, declared=sight.declared or None, unseen=unseen, weights=weights)
    except ArchiveError as error:
        # what was fetched is sound by now, so it is the evaluated package that cannot be read
        _unread(sight, looked, error)
        return weights_of(out) if weights else ()
    looked.findings += found.reasons
    looked.texts = [asdict(change) for change in found.texts[:_MOST_TEXTS]]
    return found.released


def _by_hash(sight: Sight, looked: Looked) -> None:
    """Hold the hash that stands beside an address against the evaluated package and its weights; nothing is fetched."""
    if sight.package is None:
        sentence = "No package was handed in for the evaluation, so nothing shows what the SHA-256 is of."
        looked.findings.append(Reason("WEIGHTS_UNKNOWN", sentence, "", 0, "The organiser decides."))
        return
    try:
        weights = weights_of(sight.package) if sight.sha256 != sight.package_sha256 else ()
    except ArchiveError as error:
        _unread(sight, looked, error)
        return
    reason = held_against(sight.sha256, weights, package=sight.package_sha256)
    if reason is not None:
        looked.findings.append(reason)
    elif sight.sha256 == sight.package_sha256:
        looked.explanations.append("The SHA-256 beside the address is that of the evaluated package.")
    else:
        name = next(file.name for file in weights if file.sha256 == sight.sha256)
        of = f", one of {len(weights)} files of weights" if len(weights) > 1 else ""
        looked.explanations.append(f"The SHA-256 beside the address is that of {name} in the evaluated package{of}.")


def _at_registry(doi: str, looked: Looked, registry: Registry) -> None:
    """Look a DOI up; whatever goes wrong on the way is unknown, and only a silent registry is soon asked again."""
    try:
        found = look_up(doi, registry)
    except Exception:
        log.exception("a DOI could not be looked up")
        looked.explanations.append("The DOI could not be looked up: the look itself broke down at it.")
        looked.is_unknown = True
        return
    looked.publication = {"sentence": found.sentence}
    if found.publication is not None:
        looked.publication |= asdict(replace(found.publication, authors=found.publication.authors[:20]))
    if found.found is Found.UNKNOWN:
        looked.is_unknown = looked.is_passing = True
    elif found.found is Found.MISSING:
        sentence = f"The DOI {doi} is not registered."
        looked.findings.append(Reason("NOT_YET_RELEASED", sentence, "", 0, "Give the DOI of the publication."))


def _unread(sight: Sight, looked: Looked, error: ArchiveError) -> None:
    """Say that the evaluated package cannot be read, not where the platform keeps it; nothing is found by that."""
    words = str(error).removeprefix(f"{sight.package}: ")
    looked.explanations.append(f"The evaluated package cannot be read: {words}.")
    looked.is_unknown = True
