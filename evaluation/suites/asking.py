"""The part of a manifest's task that says how a model is asked."""

from collections.abc import Iterable, Mapping

from evaluation.suites.fields import fail, mapping, text, whole
from evaluation.suites.templates import TemplateRefused, fields_of
from evaluation.tasks import BY_NUMBERS, BY_PROMPTS, Ask, By, Kind, Task

MAX_TOKENS = 4_096
MAX_FEATURES = 1_000
MAX_PIXELS = 1_024
"""Of the height and of the width of an image."""
_MEASURED = frozenset({Kind.CLASSIFICATION, Kind.DISTRIBUTION, Kind.REGRESSION, Kind.PROBABILITY})
_FITS = {
    By.CHOICES: frozenset({Kind.CLASSIFICATION, Kind.DISTRIBUTION}),
    By.TEXT: frozenset({Kind.TEXT, Kind.CLASSIFICATION, Kind.RANKING, Kind.INSTRUCTIONS, Kind.CODE}),
    By.LIKELIHOOD: frozenset({Kind.LIKELIHOOD}),
    By.FEATURES: _MEASURED,
    By.IMAGE: _MEASURED,
}
_NEEDED = {
    By.CHOICES: {"prompt", "choices"},
    By.TEXT: {"prompt", "tokens"},
    By.LIKELIHOOD: {"prompt"},
    By.FEATURES: {"features"},
    By.IMAGE: {"image", "size"},
}
_ALLOWED = {By.TEXT: {"stop"}, By.IMAGE: {"channels"}}


def read_ask(value: object, key: str, *, kind: Kind, labels: tuple[str, ...]) -> Ask:
    """Read how a task is put to a model; raises SuiteError naming the key."""
    if not isinstance(value, dict) or value.get("by") not in list(By):
        raise fail(f"{key}.by", f"write one of {', '.join(By)}")
    by = By(value["by"])
    found = mapping(value, key, required={"by"} | _NEEDED[by], optional=_ALLOWED.get(by, set()))
    if kind not in _FITS[by]:
        kinds = ", ".join(sorted(_FITS[by]))
        raise fail(f"{key}.by", f"a task of kind {kind} is not asked by {by.value}, which is for {kinds}")
    if by is By.FEATURES:
        return Ask(by=by, features=_features(found["features"], f"{key}.features"))
    if by is By.IMAGE:
        return Ask(
            by=by,
            image=_field(found["image"], f"{key}.image"),
            size=_size(found["size"], f"{key}.size"),
            channels=_channels(found.get("channels", 1), f"{key}.channels"),
        )
    return Ask(
        by=by,
        prompt=_template(found["prompt"], f"{key}.prompt"),
        choices=_choices(found, key, labels) if by is By.CHOICES else (),
        stop=_stop(found, key),
        tokens=whole(found["tokens"], f"{key}.tokens", low=1, high=MAX_TOKENS) if by is By.TEXT else 0,
    )


def check_one_model(tasks: Iterable[Task]) -> None:
    """Refuse tasks that no one model could be asked: it answers prompts, or it takes numbers."""
    asked = [(task.name, task.ask.by) for task in tasks if task.ask is not None]
    prompts, numbers = (
        [f"{name} by {by.value}" for name, by in asked if by in ways] for ways in (BY_PROMPTS, BY_NUMBERS)
    )
    if prompts and numbers:
        raise fail(
            "tasks",
            f"{prompts[0]} and {numbers[0]} cannot be asked of one model, for a language model takes no numbers and "
            "any other no prompts; make two suites of them, each for a call of its own",
        )


def _choices(found: Mapping[str, object], key: str, labels: tuple[str, ...]) -> tuple[str, ...]:
    listed = found["choices"]
    if not isinstance(listed, list) or len(listed) != len(labels):
        raise fail(f"{key}.choices", f"write a list of {len(labels)} templates, one for each label in its place")
    return tuple(_template(one, f"{key}.choices[{index}]") for index, one in enumerate(listed))


def _stop(found: Mapping[str, object], key: str) -> tuple[str, ...]:
    listed = found.get("stop", [])
    if not isinstance(listed, list) or len(listed) > 8:
        raise fail(f"{key}.stop", "write a list of at most 8 texts at which writing ends")
    stops = tuple(text(one, f"{key}.stop[{index}]", longest=40) for index, one in enumerate(listed))
    if "" in stops:
        raise fail(f"{key}.stop", "an empty text would end the writing before it begins; remove it")
    return stops


def _features(listed: object, key: str) -> tuple[str, ...]:
    if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_FEATURES:
        raise fail(key, f"write a list of 1 to {MAX_FEATURES:,} fields that hold numbers")
    names = tuple(_field(one, f"{key}[{index}]") for index, one in enumerate(listed))
    if len(set(names)) < len(names):
        raise fail(key, "a field is given twice")
    return names


def _field(value: object, key: str) -> str:
    found = text(value, key)
    if not found or found == "item" or "\n" in found:
        raise fail(key, f"{found!r} is no field of an item's input; write its name on one line")
    return found


def _size(listed: object, key: str) -> tuple[int, int]:
    if not isinstance(listed, list) or len(listed) != 2:
        raise fail(key, "write the height and the width in pixels, such as [28, 28]")
    height, width = (whole(one, f"{key}[{index}]", low=1, high=MAX_PIXELS) for index, one in enumerate(listed))
    return height, width


def _channels(value: object, key: str) -> int:
    if isinstance(value, bool) or value not in (1, 3):
        raise fail(key, f"{value!r} is neither 1, for shades of grey, nor 3, for red, green and blue")
    return 1 if value == 1 else 3


def _template(value: object, key: str) -> str:
    found = text(value, key, longest=20_000)
    try:
        fields_of(found)
    except TemplateRefused as error:
        raise fail(key, f"the template {error}") from error
    return found
