"""Prompts are templates that may do one thing: put a field of an item's input in its place.

The syntax is Jinja's, so that prompts read as the field writes them, and nothing of Jinja but `{{ name }}`,
`{{ name.key }}` and `{{ name[0] }}` is allowed: no call, filter, test, block, loop or comparison can be written down.
What is left is rendered in Jinja's sandbox all the same, with every missing field an error.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_TEMPLATE = 20_000
MAX_RENDERED = 200_000

_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
_PLACES = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const)


class TemplateRefused(ValueError):
    """A template does more than substitute, or cannot be filled from an item's fields."""


def fields_of(template: str) -> frozenset[str]:
    """Return the names of the fields a template needs; raises TemplateRefused where it is more than substitution."""
    if len(template) > MAX_TEMPLATE:
        raise TemplateRefused(f"is longer than {MAX_TEMPLATE:,} characters; shorten it")
    try:
        tree = _ENVIRONMENT.parse(template)
    except TemplateError as error:
        raise TemplateRefused(f"is not a template ({error}); write fields as {{{{ name }}}}") from error
    except RecursionError as error:
        raise TemplateRefused("is nested too deep; write fields as {{ name }}") from error
    found = set()
    for node in _walk(tree):
        if not isinstance(node, _PLACES):
            raise TemplateRefused(f"holds a {type(node).__name__.lower()}; only fields as {{{{ name }}}} are filled in")
        if isinstance(node, nodes.Name):
            found.add(node.name)
        attribute = node.attr if isinstance(node, nodes.Getattr) else node.name if isinstance(node, nodes.Name) else ""
        if attribute.startswith("_"):
            raise TemplateRefused(f"names {attribute!r}; no name of a field begins with an underscore")
        if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
            raise TemplateRefused("looks a field up by another; write the key itself, as in {{ choices[0] }}")
    return frozenset(found)


def filled(template: str, fields: Mapping[str, object]) -> str:
    """Fill a template from an item's fields; raises TemplateRefused where a field is missing or is no text."""
    try:
        text = _compiled(template).render(fields)
    except (TemplateError, TypeError, ValueError) as error:
        raise TemplateRefused(f"cannot be filled: {error}") from error
    if len(text) > MAX_RENDERED:
        raise TemplateRefused(f"comes to {len(text):,} characters when filled; at most {MAX_RENDERED:,} are asked")
    return text


@lru_cache(maxsize=4_096)
def _compiled(template: str) -> Template:
    """Compile a template once: doing so anew for every item is what makes other harnesses slow."""
    fields_of(template)
    return _ENVIRONMENT.from_string(template)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)
