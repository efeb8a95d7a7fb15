"""The command line: rank a table of scores, split a pot, verify a bundle, all without the site."""

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from leaderboards.canonical import canonical_bytes, parse_strict
from leaderboards.policy import Policy
from leaderboards.printing import aligned, board_lines, plain
from leaderboards.ranking import rank
from leaderboards.refusals import PolicyError, Refusal, SplitError
from leaderboards.scores import read_scores, read_status
from leaderboards.shares import split_hours, split_money
from leaderboards.verification import verify_bundle
from leaderboards.writing import write_whole

DONE, DIFFERENT, BAD_INPUT = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence, like every other complaint here."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}; see {self.prog} --help.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 the bundle differs, 2 bad input."""
    chosen = _parser().parse_args(arguments)
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal without ± shall show an escape, not end the program.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status: int = chosen.run(chosen)
        sys.stdout.flush()
    except Refusal as problem:
        return _complain(str(problem))
    except BrokenPipeError:
        # The reader has gone, as with `| head`; a second flush at exit must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as problem:
        return _complain(f"{problem.filename or 'a file'}: {problem.strerror or problem}.")
    return status


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m leaderboards", description="Ranks, splits and verifies, offline.")
    commands = parser.add_subparsers(required=True, metavar="rank | split | verify")
    ranking = commands.add_parser("rank", help="rank a table of scores")
    ranking.add_argument("scores", type=Path, help="CSV or Parquet: entrant,task,item,cluster,value")
    ranking.add_argument("--policy", type=Path, required=True, help="JSON: tasks, anchors, weights, confidence, seed")
    ranking.add_argument("--status", type=Path, help="CSV or Parquet: entrant,reason of those that stay unranked")
    ranking.add_argument("--json", metavar="OUT", help="write the ranking as JSON; - prints it in place of the table")
    ranking.set_defaults(run=_rank)
    kinds = commands.add_parser("split", help="split a pot").add_subparsers(required=True, metavar="money | hours")
    money = kinds.add_parser("money", help="largest remainder, in cents")
    money.add_argument("total", type=_count, help="the pot in cents")
    money.add_argument("shares", nargs="+", metavar="NAME[=WEIGHT]", help="in order of rank; all with a weight or none")
    money.add_argument("--minimum", type=_count, default=0, help="cents that everybody gets first")
    money.set_defaults(run=_split_money)
    hours = kinds.add_parser("hours", help="water-filling under requests, in whole hours")
    hours.add_argument("total", type=_count, help="the pot in hours")
    hours.add_argument("shares", nargs="+", metavar="NAME=REQUEST", help="in order of rank")
    hours.set_defaults(run=_split_hours)
    verifying = commands.add_parser("verify", help="recompute a published decision from its bundle")
    verifying.add_argument("bundle", type=Path)
    verifying.set_defaults(run=_verify)
    return parser


def _rank(chosen: argparse.Namespace) -> int:
    raw = chosen.policy.read_bytes()
    try:
        policy = Policy.from_dict(parse_strict(raw, where=chosen.policy.name, error=PolicyError, floats=True))
    except PolicyError as problem:
        # The reader of JSON names the file itself; the policy knows only its keys.
        named = str(problem).startswith(f"{chosen.policy.name}:")
        raise PolicyError(str(problem) if named else f"{chosen.policy.name}: {problem}") from None
    scores = read_scores(chosen.scores, tasks={task.name for task in policy.tasks})
    if chosen.status is not None:
        scores = scores.with_status(read_status(chosen.status))
    ranking = rank(scores, policy)
    content = canonical_bytes(ranking.to_dict())
    if chosen.json == "-":
        sys.stdout.write(content.decode("ascii"))
        return DONE
    if chosen.json is not None:
        write_whole(Path(chosen.json), content)
    print("\n".join(board_lines(ranking, decimals=policy.decimals)))
    return DONE


def _split_money(chosen: argparse.Namespace) -> int:
    amounts = _amounts(chosen.shares)
    given = {name: amount for name, amount in amounts.items() if amount is not None}
    if given and len(given) != len(amounts):
        unweighted = next(name for name, amount in amounts.items() if amount is None)
        raise SplitError(f"{unweighted!r} has no weight but others do; give all a weight or none.")
    shares = split_money(chosen.total, given or None, order=list(amounts), minimum_cents=chosen.minimum)
    rows = [(plain(name), str(cents), f"{cents // 100:,}.{cents % 100:02}") for name, cents in shares.items()]
    print("\n".join(aligned([("name", "cents", "amount"), *rows], left={0})))
    return DONE


def _split_hours(chosen: argparse.Namespace) -> int:
    amounts = _amounts(chosen.shares)
    requests: dict[str, int] = {}
    for name, amount in amounts.items():
        if amount is None:
            raise SplitError(f"{name!r} has no request; write {name}=HOURS.")
        requests[name] = amount
    shares = split_hours(chosen.total, requests, order=list(requests))
    rows = [(plain(name), str(requests[name]), str(hours)) for name, hours in shares.items()]
    rows.append(("unassigned", "", str(chosen.total - sum(shares.values()))))
    print("\n".join(aligned([("name", "request", "hours"), *rows], left={0})))
    return DONE


def _verify(chosen: argparse.Namespace) -> int:
    verdict = verify_bundle(chosen.bundle)
    if verdict.ok:
        print(f"same SHA-256 {verdict.sha256}: every result follows from the inputs in {plain(chosen.bundle.name)}")
        return DONE
    print(f"different: {verdict.first_difference}")
    return DIFFERENT


def _amounts(words: Sequence[str]) -> dict[str, int | None]:
    amounts: dict[str, int | None] = {}
    for word in words:
        name, equals, amount = word.rpartition("=") if "=" in word else (word, "", "")
        if not name or (equals and not (amount.isascii() and amount.isdigit() and len(amount) <= 18)):
            raise SplitError(f"{word!r} is not understood; write a name, or NAME=NUMBER with a whole number.")
        if name in amounts:
            raise SplitError(f"{name!r} is named twice; name everybody once.")
        amounts[name] = int(amount) if equals else None
    return amounts


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 0")
    return int(text)


def _complain(sentence: str) -> int:
    print(plain(sentence), file=sys.stderr)
    return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
