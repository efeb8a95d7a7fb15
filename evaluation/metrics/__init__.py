"""The metrics a task may be scored by: an open list, one file per metric."""

from evaluation.metrics.absolute_error import ABSOLUTE_ERROR
from evaluation.metrics.accuracy import ACCURACY
from evaluation.metrics.average_precision import AVERAGE_PRECISION
from evaluation.metrics.balanced_accuracy import BALANCED_ACCURACY
from evaluation.metrics.bits_per_byte import BITS_PER_BYTE
from evaluation.metrics.bleu import BLEU
from evaluation.metrics.brier import BRIER
from evaluation.metrics.calibration_error import CALIBRATION_ERROR
from evaluation.metrics.chrf import CHRF
from evaluation.metrics.correlations import PEARSON, SPEARMAN
from evaluation.metrics.exact_match import EXACT_MATCH
from evaluation.metrics.f1 import MACRO_F1, MICRO_F1
from evaluation.metrics.instructions import (
    ALL_INSTRUCTIONS,
    ALL_INSTRUCTIONS_LOOSE,
    EACH_INSTRUCTION,
    EACH_INSTRUCTION_LOOSE,
    READ_LOOSELY,
)
from evaluation.metrics.log_loss import LOG_LOSS
from evaluation.metrics.matthews import MATTHEWS
from evaluation.metrics.ndcg import NDCG
from evaluation.metrics.number_match import NUMBER_MATCH
from evaluation.metrics.pass_at_k import PASS_AT_K
from evaluation.metrics.r_squared import R_SQUARED
from evaluation.metrics.roc_auc import ROC_AUC
from evaluation.metrics.root_mean_squared_error import ROOT_MEAN_SQUARED_ERROR
from evaluation.metrics.squared_error import SQUARED_ERROR
from evaluation.metrics.token_f1 import TOKEN_F1
from evaluation.metrics.units import Direction, Metric, Scale

METRICS = {
    metric.name: metric
    for metric in (
        ACCURACY,
        BALANCED_ACCURACY,
        MACRO_F1,
        MICRO_F1,
        MATTHEWS,
        ROC_AUC,
        AVERAGE_PRECISION,
        LOG_LOSS,
        BRIER,
        CALIBRATION_ERROR,
        ROOT_MEAN_SQUARED_ERROR,
        ABSOLUTE_ERROR,
        SQUARED_ERROR,
        R_SQUARED,
        PEARSON,
        SPEARMAN,
        EXACT_MATCH,
        NUMBER_MATCH,
        TOKEN_F1,
        BLEU,
        CHRF,
        ALL_INSTRUCTIONS,
        ALL_INSTRUCTIONS_LOOSE,
        EACH_INSTRUCTION,
        EACH_INSTRUCTION_LOOSE,
        NDCG,
        PASS_AT_K,
        BITS_PER_BYTE,
    )
}

__all__ = ["METRICS", "READ_LOOSELY", "Direction", "Metric", "Scale"]
