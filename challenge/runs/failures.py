"""Says of every way a run can end whose affair it is, what to do, and what becomes of the team's quota."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Owner(StrEnum):
    """Who has to do something about it."""

    TEAM = "team"
    ORGANISER = "organiser"
    PLATFORM = "platform"


class QuotaEffect(StrEnum):
    """What becomes of the place that the submission took."""

    CHARGED = "charged"
    GIVEN_BACK = "given back"
    FAILURE_ALLOWANCE = "failure allowance"


@dataclass(frozen=True)
class FailureClass:
    """One way of ending: whose affair it is, its name, what to do, and its effect on the quota."""

    owner: Owner
    title: str
    remedy: str
    effect: QuotaEffect
    for_models: str = ""
    """What to do where a model was run, if that is something else."""

    def remedy_for(self, *, is_model: bool) -> str:
        """Say what to do, for a model or for predictions."""
        return (self.for_models if is_model else "") or self.remedy


NEVER_ON_YOU = "You need to do nothing: the organiser sees it and can have it evaluated again."

CLASSES: Mapping[str, FailureClass] = {
    "scored": FailureClass(
        Owner.TEAM, "Scored", "Nothing to do. The board counts this result once it is rebuilt.", QuotaEffect.CHARGED
    ),
    "unreadable": FailureClass(
        Owner.TEAM,
        "Predictions not readable",
        "Mend what the list below names, check the file at home with the starter suite, and submit it again.",
        QuotaEffect.FAILURE_ALLOWANCE,
    ),
    "timed_out": FailureClass(
        Owner.TEAM,
        "Out of time",
        "Make the file smaller or plainer: one row for every item, no more. CSV is read fastest.",
        QuotaEffect.CHARGED,
        "Hand in a smaller model, or one that needs fewer tokens for its answers.",
    ),
    "out_of_memory": FailureClass(
        Owner.TEAM,
        "Out of memory",
        "Make the file smaller or plainer: one row for every item, short cells, no nested data.",
        QuotaEffect.CHARGED,
        "Hand in a smaller model, or its weights in a number format of fewer bytes.",
    ),
    "cancelled": FailureClass(
        Owner.TEAM,
        "Cancelled",
        "Submit again when you are ready; a cancelled run is not taken up.",
        QuotaEffect.CHARGED,
    ),
    "model_refused": FailureClass(
        Owner.TEAM,
        "Model refused",
        "Mend what is named below; the same look is taken at home by python -m evaluation model. Then submit again.",
        QuotaEffect.FAILURE_ALLOWANCE,
    ),
    "not_loadable": FailureClass(
        Owner.TEAM,
        "Model not loadable",
        "Load it at home in the engine's environment, with no code of your own and no network. Then submit again.",
        QuotaEffect.FAILURE_ALLOWANCE,
    ),
    "gate_failed": FailureClass(
        Owner.TEAM,
        "Answers that are no measure",
        "Look at the answers on the public part at home: their numbers, their length, how much of a prompt is seen.",
        QuotaEffect.CHARGED,
    ),
    "endpoint_refused": FailureClass(
        Owner.TEAM,
        "Endpoint refused",
        "Look at the address, the model's name there and the key, all of which you can try at home. Then submit again.",
        QuotaEffect.FAILURE_ALLOWANCE,
    ),
    "endpoint_silent": FailureClass(
        Owner.TEAM,
        "Endpoint without an answer",
        "See that it answers, and answers for as long as the call evaluates; then submit again.",
        QuotaEffect.FAILURE_ALLOWANCE,
    ),
    "endpoint_unreached": FailureClass(
        Owner.PLATFORM,
        "Endpoint never reached",
        "Either nothing answers at this address, or this platform has no way to it; from here the two look alike. See "
        "that the address answers from elsewhere; the organiser sees to the way out and can have it evaluated again.",
        QuotaEffect.GIVEN_BACK,
    ),
    "budget_spent": FailureClass(
        Owner.TEAM,
        "Budget of the endpoint spent",
        "Use an endpoint that answers faster, in fewer tokens, or without errors that have to be asked again.",
        QuotaEffect.CHARGED,
    ),
    "suite_broken": FailureClass(
        Owner.ORGANISER, "The suite cannot be used", NEVER_ON_YOU, QuotaEffect.GIVEN_BACK
    ),
    "file_lost": FailureClass(
        Owner.PLATFORM, "A file is missing from the store", NEVER_ON_YOU, QuotaEffect.GIVEN_BACK
    ),
    "engine_failed": FailureClass(
        Owner.PLATFORM, "The evaluation broke down", NEVER_ON_YOU, QuotaEffect.GIVEN_BACK
    ),
    "engine_missing": FailureClass(
        Owner.PLATFORM, "No engine for models", NEVER_ON_YOU, QuotaEffect.GIVEN_BACK
    ),
    "abandoned": FailureClass(
        Owner.PLATFORM, "Given up after several attempts", NEVER_ON_YOU, QuotaEffect.GIVEN_BACK
    ),
}  # fmt: skip
"""By the outcome's word; a test holds the list against the outcomes there are."""

EFFECT_SENTENCES: Mapping[QuotaEffect, str] = {
    QuotaEffect.CHARGED: "It counts as one of your submissions.",
    QuotaEffect.GIVEN_BACK: "It does not count: its place in your quota is given back.",
    QuotaEffect.FAILURE_ALLOWANCE: (
        "It does not count as a submission while your allowance for unreadable entries lasts; after that it does."
    ),
}
READ_FOR_FREE = "It does not count as a submission; it used one of the unreadable entries that are given back."
READ_AT_A_PRICE = "It counts as a submission: the unreadable entries that are given back are used up."
LATER_ROUND = "This was a later round of evaluation; it changes nothing in your quota."
SETTLED = "Another run of this submission has settled its place in your quota already."


def class_of(outcome: str) -> FailureClass:
    """Return the class of an outcome; raise KeyError for a word that is none."""
    return CLASSES[outcome]


def effect_of(outcome: str, *, begun: bool, asked_by_team: bool) -> QuotaEffect:
    """Return what a first round's ending does to the team's quota.

    Cancelling is free before the evaluation began, and whenever it was not the team that asked; afterwards it
    counts, since a team would otherwise try files out and cancel those that look bad.
    """
    if outcome == "cancelled" and not (begun and asked_by_team):
        return QuotaEffect.GIVEN_BACK
    return class_of(outcome).effect


def tells_of_submission(outcome: str) -> bool:
    """Tell whether an ending says something about the submission itself, and not about suite, platform or a wish."""
    return outcome != "cancelled" and class_of(outcome).owner is Owner.TEAM
