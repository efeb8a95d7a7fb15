"""A bundle is one canonical JSON file with everything needed to recompute a decision, and the decision itself.

format · inputs {policy, scores, rules, candidates, splits} · results {ranking, selection, shares} · digests;
with a shortlist also inputs.shortlist_rules and results.shortlist, with marks also inputs.reviews, and with a plan of
variations also inputs.stability_plan and results.stability. What a decision does without is not in its bundle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from leaderboards.candidates import Candidate, SelectionRules
from leaderboards.canonical import canonical_bytes, digest
from leaderboards.entries import Ranking
from leaderboards.jury.reviews import Reviews
from leaderboards.policy import Policy
from leaderboards.refusals import BundleError
from leaderboards.scores import ScoreTable
from leaderboards.selection import Selection
from leaderboards.shortlist import Shortlist, ShortlistRules
from leaderboards.splits import HoursSplit, MoneySplit
from leaderboards.stability import Stability, StabilityPlan
from leaderboards.writing import write_whole

FORMAT = "leaderboards-bundle/1"
Shares = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Inputs:
    """All that a decision depends on; rules are None, and candidates empty, before the jury has met."""

    policy: Policy
    scores: ScoreTable
    rules: SelectionRules | None = None
    candidates: tuple[Candidate, ...] = ()
    splits: tuple[MoneySplit | HoursSplit, ...] = ()
    shortlist_rules: ShortlistRules | None = None
    reviews: Reviews | None = None
    stability_plan: StabilityPlan | None = None


@dataclass(frozen=True)
class Results:
    """The decision: the board, the choice (None without rules), and each split's shares under the split's name."""

    ranking: Ranking
    selection: Selection | None
    shares: Shares
    shortlist: Shortlist | None = None
    stability: Stability | None = None


def write_bundle(
    path: Path | str,
    *,
    policy: Policy,
    scores: ScoreTable,
    ranking: Ranking,
    rules: SelectionRules | None = None,
    candidates: Sequence[Candidate] = (),
    selection: Selection | None = None,
    splits: Sequence[MoneySplit | HoursSplit] = (),
    shares: Shares | None = None,
    shortlist_rules: ShortlistRules | None = None,
    shortlist: Shortlist | None = None,
    reviews: Reviews | None = None,
    stability_plan: StabilityPlan | None = None,
    stability: Stability | None = None,
) -> str:
    """Write inputs and published results as one file, whole or not at all, and return its SHA-256.

    The same arguments give the same bytes, in whatever order candidates and splits come. The results are written as
    given: whether they follow from the inputs is for `verify_bundle` to say. Raises BundleError for a doubled name
    of a split or for rules without a selection (or the other way round).
    """
    for what, given, result in (
        ("rules and selection", rules, selection),
        ("shortlist_rules and shortlist", shortlist_rules, shortlist),
        ("stability_plan and stability", stability_plan, stability),
    ):
        if (given is None) != (result is None):
            raise BundleError(f"{what} belong together; give both or neither.")
    if stability_plan is not None and (rules is None or reviews is None):
        raise BundleError("a stability_plan needs rules and reviews to be recomputed from; give them too.")
    names = [split.name for split in splits]
    if len(set(names)) != len(names):
        raise BundleError("two splits have the same name; name each pot differently.")
    inputs = Inputs(policy, scores, rules, tuple(candidates), tuple(splits), shortlist_rules, reviews, stability_plan)
    content = canonical_bytes(document(inputs, Results(ranking, selection, shares or {}, shortlist, stability)))
    write_whole(Path(path), content)
    return sha256(content).hexdigest()


def document(inputs: Inputs, results: Results) -> dict[str, Any]:
    """Compose the whole bundle as plain JSON types, digests included."""
    candidates = sorted(inputs.candidates, key=lambda one: one.entrant)
    given = {
        "policy": inputs.policy.to_dict(),
        "scores": inputs.scores.to_dict(),
        "rules": None if inputs.rules is None else inputs.rules.to_dict(),
        "candidates": [one.to_dict() for one in candidates],
        "splits": [split.to_dict() for split in sorted(inputs.splits, key=lambda one: one.name)],
    }
    found = {
        "ranking": results.ranking.to_dict(),
        "selection": None if results.selection is None else results.selection.to_dict(),
        "shares": {name: dict(amounts) for name, amounts in results.shares.items()},
    }
    for name, optional in (
        ("shortlist_rules", inputs.shortlist_rules),
        ("reviews", inputs.reviews),
        ("stability_plan", inputs.stability_plan),
    ):
        if optional is not None:
            given[name] = optional.to_dict()
    for name, outcome in (("shortlist", results.shortlist), ("stability", results.stability)):
        if outcome is not None:
            found[name] = outcome.to_dict()
    digests = {
        "policy": inputs.policy.digest(),
        "scores": inputs.scores.digest(),
        "rules": digest(given["rules"]),
        "candidates": digest(given["candidates"]),
        "splits": digest(given["splits"]),
        "ranking": results.ranking.digest(),
        "selection": digest(found["selection"]),
        "shares": digest(found["shares"]),
    }
    for part in (given, found):
        digests |= {name: digest(part[name]) for name in part if name not in digests}
    return {"format": FORMAT, "inputs": given, "results": found, "digests": digests}
