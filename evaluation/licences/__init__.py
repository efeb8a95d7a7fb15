"""Licences: what a release declares, which texts it holds, and whether that satisfies the challenge."""

from evaluation.licences.archive import PACKAGE_LIMITS, FileKind, PackageFile, inventory
from evaluation.licences.detect import Detection, Match, detect
from evaluation.licences.expressions import AmbiguousError, Expression, parse_expression
from evaluation.licences.findings import Reason
from evaluation.licences.policy import (
    DEFAULT_POLICY,
    Outcome,
    Policy,
    PolicyError,
    default_policy,
    policy_from,
    read_policy,
)
from evaluation.licences.verdict import Route, Verdict, verdict

__all__ = [
    "DEFAULT_POLICY",
    "PACKAGE_LIMITS",
    "AmbiguousError",
    "Detection",
    "Expression",
    "FileKind",
    "Match",
    "Outcome",
    "PackageFile",
    "Policy",
    "PolicyError",
    "Reason",
    "Route",
    "Verdict",
    "default_policy",
    "detect",
    "inventory",
    "parse_expression",
    "policy_from",
    "read_policy",
    "verdict",
]
