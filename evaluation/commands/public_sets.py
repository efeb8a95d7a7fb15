"""The command `public-sets` lists the sets that are defined, checks an organiser's copy, and makes a suite of it."""

import sys
from argparse import Namespace

from evaluation.commands.columns import aligned
from evaluation.commands.exits import Exit
from evaluation.public_sets import MAKERS, PublicSet, Raw, check, public_set, public_sets, write_suite


def run_public_sets(options: Namespace) -> Exit:
    """List, check or make; the licence and its terms are said before anything else. Raises SuiteError or OSError."""
    if options.action == "list":
        sys.stdout.write(_listed())
        return Exit.DONE
    one = public_set(options.name)
    sys.stdout.write(_terms(one))
    faults = check(one, options.folder)
    for fault in faults:
        sys.stderr.write(f"{fault.file}: {fault.sentence}\n")
    if faults:
        sys.stderr.write(f"{len(faults):,} of {len(one.files):,} files will not do.\n")
        return Exit.BAD_INPUT
    rows = sum(about.rows for about in one.files.values())
    sys.stdout.write(f"All {len(one.files):,} files are there, {rows:,} rows.\n")
    if options.action == "make":
        made = MAKERS[one.name](Raw(options.folder))
        suite = write_suite(
            options.out, made, name=one.name, title=one.title, seed=options.seed, public_share=options.public_share
        )
        left_out = sum(task.left_out for task in made)
        more = f"; {left_out:,} rows without a right answer were left out" if left_out else ""
        sys.stdout.write(f"{options.out}: {len(suite.tasks):,} tasks, {suite.size:,} items{more}.\n")
    return Exit.DONE


def _terms(one: PublicSet) -> str:
    return (
        f"{one.title}: {one.what}.\n"
        f"From github.com/{one.repository} at {one.commit}.\n"
        f"Licence {one.licence}. {one.terms}\n"
        "The items are public, answers included: a model may have been trained on them.\n"
    )


def _listed() -> str:
    rows = [("name", "licence", "files", "rows", "what")]
    rows += [
        (
            one.name, one.licence, f"{len(one.files):,}", f"{sum(file.rows for file in one.files.values()):,}",
            f"{one.title}: {one.what}",
        )
        for one in public_sets().values()
    ]  # fmt: skip
    return aligned(rows, right=frozenset({2, 3}))
