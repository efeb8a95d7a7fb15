"""What somebody gets who knows nothing but looks at the options: the first one, the longest, the shortest."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from evaluation.european.questions import OPTIONS, Answer, European, Question


@dataclass(frozen=True)
class Balance:
    """How often the right option is where or as long as it should not tell; shares from 0 to 1.

    chi_square: Σ (n_p − n/4)²/(n/4) over the four positions, p its tail probability with 3 degrees of freedom
    (Pearson 1900). first, longest, shortest: what these guesses score, where several options are equally long each in
    equal parts. low, high: between which bounds guessing lies for so many items at 95 % (normal approximation).
    """

    items: int
    chi_square: float
    p: float
    first: float
    longest: float
    shortest: float
    low: float
    high: float

    @property
    def tells_nothing(self) -> bool:
        """Whether each of the three guesses is at chance within its bounds."""
        return all(self.low <= share <= self.high for share in (self.first, self.longest, self.shortest))


def balance_of(european: European) -> dict[str, Balance]:
    """Measure every language."""
    return {language: _balance(asked, european.answers) for language, asked in european.questions.items()}


def _balance(asked: Mapping[str, Question], answers: Mapping[str, Answer]) -> Balance:
    from scipy.stats import chi2  # loaded late: making a suite needs none of it

    count = len(answers)
    positions = Counter(answer.position for answer in answers.values())
    wanted = count / OPTIONS
    square = sum((positions[place] - wanted) ** 2 / wanted for place in range(OPTIONS))
    chance = 1 / OPTIONS
    width = 1.96 * sqrt(chance * (1 - chance) / count)
    return Balance(
        items=count,
        chi_square=square,
        p=float(chi2.sf(square, OPTIONS - 1)),
        first=positions[0] / count,
        longest=sum(_share(asked[item], answer.position, most=True) for item, answer in answers.items()) / count,
        shortest=sum(_share(asked[item], answer.position, most=False) for item, answer in answers.items()) / count,
        low=chance - width,
        high=chance + width,
    )


def _share(question: Question, right: int, *, most: bool) -> float:
    lengths = [len(option) for option in question.options]
    wanted = max(lengths) if most else min(lengths)
    return (lengths[right] == wanted) / lengths.count(wanted)
