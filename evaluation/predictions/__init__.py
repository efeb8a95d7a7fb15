"""Predictions: one file for the whole suite, as CSV, JSON Lines or Parquet."""

from evaluation.predictions.problems import PredictionsUnreadable, Problem
from evaluation.predictions.reading import Predictions, read_predictions
from evaluation.predictions.rows import PredictionLimits

__all__ = ["PredictionLimits", "Predictions", "PredictionsUnreadable", "Problem", "read_predictions"]
