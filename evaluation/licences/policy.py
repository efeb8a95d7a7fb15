"""The policy of a challenge is data: which licences are accepted, which are not, and what a finding leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from evaluation.licences.data_reading import MAX_JSON, DataError, read_object
from evaluation.licences.policy_tables import SHORT_KEY, PolicyError, full_policy
from evaluation.licences.registry import Registry

DEFAULT_POLICY = Path(__file__).parent / "default_policy.json"
_KEYS = {
    "name": str,
    "version": str,
    "as_of": str,
    "classes": dict,
    "osi_approved": str,
    "findings": dict,
    "families": list,
    "aliases": dict,
    "base_models": dict,
    "datasets": dict,
    "packages": dict,
}


class Outcome(StrEnum):
    """What a check of licences concludes."""

    COMPLIANT = "compliant"
    BY_PUBLICATION = "by_publication"
    NEEDS_REVIEW = "needs_review"
    NON_COMPLIANT = "non_compliant"


_SEVERITY = list(Outcome)
# What a finding leads to where a policy says nothing: a person's look, but for these.
_REFUSED = {
    "NO_LICENCE", "COMPONENT_MISSING", "BASE_MODEL_CONFLICT", "NAME_RULE", "PUBLICATION_MISSING",
}  # fmt: skip


def worst(*outcomes: Outcome) -> Outcome:
    """Choose the gravest of several outcomes."""
    return max(outcomes, key=_SEVERITY.index)


def best(*outcomes: Outcome) -> Outcome:
    """Choose the mildest of several outcomes."""
    return min(outcomes, key=_SEVERITY.index)


@dataclass(frozen=True)
class LicenceClass:
    """Licences that are treated alike: the outcome, whether the AI Act's exemption fits, and what to tell a team."""

    name: str
    outcome: Outcome
    ai_act_exempt: bool | None
    code: str
    sentence: str
    remedy: str
    paragraph: str = ""
    """Where the Commission's guidelines on the AI Act speak of such licences."""


UNKNOWN_CLASS = LicenceClass(
    "unknown",
    Outcome.NEEDS_REVIEW,
    None,
    "UNKNOWN_LICENCE",
    "is not on the challenge's list of licences.",
    "Use a licence of the list, or wait for the organiser's decision.",
)


@dataclass(frozen=True)
class Policy:
    """A challenge's policy; licences, families, aliases and models are found by their name in small letters."""

    name: str
    version: str
    classes: Mapping[str, LicenceClass]
    """The class of each licence that the policy names."""
    named_classes: Mapping[str, LicenceClass]
    """Each class by its own name."""
    osi_class: LicenceClass | None
    findings: Mapping[str, Outcome]
    families: frozenset[str]
    aliases: Mapping[str, str]
    base_models: Mapping[str, str]
    datasets: Mapping[str, str]
    packages: Mapping[str, str]

    @property
    def registry(self) -> Registry:
        """The records that come with the policy."""
        return Registry(self.base_models, self.datasets, self.packages)

    def outcome(self, code: str) -> Outcome:
        """Say what a finding leads to: what the policy says of it, else a person's look, or for a few a refusal."""
        return self.findings.get(code, Outcome.NON_COMPLIANT if code in _REFUSED else Outcome.NEEDS_REVIEW)


@lru_cache(maxsize=1)
def default_policy() -> Policy:
    """Load the policy that comes with the instrument."""
    return read_policy(DEFAULT_POLICY)


def read_policy(path: str | Path) -> Policy:
    """Read a policy from a JSON file; raises PolicyError naming the key, or OSError."""
    with Path(path).open("rb") as file:
        content = file.read(MAX_JSON + 1)
    try:
        return policy_from(read_object(content))
    except DataError as error:
        where = f"line {error.line}: " if error.line else ""
        raise PolicyError(f"{path}: {where}{error}") from error


def policy_from(data: Mapping[str, Any]) -> Policy:
    """Check a policy given as plain data, in full or as a short table; raises PolicyError naming the key."""
    if SHORT_KEY in data:
        data = full_policy(data, default=read_object(DEFAULT_POLICY.read_bytes()))
    for key in sorted(data.keys() | _KEYS.keys()):
        if key not in _KEYS:
            raise PolicyError(f"{key}: the key is not known; known are {', '.join(sorted(_KEYS))}")
        if not isinstance(data.get(key), _KEYS[key]):
            raise PolicyError(f"{key}: missing, or not a {_KEYS[key].__name__}")
    by_licence: dict[str, LicenceClass] = {}
    by_name: dict[str, LicenceClass] = {}
    for name, entry in data["classes"].items():
        by_name[name] = _class(name, entry)
        for licence in _texts(entry.get("licences"), f"classes.{name}.licences"):
            if licence.lower() in by_licence:
                raise PolicyError(f"classes.{name}.licences: {licence} is in two classes")
            by_licence[licence.lower()] = by_name[name]
    osi = data["osi_approved"]
    if osi and osi not in by_name:
        raise PolicyError(f"osi_approved: {osi!r} is no class; name one, or write an empty text")
    return Policy(
        name=data["name"],
        version=data["version"],
        classes=by_licence,
        named_classes=by_name,
        osi_class=by_name[osi] if osi else None,
        findings={key: _finding(key, value) for key, value in data["findings"].items()},
        families=frozenset(text.lower() for text in _texts(data["families"], "families")),
        aliases=_table(data["aliases"], "aliases"),
        base_models=_table(data["base_models"], "base_models"),
        datasets=_table(data["datasets"], "datasets"),
        packages=_table(data["packages"], "packages"),
    )


def _class(name: str, entry: object) -> LicenceClass:
    key = f"classes.{name}"
    if not isinstance(entry, dict) or not isinstance(entry.get("ai_act_exempt"), bool):
        raise PolicyError(f"{key}: write outcome, ai_act_exempt (true or false) and licences")
    if entry.get("outcome") not in {Outcome.COMPLIANT, Outcome.NEEDS_REVIEW, Outcome.NON_COMPLIANT}:
        raise PolicyError(f"{key}.outcome: write compliant, needs_review or non_compliant")
    texts = [entry.get(part, "") for part in ("code", "sentence", "remedy")]
    code, sentence, remedy = _texts(texts, key)
    (paragraph,) = _texts([entry.get("paragraph", "")], key)
    outcome = Outcome(entry["outcome"])
    if outcome is not Outcome.COMPLIANT and not (code and sentence and remedy):
        raise PolicyError(f"{key}: a class that is not compliant needs code, sentence and remedy")
    return LicenceClass(name, outcome, entry["ai_act_exempt"], code, sentence, remedy, paragraph)


def _finding(code: str, value: object) -> Outcome:
    if value not in {Outcome.NEEDS_REVIEW, Outcome.NON_COMPLIANT}:
        raise PolicyError(f"findings.{code}: write needs_review or non_compliant; a finding is never waved through")
    return Outcome(str(value))


def _texts(value: object, key: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise PolicyError(f"{key}: write a list of texts")
    return value


def _table(value: Mapping[str, object], key: str) -> dict[str, str]:
    for name, text in value.items():
        if not isinstance(text, str):
            raise PolicyError(f"{key}.{name}: write a text")
    return {name.lower(): str(text) for name, text in value.items()}
