"""Why judges cannot be assigned as asked: the smallest group whose demand exceeds what it can be given, in a sentence.

Reviews of entries are a flow from entries through permitted pairs to judges. It serves all entries unless some entries
need more than their permitted judges may take (max-flow min-cut; Hall 1935). It also gives every judge the least load
if the judges' least loads can be served for themselves (Mendelsohn and Dulmage 1958), so two flows settle the matter.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from leaderboards.jury.affinities import Pair


def why_impossible(
    allowed: Sequence[Pair], *, needs: Mapping[str, int], least: Mapping[str, int], most: Mapping[str, int]
) -> str | None:
    """Say which entries or judges cannot be served, or None where an assignment exists.

    needs: reviews that each entry still lacks; least and most: how many more each judge must and may take.
    """
    permitted: dict[str, set[str]] = {entry: set() for entry in needs}
    for entry, judge in allowed:
        permitted[entry].add(judge)
    for entry, need in needs.items():
        able = len(permitted[entry])
        if able < need:
            return (
                f"{entry} needs {_of(need, 'more judge')}, but only {able} without a conflict can be found; add judges."
            )
    short = _unserved(allowed, needs, most)
    if short:
        judges = sorted({judge for entry in short for judge in permitted[entry]})
        return (
            f"{_listed(short)} {'needs' if len(short) == 1 else 'together need'} "
            f"{_of(sum(needs[one] for one in short), 'more review')}, but {_listed(judges)} can write only "
            f"{_reach(allowed, short, needs, most)} of them within their loads and conflicts; "
            "raise the load, add judges or ask for fewer reviews."
        )
    asked = {judge: count for judge, count in least.items() if count}
    idle = _unserved([(judge, entry) for entry, judge in allowed if judge in asked], asked, needs)
    if idle:
        turned = [(judge, entry) for entry, judge in allowed if judge in asked]
        return (
            f"{_listed(idle)} must write at least {_of(sum(asked[one] for one in idle), 'more review')}"
            f"{'' if len(idle) == 1 else ' together'}, but only {_reach(turned, idle, asked, needs)} can be left to "
            "them; lower the least load or ask for more reviews of each entry."
        )
    return None


def _unserved(pairs: Sequence[Pair], supply: Mapping[str, int], capacity: Mapping[str, int]) -> list[str]:
    """Find the names on the left that together want more than can flow to the right; none if all can be served."""
    left, right = list(supply), list(capacity)
    graph = _network(pairs, supply, capacity)
    source, sink = len(left) + len(right), len(left) + len(right) + 1
    found = maximum_flow(graph, source, sink)
    if found.flow_value == sum(supply.values()):
        return []
    residual = csr_array(graph - found.flow)
    residual.eliminate_zeros()
    reached = set(breadth_first_order(residual, source, return_predecessors=False).tolist())
    return [name for number, name in enumerate(left) if number in reached and supply[name]]


def _reach(pairs: Sequence[Pair], names: Sequence[str], supply: Mapping[str, int], capacity: Mapping[str, int]) -> int:
    graph = _network(
        [pair for pair in pairs if pair[0] in names], {name: supply[name] for name in names}, dict(capacity)
    )
    size = len(names) + len(capacity)
    return int(maximum_flow(graph, size, size + 1).flow_value)


def _network(pairs: Sequence[Pair], supply: Mapping[str, int], capacity: Mapping[str, int]) -> csr_array:
    left = {name: number for number, name in enumerate(supply)}
    right = {name: len(left) + number for number, name in enumerate(capacity)}
    source, sink = len(left) + len(right), len(left) + len(right) + 1
    edges = [(left[one], right[other], 1) for one, other in pairs]
    edges += [(source, number, supply[name]) for name, number in left.items()]
    edges += [(number, sink, capacity[name]) for name, number in right.items()]
    start, end, size = np.array(edges, dtype=np.int32).T
    return csr_array((size, (start, end)), shape=(sink + 1, sink + 1))


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _of(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
