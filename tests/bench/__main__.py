"""Runs the benchmarks and prints their figures as they come: `python -m tests.bench [NAME]`."""

import importlib
import sys
from pathlib import Path

from tests.bench.figures import HEADING
from tests.bench.ground import ground
from tests.bench.machine import described

FILES = {path.stem.removeprefix("bench_"): path for path in sorted(Path(__file__).parent.glob("bench_*.py"))}
"""Every file bench_NAME.py beside this one is a benchmark: its docstring says what, its `figures()` yields them."""


def main(wanted: list[str]) -> None:
    """Run the benchmarks of these names, all of them where none is given."""
    unknown = [name for name in wanted if name not in FILES]
    if unknown:
        sys.exit(f"There is no benchmark {unknown[0]!r}; there are: {', '.join(FILES)}.")
    with ground() as cast:
        print(described(cast.house))
    for name in wanted or FILES:
        benchmark = importlib.import_module(f"tests.bench.bench_{name}")
        print(f"\n{name}: {(benchmark.__doc__ or '').splitlines()[0]}\n{HEADING}", flush=True)
        for figure in benchmark.figures():
            print(figure.line(), flush=True)


main(sys.argv[1:])
