"""A declared licence is read as an SPDX expression; a name that fits several licences is never guessed."""

from collections.abc import Collection
from dataclasses import dataclass

from evaluation.licences.licence_names import AmbiguousError, Expression, resolved
from evaluation.licences.model_licences import by_id
from evaluation.licences.policy import UNKNOWN_CLASS, LicenceClass, Outcome, Policy, best, worst
from evaluation.licences.texts.index import known

_LONGEST = 500
__all__ = [
    "AmbiguousError",
    "Conclusion",
    "Expression",
    "conclude",
    "licence_class",
    "parse_expression",
    "same_licence",
]


@dataclass(frozen=True)
class Conclusion:
    """What an expression comes to: the licences chosen, the gravest outcome, and whether each has its text."""

    expression: Expression
    outcome: Outcome
    has_text: bool


def parse_expression(text: str, *, policy: Policy) -> Expression:
    """Read a declared licence; raises AmbiguousError for families, free text and broken expressions."""
    name = " ".join(text.split())
    if name.lower() in policy.families:
        raise AmbiguousError("names a family of licences and not one of them")
    alias = resolved(name, policy=policy)
    if alias is not None and " " not in alias:
        return Expression("", licence=alias)
    if len(name) > _LONGEST:
        raise AmbiguousError("is too long for a licence expression")
    # the parser is loaded for the few names that are no single identifier
    from evaluation.licences.expression_parsing import parsed

    return parsed(alias or name, policy=policy)


def licence_class(licence: str, *, policy: Policy) -> LicenceClass:
    """Find the class of one licence: by name, as a licence of models, or as approved by the OSI; else unknown."""
    found = policy.classes.get(licence.lower())
    if found is not None:
        return found
    if (model := by_id().get(licence)) and model.class_name in policy.named_classes:
        return policy.named_classes[model.class_name]
    plain = licence.split(" WITH ")[0]
    if plain != licence:
        return licence_class(plain, policy=policy)
    if policy.osi_class and (said := known().licences.get(licence)) and said.osi:
        return policy.osi_class
    return UNKNOWN_CLASS


def same_licence(one: str, other: str) -> bool:
    """Whether two identifiers name one text: `-only` and `-or-later` share it, and so do the dates of one family."""
    first, second = (_plain(name) for name in (one, other))
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    return short.startswith("licenseref-") and long.startswith(f"{short}-")


def _plain(name: str) -> str:
    return name.lower().removesuffix("+").removesuffix("-only").removesuffix("-or-later")


def conclude(expression: Expression, *, texts: Collection[str], policy: Policy) -> Conclusion:
    """Work out an expression: of OR the mildest part that has its text counts, of AND the gravest of all."""
    if not expression.parts:
        outcome = licence_class(expression.licence, policy=policy).outcome
        return Conclusion(expression, outcome, any(same_licence(expression.licence, text) for text in texts))
    parts = [conclude(part, texts=texts, policy=policy) for part in expression.parts]
    if expression.operator == "AND":
        chosen = Expression("AND", tuple(part.expression for part in parts))
        outcome = worst(*(part.outcome for part in parts))
        return Conclusion(chosen, outcome, all(part.has_text for part in parts))
    candidates = [part for part in parts if part.has_text] or parts
    wanted = best(*(part.outcome for part in candidates))
    chosen_parts = [part for part in candidates if part.outcome is wanted]
    if len(chosen_parts) == 1:
        return chosen_parts[0]
    chosen = Expression("OR", tuple(part.expression for part in chosen_parts))
    return Conclusion(chosen, wanted, all(part.has_text for part in chosen_parts))
