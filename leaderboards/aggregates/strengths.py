"""Bradley and Terry's model on a table of wins: the log-odds that i beats j are the difference of their strengths.

logit P(i beats j) = λ_i − λ_j, plus a common home effect where one side is at home (Bradley and Terry 1952,
Biometrika 39:324; Agresti 2002, pp. 436-439). Fitted by damped Newton steps on the concave likelihood, with the
damping log(1 + δ)/δ, δ the largest change of any difference, which never overshoots (Bach 2010, EJS 4:384); where
there is a penalty, a step is doubled as long as the likelihood still rises at its end.
Without a penalty there is a finite maximum only if nobody, and no group, wins against all outside of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse.csgraph import connected_components
from scipy.special import expit, logit

from leaderboards.refusals import ScoreError

Floats = NDArray[np.float64]
_STEPS, _CLOSE = 200, 1e-12
_START = 1.5
"""Strengths lie further apart than the log-odds of all wins, most of which were against weaker or stronger ones."""
_WIDE = 600.0
"""How far strengths may lie apart before the exponential of the smallest against the largest loses digits."""
_FAR = 0.5
"""A step that changes no difference by more needs no lengthening: the damping leaves nearly all of it."""


@dataclass(frozen=True, eq=False)
class Strengths:
    """Log-strengths (K,), their mean 0; the home effect, None where none was asked for; the covariance of all.

    covariance: (K, K), or (K + 1, K + 1) with the home effect last.
    """

    logs: Floats
    home: float | None
    covariance: Floats

    def errors_against(self, other: int) -> Floats:
        """Compute the standard errors (K,) of the differences from entrant number `other`."""
        size = len(self.logs)
        own = self.covariance[:size, :size]
        variance = np.diag(own) + own[other, other] - 2 * own[:, other]
        errors: Floats = np.sqrt(np.maximum(variance, 0.0))
        return errors


def fit_strengths(wins: Floats, *, visitors: Floats | None = None) -> Strengths:
    """Fit strengths to wins[i, j], how often i won against j; the diagonal is ignored.

    With `visitors`, wins[i, j] is how often i won at home to j, and visitors[i, j] how often j won there; a common
    home effect is fitted too. Raises ScoreError where wins do not connect everybody: somebody's strength would be
    infinite, or two groups could not be compared.
    """
    host = _off_diagonal(wins)
    guest = _off_diagonal(visitors) if visitors is not None else np.zeros_like(host)
    _connected(host + guest.T)
    size = len(host)
    games = host + guest
    home = 0.0
    logs = np.zeros(size)
    for _ in range(_STEPS):
        chance = expit(np.subtract.outer(logs, logs) + home)
        surplus = host - games * chance
        weight = games * chance * (1 - chance)
        slope = surplus.sum(axis=1) - surplus.sum(axis=0)
        curve = np.diag(weight.sum(axis=1) + weight.sum(axis=0)) - weight - weight.T
        if visitors is not None:
            border = weight.sum(axis=1) - weight.sum(axis=0)
            curve = np.block([[curve, border[:, None]], [border[None, :], weight.sum()]])
            slope = np.append(slope, surplus.sum())
        curve[:size, :size] += 1.0 / size  # holds the mean, which the wins leave open
        step = np.linalg.solve(curve, slope)
        reach = float(np.ptp(step[:size]) + np.abs(step[size:]).sum())
        step *= np.log1p(reach) / reach if reach > 0 else 1.0
        logs += step[:size]
        home += float(step[size:].sum())
        if reach < _CLOSE:
            break
    covariance = np.linalg.inv(curve)
    covariance[:size, :size] -= 1.0 / size
    return Strengths(logs - logs.mean(), home if visitors is not None else None, covariance)


def penalised_strengths(wins: Floats, *, phantom: float) -> Floats:
    """Fit strengths (…, K) to wins (…, K, K) where each entrant also plays against a phantom of strength 0.

    Everybody wins `phantom`/2 and loses `phantom`/2 of those games, so that strengths are finite and single whoever
    won or lost everything, or met nobody, and 0 is the phantom's.
    """
    games = wins + np.swapaxes(wins, -1, -2)
    won = wins.sum(axis=-1)
    share = (won + phantom / 2) / (games.sum(axis=-1) + phantom)
    logs = _START * logit(share)
    own = np.arange(won.shape[-1])

    def slope_at(where: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        chance = _chances(where)
        alone, expected = expit(where), games * chance
        return won - expected.sum(axis=-1) + phantom * (0.5 - alone), chance, alone, expected

    slope, chance, alone, expected = slope_at(logs)
    for _ in range(_STEPS):
        weight = expected * np.swapaxes(chance, -1, -2)  # not 1 - chance, which is 0 for whoever is far ahead
        curve = -weight
        curve[..., own, own] = weight.sum(axis=-1) + phantom * alone * expit(-logs)
        step: Floats = _solved(curve, slope)
        # the phantom stands still, so that 0 is among the changes
        reach = np.maximum(step.max(axis=-1), 0.0) - np.minimum(step.min(axis=-1), 0.0)
        length = np.divide(np.log1p(reach), reach, out=np.ones_like(reach), where=reach > 0)
        found = slope_at(logs + length[..., None] * step)
        longer = reach > _FAR
        while longer.any():  # on a concave hill whoever still climbs has not gone too far
            tried = np.where(longer, 2 * length, length)
            there = slope_at(logs + tried[..., None] * step)
            longer = longer & ((there[0] * step).sum(axis=-1) > 0)
            length = np.where(longer, tried, length)
            if longer.any():
                found = there if longer.all() else slope_at(logs + length[..., None] * step)
        logs = logs + length[..., None] * step
        slope, chance, alone, expected = found
        if (reach < _CLOSE * np.maximum(1.0, np.ptp(logs, axis=-1))).all():
            break
    return np.asarray(logs, np.float64)


def _chances(logs: Floats) -> Floats:
    """Compute (…, K, K) how likely each beats each other: a_i/(a_i + a_j), which needs K exponentials only."""
    if (np.ptp(logs, axis=-1) > _WIDE).any():
        return np.asarray(expit(logs[..., :, None] - logs[..., None, :]))
    odds = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(odds[..., :, None] / (odds[..., :, None] + odds[..., None, :]))


def _solved(curve: Floats, slope: Floats) -> Floats:
    """Solve (…, K, K) · x = (…, K) for curves that are positive definite, of which a single one may be large."""
    if curve.ndim > 2:
        return np.asarray(np.linalg.solve(curve, slope[..., None])[..., 0], np.float64)
    try:
        found = cho_solve(cho_factor(curve, check_finite=False), slope, check_finite=False)
        return np.asarray(found, np.float64)
    except np.linalg.LinAlgError:  # too flat for double precision to see that it is positive
        return np.asarray(np.linalg.solve(curve, slope), np.float64)


def _off_diagonal(table: Floats) -> Floats:
    counts = np.array(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ScoreError(f"a table of wins has as many rows as columns, not the shape {counts.shape}.")
    np.fill_diagonal(counts, 0.0)
    if not (counts >= 0).all():  # NaN is not at least 0 either
        raise ScoreError("a table of wins holds numbers of games, none below 0 and none missing.")
    return counts


def _connected(beaten: Floats) -> None:
    parts, part_of = connected_components(beaten > 0, directed=True, connection="strong")
    if parts > 1:
        group = np.flatnonzero(part_of == part_of[0]).tolist()
        raise ScoreError(
            f"the wins fall into {parts} groups; entrants number {', '.join(map(str, group))} (from 0) do not both win "
            "and lose against the others, so their strength is not finite. Use penalised_strengths, or add games."
        )
