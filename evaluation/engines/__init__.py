"""Engines: models are run out of process, in a sandbox, and scored from what they said item by item."""

from evaluation.engines.answers import answers_of
from evaluation.engines.asking import EngineFailed, NotLoadable, TooMuchMemory, TooMuchTime, TryAgain, ask
from evaluation.engines.coding import Coded, outcomes_of, program_of
from evaluation.engines.engine import Engine, EngineMissing, FormatNotRun, engine_for
from evaluation.engines.evaluating import LIMITS, Evaluated, Usage, evaluate_model
from evaluation.engines.gates import GateFailed, check_gates, notes_on_programs
from evaluation.engines.requests import Batch, Request, batches_of
from evaluation.engines.shards import Row, ShardRefused, ShardStore
from evaluation.engines.spec import Settings, Shard, Spec, plan
from evaluation.engines.testing import TEST_LIMITS, Outcome, Tried, tried, why_not_code

__all__ = [
    "LIMITS",
    "TEST_LIMITS",
    "Batch",
    "Coded",
    "Engine",
    "EngineFailed",
    "EngineMissing",
    "Evaluated",
    "FormatNotRun",
    "GateFailed",
    "NotLoadable",
    "Outcome",
    "Request",
    "Row",
    "Settings",
    "Shard",
    "ShardRefused",
    "ShardStore",
    "Spec",
    "TooMuchMemory",
    "TooMuchTime",
    "Tried",
    "TryAgain",
    "Usage",
    "answers_of",
    "ask",
    "batches_of",
    "check_gates",
    "engine_for",
    "evaluate_model",
    "notes_on_programs",
    "outcomes_of",
    "plan",
    "program_of",
    "tried",
    "why_not_code",
]
