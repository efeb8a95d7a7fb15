"""Suites: versioned sets of tasks with their hidden truth, read from folders or zips."""

from evaluation.suites.loading import SUITE_LIMITS, load_suite, suite_digest
from evaluation.suites.packing import pack_suite
from evaluation.suites.split import public_items
from evaluation.suites.starter import starter_files, write_starter
from evaluation.suites.suite import Split, Suite, SuiteError, Truth

__all__ = [
    "SUITE_LIMITS",
    "Split",
    "Suite",
    "SuiteError",
    "Truth",
    "load_suite",
    "pack_suite",
    "public_items",
    "starter_files",
    "suite_digest",
    "write_starter",
]
