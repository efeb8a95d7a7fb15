"""The command `european` makes the European suite for an organiser's seed, or measures what its options give away."""

import sys
from argparse import Namespace

from evaluation.commands.columns import aligned
from evaluation.commands.exits import Exit
from evaluation.european import LANGUAGES, read_european, write_european
from evaluation.european.balance import balance_of


def run_european(options: Namespace) -> Exit:
    """Write the suite, or print the balance of each language; raises SuiteError or OSError."""
    if options.action == "balance":
        sys.stdout.write(_balances())
        return Exit.DONE
    write_european(options.out, options.seed, public_share=options.public_share, languages=options.languages)
    sys.stdout.write(f"The suite is in {options.out}. Keep the seed to yourself, and give teams its starter only.\n")
    return Exit.DONE


def _balances() -> str:
    found = balance_of(read_european())
    rows: list[tuple[str, ...]] = [("language", "items", "chi-square", "p", "first", "longest", "shortest")]
    rows += [
        (
            LANGUAGES[code].name, str(one.items), f"{one.chi_square:.2f}", f"{one.p:.2f}",
            *(f"{share:.1%}" for share in (one.first, one.longest, one.shortest)),
        )
        for code, one in found.items()
    ]  # fmt: skip
    any_one = next(iter(found.values()))
    return aligned(rows, right=frozenset(range(1, 7))) + (
        f"Guessing scores {any_one.low:.1%} to {any_one.high:.1%} at 95 %.\n"
    )
