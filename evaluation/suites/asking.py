"""The part of a manifest's task that says how a model is asked."""

from collections.abc import Mapping

from evaluation.suites.fields import fail, mapping, text, whole
from evaluation.suites.templates import TemplateRefused, fields_of
from evaluation.tasks import Ask, By, Kind

MAX_TOKENS = 4_096
_FITS = {
    By.CHOICES: frozenset({Kind.CLASSIFICATION, Kind.DISTRIBUTION}),
    By.TEXT: frozenset({Kind.TEXT, Kind.CLASSIFICATION, Kind.RANKING, Kind.CODE}),
    By.LIKELIHOOD: frozenset({Kind.LIKELIHOOD}),
}
_NEEDED = {By.CHOICES: {"choices"}, By.TEXT: {"tokens"}, By.LIKELIHOOD: set[str]()}
_ALLOWED = {By.CHOICES: set[str](), By.TEXT: {"stop"}, By.LIKELIHOOD: set[str]()}


def read_ask(value: object, key: str, *, kind: Kind, labels: tuple[str, ...]) -> Ask:
    """Read how a task is put to a model; raises SuiteError naming the key."""
    if not isinstance(value, dict) or value.get("by") not in list(By):
        raise fail(f"{key}.by", f"write one of {', '.join(By)}")
    by = By(value["by"])
    found = mapping(value, key, required={"by", "prompt"} | _NEEDED[by], optional=_ALLOWED[by])
    if kind not in _FITS[by]:
        kinds = ", ".join(sorted(_FITS[by]))
        raise fail(f"{key}.by", f"a task of kind {kind} is not asked by {by.value}, which is for {kinds}")
    return Ask(
        by=by,
        prompt=_template(found["prompt"], f"{key}.prompt"),
        choices=_choices(found, key, labels) if by is By.CHOICES else (),
        stop=_stop(found, key),
        tokens=whole(found["tokens"], f"{key}.tokens", low=1, high=MAX_TOKENS) if by is By.TEXT else 0,
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


def _template(value: object, key: str) -> str:
    found = text(value, key, longest=20_000)
    try:
        fields_of(found)
    except TemplateRefused as error:
        raise fail(key, f"the template {error}") from error
    return found
