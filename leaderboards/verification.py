"""A bundle is believed only after everything in it that can be computed has been computed again and agrees."""

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from leaderboards.bundle import FORMAT, Inputs, Results, document
from leaderboards.candidates import BY_INTERVAL, Candidate, SelectionRules
from leaderboards.canonical import canonical_bytes, parse_strict
from leaderboards.decimals import exact
from leaderboards.entries import Ranking
from leaderboards.fields import Fields
from leaderboards.jury.reviews import Reviews
from leaderboards.policy import Policy
from leaderboards.ranking import rank
from leaderboards.refusals import BundleError, Refusal
from leaderboards.scores import ScoreTable
from leaderboards.selection import Selection
from leaderboards.shares import weights_above
from leaderboards.shortlist import Shortlist, ShortlistRules, shortlist
from leaderboards.splits import HoursSplit, MoneySplit, read_split
from leaderboards.spread import composite_spread
from leaderboards.stability import Stability, StabilityPlan, stability
from leaderboards.winners import choose_winners

_ABSENT = object()
# Results first: "the points differ" says more than "a digest differs".
_SECTIONS = ("results", "digests", "inputs", "format")
_RESULTS = ("ranking", "selection", "shares")
_LIMIT = 1 << 30  # bytes; a larger file is no bundle of ours


@dataclass(frozen=True)
class Verification:
    """Whether a bundle's results follow from its inputs; its SHA-256; and the first field that says otherwise."""

    ok: bool
    sha256: str
    first_difference: str | None


def verify_bundle(path: Path | str) -> Verification:
    """Recompute ranking, selection and shares from the inputs in a bundle and compare field by field.

    Candidates' points and rank intervals must be those of the recomputed board; whoever shares a pot must have won, or
    stand on the reserve list where hours go down it. Library versions are recorded, not compared. Raises BundleError if
    the file is not a bundle, and OSError if it cannot be read.
    """
    path = Path(path)
    if path.stat().st_size > _LIMIT:
        raise BundleError(f"{path.name}: larger than {_LIMIT} bytes, so not a bundle of this instrument.")
    raw = path.read_bytes()
    found = parse_strict(raw, where=path.name, error=BundleError)
    sha = sha256(raw).hexdigest()
    try:
        inputs = _inputs(found)
        expected, difference = _recompute(inputs, found)
    except Refusal as problem:
        raise BundleError(f"{path.name}: {problem}") from None
    difference = difference or _first(expected, found, _SECTIONS, "")
    if difference is None and canonical_bytes(expected) != raw:
        difference = "the file is not canonical JSON: its fields agree, but its bytes are spelled otherwise"
    return Verification(difference is None, sha, difference)


def _inputs(found: object) -> Inputs:
    top = Fields(found, path="", error=BundleError)
    named = top.text("format")
    if named != FORMAT:
        raise BundleError(f"format is {named[:40]!r}, this program reads {FORMAT!r}.")
    given = top.record("inputs")
    policy = Policy.from_dict(given.record("policy").rest())
    scores = ScoreTable.from_dict(given.record("scores").rest())
    rules = None if given.skip_null("rules") else SelectionRules.from_fields(given.record("rules"))
    candidates = tuple(Candidate.from_fields(one) for one in given.records("candidates"))
    splits = tuple(read_split(one) for one in given.records("splits"))
    listing = ShortlistRules.from_fields(given.record("shortlist_rules")) if given.has("shortlist_rules") else None
    reviews = Reviews.from_dict(given.record("reviews").rest()) if given.has("reviews") else None
    plan = StabilityPlan.from_fields(given.record("stability_plan")) if given.has("stability_plan") else None
    given.close()
    if plan is not None and (rules is None or reviews is None):
        raise BundleError("inputs.stability_plan needs inputs.rules and inputs.reviews, and one of them is missing.")
    return Inputs(policy, scores, rules, candidates, splits, listing, reviews, plan)


def _recompute(inputs: Inputs, found: Any) -> tuple[dict[str, Any], str | None]:
    ranking = rank(inputs.scores, inputs.policy)
    versions = found
    for key in ("results", "ranking", "versions"):
        versions = versions.get(key) if isinstance(versions, dict) else None
    if isinstance(versions, dict) and versions.keys() == dict(ranking.versions).keys():
        said = tuple((library, str(versions[library])) for library in sorted(versions))
        ranking = replace(ranking, versions=said)  # recorded, not compared
    shares = {split.name: split.shares() for split in inputs.splits}
    results = Results(ranking, _selection(inputs), shares, _shortlist(inputs), _stability(inputs))
    difference = (
        _off_the_board(inputs, ranking)
        or _off_the_choice(inputs, results.selection)
        or _off_the_points(inputs, ranking)
    )
    return document(inputs, results), difference


def _selection(inputs: Inputs) -> Selection | None:
    if inputs.rules is None:
        return None
    spread = None
    if inputs.rules.tie == BY_INTERVAL:
        if inputs.reviews is None:
            raise BundleError("inputs.rules declare a tie by interval, but inputs.reviews are missing.")
        spread = composite_spread(inputs.scores, inputs.policy, inputs.reviews, inputs.rules)
    return choose_winners(inputs.candidates, inputs.rules, spread=spread)


def _shortlist(inputs: Inputs) -> Shortlist | None:
    return None if inputs.shortlist_rules is None else shortlist(inputs.candidates, inputs.shortlist_rules)


def _stability(inputs: Inputs) -> Stability | None:
    if inputs.stability_plan is None or inputs.rules is None or inputs.reviews is None:
        return None
    return stability(
        inputs.candidates,
        inputs.rules,
        scores=inputs.scores,
        policy=inputs.policy,
        reviews=inputs.reviews,
        plan=inputs.stability_plan,
    )


def _off_the_board(inputs: Inputs, ranking: Ranking) -> str | None:
    """Find the first candidate whose board numbers are not those of the board."""
    entries = {entry.entrant: entry for entry in ranking.entries}
    for place, one in enumerate(sorted(inputs.candidates, key=lambda one: one.entrant)):
        entry = entries.get(one.entrant)
        board = (None, None, None) if entry is None else (str(entry.points), entry.rank_low, entry.rank_high)
        points = None if one.points is None else exact(one.points)
        same_points = points == (None if board[0] is None else exact(board[0]))
        pairs = zip(("points", "rank_low", "rank_high"), (one.points, one.rank_low, one.rank_high), board, strict=True)
        for key, said, computed in pairs:
            if not same_points if key == "points" else said != computed:
                return _sentence(f"inputs.candidates[{place}].{key}", said, computed)
    return None


def _off_the_choice(inputs: Inputs, selection: Selection | None) -> str | None:
    """Find the first name in a split that did not win, or is not on the reserve list, or stands out of their order."""
    winners = selection.winners if selection is not None else ()
    reserve = selection.reserve if selection is not None else ()
    for place, split in enumerate(sorted(inputs.splits, key=lambda one: one.name)):
        lists = [("order", split.order, winners, "winner")]
        if isinstance(split, HoursSplit):
            lists.append(("reserve", split.reserve, reserve, "entry on the reserve list"))
        for key, named, chosen, what in lists:
            left = list(chosen)
            for number, name in enumerate(named):
                at = f"inputs.splits[{place}].{key}[{number}]"
                if name not in chosen:
                    recomputed = ", ".join(chosen) or "none"
                    return f"{at}: {name!r} shares {split.name!r} but is no {what}; recomputed {recomputed}"
                if name not in left:
                    return f"{at}: {name!r} stands out of the order of places; recomputed {', '.join(chosen)}"
                left = left[left.index(name) + 1 :]
    return None


def _off_the_points(inputs: Inputs, ranking: Ranking) -> str | None:
    """Find the first split whose weights are said to be points above a threshold and are not."""
    for place, split in enumerate(sorted(inputs.splits, key=lambda one: one.name)):
        if not isinstance(split, MoneySplit) or split.above is None:
            continue
        points = {}
        for name in split.order:
            entry = ranking.entry(name)
            if entry is None:
                return f"inputs.splits[{place}]: {name!r} has a weight by points but is unranked on the board"
            points[name] = str(entry.points)
        weights = weights_above(points, split.above)
        said = dict(split.weights or {})
        for name in split.order:
            if said.get(name) != weights[name]:
                return _sentence(f"inputs.splits[{place}].weights.{name}", said.get(name), weights[name])
    return None


def _first(expected: Any, found: Any, order: tuple[str, ...], path: str) -> str | None:
    """Find the first field, in a fixed order, at which what was found is not what was expected."""
    if isinstance(expected, dict) and isinstance(found, dict):
        keys = [key for key in order if key in expected]
        keys += [key for key in expected if key not in keys] + sorted(found.keys() - expected.keys())
        pairs = [(f"{path}.{key}".lstrip("."), expected.get(key, _ABSENT), found.get(key, _ABSENT)) for key in keys]
    elif isinstance(expected, list) and isinstance(found, list):
        longest = max(len(expected), len(found))
        padded = [(one + [_ABSENT] * (longest - len(one))) for one in (expected, found)]
        pairs = [(f"{path}[{n}]", *pair) for n, pair in enumerate(zip(*padded, strict=True))]
    elif type(expected) is type(found) and expected == found:
        return None
    else:
        return _sentence(path or "the document", found, expected)
    return next((said for at, ours, theirs in pairs if (said := _first(ours, theirs, _RESULTS, at))), None)


def _sentence(path: str, found: object, computed: object) -> str:
    return f"{path}: the bundle says {_shown(found)}, recomputed {_shown(computed)}"


def _shown(value: object) -> str:
    if value is _ABSENT:
        return "nothing"
    if isinstance(value, dict | list):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
    text = "null" if value is None else repr(value)
    return text if len(text) <= 200 else f"{text[:197]}..."
