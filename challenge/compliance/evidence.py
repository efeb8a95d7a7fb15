"""Puts a verdict into the words in which people read it: one sentence, and two flags that may disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from challenge.compliance.actions import Action

PASSING = frozenset({"compliant", "by_publication"})
EXEMPT: Mapping[bool | None, str] = {True: "yes", False: "no", None: "unclear"}
AI_ACT: Mapping[bool | None, str] = {
    True: (
        "The licence is free and open in the sense of Article 53(2) of the AI Act. A general-purpose model under it "
        "is spared part of the documentation duties, unless it carries systemic risk."
    ),
    False: (
        "The licence is not free and open in the sense of Article 53(2) of the AI Act, so the documentation duties for "
        "general-purpose models apply in full. By itself that is no hindrance here."
    ),
    None: "The licence and the files do not say for certain whether the exemption of Article 53(2) of the AI Act fits.",
}
DISAGREE = (
    "The two ask different things. The call asks that others may use what is released, at least for non-commercial "
    "purposes, so a non-commercial licence is fine here. The AI Act asks for more before it calls a model open: "
    "anybody may use, study, change and share it, for any purpose, also a commercial one."
)

MATCHES: Mapping[str, str] = {
    "exact": "the text as published",
    "exact-with-allowed-variation": "the text as published, but for what may vary in it",
    "modified": "the text, changed",
    "partial": "a part of the text",
    "unknown-licence-like": "known by name; its text is not verified",
    "none": "named",
}


def verdict_in_words(verdict: str) -> str:
    """Write a verdict as people do: non-compliant, by publication."""
    return "non-compliant" if verdict == "non_compliant" else verdict.replace("_", " ")


def headline(verdict: str, actions: Sequence[Action], *, by_officers: bool = False) -> str:
    """Say in one sentence what a verdict means for whoever wants to win; what officers decided has its own reason."""
    number = sum(action.asks_for_something for action in actions)
    points = "one point" if number == 1 else f"{number} points"
    see = "" if by_officers or not number else f": {points} below {'has' if number == 1 else 'have'} to be mended"
    return {
        "compliant": "This release meets the rules of the call: others may use it as the call asks.",
        "by_publication": "The findings are published, and that meets the rules of the call.",
        "needs_review": "It is not clear yet whether this release meets the rules of the call: a person looks at "
        f"{f'{points} below' if number else 'it'}.",
        "non_compliant": f"As it is, this release does not meet the rules of the call and cannot win{see}.",
    }[verdict]


@dataclass(frozen=True)
class Flag:
    """One of the two answers that stand side by side: its question, its word, how it looks, and why."""

    name: str
    question: str
    word: str
    kind: str
    why: str
    source: str = ""
    """Where the rule stands that says so."""


def challenge_flag(verdict: str, *, concluded: str, actions: Sequence[Action], decision: str = "") -> Flag:
    """Answer whether the challenge accepts the release; `decision` is the officers' reason, where they decided."""
    first = next(
        (place.sentence for action in actions for place in action.places if action.outcome == verdict or not verdict),
        next((place.sentence for action in actions for place in action.places), ""),
    )
    if decision:
        why = f"Officers decided: {decision}"
    elif verdict == "compliant" and not first:
        why = f"The licence {concluded} is on the call's list, and its text is as published."
    else:
        why = first or "Nothing more is on record."
    kind = "good" if verdict in PASSING else ("bad" if verdict == "non_compliant" else "wait")
    return Flag("challenge", "Does the challenge accept it?", verdict_in_words(verdict), kind, why)


def ai_act_flag(exempt: bool | None, *, paragraph: str) -> Flag:
    """Answer whether Article 53(2) of the AI Act counts it as open source, with the paragraph that says so."""
    kind = {True: "good", False: "plain", None: "wait"}[exempt]
    question = "Is it open source under Article 53(2) of the AI Act?"
    return Flag("aia_53_2", question, EXEMPT[exempt], kind, AI_ACT[exempt], paragraph)


def do_disagree(verdict: str, exempt: bool | None) -> bool:
    """Tell whether the challenge accepts what the AI Act does not call open, or the other way round."""
    return exempt is not None and (verdict in PASSING) is not exempt
