"""Expressions of several licences are parsed by license-expression, which says "unknown" and does not guess."""

from functools import lru_cache

from license_expression import (  # type: ignore[import-untyped]
    AND,
    OR,
    ExpressionError,
    ExpressionParseError,
    LicenseSymbol,
    Licensing,
    get_spdx_licensing,
)

from evaluation.licences.licence_names import AmbiguousError, Expression, resolved
from evaluation.licences.policy import Policy


@lru_cache(maxsize=1)
def _licensing() -> Licensing:
    """Build the table of SPDX symbols once; the package builds it anew at every call."""
    return get_spdx_licensing()


def parsed(text: str, *, policy: Policy) -> Expression:
    """Parse an expression; raises AmbiguousError where it is none, or names what is no identifier."""
    try:
        found = _licensing().parse(text)
    except (ExpressionError, ExpressionParseError, RecursionError) as error:
        raise AmbiguousError("is not an SPDX licence expression") from error
    if found is None:
        raise AmbiguousError("is empty")
    return _expression(found, policy)


def _expression(node: object, policy: Policy) -> Expression:
    if isinstance(node, AND | OR):
        operator = "AND" if isinstance(node, AND) else "OR"
        return Expression(operator, tuple(_expression(part, policy) for part in node.args))
    name = str(node)
    if isinstance(node, LicenseSymbol):
        if name.lower() in policy.families:
            raise AmbiguousError(f"names {name}, a family of licences and not one of them")
        found = resolved(name, policy=policy)
        if found is None and name not in _licensing().known_symbols and not name.startswith("LicenseRef-"):
            raise AmbiguousError("is no SPDX identifier")
        name = found or name
    return Expression("", licence=name)
