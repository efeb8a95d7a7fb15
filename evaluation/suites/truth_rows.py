"""The hidden truth of a task is one CSV file with the columns item, label and, where declared, cluster."""

import csv
import io
from collections.abc import Iterator

from evaluation.instructions import InstructionsRefused, demand_examples, read_instructions
from evaluation.numbers import NumberError, parse_number
from evaluation.suites.split import language_of, public_items, public_parallel, shared_name
from evaluation.suites.suite import Split, SuiteError, Truth
from evaluation.tasks import Answer, Kind, Part, Task

MAX_NAME = 200
MAX_TEXT = 20_000


def items_file(task: str) -> str:
    """Name the file that holds a task's items."""
    return f"items/{task}.csv"


def read_truth(content: bytes, *, task: Task, split: Split, starter: bool) -> Truth:
    """Read a task's items; raises SuiteError naming file and line.

    In a starter suite the private items have an empty label, and only they.
    """
    rows = _rows(content, task, starter=starter)
    items, clusters = [], []
    labels: list[Answer | None] = []
    seen: set[str] = set()
    for line, (item, label, cluster) in rows:
        where = f"{items_file(task.name)}: line {line}"
        _check_name(item, "item", where)
        _check_name(cluster, "cluster", where)
        if item in seen:
            raise SuiteError(f"{where}: the item {item!r} is there twice; remove one")
        seen.add(item)
        items.append(item)
        clusters.append(cluster)
        labels.append(None if starter and not label else _answer(label, task, where, item))
    if not items:
        raise SuiteError(f"{items_file(task.name)}: holds no items; add at least one")
    if task.parallel:
        _check_parallel(items, task)
        clusters = [shared_name(item) for item in items]
        public = public_parallel(items, task=task.name, split=split)
    else:
        public = public_items(items, task=task.name, split=split)
    parts = tuple(Part.PUBLIC if item in public else Part.PRIVATE for item in items)
    if starter:
        _check_withheld(items, labels, parts, task)
    return Truth(tuple(items), tuple(labels), tuple(clusters), parts)


def _check_parallel(items: list[str], task: Task) -> None:
    """Each language has the same items; raises SuiteError with the first that one lacks."""
    found: dict[str, set[str]] = {language: set() for language in task.languages}
    for item in items:
        if language_of(item) not in found or not shared_name(item):
            known = ", ".join(task.languages)
            raise SuiteError(
                f"{items_file(task.name)}: the item {item[:60]!r} of a parallel task names none of its languages; "
                f"write LANGUAGE/NAME with one of {known}"
            )
        found[language_of(item)].add(shared_name(item))
    everything = sorted(set().union(*found.values()))
    for language, names in found.items():
        if lacking := [name for name in everything if name not in names]:
            more = f" and {len(lacking) - 1:,} more" if len(lacking) > 1 else ""
            raise SuiteError(f"{items_file(task.name)}: {language} lacks {lacking[0]!r}{more}; add what is missing")


def _check_withheld(items: list[str], labels: list[Answer | None], parts: tuple[Part, ...], task: Task) -> None:
    for item, label, part in zip(items, labels, parts, strict=True):
        if (label is None) is not (part is Part.PRIVATE):
            state = "has no label though it is public" if label is None else "has a label though it is private"
            raise SuiteError(f"{items_file(task.name)}: the item {item!r} {state}; write the starter anew")


def _rows(content: bytes, task: Task, *, starter: bool) -> Iterator[tuple[int, tuple[str, str, str]]]:
    file = items_file(task.name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SuiteError(f"{file}: line {line}: not UTF-8 text; save the file as UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    expected = ["item", "label", "cluster"] if task.cluster and not starter else ["item", "label"]
    try:
        header = next(reader, [])
        if header != expected:
            raise SuiteError(f"{file}: line 1: the columns are {','.join(header)!r}; write {','.join(expected)}")
        for row in reader:
            if len(row) != len(expected):
                raise SuiteError(f"{file}: line {reader.line_num}: {len(row)} fields where {len(expected)} belong")
            yield reader.line_num, (row[0], row[1], row[2] if len(expected) == 3 else row[0])
    except csv.Error as error:
        raise SuiteError(f"{file}: line {reader.line_num}: not readable as CSV: {error}") from error


def _check_name(value: str, column: str, where: str) -> None:
    if not value or len(value) > MAX_NAME or value != value.strip() or not value.isprintable():
        rule = f"must have 1 to {MAX_NAME} printable characters and no blanks at its ends"
        raise SuiteError(f"{where}: the {column} {value[:60]!r} {rule}")


def _answer(label: str, task: Task, where: str, item: str) -> Answer:
    """Read a label by the kind of its task; what each kind holds is said at `Kind`."""
    if task.kind in {Kind.CLASSIFICATION, Kind.DISTRIBUTION}:
        if label not in task.labels:
            raise SuiteError(f"{where}: {label!r} is not one of the labels {', '.join(task.labels)}")
        return label
    if task.kind in {Kind.TEXT, Kind.CODE}:
        return _text(label, where)
    if task.kind is Kind.INSTRUCTIONS:
        return _instructions(label, f"{where}: {item}")
    if task.kind is Kind.RANKING:
        return _grades(label, where)
    if task.kind is Kind.PROBABILITY and label not in {"0", "1"}:
        raise SuiteError(f"{where}: {label!r} is neither 0 nor 1, the labels of a probability task")
    try:
        value = parse_number(label)
    except NumberError as error:
        raise SuiteError(f"{where}: {label!r} {error}") from error
    if task.kind is Kind.LIKELIHOOD and (value != value.to_integral_value() or value < 1):
        raise SuiteError(f"{where}: {label!r} is not the number of bytes of a text, a whole number from 1")
    return value


def _text(label: str, where: str) -> str:
    """Check that there is something in every line of the accepted answers, or in the program."""
    if not label.strip():
        raise SuiteError(f"{where}: the label is empty; write what is right, one accepted answer a line")
    if "\0" in label or len(label) > MAX_TEXT:
        raise SuiteError(f"{where}: a label has at most {MAX_TEXT:,} characters, none of them NUL")
    return label


def _instructions(label: str, where: str) -> str:
    try:
        demand_examples(read_instructions(_text(label, where)))
    except InstructionsRefused as error:
        raise SuiteError(f"{where}: {error}") from error
    return label


def _grades(label: str, where: str) -> str:
    documents = [word.rpartition(":") for word in label.split(" ")]
    for name, colon, grade in documents:
        if not (name and colon and grade.isascii() and grade.isdigit() and len(grade) <= 4):
            raise SuiteError(
                f"{where}: {label[:60]!r} is no list of document:grade with one blank between; write a:3 b:0"
            )
    if len({name for name, _, _ in documents}) < len(documents):
        raise SuiteError(f"{where}: a document is graded twice; keep one grade each")
    return label
