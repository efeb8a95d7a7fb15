"""The commands `suite` and `starter` check, name, show and divide a suite."""

import sys
from argparse import Namespace

from evaluation.commands.columns import aligned
from evaluation.commands.exits import Exit
from evaluation.dry_runs import demand_order
from evaluation.numbers import plain
from evaluation.suites import Suite, load_suite, suite_digest, write_starter
from evaluation.tasks import Part


def run_suite(options: Namespace) -> Exit:
    """Check a suite, print its digest, or show what it holds; raises SuiteError or OSError."""
    if options.action == "digest":
        sys.stdout.write(f"{suite_digest(options.path)}\n")
        return Exit.DONE
    suite = load_suite(options.path)
    if options.action == "show":
        sys.stdout.write(_shown(suite))
    else:
        if not suite.starter_of:
            demand_order(suite)
        sys.stdout.write(f"{suite.name} {suite.version}: {len(suite.tasks)} tasks, {suite.size:,} items, in order.\n")
    return Exit.DONE


def run_starter(options: Namespace) -> Exit:
    """Write a suite's starter; raises SuiteError or OSError."""
    write_starter(options.suite, options.out)
    sys.stdout.write(f"The starter is in {options.out}.\n")
    return Exit.DONE


def _shown(suite: Suite) -> str:
    rows = [("task", "kind", "metric", "floor", "ceiling", "weight", "public", "private")]
    for task in suite.tasks:
        parts = suite.truths[task.name].parts
        numbers = (plain(number) for number in (task.floor, task.ceiling, task.weight))
        counts = (f"{parts.count(part):,}" for part in Part)
        rows.append((task.name, task.kind, task.metric, *numbers, *counts))  # type: ignore[arg-type]
    head = f"{suite.title}\n{suite.name} {suite.version}\n{suite.digest}\n"
    if suite.starter_of:
        head += f"starter of {suite.starter_of}\n"
    return head + "\n" + aligned(rows, right=frozenset(range(3, 8)))
