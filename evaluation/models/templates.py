"""A chat template is a program that a library runs on every question: it may set messages, and nothing else.

It is parsed with the sandboxed environment of Jinja2 in which libraries render it, and never rendered here. Each node
of its tree is then held against a list of what templates of honest models need. The sandbox of whoever renders it is
the second fence, not the first.
"""

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from evaluation.models.refusals import ModelRefused, TemplateBroken, TemplateUnsafe
from evaluation.models.template_rules import Scope, rule_broken
from evaluation.models.template_texts import levels_of

MAX_TEMPLATE = 262_144


class _Generation(Extension):
    """The block `{% generation %}`, with which templates mark what the model itself says."""

    tags = {"generation"}  # noqa: RUF012 -- the base class declares it so

    def parse(self, parser: Parser) -> nodes.Node:
        """Read the block as the scope that it is."""
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope(body, lineno=line)


def check_template(file: str, template: str) -> None:
    """Check one template; raises TemplateBroken for one that cannot be parsed, TemplateUnsafe for a forbidden node."""
    if len(template) > MAX_TEMPLATE:
        raise TemplateBroken(file, f"the chat template has more than {MAX_TEMPLATE:,} characters. Shorten it.")
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols", _Generation]
    )
    try:
        tree = environment.parse(template)
        scope = Scope(environment, levels_of(tree), frozenset(macro.name for macro in tree.find_all(nodes.Macro)))
        for node in tree.find_all(nodes.Node):
            broken = rule_broken(node, scope)
            if broken:
                line = f"line {node.lineno}"
                raise TemplateUnsafe(
                    file, f"the chat template, {line}, {broken}. Set messages by plain fields, tests and filters alone."
                )
    except ModelRefused:
        raise
    except TemplateError as error:
        line = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
        raise TemplateBroken(file, f"the chat template{line} is not valid: {error.message}. Mend it.") from error
    except (RecursionError, MemoryError) as error:
        raise TemplateBroken(file, "the chat template is nested too deep. Simplify it.") from error
    except (ValueError, OverflowError) as error:
        raise TemplateBroken(file, f"the chat template holds a value that cannot be read: {error}.") from error
