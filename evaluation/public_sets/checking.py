"""An organiser's copy of a set is held against its definition: what is missing, what is other, and where to get it."""

from dataclasses import dataclass
from pathlib import Path

from evaluation.public_sets.definitions import PublicSet
from evaluation.public_sets.raw import Raw
from evaluation.suites import SuiteError


@dataclass(frozen=True)
class Fault:
    """One file that will not do, with the sentence that says why and what to do."""

    file: str
    sentence: str


def check(one: PublicSet, folder: Path) -> list[Fault]:
    """Check every file of a set for its bytes and its rows; an empty list says that all is there."""
    raw = Raw(folder)
    faults = []
    for file, about in one.files.items():
        get = f"get it from {one.address(file)}"
        if not (folder / file).is_file():
            faults.append(Fault(file, f"missing in {folder}; {get}"))
            continue
        try:
            rows = raw.rows(file)
        except SuiteError as error:
            faults.append(Fault(file, f"{str(error).removeprefix(f'{file}: ')}; {get}"))
            continue
        if rows != about.rows:
            faults.append(Fault(file, f"holds {rows:,} rows and not {about.rows:,}; {get}"))
    return faults
