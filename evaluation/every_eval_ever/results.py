"""One score of one task as the schema has it: its metric with direction and bounds, and how sure it is."""

from collections.abc import Mapping
from typing import Any

from evaluation.every_eval_ever.log import Measured
from evaluation.intervals import Interval
from evaluation.metrics import METRICS, Direction, Scale

KNOWN_AS = {
    "macro_f1": "f1_macro",
    "micro_f1": "f1_micro",
    "roc_auc": "auroc",
    "root_mean_squared_error": "rmse",
    "absolute_error": "mae",
}
"""Metrics that the schema's own examples, or the forms of these, call by another name."""
METHODS = {
    Scale.PROPORTION: "Wilson, with Student's t over clusters",
    Scale.SHARE: "Student's t over clusters, on the scale of the log odds",
    Scale.CORRELATION: "Student's t over clusters, on Fisher's z",
    Scale.POSITIVE: "Student's t over clusters, on the logarithm",
    Scale.REAL: "Student's t over clusters",
}
OF_ERRORS = "analytic, by clusters of items"
_SHARES = {Scale.PROPORTION, Scale.SHARE}
_UNBOUNDED = {"min_score": "-Infinity", "max_score": "Infinity"}


def measured(
    name: str,
    *,
    metric: str,
    score: str,
    items: int,
    found: Interval | None = None,
    confidence: str = "0.95",
    data: Mapping[str, str],
    details: Mapping[str, str] | None = None,
    parameters: Mapping[str, int] | None = None,
) -> Measured:
    """Write the score of a task; `score` is a decimal text, `data` says of which items, `details` what belongs to it.

    Without an interval only the number of items is said of its uncertainty. Raises KeyError for an unknown metric.
    """
    known = METRICS[metric]
    bounds = {"min_score": known.least, "max_score": known.most}
    config: dict[str, Any] = {
        "evaluation_description": known.formula,
        "metric_id": KNOWN_AS.get(metric, metric),
        "metric_name": metric.replace("_", " "),
        "metric_kind": KNOWN_AS.get(metric, metric),
        "lower_is_better": known.direction is Direction.LOWER,
        "score_type": "continuous",
        **{one: float(bound) if bound is not None else _UNBOUNDED[one] for one, bound in bounds.items()},
    }
    if known.scale in _SHARES:
        config["metric_unit"] = "proportion"
    if parameters:
        config["metric_parameters"] = dict(parameters)
    uncertainty: dict[str, Any] = {"num_samples": items}
    if found is not None:
        uncertainty |= _interval(found, score, confidence, METHODS[known.scale])
    return Measured(
        name=name,
        data=data,
        metric=config,
        score=score,
        uncertainty=uncertainty,
        details=details or {},
    )


def _interval(found: Interval, score: str, confidence: str, method: str) -> dict[str, Any]:
    """Write an interval with six places; a standard error of 0 is left out, as it would claim to know for certain."""
    middle, low, high = float(score), round(found.low, 6), round(found.high, 6)
    told: dict[str, Any] = {
        "confidence_interval": {
            "lower": min(low, middle),
            "upper": max(high, middle),
            "confidence_level": float(confidence),
            "method": method,
        }
    }
    error = round(found.error, 6)
    return told | ({"standard_error": {"value": error, "method": OF_ERRORS}} if error else {})
