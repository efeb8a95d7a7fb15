"""The mixed model of marks: y_ijc = μ_c + q_i + b_j + r_ij + ε_ijc, its variances by REML and its effects by BLUP.

q ~ N(0, σ_q²) is an entry's quality, b ~ N(0, σ_b²) a judge's severity, r ~ N(0, σ_r²) what one judge thinks of one
entry beyond both, and ε ~ N(0, σ²/ω) the rest, ω being the confidence of the mark. r is there only where somebody
marks an entry on more than one criterion: such marks go together, and to take them for independent would make every
interval too narrow. With γ = σ_k²/σ², Henderson's equations (1950; 1975, Biometrics 31:423) are

    [X'R⁻¹X        X'R⁻¹Z     ] [μ]   [X'R⁻¹y]
    [Z'R⁻¹X   Z'R⁻¹Z + diag(1/γ)] [u] = [Z'R⁻¹y],   R = diag(1/ω) + γ_r·(ones within a review),

and −2·log-likelihood (REML, Patterson and Thompson 1971, Biometrika 58:545; σ² profiled out) is, up to a constant,
(N − rank X)·log y'Py + log|R| + Σ n_k·log γ_k + log|C|, with C the matrix above and
y'Py = y'R⁻¹y − solution'·right side.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_LEAST, _MOST = np.log(1e-6), np.log(1e6)  # of a ratio γ; at its ends a variance counts as none, or as all there is
_STARTS = (0.1, 1.0, 10.0)
_DIGITS = 4  # a ratio keeps so many significant digits, so that rounding noise of a BLAS ends here


@dataclass(frozen=True, eq=False)
class Marks:
    """Marks as codes, all of shape (N,): value, weight ω, and the numbers of criterion, entry, judge and review."""

    value: Floats
    weight: Floats
    criterion: Codes
    entry: Codes
    judge: Codes
    review: Codes

    def several_to_a_review(self) -> bool:
        """Tell whether some review holds more than one mark."""
        return len(np.unique(self.review)) < len(self.review)


@dataclass(frozen=True, eq=False)
class Fit:
    """Effects with the covariance of their errors: rows are criteria, then entries, then judges.

    effects: (p,); covariance: (p, p); ratios: γ of entries, judges and, if it is in the model, reviews; residual: σ².
    """

    effects: Floats
    covariance: Floats
    ratios: tuple[float, ...]
    residual: float


def fit(marks: Marks) -> Fit:
    """Fit the model; the marks must spread around the means of their criteria, and be more than the criteria."""
    equations = _Equations(marks)
    count = 3 if marks.several_to_a_review() else 2
    starts = [np.log([entries, judges, 1.0][:count]) for entries in _STARTS for judges in _STARTS]
    start = min(starts, key=lambda one: equations.deviance(one)[0])
    found = minimize(
        equations.deviance,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(_LEAST, _MOST)] * count,
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500},
    )
    ratios = tuple(float(f"{ratio:.{_DIGITS - 1}e}") for ratio in np.exp(found.x))
    solved = equations.solve(np.array(ratios))
    residual = solved.squares / equations.freedom
    return Fit(solved.effects, solved.inverse * residual, ratios, residual)


@dataclass(frozen=True, eq=False)
class _Solved:
    effects: Floats
    inverse: Floats
    log_determinant: float
    squares: float  # y'Py in units where σ² is 1


class _Equations:
    """Henderson's equations of some marks, put up anew for every set of ratios from sums computed once."""

    def __init__(self, marks: Marks) -> None:
        sizes = [int(codes.max()) + 1 for codes in (marks.criterion, marks.entry, marks.judge)]
        self.criteria, self.entries, self.judges = sizes
        self.places = np.cumsum([0, *sizes])
        count, width = len(marks.value), int(self.places[-1])
        design = np.zeros((count, width))
        for start, codes in zip(self.places, (marks.criterion, marks.entry, marks.judge), strict=False):
            design[np.arange(count), start + codes] = 1.0
        self.freedom = count - self.criteria
        weighted = design * marks.weight[:, None]
        self.squares = float(marks.weight @ marks.value**2)
        self.right = weighted.T @ marks.value
        self.left = weighted.T @ design
        order = np.argsort(marks.review, kind="stable")
        starts = np.flatnonzero(np.diff(marks.review[order], prepend=-1))
        self.review_weight = np.add.reduceat(marks.weight[order], starts)
        self.review_sum = np.add.reduceat((marks.weight * marks.value)[order], starts)
        self.review_rows = np.add.reduceat(weighted[order], starts, axis=0)
        self.log_weights = float(np.log(marks.weight).sum())

    def solve(self, ratios: Floats) -> _Solved:
        within = ratios[2] if len(ratios) > 2 else 0.0
        shrink = within / (1 + within * self.review_weight)
        left = self.left - (self.review_rows.T * shrink) @ self.review_rows
        right = self.right - self.review_rows.T @ (shrink * self.review_sum)
        squares = self.squares - float(shrink @ self.review_sum**2)
        penalty = np.zeros(len(left))
        penalty[self._of(1)], penalty[self._of(2)] = 1 / ratios[0], 1 / ratios[1]
        left[np.diag_indices_from(left)] += penalty
        inverse = np.linalg.inv(left)
        effects = inverse @ right
        _, determinant = np.linalg.slogdet(left)
        rest = max(squares - float(effects @ right), 1e-12 * max(squares, 1e-300))
        return _Solved(effects, (inverse + inverse.T) / 2, float(determinant), rest)

    def deviance(self, logs: Floats) -> tuple[float, Floats]:
        """Compute −2·log-likelihood up to a constant, and its slope in the logarithms of the ratios."""
        ratios = np.exp(logs)
        solved = self.solve(ratios)
        variance = solved.squares / self.freedom
        within = ratios[2] if len(ratios) > 2 else 0.0
        value = self.freedom * np.log(solved.squares) + solved.log_determinant
        value += np.log1p(within * self.review_weight).sum() - self.log_weights
        slope = np.zeros(len(ratios))
        for number, size in ((0, self.entries), (1, self.judges)):
            mine, ratio = self._of(number + 1), ratios[number]
            value += size * logs[number]
            trace = np.diag(solved.inverse)[mine].sum()
            slope[number] = size - trace / ratio - (solved.effects[mine] ** 2).sum() / (ratio * variance)
        if len(ratios) > 2:
            part = 1 / (1 + within * self.review_weight)
            spread = ((self.review_rows @ solved.inverse) * self.review_rows).sum(axis=1)
            left_over = self.review_sum - self.review_rows @ solved.effects
            lost = part**2 * (spread + left_over**2 / variance)
            slope[2] = within * ((self.review_weight * part).sum() - lost.sum())
        return float(value), slope

    def _of(self, number: int) -> slice:
        return slice(int(self.places[number]), int(self.places[number + 1]))
