"""Finds the direction of a metric where a bundle says it in several places, and says where these disagree."""

from collections.abc import Iterable, Mapping

from challenge.calls.importing.drafts import Board, BoardMetric
from challenge.calls.importing.ledger import Ledger
from challenge.calls.importing.reports import Remark, Weight
from challenge.calls.positions import Path


def agreed(ledger: Ledger, name: str, said: Mapping[Path, bool]) -> tuple[bool | None, Path | None]:
    """Return whether higher is better, and where that is said: the first place counts, and another is a contradiction.

    `said` holds the places by precedence, each with whether higher is better there.
    """
    if not said:
        return None, None
    first, *others = said
    against = [place for place in others if said[place] is not said[first]]
    if against:
        sentence = (
            f"The direction of {name[:60]!r} is said in two ways: {_way(said[first])} here, {_way(said[against[0]])} "
            f"in line {ledger.line(against[0])}. The draft takes the first; correct the other."
        )
        ledger.doubt(first, sentence, *against)
    return said[first], first


def disagreements(file: str, boards: Iterable[Board]) -> list[Remark]:
    """List the metrics that have one direction on a board and the other on another, or no direction at all."""
    remarks, known, unsaid = [], dict[str, BoardMetric](), dict[int, list[str]]()
    for board in boards:
        for metric in board.metrics:
            if metric.higher_is_better is None:
                if metric.line:
                    unsaid.setdefault(metric.line, []).append(metric.name)
                continue
            first = known.setdefault(metric.name, metric)
            if first.higher_is_better is not metric.higher_is_better:
                sentence = (
                    f"Here {_way(metric.higher_is_better is True)}, and in line {first.line} "
                    f"{_way(first.higher_is_better is True)}. One suite has one direction; correct one of the two."
                )
                remarks.append(Remark(file, metric.line, metric.name, Weight.DOUBT, sentence, (first.line,)))
    sentence = "Nothing says whether higher or lower scores are better. Its suite has to say it."
    remarks += [Remark(file, line, ", ".join(names), Weight.DOUBT, sentence) for line, names in unsaid.items()]
    return remarks


def _way(higher: bool) -> str:
    return "higher is better" if higher else "lower is better"
