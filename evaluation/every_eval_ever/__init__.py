"""Every Eval Ever: scores in the schema of that name, by which evaluations of many kinds are exchanged and compared."""

from evaluation.every_eval_ever.log import SCHEMA_VERSION, Log, Measured, Model, Source, Suited
from evaluation.every_eval_ever.names import model_id, part_of_path
from evaluation.every_eval_ever.results import measured
from evaluation.every_eval_ever.samples import Sample, Samples, samples_of

__all__ = [
    "SCHEMA_VERSION",
    "Log",
    "Measured",
    "Model",
    "Sample",
    "Samples",
    "Source",
    "Suited",
    "measured",
    "model_id",
    "part_of_path",
    "samples_of",
]
