"""Asks the instrument how stable a choice of winners is; the answer is kept by all that it was computed from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import leaderboards
from challenge.calls.document import Rules
from challenge.foundation.canonical import digest
from challenge.foundation.files import FileStore
from challenge.foundation.permits import Invalid
from challenge.judging.calibration import MarkGiven
from challenge.judging.contestants import Contestant
from challenge.judging.operations_outlook import candidate, selection_rules
from challenge.judging.outlook import Outlook
from challenge.judging.queries_outlook import DecidingBoard
from challenge.judging.stability import OutlookStability, Stability, Variation, WinnerSet, tied_with_cut
from leaderboards import jury

DRAWS = 5_000


def winner_stability(
    files: FileStore,
    *,
    board: DecidingBoard,
    outlook: Outlook,
    finalists: Sequence[Contestant],
    marks: tuple[MarkGiven, ...],
    rules: Rules,
) -> OutlookStability:
    """Vary the weight, the jury and the items of an outlook; `rules` are those that it was computed by.

    Raises Invalid where the board's scores cannot be read or the choice cannot be computed.
    """
    return _computed(_Asked(files, board, outlook, tuple(one for one in finalists if one.halves), marks, rules))


def spread_by_interval(
    files: FileStore, *, board: DecidingBoard | None, marks: Sequence[MarkGiven], rules: Rules
) -> leaderboards.Spread | None:
    """Return by how much composites may differ by chance; None where the call ties by equality alone.

    Raises Invalid where the board's scores cannot be read.
    """
    if board is None or rules.selection.tie != "interval":
        return None
    reviews = jury.Reviews.of(jury.Mark(*one) for one in marks)
    try:
        policy = leaderboards.Policy.from_dict(json.loads(board.policy))
        scores = _scores(files.path(board.scores_sha256), board.unranked)
        return leaderboards.composite_spread(scores, policy, reviews, selection_rules(rules))
    except (leaderboards.Refusal, OSError) as refusal:
        raise Invalid(f"Who is tied with whom cannot be computed: {refusal}") from None


def stability_of(found: leaderboards.Stability, plan: leaderboards.StabilityPlan) -> Stability:
    """Return what the instrument found in the house's shape, with the seed of the plan."""
    weights, judges = (
        tuple(Variation(one.changed, one.winners, one.undecided) for one in kind)
        for kind in (found.weights, found.judges)
    )
    return Stability(
        weights=weights,
        judges=judges,
        draws=found.draws,
        seed=plan.seed,
        selected=dict(found.selected),
        sets=tuple(WinnerSet(*one) for one in found.sets),
    )


@dataclass(frozen=True, eq=False)
class _Asked:
    """One question, told from others by the digest of all it rests on."""

    files: FileStore
    board: DecidingBoard
    outlook: Outlook
    agreed: tuple[Contestant, ...]
    marks: tuple[MarkGiven, ...]
    rules: Rules

    @property
    def digest(self) -> str:
        board, outlook = self.board, self.outlook
        seed, marks = self.rules.ranking.seed, [list(one) for one in self.marks]
        return digest([board.policy, board.scores_sha256, board.unranked, outlook.input_digest, marks, seed, DRAWS])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


@lru_cache(maxsize=2)
def _scores(path: Path, unranked: tuple[tuple[str, str], ...]) -> leaderboards.ScoreTable:
    """Read a board's scores once for all weights that are tried; a file of the store is named by its content."""
    scores = leaderboards.read_scores(path)
    return scores.with_status([leaderboards.Unranked(*one) for one in unranked if one[0] not in scores.entrants])


@lru_cache(maxsize=32)
def _computed(asked: _Asked) -> OutlookStability:
    chooser = selection_rules(asked.rules)
    reviews = jury.Reviews.of(jury.Mark(*one) for one in asked.marks)
    try:
        policy = leaderboards.Policy.from_dict(json.loads(asked.board.policy))
        scores = _scores(asked.files.path(asked.board.scores_sha256), asked.board.unranked)
        plan = leaderboards.StabilityPlan(draws=DRAWS, seed=asked.rules.ranking.seed)
        found = leaderboards.stability(
            [candidate(one) for one in asked.agreed], chooser, scores=scores, policy=policy, reviews=reviews, plan=plan
        )
        spread = leaderboards.composite_spread(scores, policy, reviews, chooser)
    except (leaderboards.Refusal, OSError) as refusal:
        raise Invalid(f"How stable it is cannot be computed: {refusal}") from None
    return OutlookStability(
        found=stability_of(found, plan),
        now=tuple(place.reference for place in asked.outlook.places if place.outcome == "winner"),
        at_cut=tied_with_cut(asked.outlook, spread.half_widths),
        input_digest=asked.digest,
        result_digest=found.digest(),
    )
