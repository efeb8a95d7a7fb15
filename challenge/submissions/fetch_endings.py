"""Says of every way the fetching of a model can end whose affair it is, what to do, and what becomes of the quota."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FetchEnding:
    """One way of ending: its name, what the team is to do, and whether it is the team's affair or the platform's."""

    title: str
    remedy: str
    is_teams: bool


ANEW = "Then submit again, with the id of the new commit, or hand the model in as a package."
OURS = "You need to do nothing: the organiser sees it and can have it fetched again. You may also submit again."

ENDINGS: Mapping[str, FetchEnding] = {
    "fetched": FetchEnding(
        "Fetched", "Nothing to do. From here on it is treated like a package that was handed in.", True
    ),
    "not_there": FetchEnding(
        "Not to be had from the hub",
        f"Make the model public, without a gate, and see that the commit is one of it. {ANEW}",
        True,
    ),
    "too_large": FetchEnding(
        "Too large",
        f"Leave out of the commit what the model does not need, or hand in a smaller one. {ANEW}",
        True,
    ),
    "no_weights": FetchEnding(
        "No weights that are loaded",
        f"Save the weights as safetensors (or the model as ONNX) and commit them; pickles are never loaded. {ANEW}",
        True,
    ),
    "not_taken": FetchEnding("Not taken", f"Mend what is named, and commit it. {ANEW}", True),
    "model_refused": FetchEnding(
        "Model refused",
        f"Mend what is named, and commit it; the same look is taken at home by python -m evaluation fetch. {ANEW}",
        True,
    ),
    "hub_untrue": FetchEnding(
        "The hub is not true to its word",
        "Nothing of it was kept. Hand the model in as a package, or wait: the organiser can have it fetched again.",
        False,
    ),
    "hub_away": FetchEnding("The hub was not to be reached", OURS, False),
    "engine_missing": FetchEnding("Nothing to fetch it with", OURS, False),
    "fetch_broken": FetchEnding("The fetching broke down", OURS, False),
    "abandoned": FetchEnding("Given up after several attempts", OURS, False),
}
"""By the outcome's word; a test holds the list against the outcomes there are."""

RETURNED = "It does not count: its place in your quota is given back."
FREE = "It does not count as a submission; it used one of the unreadable entries that are given back."
COUNTED = "It counts as a submission: the unreadable entries that are given back are used up."
SETTLED = "Its place in your quota was settled before, and does not move again."
KEPT = "Its place in the quota stays taken; what becomes of it depends on the evaluation."
NO_PLACE = "Its place in your quota was given back before, and is not taken again."

PAUSES = (60, 300, 1_200, 3_600, 10_800)
"""Seconds before each further attempt; so a hub may be away for some five hours."""
MOST_ATTEMPTS = len(PAUSES) + 1


def pause_after(attempts: int) -> int:
    """Return how many seconds to wait after so many attempts, one at least."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]
