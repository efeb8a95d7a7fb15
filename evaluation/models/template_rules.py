"""What a node of a chat template may be: the list of rules, each with the sentence for what breaks it."""

import re
from dataclasses import dataclass

from jinja2 import nodes
from jinja2.sandbox import (
    UNSAFE_ASYNC_GENERATOR_ATTRIBUTES,
    UNSAFE_COROUTINE_ATTRIBUTES,
    UNSAFE_FUNCTION_ATTRIBUTES,
    UNSAFE_GENERATOR_ATTRIBUTES,
    UNSAFE_METHOD_ATTRIBUTES,
    ImmutableSandboxedEnvironment,
)

from evaluation.models.template_texts import ANY, FUNCTIONS, Levels, level

_FILTERS = {"attr", "random", "pprint", "xmlattr", "urlize", "format", "filesizeformat", "forceescape"}
"""Filters that are there and that no template of messages needs."""
_GIVEN = {"tojson", "fromjson", "from_json"}
"""Filters that libraries add."""
_GLOBALS = {"cycler", "joiner", "lipsum", "self", "super", "environment", "config", "request", "context"}
_ATTRIBUTES = (
    UNSAFE_FUNCTION_ATTRIBUTES
    | UNSAFE_METHOD_ATTRIBUTES
    | UNSAFE_GENERATOR_ATTRIBUTES
    | UNSAFE_COROUTINE_ATTRIBUTES
    | UNSAFE_ASYNC_GENERATOR_ATTRIBUTES
    | {"mro", "func_globals", "f_globals", "f_locals", "f_builtins", "f_back", "tb_frame", "tb_next"}
)
_METHODS = {
    "capitalize", "count", "cycle", "changed", "endswith", "find", "get", "index", "isalnum", "isalpha", "isdecimal",
    "isdigit", "islower", "isnumeric", "isspace", "isupper", "items", "join", "keys", "lower", "lstrip", "partition",
    "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split",
    "splitlines", "startswith", "strftime", "strip", "title", "upper", "values",
}  # fmt: skip
"""Methods of texts and dictionaries that change nothing; `format` is none of them, as it reads attributes."""
_BY_ATTRIBUTE = {"map", "selectattr", "rejectattr", "groupby", "sort", "sum", "unique", "min", "max"}
_DUNDER = re.compile(r"__[A-Za-z]+__")
_OUTSIDE = (nodes.Import, nodes.FromImport, nodes.Include, nodes.Extends, nodes.Block)
_ENGINE = (
    nodes.EnvironmentAttribute, nodes.ExtensionAttribute, nodes.ImportedName, nodes.InternalName,
    nodes.ContextReference, nodes.DerivedContextReference, nodes.EvalContextModifier,
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """What the rules ask of a template: its environment, which of its variables bring which texts, its macros."""

    environment: ImmutableSandboxedEnvironment
    levels: Levels
    macros: frozenset[str]


def rule_broken(node: nodes.Node, scope: Scope) -> str | None:
    """Say what a node does that it may not, as the end of a sentence; `None` where it is fine."""
    match node:
        case nodes.Getattr():
            return _attribute(node.attr)
        case nodes.Getitem():
            return _index(node.arg, scope.levels)
        case nodes.Name():
            return _name(node.name)
        case nodes.NSRef():
            return _attribute(node.attr)
        case nodes.Const():
            return _constant(node.value)
        case nodes.TemplateData():
            return None
        case nodes.Filter():
            return _filter(node, scope.environment)
        case nodes.Test():
            return None if node.name in scope.environment.tests else f"uses the unknown test {node.name[:40]!r}"
        case nodes.Call():
            return _call(node.node, scope.macros)
        case nodes.Pow():
            return "takes a power"
        case nodes.Mul():
            return _product(node)
    if isinstance(node, _OUTSIDE):
        return "takes in another template"
    if isinstance(node, _ENGINE):
        return "reaches into the engine"
    return None


def _attribute(name: str) -> str | None:
    if name.startswith("_") or name in _ATTRIBUTES:
        return f"reaches for the attribute {name[:40]!r}"
    return None


def _name(name: str) -> str | None:
    if name.startswith("__") or name in _GLOBALS:
        return f"uses the name {name[:40]!r}"
    return None


def _constant(value: object) -> str | None:
    if isinstance(value, str) and _DUNDER.search(value):
        return f"holds the text {value[:40]!r}, which names an inner part of Python"
    return None


def _index(index: nodes.Expr, levels: Levels) -> str | None:
    """Refuse a field whose name begins with an underscore or was put together."""
    if isinstance(index, nodes.Const):
        return _attribute(index.value) if isinstance(index.value, str) else None
    if isinstance(index, nodes.Slice):
        return None
    if level(index, levels) == ANY:
        return "reads a field by a name that it puts together"
    return None


def _call(called: nodes.Expr, macros: frozenset[str]) -> str | None:
    if isinstance(called, nodes.Name):
        known = called.name in FUNCTIONS or called.name in macros
        return None if known else f"calls {called.name[:40]!r}"
    if isinstance(called, nodes.Getattr):
        return None if called.attr in _METHODS else f"calls the method {called.attr[:40]!r}"
    return "calls what it has put together"


def _filter(node: nodes.Filter, environment: ImmutableSandboxedEnvironment) -> str | None:
    if node.name in _FILTERS or (node.name not in environment.filters and node.name not in _GIVEN):
        return f"uses the filter {node.name[:40]!r}"
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        return f"gives the filter {node.name!r} arguments that are not written out"
    if node.name not in _BY_ATTRIBUTE:
        return None
    given: list[tuple[str, nodes.Expr]] = [("", argument) for argument in node.args]
    given += [(str(pair.key), pair.value) for pair in node.kwargs]
    for key, value in given:
        broken = _filter_argument(node.name, key, value)
        if broken:
            return broken
    return None


def _filter_argument(name: str, key: str, value: nodes.Expr) -> str | None:
    """Refuse arguments by which a filter reads a field, or calls another filter, that the rules forbid."""
    reads_field = key == "attribute" or name in {"selectattr", "rejectattr", "groupby", "map"}
    if not isinstance(value, nodes.Const):
        return f"gives the filter {name!r} an argument that is not written out" if reads_field else None
    if not isinstance(value.value, str):
        return None
    if name == "map" and not key and value.value in _FILTERS:
        return f"uses the filter {value.value!r}"
    parts = value.value.split(".") if reads_field else []
    return next((broken for part in parts if (broken := _attribute(part.strip()))), None)


def _product(node: nodes.Mul) -> str | None:
    """Refuse a text or a list that is repeated more than a thousand times, or twice; an indentation is a text, too."""
    factors = _factors(node)
    repeats = any(isinstance(factor, nodes.List | nodes.Tuple) or _is_a(factor, str) for factor in factors)
    often = any(isinstance(factor, nodes.Const) and _is_a(factor, int) and factor.value > 1_000 for factor in factors)
    return "repeats a text or a list" if repeats and (often or len(factors) > 2) else None


def _factors(node: nodes.Expr) -> list[nodes.Expr]:
    """Take a product apart; the tree has been walked before, so it is not too deep to recurse."""
    return [*_factors(node.left), *_factors(node.right)] if isinstance(node, nodes.Mul) else [node]


def _is_a(node: nodes.Expr, kind: type) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, kind)
