"""What is asked of an executor, and what it answers."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from challenge.calls.states import EntryKind
from challenge.runs.executors_folder import LARGEST_ITEMS, LARGEST_META, BadOutput, take_out
from challenge.runs.executors_process import Listener
from challenge.runs.states import Outcome

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EndpointJob:
    """An endpoint that is to be asked."""

    url: str
    model: str
    route: str
    key: str = field(repr=False)
    keep: str
    """Names the folder of its answers: those of one run, for another team may name the same address."""


@dataclass(frozen=True)
class Job:
    """What is to be evaluated: two files of the store, by path and digest, and what to call them."""

    reference: str
    suite: Path
    suite_sha256: str
    suite_digest: str
    file: Path
    """The predictions, or the package with the model."""
    file_sha256: str
    entry: EntryKind = EntryKind.PREDICTIONS
    only_public: bool = False
    """Whether the private part is left out, as in a trial."""
    endpoint: EndpointJob | None = None
    """What is asked where the entry is an endpoint; there is no file then."""


@dataclass(frozen=True)
class Finished:
    """How an evaluation went; without an outcome it said nothing about the submission and is to be tried again."""

    outcome: Outcome | None
    explanation: str = ""
    problems: tuple[str, ...] = ()
    meta: bytes = b""
    items: bytes = b""
    intervals: str = "[]"
    """Of the scores, once the result is checked."""
    papers: Mapping[str, bytes] = field(default_factory=dict)
    """What else the engine left of a model, by the name of its file; a paper that is too large is not there."""


Evaluate = Callable[[Job, Listener], Finished]
"""What any executor offers: here, on another host, or through a scheduler."""


def scored(out: Path, papers: Mapping[str, int]) -> Finished:
    """Take a report out of the engine's folder, and of the papers beside it those not above their limits in bytes.

    Raises BadOutput where there is no report.
    """
    meta = take_out(out, "meta.json", limit=LARGEST_META)
    items = take_out(out, "items.parquet", limit=LARGEST_ITEMS)
    return Finished(Outcome.SCORED, meta=meta, items=items, papers=papers_in(out, papers))


def papers_in(out: Path, papers: Mapping[str, int]) -> dict[str, bytes]:
    """Take papers out of the engine's folder, each up to its limit in bytes; what cannot be read is left."""
    kept = {}
    for name, limit in papers.items():
        try:
            kept[name] = take_out(out, name, limit=limit)
        except BadOutput as error:
            log.warning("not kept: %s", error)
    return kept
