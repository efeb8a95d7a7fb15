"""The command `run` with --endpoint asks a model behind an address, and scores it where every item was answered."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from evaluation.commands.exits import Exit
from evaluation.commands.files import answers_file, write_problem
from evaluation.commands.score import PROBLEMS, progress_line, table
from evaluation.endpoints import EndpointRefused, Reach
from evaluation.engines import GateFailed
from evaluation.engines.evaluating import outputs_of
from evaluation.remote import EntryRefused, Incomplete, Remote, ending_of, evaluate_endpoint, read_entry
from evaluation.reports import write_report, write_whole
from evaluation.reports.files import META
from evaluation.suites import Suite
from evaluation.tasks import Part


def run_endpoint(options: Namespace, suite: Suite) -> Exit:
    """Ask an endpoint; raises SuiteError and OSError. What an earlier run left to say how it ended is removed first."""
    for name in (META, PROBLEMS):
        (options.out / name).unlink(missing_ok=True)
    try:
        entry = read_entry(options.endpoint)
        remote = evaluate_endpoint(
            suite,
            entry,
            folder=options.shards or options.out / "answers",
            reach=Reach(hosts=frozenset({entry.host}), plain_http=options.private, private=options.private),
            only=options.only,
            progress=progress_line if options.progress else None,
        )
    except (EntryRefused, EndpointRefused) as error:
        return _without_report(error, options.out, Exit.BAD_INPUT)
    except Incomplete as error:
        _write_asked(error.remote, options.out)
        return _without_report(error, options.out, Exit.TRY_AGAIN)
    except GateFailed as error:
        return _without_report(error, options.out, Exit.UNREADABLE)
    _write_asked(remote, options.out)
    if remote.report is None or remote.answers is None or remote.rows is None:
        raise AssertionError("what was answered whole is scored")
    for part in Part:
        write_whole(options.out / f"outputs.{part.value}.jsonl", outputs_of(remote.rows, part).encode())
    write_whole(options.out / "answers.csv", answers_file(suite, remote.answers).encode())
    write_report(remote.report, options.out)
    if not options.quiet:
        sys.stdout.write(table(remote.report))
    return Exit.DONE


def _write_asked(remote: Remote, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "outcomes.jsonl", remote.outcomes().encode())
    text = json.dumps(remote.to_data(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_whole(folder / "endpoint.json", text.encode())


def _without_report(error: Exception, folder: Path, code: Exit) -> Exit:
    """Say why there is no report, to a person and, by the name of the ending, to a program."""
    write_problem(folder, ending_of(error).value, error)
    sys.stderr.write(f"{error}\n")
    return code
