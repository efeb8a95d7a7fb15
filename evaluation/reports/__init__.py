"""Reports: item rows and the scores that follow from them, with their two files."""

from evaluation.reports.files import META, items_bytes, read_report, write_report, write_whole
from evaluation.reports.report import ITEM_SCHEMA, Note, Report, ReportError, TaskReport

__all__ = [
    "ITEM_SCHEMA",
    "META",
    "Note",
    "Report",
    "ReportError",
    "TaskReport",
    "items_bytes",
    "read_report",
    "write_report",
    "write_whole",
]
