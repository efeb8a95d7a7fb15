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
from challenge.judging.operations_outlook import candidate, selection_rules
from challenge.judging.outlook import Hopeful, Outlook
from challenge.judging.queries_outlook import DecidingBoard
from challenge.judging.stability import Drawn, Stability, Varied, named, percent_of, tied_with_cut
from leaderboards import jury

DRAWS, SETS_SHOWN = 5_000, 6


def winner_stability(
    files: FileStore,
    *,
    board: DecidingBoard,
    outlook: Outlook,
    hopefuls: Sequence[Hopeful],
    marks: tuple[MarkGiven, ...],
    rules: Rules,
) -> Stability:
    """Vary the weight, the jury and the items of an outlook; `rules` are those that it was computed by.

    Raises Invalid where the board's scores cannot be read or the choice cannot be computed.
    """
    return _computed(_Asked(files, board, outlook, tuple(one for one in hopefuls if one.halves), marks, rules))


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


@dataclass(frozen=True, eq=False)
class _Asked:
    """One question, told from others by the digest of all it rests on."""

    files: FileStore
    board: DecidingBoard
    outlook: Outlook
    agreed: tuple[Hopeful, ...]
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
def _computed(asked: _Asked) -> Stability:
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
    teams = {one.reference: one.team for one in asked.agreed}
    now = {place.reference for place in asked.outlook.places if place.outcome == "winner"}

    def varied(one: leaderboards.Variation) -> Varied:
        return Varied(one.changed, named(one.winners, teams), named(one.undecided, teams), set(one.winners) == now)

    return Stability(
        weights=tuple(varied(one) for one in found.weights),
        judges=tuple(varied(one) for one in found.judges),
        draws=found.draws,
        selected=tuple(
            Drawn(named([one], teams), times, percent_of(times, found.draws)) for one, times in found.selected
        ),
        sets=tuple(
            Drawn(named(winners, teams), times, percent_of(times, found.draws))
            for winners, _, times in found.sets[:SETS_SHOWN]
        ),
        at_cut=named(tied_with_cut(asked.outlook, spread.half_widths), teams),
        input_digest=asked.digest,
        result_digest=found.digest(),
    )
