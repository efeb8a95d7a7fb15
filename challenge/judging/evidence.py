"""What was found out about an entry beside its scores: its gates with their evidence, and flags that were raised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class GateLine:
    """A gate with its answer, None while there is none, and the sentences on which it rests."""

    name: str
    passed: bool | None
    sentence: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Flag:
    """Something that a judge should know of an entry; `raised` where it speaks against it, or asks for a look."""

    title: str
    sentence: str
    raised: bool = False
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoundScore:
    """One task's score in one round of evaluation, with the interval of it where there is one."""

    task: str
    score: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Round:
    """One round of evaluation: its number, how it ended, and its scores where there are any to compare."""

    number: int
    outcome: str
    is_scored: bool
    scores: tuple[RoundScore, ...] = ()


def rerun_flag(rounds: Sequence[Round], titles: Mapping[str, str]) -> Flag:
    """Say how the rounds of an entry's evaluation differ; a score outside the newest interval raises the flag."""
    title, scored = "Runs", [one for one in rounds if one.is_scored]
    unscored = tuple(f"Round {one.number}: {one.outcome.replace('_', ' ')}." for one in rounds if not one.is_scored)
    if not scored:
        return Flag(title, "No round of its evaluation was scored.", raised=True, details=unscored)
    if len(scored) == 1:
        return Flag(title, "Evaluated once; nothing to compare it with.", details=unscored)
    newest = {one.task: one for one in scored[-1].scores}
    differences, outside = [], False
    for earlier in scored[:-1]:
        for one in earlier.scores:
            now = newest.get(one.task)
            if now is None or now.score == one.score:
                continue
            is_outside = now.low is None or now.high is None or not now.low <= one.score <= now.high
            outside = outside or is_outside
            where = "outside" if is_outside else "within"
            differences.append(
                f"{titles.get(one.task, one.task)}: {one.score:.4f} in round {earlier.number}, {now.score:.4f} in "
                f"round {scored[-1].number}; the earlier lies {where} the interval of the later."
            )
    if not differences:
        return Flag(title, f"Evaluated {len(scored)} times with the same score on every task.", details=unscored)
    sentence = "differ by more than chance on the items explains" if outside else "differ, within their intervals"
    return Flag(
        title, f"Evaluated {len(scored)} times; the scores {sentence}.", raised=outside,
        details=(*differences, *unscored),
    )  # fmt: skip
