"""The example of baycomp: naive Bayes against J48 on 54 data sets, with a region of one point."""

from fractions import Fraction as F

import pytest

from leaderboards.comparisons import sign_test, signed_rank_test
from tests.leaderboards.published.rank_files import lines

TOLERANCE = 0.015  # of the Monte-Carlo draws, theirs and ours


def accuracies() -> dict[str, list[tuple[str, F]]]:
    """Read each classifier's mean accuracy per data set, in a list, because one name of a data set occurs twice."""
    found: dict[str, list[tuple[str, F]]] = {}
    for line in lines("baycomp/accuracies.txt"):
        words = line.split()
        if len(words) == 1:
            classifier = found.setdefault(words[0], [])
        elif words:
            cells = [F(word) for word in words[1:]]
            assert len(cells) == 100
            classifier.append((words[0], sum(cells, F(0)) / 100))
    return found


def differences() -> list[F]:
    found = accuracies()
    assert [name for name, _ in found["nbc"]] == [name for name, _ in found["j48"]]
    return [one - other for (_, one), (_, other) in zip(found["nbc"], found["j48"], strict=True)]


def test_a_dictionary_by_name_would_lose_a_data_set() -> None:
    assert all(len(one) == 54 and len(dict(one)) == 53 for one in accuracies().values())


@pytest.mark.parametrize(
    ("test", "published"), [(sign_test, (0.263, 0.137, 0.599)), (signed_rank_test, (0.230, 0.007, 0.763))]
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_published_probabilities(test, published: tuple[float, float, float], seed: int) -> None:
    found = test(differences(), rope=F(1), draws=50_000, seed=seed)
    assert [float(one) for one in found.probabilities()] == pytest.approx(published, abs=TOLERANCE)
