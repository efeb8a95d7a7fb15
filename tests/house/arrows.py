"""Reads the source of the house and lists every line that breaks its plan."""

import ast
import graphlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROCESSION = [
    "foundation", "web", "people", "calls", "teams", "submissions", "compliance", "runs", "standings",
    "judging", "awards", "archives", "support", "dashboards", "worker", "commands", "app", "wsgi",
]  # fmt: skip
STOREYS = ["noun", "states", "records", "rules", "queries", "executors", "operations", "forms", "pages", "api"]
INSTRUMENTS = {"evaluation", "leaderboards"}
ROOMS_WITHOUT_STOREYS = {"foundation", "web", "worker", "commands", "app", "wsgi"}
DRAWERS = {"util", "utils", "helper", "helpers", "common", "misc", "core", "base", "manager", "managers"}
LONGEST = 300

WEB = {"flask", "werkzeug", "jinja2", "markupsafe", "wtforms", "flask_wtf"}
DATABASE = {"sqlalchemy", "alembic", "psycopg", "pysqlite3", "sqlite3"}
IMPURE = {
    "os", "subprocess", "socket", "time", "random", "secrets", "shutil", "tempfile", "threading", "urllib",
    "http", "requests", "httpx", "signal", "multiprocessing", "pathlib", "logging",
}  # fmt: skip
FRAMES = {"pandas"}

# What each storey may not import; the name of a file says what it may do.
FORBIDDEN: dict[str, set[str]] = {
    "noun": WEB | DATABASE | IMPURE | FRAMES | INSTRUMENTS,
    "states": WEB | DATABASE | IMPURE | FRAMES | INSTRUMENTS,
    "records": WEB | IMPURE | FRAMES | INSTRUMENTS,
    "rules": WEB | DATABASE | IMPURE | FRAMES | INSTRUMENTS,
    "queries": WEB | IMPURE | INSTRUMENTS,
    "executors": WEB | DATABASE | FRAMES | INSTRUMENTS,
    "operations": WEB | {"subprocess", "socket"},
    "forms": (WEB - {"wtforms", "flask_wtf"}) | DATABASE | IMPURE | FRAMES | INSTRUMENTS,
    "pages": DATABASE | {"subprocess", "socket"} | FRAMES | INSTRUMENTS,
    "api": DATABASE | {"subprocess", "socket"} | FRAMES | INSTRUMENTS,
    "foundation": WEB | FRAMES | INSTRUMENTS,
    "web": (DATABASE - {"sqlalchemy"}) | FRAMES | INSTRUMENTS,
    # prompts and chat templates are Jinja: prompts are filled by substitution, what a model brings is parsed only
    "evaluation": (WEB - {"jinja2"}) | DATABASE | {"challenge", "leaderboards"},
    "leaderboards": WEB | DATABASE | {"challenge", "evaluation"},
}


@dataclass(frozen=True)
class Source:
    """One file of the house: where it lies and where it stands."""

    path: Path
    module: str
    room: str
    storey: str
    tree: ast.Module
    lines: int


def sources(root: Path) -> Iterator[Source]:
    """Yield every Python file of the house and of the two instruments below `root`."""
    for folder in ("challenge", *sorted(INSTRUMENTS)):
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            yield _source(root, path)
    if (root / "wsgi.py").exists():
        yield _source(root, root / "wsgi.py")


def _source(root: Path, path: Path) -> Source:
    parts = list(path.relative_to(root).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    text = path.read_text(encoding="utf-8")
    room = parts[0] if parts[0] in INSTRUMENTS or parts == ["wsgi"] else (parts[1] if len(parts) > 1 else "")
    return Source(path, ".".join(parts), room, _storey(parts), ast.parse(text), text.count("\n") + 1)


def _storey(parts: list[str]) -> str:
    """Name the storey of a module: the first word of the file's name, in a room that has storeys."""
    if parts[0] in INSTRUMENTS or len(parts) < 2 or parts[1] in ROOMS_WITHOUT_STOREYS:
        return ""
    if len(parts) < 3:
        return "noun"
    word = parts[2].split("_")[0]
    return word if word in STOREYS else "noun"


def imports(source: Source) -> Iterator[tuple[str, int]]:
    """Yield each imported module with its line, imports inside functions included."""
    package = source.module if source.path.name == "__init__.py" else source.module.rpartition(".")[0]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                origin = ".".join([*above, origin]) if origin else ".".join(above)
            for alias in node.names:
                yield f"{origin}.{alias.name}", node.lineno


def violations(root: Path) -> list[str]:
    """List every breach of the plan below `root` as `file:line: what is wrong`."""
    found = list(sources(root))
    known = {source.module for source in found}
    breaches: list[str] = []
    arrows: dict[str, set[str]] = {}
    for source in found:
        where = source.path.relative_to(root)
        breaches += _names(where) + _clock(source, where) + _strings(source, where)
        if source.lines > LONGEST:
            breaches.append(f"{where}: {source.lines} lines; over {LONGEST} a noun is missing")
        for target, line in imports(source):
            breaches += [f"{where}:{line}: {breach}" for breach in _arrow(source, target)]
            module = target if target in known else target.rpartition(".")[0]
            if module in known and module != source.module:
                arrows.setdefault(source.module, set()).add(module)
    try:
        graphlib.TopologicalSorter(arrows).prepare()
    except graphlib.CycleError as error:
        breaches.append("circle: " + " -> ".join(error.args[1]))
    return breaches


def _names(where: Path) -> list[str]:
    words = {part.removesuffix(".py") for part in where.parts}
    return [f"{where}: a drawer named {word!r} hides a missing noun" for word in sorted(words & DRAWERS)]


def _clock(source: Source, where: Path) -> list[str]:
    if source.module == "challenge.foundation.clock":
        return []
    return [
        f"{where}:{node.lineno}: only foundation/clock.py asks what time it is"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date"}
    ]


def _strings(source: Source, where: Path) -> list[str]:
    """Find arrows that no import shows: foreign keys by string, back references."""
    breaches = []
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name == "ForeignKey" and node.args and isinstance(node.args[0], ast.Constant):
            breaches.append(f"{where}:{node.lineno}: a foreign key by string is an arrow nobody sees")
        if name == "relationship" and {k.arg for k in node.keywords} & {"backref", "back_populates"}:
            breaches.append(f"{where}:{node.lineno}: a back reference points from an earlier room to a later")
    return breaches


def _arrow(source: Source, target: str) -> list[str]:
    top = target.split(".")[0]
    breaches = []
    kind = source.storey or source.room
    if top in FORBIDDEN.get(kind, set()):
        breaches.append(f"{kind} may not import {top}")
    if top != "challenge" or source.room in INSTRUMENTS:
        return breaches
    parts = target.split(".")
    room = parts[1] if len(parts) > 1 else ""
    if room not in PROCESSION or source.room not in PROCESSION:
        return [*breaches, f"{source.room or source.module} or {room} has no place in the procession"]
    if PROCESSION.index(room) > PROCESSION.index(source.room):
        breaches.append(f"{source.room} may not know {room}: it comes later in the procession")
    storey = _storey(parts) if len(parts) > 2 else "noun"
    if source.storey and room == "web" and source.storey not in {"forms", "pages", "api"}:
        breaches.append(f"{source.storey} may not import the web")
    if source.storey and storey and STOREYS.index(storey) > STOREYS.index(source.storey):
        breaches.append(f"{source.storey} may not look up to {storey}")
    return breaches
