"""A policy may be a short table, classes of licences with a verdict each; the rest then comes from the built-in one."""

from collections.abc import Mapping
from typing import Any

SHORT_KEY = "verdict-by-class"
_EXEMPT_KEY = "aia-53-2-exempt"
_OUTCOMES = {"compliant": "compliant", "needs-review": "needs_review", "non-compliant": "non_compliant"}
# The class of the built-in policy whose words a class of a short table takes over.
_WORDS = {
    "osi": "open",
    "open-model": "open_model",
    "open-content": "open_content",
    "nc-open": "non_commercial",
    "use-restricted": "use_restricted",
    "research-only": "research_only",
    "no-derivatives": "no_derivatives",
}
_TAKEN = ("families", "aliases", "base_models", "datasets", "packages", "as_of")


class PolicyError(ValueError):
    """A policy cannot be used; the message names the key and says what to do."""


def full_policy(table: Mapping[str, Any], *, default: Mapping[str, Any]) -> dict[str, Any]:
    """Write a short table out in full; raises PolicyError naming the key."""
    verdicts, exempt = table[SHORT_KEY], table.get(_EXEMPT_KEY, {})
    if not isinstance(verdicts, dict) or not isinstance(exempt, dict):
        raise PolicyError(f"{SHORT_KEY}, {_EXEMPT_KEY}: write an object of classes")
    classes: dict[str, Any] = {}
    for name, verdict in verdicts.items():
        if verdict not in _OUTCOMES:
            raise PolicyError(f"{SHORT_KEY}.{name}: write {', '.join(_OUTCOMES)}")
        licences = table.get(name, [])
        if name in {"unknown", "none"}:
            continue
        words = default["classes"].get(str(_WORDS.get(name, "")), {})
        classes[str(_WORDS.get(name, name))] = {
            "outcome": _OUTCOMES[verdict],
            "ai_act_exempt": bool(exempt.get(name, False)),
            "licences": licences,
            "code": words.get("code", "" if verdict == "compliant" else "UNKNOWN_LICENCE"),
            "sentence": words.get("sentence", f"is of the class {name}."),
            "remedy": words.get("remedy", "Use an open licence, or ask the organiser."),
            "paragraph": words.get("paragraph", ""),
        }
    named = {licence.lower() for entry in classes.values() for licence in entry["licences"]}
    for name, entry in default["classes"].items():
        # a class that the table leaves out keeps its meaning; a licence that the table names is the table's
        kept = [licence for licence in entry["licences"] if licence.lower() not in named]
        if name not in classes:
            classes[name] = {**entry, "licences": kept}
    return {
        "name": str(table.get("name", "table")),
        "version": str(table.get("version", "1")),
        "classes": classes,
        "osi_approved": "open" if "open" in classes else "",
        "findings": {},
        **{key: default[key] for key in _TAKEN},
    }
