"""Puts into task files what they read in from other files of their bundle; never from anywhere else."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from challenge.calls.importing.bundles import leads_out
from challenge.calls.importing.configurations import Configurations
from challenge.calls.importing.ledger import Ledger, leaves
from challenge.calls.importing.plain_text import shown
from challenge.calls.importing.reports import Fate, Row, Weight
from challenge.calls.positions import Located, Path, Plain, name_of

KEY = "include"
DEEPEST = 5
"""How many files may read in one another in a row."""
MOST_NAMED = 100
"""How many files one file may read in."""
MOST_PARTS = 50_000
"""How many keys and values all files of a bundle together may read in, over as many others as they do."""
MOST_FAULTS = 20
"""How many files are told of, for one task, that it cannot read in."""
OVERRIDDEN = "Every file that reads this one in has a key of its own of this name."
NO_NAME = "The name of a file belongs here, or a list of names. Write it as one text."


@dataclass(frozen=True)
class _Fault:
    """Why one file cannot read in another."""

    file: str
    begin: str
    end: str

    def beside(self, file: str) -> str:
        """Say it beside a file; beside another one than it is about it names that."""
        return f"{self.begin}{'' if file == self.file else f' for {self.file}'}{self.end}"


@dataclass(frozen=True)
class _Whole:
    """A file with all that it reads in."""

    located: Located
    origin: Mapping[str, str] = field(default_factory=dict)
    """By key: the file that it comes from, where that is another one."""
    faults: tuple[_Fault, ...] = ()


@dataclass
class Includes:
    """What the files of a bundle read in."""

    files: Configurations
    format: str
    """The name of the format that they are of."""
    reads: int = 0
    """How often one file was asked to read in another so far."""
    parts: int = 0
    """How many keys and values were read in so far."""
    problems: set[str] = field(default_factory=set)
    """The files whose own problems are noted already."""
    _wholes: dict[tuple[str, int], _Whole] = field(default_factory=dict)
    """What was put together already, by the file's name and how many files there are before it in a row."""

    def tasks(self, ledgers: Sequence[Ledger]) -> list[Ledger]:
        """Return the tasks with all that they read in; a file that others read in, and that names none, is no task.

        Files that are read in by nothing but one another are among what is returned, each with its error.
        """
        named = {name for ledger in ledgers for name in _named(ledger.file, ledger.located) if name != ledger.file}
        found = [self.read_into(ledger) for ledger in ledgers if not _is_template(ledger, named)]
        ring = [ledger for ledger in ledgers if _is_template(ledger, named) and ledger.file not in self.problems]
        return found + [self.read_into(ledger) for ledger in ring]

    def read_into(self, ledger: Ledger) -> Ledger:
        """Return a ledger with the keys that its file reads in; the file's own keys count before those."""
        plain = ledger.located.plain
        if not isinstance(plain, dict) or KEY not in plain:
            return ledger
        if not _named(ledger.file, ledger.located):
            ledger.take((KEY,), "which files are read in")
            ledger.error((KEY,), NO_NAME)
            return ledger
        whole = self._put_together(ledger.file, ledger.located, (ledger.file,))
        for fault in whole.faults:
            ledger.error((KEY,), fault.beside(ledger.file))
        merged = replace(ledger, located=whole.located, inherited=whole.origin)
        merged.take((KEY,), "which files are read in")
        return merged

    def _whole(self, name: str, located: Located, chain: tuple[str, ...]) -> _Whole:
        """Return a file with what it reads in; put together once, however many files name it."""
        at = (name, len(chain))
        if at not in self._wholes:
            self._wholes[at] = self._put_together(name, located, (*chain, name))
        return self._wholes[at]

    def _put_together(self, file: str, located: Located, chain: tuple[str, ...]) -> _Whole:
        own = located.plain if isinstance(located.plain, dict) else {}
        names = _named(file, located)
        if not names:
            return _Whole(located)
        faults = [_fault(file, name, "is named twice here", ". Name it once.") for name in _repeated(names)]
        if len(names) > MOST_NAMED:
            begin, end = f"Here are {len(names):,} names", f"; at most {MOST_NAMED} files are read in. Name fewer."
            return _Whole(located, faults=(_Fault(file, begin, end),))
        plain, origin, source = dict[str, Plain](), dict[str, str](), dict[str, int]()
        wholes = list[_Whole]()
        for name in dict.fromkeys(names):
            found = self._named_file(file, name, chain)
            if not isinstance(found, Located):
                faults += [found] if found else []
                continue
            below = self._whole(name, found, chain)
            self.parts += len(below.located.lines)
            faults += below.faults
            for key, value in below.located.plain.items() if isinstance(below.located.plain, dict) else ():
                if key != KEY and key not in own:
                    plain[key], origin[key], source[key] = value, below.origin.get(key, name), len(wholes)
            wholes.append(below)
        lines = dict[Path, int]()
        for number, below in enumerate(wholes):
            lines |= {at: line for at, line in below.located.lines.items() if at and source.get(str(at[0])) == number}
        merged = Located({**plain, **own}, lines | located.lines, located.problems, located.most)
        return _Whole(merged, origin, tuple(dict.fromkeys(faults))[:MOST_FAULTS])

    def _named_file(self, file: str, name: str, chain: tuple[str, ...]) -> Located | _Fault | None:
        """Read one file that another names; where it cannot be read, say why, unless that stands beside it already."""
        desk = self.files.desk
        self.reads += 1
        if leads_out(name) or name not in desk.bundle.sizes:
            why = "leads out of the bundle" if leads_out(name) else "is not in the bundle"
            return _fault(file, name, "would be read in here", f", and {why}. Write its keys out in this one.")
        if name in chain or len(chain) > DEEPEST:
            end = f", or over more than {DEEPEST} others. Write its keys out."
            return _fault(file, name, "is read in by itself", end)
        if not self.files.has_room(name) or self.parts + self.reads > MOST_PARTS:
            return _fault(file, name, "is one too many to read in", ". Bring fewer tasks at once.")
        located = self.files.one(name)
        if located is None and self._is_told(name):
            return None
        if located is None:
            end = " and cannot be read itself. Mend it, or write its keys out here."
            return _fault(file, name, "is read in here", end)
        self._note(name, located)
        return located

    def _is_told(self, name: str) -> bool:
        """Tell whether an error stands beside the file itself already."""
        return any(remark.file == name and remark.weight is Weight.ERROR for remark in self.files.desk.remarks)

    def _note(self, name: str, located: Located) -> None:
        """Give every key of a file that is read in a row to begin with; whoever uses the key says more."""
        if name in self.problems:
            return
        self.problems.add(name)
        desk = self.files.desk
        desk.uses[name] = "read in by the tasks that name it, key by key"
        ledger = Ledger(desk, name, located, self.format)
        ledger.report_problems()
        names = _named(name, located)
        if ledger.has((KEY,)) and not names:
            ledger.error((KEY,), NO_NAME)
        for path in leaves(located.plain):
            fate, why = Fate.LEFT, OVERRIDDEN
            if path[:1] == (KEY,):
                fate, why = (Fate.CARRIED, "which files are read in") if names else (Fate.LEFT, "It names no file.")
            desk.spare[(name, name_of(path))] = Row(name, located.line(path), name_of(path), fate, why)


def _is_template(ledger: Ledger, named: Set[str]) -> bool:
    """Tell a file that names no task of its own and whose name is among those that are read in."""
    plain = ledger.located.plain
    return isinstance(plain, dict) and "task" not in plain and ledger.file in named


def _fault(file: str, name: str, begin: str, end: str) -> _Fault:
    return _Fault(file, f"The file {shown(name)[:80]!r} {begin}", end)


def _repeated(names: Sequence[str]) -> list[str]:
    """List the names that stand among others more than once."""
    return [name for name, number in Counter(names).items() if number > 1]


def _named(file: str, located: Located) -> list[str]:
    """List the files that a file reads in; nothing where that is no text and no list of texts."""
    value = located.plain.get(KEY) if isinstance(located.plain, dict) else None
    found = value if isinstance(value, list) else [value]
    names = [_beside(file, name.strip()) for name in found if isinstance(name, str) and name.strip()]
    return names if len(names) == len(found) else []


def _beside(file: str, name: str) -> str:
    """Say where the file lies that another names: a name is seen from the folder of the file it stands in.

    Where it leads out of the bundle, so does what is returned.
    """
    if name.startswith("/"):
        return name
    steps = file.split("/")[:-1]
    for step in name.split("/"):
        if step == ".." and steps and steps[-1] != "..":
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
