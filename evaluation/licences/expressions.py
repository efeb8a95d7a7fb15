"""A declared licence is read as an SPDX expression; a name that fits several licences is never guessed."""

from collections.abc import Collection
from dataclasses import dataclass
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

from evaluation.licences.index import known_licences
from evaluation.licences.policy import UNKNOWN_CLASS, LicenceClass, Outcome, Policy, best, worst

_LONGEST = 500


class AmbiguousError(ValueError):
    """A declared text names no licence, or a family of them; the message completes "'…' …"."""


@dataclass(frozen=True)
class Expression:
    """A licence, or several joined by AND (all apply) or OR (any may be chosen)."""

    operator: str
    parts: tuple["Expression", ...] = ()
    licence: str = ""

    def __str__(self) -> str:
        """Write the expression as SPDX does."""
        if not self.parts:
            return self.licence
        words = (f"({part})" if part.parts else str(part) for part in self.parts)
        return f" {self.operator} ".join(words)

    @property
    def licences(self) -> frozenset[str]:
        """Collect the licences that the expression names."""
        return frozenset({self.licence} if not self.parts else set().union(*(part.licences for part in self.parts)))


@dataclass(frozen=True)
class Conclusion:
    """What an expression comes to: the licences chosen, the gravest outcome, and whether each has its text."""

    expression: Expression
    outcome: Outcome
    has_text: bool


@lru_cache(maxsize=1)
def _licensing() -> Licensing:
    """Build the table of SPDX symbols once; the package builds it anew at every call."""
    return get_spdx_licensing()


def parse_expression(text: str, *, policy: Policy) -> Expression:
    """Read a declared licence; raises AmbiguousError for families, free text and broken expressions."""
    name = " ".join(text.split())
    if name.lower() in policy.families:
        raise AmbiguousError("names a family of licences and not one of them")
    alias = policy.aliases.get(name.lower()) or known_licences().ids.get(name.lower())
    try:
        if len(name) > _LONGEST:
            raise AmbiguousError("is too long for a licence expression")
        parsed = _licensing().parse(alias or name)
    except (ExpressionError, ExpressionParseError, RecursionError) as error:
        raise AmbiguousError("is not an SPDX licence expression") from error
    if parsed is None:
        raise AmbiguousError("is empty")
    return _expression(parsed, policy)


def _expression(node: object, policy: Policy) -> Expression:
    if isinstance(node, AND | OR):
        operator = "AND" if isinstance(node, AND) else "OR"
        return Expression(operator, tuple(_expression(part, policy) for part in node.args))
    name = str(node)
    if isinstance(node, LicenseSymbol):
        if name.lower() in policy.families:
            raise AmbiguousError(f"names {name}, a family of licences and not one of them")
        name = policy.aliases.get(name.lower()) or known_licences().ids.get(name.lower(), name)
        known = name in _licensing().known_symbols or name in known_licences().ids.values()
        if not known and not name.startswith("LicenseRef-"):
            raise AmbiguousError("is no SPDX identifier")
    return Expression("", licence=name)


def licence_class(licence: str, *, policy: Policy) -> LicenceClass:
    """Find the class of one licence: by name, else as approved by the OSI where the policy says so, else unknown."""
    found = policy.classes.get(licence.lower())
    if found is None and policy.osi_class and licence in known_licences().osi:
        return policy.osi_class
    return found or UNKNOWN_CLASS


def conclude(expression: Expression, *, texts: Collection[str], policy: Policy) -> Conclusion:
    """Work out an expression: of OR the mildest part that has its text counts, of AND the gravest of all."""
    if not expression.parts:
        outcome = licence_class(expression.licence, policy=policy).outcome
        return Conclusion(expression, outcome, expression.licence in texts)
    parts = [conclude(part, texts=texts, policy=policy) for part in expression.parts]
    if expression.operator == "AND":
        chosen = Expression("AND", tuple(part.expression for part in parts))
        outcome = worst(*(part.outcome for part in parts))
        return Conclusion(chosen, outcome, all(part.has_text for part in parts))
    candidates = [part for part in parts if part.has_text] or parts
    wanted = best(*(part.outcome for part in candidates))
    return next(part for part in candidates if part.outcome is wanted)
