"""INSTRUMENT 1: a submission in, scores and findings out; it needs no web and no database."""

from evaluation.archives import ArchiveError, ArchiveLimits
from evaluation.dry_run import demand_order, dry_run
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
