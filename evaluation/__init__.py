"""INSTRUMENT 1: a submission in, scores and findings out; it needs no web and no database."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluation.archives import ArchiveError, ArchiveLimits
    from evaluation.dry_runs import demand_order, dry_run
    from evaluation.intervals import Interval, interval, intervals_of
    from evaluation.metrics import METRICS, Direction, Metric, Scale
    from evaluation.predictions import (
        PredictionLimits,
        Predictions,
        PredictionsUnreadable,
        Problem,
        read_predictions,
    )
    from evaluation.reports import Note, Report, ReportError, TaskReport, read_report, write_report
    from evaluation.scoring import score
    from evaluation.suites import (
        Split,
        Suite,
        SuiteError,
        Truth,
        load_suite,
        pack_suite,
        public_items,
        suite_digest,
        write_starter,
    )
    from evaluation.tasks import Kind, Part, Task
    from evaluation.version import ENGINE_VERSION

__all__ = [
    "ENGINE_VERSION",
    "METRICS",
    "ArchiveError",
    "ArchiveLimits",
    "Direction",
    "Interval",
    "Kind",
    "Metric",
    "Note",
    "Part",
    "PredictionLimits",
    "Predictions",
    "PredictionsUnreadable",
    "Problem",
    "Report",
    "ReportError",
    "Scale",
    "Split",
    "Suite",
    "SuiteError",
    "Task",
    "TaskReport",
    "Truth",
    "demand_order",
    "dry_run",
    "interval",
    "intervals_of",
    "load_suite",
    "pack_suite",
    "public_items",
    "read_predictions",
    "read_report",
    "score",
    "suite_digest",
    "write_report",
    "write_starter",
]

# Scoring loads pandas and Arrow; whoever only judges a licence starts ten times faster without them.
_PLACES = {
    "archives": "ArchiveError ArchiveLimits",
    "dry_runs": "demand_order dry_run",
    "intervals": "Interval interval intervals_of",
    "metrics": "METRICS Direction Metric Scale",
    "predictions": "PredictionLimits Predictions PredictionsUnreadable Problem read_predictions",
    "reports": "Note Report ReportError TaskReport read_report write_report",
    "scoring": "score",
    "suites": "Split Suite SuiteError Truth load_suite pack_suite public_items suite_digest write_starter",
    "tasks": "Kind Part Task",
    "version": "ENGINE_VERSION",
}


def __getattr__(name: str) -> object:
    """Import a name from where it is defined, when it is first asked for."""
    for place, names in _PLACES.items():
        if name in names.split():
            found: object = getattr(import_module(f"evaluation.{place}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module 'evaluation' has no attribute {name!r}")
