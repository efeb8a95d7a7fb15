"""Licences by name: a single identifier, several joined to an expression, and names that lead to an identifier."""

from dataclasses import dataclass

from evaluation.licences.model_licences import by_hub_name
from evaluation.licences.policy import Policy
from evaluation.licences.texts.notices import spdx_names


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


def resolved(name: str, *, policy: Policy) -> str | None:
    """Find the identifier of a name: by the policy's aliases, the names of model hubs, or the SPDX License List."""
    low = name.lower()
    return policy.aliases.get(low) or by_hub_name().get(low) or spdx_names().get(low)
