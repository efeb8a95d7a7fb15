"""The metrics a task may be scored by: an open list, one file per metric."""

from evaluation.metrics.absolute_error import ABSOLUTE_ERROR
from evaluation.metrics.accuracy import ACCURACY
from evaluation.metrics.brier import BRIER
from evaluation.metrics.log_loss import LOG_LOSS
from evaluation.metrics.squared_error import SQUARED_ERROR
from evaluation.metrics.units import Direction, Metric

METRICS = {metric.name: metric for metric in (ACCURACY, ABSOLUTE_ERROR, SQUARED_ERROR, BRIER, LOG_LOSS)}

__all__ = ["METRICS", "Direction", "Metric"]
