"""What a model is asked lies apart from what is right: one JSON object an item in `inputs/<task>.jsonl`.

Whoever runs a model gets the inputs and never the truth, so no engine can give an answer away that it never saw.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isfinite

from evaluation.suites.images import MAX_IMAGE, ImageRefused, check_image
from evaluation.suites.suite import Field, Inputs, SuiteError, Truth
from evaluation.suites.templates import TemplateRefused, filled
from evaluation.tasks import Ask, By, Kind, Task

MAX_FIELD = 100_000


def inputs_file(task: str) -> str:
    """Name the file that holds what a task's items ask."""
    return f"inputs/{task}.jsonl"


def read_inputs(content: bytes, *, task: Task, truth: Truth, partial: bool) -> Inputs:
    """Read what a task's items ask and try every template on every item; raises SuiteError naming file and line.

    `partial`: a starter may leave out items, those of the private part.
    """
    file = inputs_file(task.name)
    wanted = dict(zip(truth.items, truth.labels, strict=True))
    found: dict[str, Mapping[str, Field]] = {}
    for line, data in _objects(content, file):
        where = f"{file}: line {line}"
        item = data.pop("item", None)
        if not isinstance(item, str) or item not in wanted:
            raise SuiteError(f"{where}: {str(item)[:60]!r} is no item of the task; use the names of its items file")
        if item in found:
            raise SuiteError(f"{where}: the item {item!r} is there twice; remove one")
        image = task.ask.image if task.ask else ""
        fields = {
            name: _field(value, f"{where}: {name}", longest=MAX_IMAGE if name == image else MAX_FIELD)
            for name, value in data.items()
        }
        _try_out(task, fields, wanted[item], where)
        found[item] = fields
    missing = [item for item in truth.items if item not in found]
    if missing and not partial:
        raise SuiteError(
            f"{file}: {len(missing):,} items have no line, the first is {missing[0]!r}; write one for each"
        )
    return found


def _objects(content: bytes, file: str) -> Iterator[tuple[int, dict[str, object]]]:
    for line, row in enumerate(content.split(b"\n"), start=1):
        if not row.strip():
            continue
        try:
            data = json.loads(row.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise SuiteError(f"{file}: line {line}: not one JSON object in UTF-8 a line ({error})") from error
        if not isinstance(data, dict):
            raise SuiteError(f"{file}: line {line}: not a JSON object; write one a line")
        yield line, data


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _field(value: object, where: str, *, longest: int) -> Field:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        if isinstance(value, str) and (len(value) > longest or "\0" in value):
            raise SuiteError(f"{where}: a text has at most {longest:,} characters, none of them NUL")
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value) and len(value) <= 1_000:
        return value
    raise SuiteError(f"{where}: is neither a text, a number, nor a list of texts")


def _try_out(task: Task, fields: Mapping[str, Field], label: object, where: str) -> None:
    """Fill the task's templates once, so that a misspelt field is found when a suite is checked and not in a run."""
    if task.ask is None:
        return
    if task.ask.by is By.IMAGE:
        _try_image(task.ask, fields, where)
        return
    if task.ask.by is By.FEATURES:
        _try_features(task.ask, fields, where)
        return
    try:
        prompt = filled(task.ask.prompt, fields)
        choices = [filled(choice, fields) for choice in task.ask.choices]
    except TemplateRefused as error:
        raise SuiteError(f"{where}: a template of the task {error}") from error
    if len(set(choices)) < len(choices):
        raise SuiteError(f"{where}: two choices are the same text, so a model cannot tell them apart")
    if not prompt.strip() or any(not choice.strip() for choice in choices):
        raise SuiteError(f"{where}: the prompt or a choice is empty when filled")
    if task.ask.by is By.LIKELIHOOD and task.kind is Kind.LIKELIHOOD and isinstance(label, Decimal):
        size = len(prompt.encode())
        if size != label:
            raise SuiteError(f"{where}: the text has {size:,} bytes, and its label says {label:,.0f}")


def _try_features(ask: Ask, fields: Mapping[str, Field], where: str) -> None:
    for name in ask.features:
        value = fields.get(name)
        if not isinstance(value, int | float) or abs(value) > 1e300 or not isfinite(value):
            found = "is missing" if value is None else f"is {str(value)[:40]!r}"
            raise SuiteError(f"{where}: the feature {name!r} {found}; write a finite number")


def _try_image(ask: Ask, fields: Mapping[str, Field], where: str) -> None:
    try:
        check_image(fields.get(ask.image), size=ask.size, channels=ask.channels)
    except ImageRefused as error:
        raise SuiteError(f"{where}: the image {ask.image!r} {error}") from error
